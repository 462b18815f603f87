/**
 * The one-dimensional transforms of Winograd's minimal filtering F(m, 3) (Winograd 1980; Lavin, Gray 2016), as text.
 *
 * m outputs of a 3-tap filter are m + 2 products: input and kernel are evaluated as polynomials at m + 1 points and at
 * infinity, multiplied point by point, and the outputs read off. Points lie at 0, in pairs +p and -p, which share half of
 * the work, and singly. In textbook form the kernel's values are divided by N = product of differences to all other
 * points; here they are multiplied by L / N, with L the smallest odd number that makes all of these exact binary
 * fractions, and the outputs by 1 / L. So nothing is rounded when the numbers are small integers: equal values stay equal,
 * and pooling and ReLU decide ties as they do without Winograd.
 *
 * Points are few and small because the error grows with them. Largest error against the largest output, 32 channels,
 * random numbers, both directions alike: m = 2: 3e-7; m = 3: 7e-7; m = 4: 1e-6 (with 2 and -2 in the place of 1/2 and -2:
 * 2e-6); m = 5: 2e-6.
 */

/** Outputs in one direction. */
export type TileSide = 2 | 3 | 4 | 5;

interface Points {
  readonly pairs: readonly number[];
  readonly singles: readonly number[];
}

/** Besides 0 and infinity. */
const points: Readonly<Record<TileSide, Points>> = {
  2: { pairs: [1], singles: [] },
  3: { pairs: [1], singles: [2] },
  4: { pairs: [1], singles: [0.5, -2] },
  5: { pairs: [1, 0.5], singles: [2] },
};

/** Inputs, and products, in one direction. */
export const frequencies = (side: TileSide): number => side + 2;

/** Collects the lines of a block; every value has a name of its own, and is computed once. */
export class Lines {
  readonly #lines: string[] = [];
  readonly #names = new Map<string, string>();
  #values = 0;

  add(line: string): void {
    this.#lines.push(line);
  }

  value(expression: string): string {
    const known = this.#names.get(expression);
    if (known !== undefined) return known;
    const name = `value${this.#values++}`;
    this.#names.set(expression, name);
    this.add(`const ${name} = ${expression};`);
    return name;
  }

  /** What comes next is computed even where it was before. */
  forget(): void {
    this.#names.clear();
  }

  /** left + factor x right */
  plus(left: string, factor: number, right: string): string {
    if (factor === 1) return this.value(`f32x4.add(${left}, ${right})`);
    if (factor === -1) return this.value(`f32x4.sub(${left}, ${right})`);
    return this.value(`multiplyAdd(f32x4.splat(${factor}), ${right}, ${left})`);
  }

  times(factor: number, right: string): string {
    return factor === 1 ? right : this.value(`f32x4.mul(f32x4.splat(${factor}), ${right})`);
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}

/** A polynomial in the shift by one, applied to the inputs: its value at each index, written when asked for. */
type Signal = (index: number) => string;

/** Inputs d to m + 2 values, in the order of products(): each is the product of (x - point) over all points but one. */
export function transformInputs(lines: Lines, side: TileSide, inputs: readonly string[]): string[] {
  const { pairs, singles } = points[side];
  const withSingle =
    (signal: Signal, point: number): Signal =>
    (index) =>
      lines.plus(signal(index + 1), -point, signal(index));
  const withPair =
    (signal: Signal, point: number): Signal =>
    (index) =>
      lines.plus(signal(index + 2), -(point ** 2), signal(index));
  const without = (all: readonly number[], one: number): number[] => all.filter((point) => point !== one);

  const input: Signal = (index) => inputs[index]!;
  const afterSingles = singles.reduce(withSingle, input);
  // In this order it shares a part with the first pair.
  const afterPairs = [...pairs].reverse().reduce(withPair, afterSingles);
  return [
    afterPairs(0),
    ...pairs.flatMap((point) => {
      const others = without(pairs, point).reduce(withPair, afterSingles);
      return [lines.plus(others(2), point, others(1)), lines.plus(others(2), -point, others(1))];
    }),
    ...singles.map((point) => pairs.reduce(withPair, without(singles, point).reduce(withSingle, input))(1)),
    afterPairs(1),
  ];
}

const allPoints = (side: TileSide): number[] => [
  0,
  ...points[side].pairs.flatMap((point) => [point, -point]),
  ...points[side].singles,
];

/** N of each point. */
const differences = (side: TileSide): number[] =>
  allPoints(side).map((point, index, all) =>
    all.reduce((product, other, at) => (at === index ? product : product * (point - other)), 1),
  );

const isBinaryFraction = (value: number): boolean => Number.isInteger(value * 2 ** 20);

/** L: what outputs must be divided by in this direction. Powers of two are no matter. */
export function outputDivisor(side: TileSide): number {
  for (let divisor = 1; ; divisor += 2)
    if (differences(side).every((difference) => isBinaryFraction(divisor / difference))) return divisor;
}

/** Three taps to m + 2 values, times L / N. */
export function transformKernel(
  lines: Lines,
  side: TileSide,
  [tap0, tap1, tap2]: readonly [string, string, string],
): string[] {
  const { pairs, singles } = points[side];
  const divisor = outputDivisor(side);
  const values = [
    tap0,
    ...pairs.flatMap((point) => {
      const even = lines.plus(tap0, point ** 2, tap2);
      return [lines.plus(even, point, tap1), lines.plus(even, -point, tap1)];
    }),
    ...singles.map((point) => lines.plus(lines.plus(tap0, point, tap1), point ** 2, tap2)),
  ];
  const scaled = differences(side).map((difference, index) =>
    lines.times(divisor / difference, values[index]!),
  );
  return [...scaled, lines.times(divisor, tap2)];
}

/** m + 2 products to m outputs, times L. */
export function transformOutputs(lines: Lines, side: TileSide, products: readonly string[]): string[] {
  const { pairs, singles } = points[side];
  const pairSums = pairs.map((point, index) => {
    const plus = products[1 + 2 * index]!;
    const minus = products[2 + 2 * index]!;
    return { point, sum: lines.plus(plus, 1, minus), difference: lines.plus(plus, -1, minus) };
  });
  return Array.from({ length: side }, (_, power) => {
    const terms: (readonly [factor: number, name: string])[] = [
      ...pairSums.map(
        ({ point, sum, difference }) => [point ** power, power % 2 === 0 ? sum : difference] as const,
      ),
      ...singles.map((point, index) => [point ** power, products[1 + 2 * pairs.length + index]!] as const),
    ];
    if (power === 0) terms.push([1, products[0]!]);
    if (power === side - 1) terms.push([1, products.at(-1)!]);
    const [first, ...others] = terms;
    return others.reduce(
      (sum, [factor, name]) => lines.plus(sum, factor, name),
      lines.times(first![0], first![1]),
    );
  });
}
