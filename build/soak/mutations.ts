/**
 * Messages that nobody sent: real ones of every type with something changed, cut, joined or signed by somebody else, and
 * plain rubbish. None is ever the message that it was made from.
 */
import { concatBytes, toHex, utf8 } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import { signPss } from '../../core/crypto/rsa.ts';
import type { RandomStream } from '../../core/random/stream.ts';
import { peekType } from '../../core/wire/envelope.ts';
import { headerBytes, readHeader } from '../../core/wire/header.ts';

/** Real messages by type and direction, a few of each: what is mutated. */
export class Corpus {
  readonly #byType = new Map<string, Uint8Array[]>();
  readonly #genuine = new Set<string>();
  readonly #perType = 24;

  add(bytes: Uint8Array): void {
    const type = peekType(bytes);
    if (!type.ok) return;
    const kept = this.#byType.get(type.value) ?? [];
    // the latest: of the attempt under way
    if (kept.length === this.#perType) kept.shift();
    kept.push(bytes.slice());
    this.#genuine.add(digestOf(bytes));
    this.#byType.set(type.value, kept);
  }

  get types(): readonly string[] {
    return [...this.#byType.keys()];
  }

  /**
   * Header, body and signature as they were sent once, whatever is attached: what an attachment must be is in the body,
   * and a coordinator that lies about it ends the attempt by name (test/core/secagg); here it would end the session.
   */
  isGenuine(bytes: Uint8Array): boolean {
    return this.#genuine.has(digestOf(bytes));
  }

  draw(stream: RandomStream): Uint8Array | undefined {
    const types = [...this.#byType.values()];
    const kept = types[stream.nextBelow(Math.max(1, types.length))];
    return kept?.[stream.nextBelow(kept.length)];
  }
}

/** A place in every header, and how many bytes it takes (core/wire/header.ts). */
const headerFields = [
  [4, 1],
  [5, 1],
  [6, 16],
  [22, 4],
  [26, 4],
  [30, 1],
  [31, 2],
  [33, 4],
] as const;
const signatureBytes = 256;
const longestRubbish = 600;

type Mutation = (bytes: Uint8Array, stream: RandomStream, corpus: Corpus) => Uint8Array;

const mutations: readonly Mutation[] = [
  function flipBits(bytes, stream) {
    for (let flips = 1 + stream.nextBelow(4); flips > 0; flips -= 1)
      bytes[place(bytes, stream)]! ^= 1 << stream.nextBelow(8);
    return bytes;
  },
  function overwrite(bytes, stream) {
    const at = place(bytes, stream);
    for (let index = at; index < Math.min(bytes.length, at + 1 + stream.nextBelow(16)); index += 1)
      bytes[index] = stream.nextBelow(256);
    return bytes;
  },
  (bytes, stream) => bytes.slice(0, stream.nextBelow(bytes.length)),
  (bytes, stream) => concatBytes(bytes, rubbish(1 + stream.nextBelow(64), stream)),
  function changeHeader(bytes, stream) {
    const [at, length] = headerFields[stream.nextBelow(headerFields.length)]!;
    if (length > 2 || stream.nextBelow(2) === 0) bytes[at] = (bytes[at]! + 1 + stream.nextBelow(3)) & 255;
    else for (let index = at; index < at + length; index += 1) bytes[index] = stream.nextBelow(256);
    return bytes;
  },
  function splice(bytes, stream, corpus) {
    const other = corpus.draw(stream)!;
    return concatBytes(
      bytes.subarray(0, place(bytes, stream)),
      other.subarray(stream.nextBelow(other.length)),
    );
  },
  /** The header of one message before the rest of another. */
  function exchangeHeader(bytes, stream, corpus) {
    const other = corpus.draw(stream)!;
    return concatBytes(other.subarray(0, headerBytes), bytes.subarray(headerBytes));
  },
  (bytes, stream) => rubbish(1 + stream.nextBelow(longestRubbish), stream),
  (bytes, stream) => concatBytes(bytes.subarray(0, 5), rubbish(stream.nextBelow(longestRubbish), stream)),
];

/** Not a message of the corpus; undefined while the corpus is empty. */
export function mutate(corpus: Corpus, stream: RandomStream): Uint8Array | undefined {
  const original = corpus.draw(stream);
  if (original === undefined) return undefined;
  const mutation = mutations[stream.nextBelow(mutations.length)]!;
  const mutated = mutation(original.slice(), stream, corpus);
  return corpus.isGenuine(mutated) ? undefined : mutated;
}

/** The same content, or another one, signed by somebody who is not its sender. */
export function signedByAnother(
  corpus: Corpus,
  stream: RandomStream,
  another: Identity,
): Uint8Array | undefined {
  const original = corpus.draw(stream);
  const header = original && readHeader(original);
  if (original === undefined || !header?.ok) return undefined;
  const signedBytes = headerBytes + header.value.bodyBytes;
  const signedPart = original.slice(0, signedBytes);
  if (stream.nextBelow(2) === 0) signedPart[headerBytes + stream.nextBelow(signedBytes - headerBytes)]! ^= 1;
  const signature = signPss(another, utf8('masquerade/message/v1'), signedPart);
  return concatBytes(signedPart, signature, original.subarray(signedBytes + signatureBytes));
}

/** Somewhere in what the signature covers, or in the signature. */
function place(bytes: Uint8Array, stream: RandomStream): number {
  const header = readHeader(bytes);
  const signed = header.ok ? headerBytes + header.value.bodyBytes + signatureBytes : bytes.length;
  return stream.nextBelow(Math.min(bytes.length, signed));
}

/** Of what is signed, and the signature. */
function digestOf(bytes: Uint8Array): string {
  const header = readHeader(bytes);
  const signed = header.ok ? headerBytes + header.value.bodyBytes + signatureBytes : bytes.length;
  return toHex(sha256(bytes.subarray(0, signed)));
}

function rubbish(length: number, stream: RandomStream): Uint8Array {
  return Uint8Array.from({ length }, () => stream.nextBelow(256));
}
