/**
 * Sealing and opening messages: header, body, signature, attachment.
 *
 * What `openMessage` checks, in this order: the size limit of the type; the header's fields against what is expected;
 * the signature over the exact bytes; only then the body is parsed; last the attachment's length and digest. Every
 * failure is a reason, never an exception.
 *
 * Does not protect against traffic analysis: lengths and times are visible to whoever carries the bytes.
 */
import type { z } from 'zod';
import { concatBytes, equalBytes, utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { decodeCanonical, encodeCanonical } from './canonical-cbor.ts';
import { type Header, encodeHeader, headerBytes, readHeader } from './header.ts';
import { type Body, type MessageType, messageTypeOf, messageTypes, phaseCodes } from './messages.ts';
import { type Checked, accepted, refused } from './refusal.ts';

const domainTag = utf8('masquerade/message/v1');

/** Signs as one sender. Without signatures (demonstrations only) `sign` returns no bytes. */
export interface Signer {
  readonly sender: number;
  sign(...parts: readonly Uint8Array[]): Uint8Array;
}

/** Verifies every sender of a roster. */
export interface Keyring {
  /** Length of the sender's signatures; 0 without signatures; undefined when the number is not in the roster. */
  signatureBytes(sender: number): number | undefined;
  verify(sender: number, signature: Uint8Array, ...parts: readonly Uint8Array[]): boolean;
}

/** Where a message belongs. */
export interface Position {
  readonly session: Uint8Array;
  readonly round: number;
  readonly attempt: number;
}

export interface Expectation<Type extends MessageType> extends Position {
  readonly type: Type;
  /** The only sender accepted; when left out, any client of the roster for a client's message, else the coordinator. */
  readonly sender?: number;
  /** Largest message accepted, everything included. */
  readonly maxBytes: number;
  /** True for a relayed message, whose attachment stays behind. */
  readonly detached?: boolean;
}

/** A message that has passed every check. Byte strings of `body` and all arrays are views into the bytes received. */
export interface Opened<Type extends MessageType> {
  readonly type: Type;
  readonly header: Header;
  readonly body: Body<Type>;
  /** Header and body: what the signature covers, beside the domain tag. */
  readonly signedPart: Uint8Array;
  /** Header, body and signature: what is relayed. */
  readonly relayable: Uint8Array;
  readonly attachment: Uint8Array;
}

/** The bytes of a message. Throws what `encodeHeader` throws. */
export function sealMessage<Type extends MessageType>(
  type: Type,
  position: Position,
  body: Body<Type>,
  signer: Signer,
  attachment: Uint8Array = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const bodyPart = encodeCanonical(body);
  const header = encodeHeader({
    type: messageTypes[type].code,
    session: position.session,
    round: position.round,
    attempt: position.attempt,
    phase: phaseCodes[messageTypes[type].phase],
    sender: signer.sender,
    bodyBytes: bodyPart.length,
  });
  return concatBytes(header, bodyPart, signer.sign(domainTag, header, bodyPart), attachment);
}

/** Header and body of a message that this side has sealed. */
export function signedPartOf(sealed: Uint8Array): Uint8Array {
  const header = readHeader(sealed);
  if (!header.ok) throw new RangeError(`not a sealed message: ${header.reason}`);
  return sealed.subarray(0, headerBytes + header.value.bodyBytes);
}

/** The type of a message, before anything about it is known to be true. */
export function peekType(bytes: Uint8Array): Checked<MessageType> {
  const header = readHeader(bytes);
  if (!header.ok) return header;
  const type = messageTypeOf(header.value.type);
  return type === undefined ? refused('unknown-type') : accepted(type);
}

/** Checks everything about a message that can be checked without the protocol's state. */
export function openMessage<Type extends MessageType>(
  bytes: Uint8Array,
  expected: Expectation<Type>,
  keyring: Keyring,
): Checked<Opened<Type>> {
  if (bytes.length > expected.maxBytes) return refused('too-large');
  const read = readHeader(bytes);
  if (!read.ok) return read;
  const header = read.value;
  const type = messageTypeOf(header.type);
  if (type === undefined) return refused('unknown-type');
  if (!equalBytes(header.session, expected.session)) return refused('wrong-session');
  const age = header.round - expected.round || header.attempt - expected.attempt;
  if (age !== 0) return refused(age < 0 ? 'stale-round' : 'future-round');
  if (type !== expected.type || header.phase !== phaseCodes[messageTypes[type].phase])
    return refused('wrong-phase');
  const signatureLength = keyring.signatureBytes(header.sender);
  if (signatureLength === undefined) return refused('unknown-sender');
  if ((header.sender === 0) !== (messageTypes[type].from === 'coordinator')) return refused('wrong-sender');
  if (expected.sender !== undefined && header.sender !== expected.sender) return refused('wrong-sender');

  const signedBytes = headerBytes + header.bodyBytes;
  if (bytes.length < signedBytes + signatureLength) return refused('truncated');
  const signedPart = bytes.subarray(0, signedBytes);
  const signature = bytes.subarray(signedBytes, signedBytes + signatureLength);
  if (!keyring.verify(header.sender, signature, domainTag, signedPart)) return refused('bad-signature');

  const schema: z.ZodType = messageTypes[expected.type].body;
  const parsed = schema.safeParse(decodeCanonical(bytes.subarray(headerBytes, signedBytes)));
  if (!parsed.success) return refused('malformed-body');
  const opened: Opened<Type> = {
    type: expected.type,
    header,
    body: parsed.data as Body<Type>,
    signedPart,
    relayable: bytes.subarray(0, signedBytes + signatureLength),
    attachment: bytes.subarray(signedBytes + signatureLength),
  };
  return attachmentFits(opened, expected.detached ?? false) ? accepted(opened) : refused('bad-attachment');
}

/** The attachment of a model is compared with the model's hash, and relayed ciphertexts with their digest, by the client. */
function attachmentFits(message: Opened<MessageType>, detached: boolean): boolean {
  const { attachment } = message;
  if (detached) return attachment.length === 0;
  switch (message.type) {
    case 'masked-input': {
      const body = message.body as Body<'masked-input'>;
      return attachment.length === body.vectorBytes && equalBytes(sha256(attachment), body.vector);
    }
    case 'announcement':
    case 'result':
    case 'final-model':
      return (
        attachment.length === (message.body as Body<'announcement' | 'result' | 'final-model'>).modelBytes
      );
    case 'relayed-shares':
      return true;
    default:
      return attachment.length === 0;
  }
}
