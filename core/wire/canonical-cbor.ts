/**
 * Deterministic CBOR (RFC 8949, section 4.2.1): one value has one encoding, and only that one is read.
 *
 * The decoder is strict by options (no duplicate or unsorted keys, no indefinite lengths, no overlong integers, no
 * floats, no undefined, no unassigned simple values, no tag with a meaning, shallow nesting); then the value is encoded
 * again and compared, so that the rule does not hang on the decoder's options alone.
 */
import { decode, encode } from 'cbor2';
import { equalBytes } from '../bytes/bytes.ts';

/** Bodies are maps of byte strings, integers and lists of byte strings. */
const maxDepth = 3;
/** The encoder's first buffer: most bodies are small, and a large first buffer costs more than the encoding. */
const chunkBytes = 256;

const decodeOptions = {
  cde: true,
  rejectDuplicateKeys: true,
  rejectFloats: true,
  rejectUndefined: true,
  rejectSimple: true,
  rejectBigInts: true,
  rejectStringsNotNormalizedAs: 'NFC' as const,
  ignoreGlobalTags: true,
  tags: new Map<never, never>(),
  maxDepth,
};

export function encodeCanonical(value: unknown): Uint8Array {
  return encode(value, { cde: true, chunkSize: chunkBytes });
}

/** The value, whose byte strings are views into `bytes`; undefined when `bytes` is not a canonical encoding. */
export function decodeCanonical(bytes: Uint8Array): unknown {
  try {
    const value: unknown = decode(bytes, decodeOptions);
    return equalBytes(encodeCanonical(value), bytes) ? value : undefined;
  } catch {
    return undefined;
  }
}
