/** Writes IDX files of unsigned bytes, for tests. */
import { concatBytes } from '../../../core/bytes/bytes.ts';

export function idxBytes(dimensions: readonly number[], values: Iterable<number>): Uint8Array<ArrayBuffer> {
  const header = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  header.setUint8(2, 0x08);
  header.setUint8(3, dimensions.length);
  dimensions.forEach((size, index) => {
    header.setUint32(4 + 4 * index, size);
  });
  return concatBytes(new Uint8Array(header.buffer), Uint8Array.from(values));
}
