/** Some images of many, for a person to look at. */
import type { MethodResults } from '../../core/contract/host.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';

export type SomeImages = MethodResults['ownImages'];

/** The first of every class, then the second of every class, ... of these training images. */
export function imagesByClassInTurn(
  { train, classNames }: Pick<Dataset, 'train' | 'classNames'>,
  indices: Uint32Array,
  count: number,
): SomeImages {
  const { images, labels, height, width, channels } = train;
  const seen = classNames.map(() => 0);
  const turns = [...indices].map((index) => {
    const label = labels[index]!;
    const turn = seen[label]!;
    seen[label] = turn + 1;
    return { index, label, turn };
  });
  const chosen = turns.sort((one, other) => one.turn - other.turn || one.label - other.label).slice(0, count);
  const size = height * width * channels;
  const pixels = new Uint8Array(chosen.length * size);
  for (const [place, { index }] of chosen.entries())
    pixels.set(images.subarray(index * size, (index + 1) * size), place * size);
  return { pixels, labels: chosen.map(({ label }) => label), height, width, channels };
}
