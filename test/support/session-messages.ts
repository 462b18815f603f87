/** Reading and forging messages of real sessions: what a lying coordinator, or a hostile participant, can make. */
import assert from 'node:assert/strict';
import { decodeCanonical } from '../../core/wire/canonical-cbor.ts';
import { type Signer, sealMessage } from '../../core/wire/envelope.ts';
import { type Header, headerBytes, readHeader } from '../../core/wire/header.ts';
import type { Body, MessageType } from '../../core/wire/messages.ts';

export interface ReadMessage<Type extends MessageType> {
  readonly header: Header;
  readonly body: Body<Type>;
  readonly attachment: Uint8Array;
}

/** Whoever signed it with a key of this size, validly or not. */
export function readMessage<Type extends MessageType>(
  _type: Type,
  bytes: Uint8Array,
  keyBits = 2048,
): ReadMessage<Type> {
  const header = readHeader(bytes);
  assert.ok(header.ok);
  const bodyEnd = headerBytes + header.value.bodyBytes;
  return {
    header: header.value,
    body: decodeCanonical(bytes.subarray(headerBytes, bodyEnd)) as Body<Type>,
    attachment: bytes.subarray(bodyEnd + keyBits / 8),
  };
}

export interface Forgery<Type extends MessageType> {
  readonly body?: (body: Body<Type>) => Body<Type>;
  readonly attachment?: (attachment: Uint8Array) => Uint8Array;
  readonly round?: number;
  readonly attempt?: number;
}

/** The message with changes, validly signed. */
export function forge<Type extends MessageType>(
  type: Type,
  bytes: Uint8Array,
  signer: Signer,
  changes: Forgery<Type>,
): Uint8Array {
  const { header, body, attachment } = readMessage(type, bytes);
  const { session, round, attempt } = header;
  return sealMessage(
    type,
    { session, round: changes.round ?? round, attempt: changes.attempt ?? attempt },
    changes.body?.(body) ?? body,
    signer,
    changes.attachment?.(attachment) ?? attachment,
  );
}

/** The numbers in a bitmap. */
export function numbersIn(bitmap: Uint8Array): number[] {
  return Array.from({ length: 8 * bitmap.length }, (_, bit) => bit + 1).filter(
    (number) => ((bitmap[(number - 1) >> 3]! >> ((number - 1) & 7)) & 1) === 1,
  );
}
