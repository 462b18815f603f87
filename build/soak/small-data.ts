/** A data set that trains in a moment: grey images whose bright corner is their class, as four IDX files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '../../core/random/stream.ts';

export interface SmallData {
  /** Pixels of a side. */
  readonly side: number;
  readonly train: number;
  readonly test: number;
}

const classes = 4;

/** Writes it into a folder, the same bytes every time. */
export function writeSmallData(folder: string, { side, train, test }: SmallData): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, count] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    const stream = randomStream(1, 'small-data', name);
    const labels = Uint8Array.from({ length: count }, () => stream.nextBelow(classes));
    const images = new Uint8Array(count * side * side);
    for (const [index, label] of labels.entries())
      for (let row = 0; row < side; row += 1)
        for (let column = 0; column < side; column += 1) {
          const corner = 2 * Number(row >= side / 2) + Number(column >= side / 2);
          images[(index * side + row) * side + column] = stream.nextBelow(120) + (corner === label ? 130 : 0);
        }
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idx([count, side, side], images));
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), idx([count], labels));
  }
}

function idx(dimensions: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dimensions.length + values.length);
  bytes.set([0, 0, 0x08, dimensions.length]);
  const view = new DataView(bytes.buffer);
  for (const [index, size] of dimensions.entries()) view.setUint32(4 + 4 * index, size);
  bytes.set(values, 4 + 4 * dimensions.length);
  return bytes;
}
