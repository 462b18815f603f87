/** Scalars that attacks make small: cross-entropy, distances between gradients, total variation. */
import { shiftedExponentials } from './activations.ts';
import { gather, type IndexTable } from './indexing.ts';
import { absolute, add, divide, dot, logarithm, scale, squareRoot, subtract, total } from './operations.ts';
import { reshape, type Value } from './value.ts';
import { remapped, type ImageSides } from './windows.ts';

/** Mean over the rows of -sum(labels * log softmax(logits)). Both [rows, classes]; labels sum to 1 in each row, soft or not. */
export function crossEntropy(logits: Value, labels: Value): Value {
  const [rows = 0] = logits.shape;
  const { sums, largest } = shiftedExponentials(logits);
  const normalisers = total(add(logarithm(sums), largest));
  return scale(subtract(normalisers, dot(labels, logits)), 1 / rows);
}

/** |found - wanted|^2 over all weights (Zhu, Liu, Han 2019, equation 4). */
export function squaredDistance(found: readonly Value[], wanted: readonly Value[]): Value {
  return totalOf(
    found.map((value, index) => {
      const difference = subtract(value, wanted[index]!);
      return dot(difference, difference);
    }),
  );
}

/** 1 - cosine of the angle between them, all weights as one vector (Geiping et al. 2020, equation 4). */
export function cosineDistance(found: readonly Value[], wanted: readonly Value[]): Value {
  const norm = squareRoot(totalOf(found.map((value) => dot(value, value))));
  const wantedNorm = Math.sqrt(
    wanted.reduce((sum, { data }) => sum + data.reduce((squares, x) => squares + x * x, 0), 0),
  );
  const product = totalOf(found.map((value, index) => dot(value, wanted[index]!)));
  return scale(divide(product, norm), -1 / wantedNorm, 1);
}

/** Mean over the pixels of |x - below| + |x - right| (Rudin, Osher, Fatemi 1992, the anisotropic form). [rows, ...sides] */
export function totalVariation(images: Value, sides: ImageSides): Value {
  const rows = images.size / (sides.rows * sides.columns * sides.channels);
  const parts = neighbours(sides).map(([one, other]) => {
    const shape = [rows, one.index.length];
    return total(absolute(subtract(gather(images, one, rows, shape), gather(images, other, rows, shape))));
  });
  return scale(totalOf(parts), 1 / images.size);
}

const tables = new Map<string, (readonly [IndexTable, IndexTable])[]>();

/** Pixels with one below, and that one; pixels with one to the right, and that one. */
function neighbours(sides: ImageSides): (readonly [IndexTable, IndexTable])[] {
  const key = JSON.stringify(sides);
  const known = tables.get(key);
  if (known !== undefined) return known;
  const { rows, columns } = sides;
  const same = (position: number): number => position;
  const next = (position: number): number => position + 1;
  const made = [
    [remapped(sides, rows - 1, columns, same, same), remapped(sides, rows - 1, columns, next, same)],
    [remapped(sides, rows, columns - 1, same, same), remapped(sides, rows, columns - 1, same, next)],
  ] as const;
  tables.set(key, [...made]);
  return [...made];
}

function totalOf(numbers: readonly Value[]): Value {
  const [first, ...others] = numbers;
  if (first === undefined) throw new RangeError('a total of nothing is asked for');
  return others.reduce((sum, value) => add(sum, value), reshape(first, [1]));
}
