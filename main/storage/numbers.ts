/**
 * Arrays of numbers as BLOBs: little-endian, as every machine that Masquerade runs on holds them, each beside its
 * SHA-256, as SQLite does not notice altered content. Read into memory of their own, aligned for their type.
 */
import { equalBytes } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { databaseDamaged } from './storage-errors.ts';

export type NumberArray = Float32Array | Float64Array | Int32Array;

export interface StoredNumbers {
  readonly bytes: Uint8Array;
  readonly checksum: Uint8Array;
}

export function toStored(numbers: NumberArray): StoredNumbers {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { bytes, checksum: sha256(bytes) };
}

/** `what`: for the error 'database-damaged', as "the weights of a model". */
export function fromStored<Numbers extends NumberArray>(
  Type: { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): Numbers },
  stored: StoredNumbers,
  path: string,
  what: string,
): Numbers {
  const isWhole = stored.bytes.length % Type.BYTES_PER_ELEMENT === 0;
  if (!isWhole || !equalBytes(sha256(stored.bytes), stored.checksum)) {
    throw databaseDamaged(path, `${what} are not those that were written`);
  }
  return new Type(Uint8Array.from(stored.bytes).buffer);
}
