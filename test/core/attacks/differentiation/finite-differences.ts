/** Gradients held against central differences along random directions, in float64. */
import { variable, type Value } from '../../../../core/attacks/differentiation/value.ts';
import { gradients } from '../../../../core/attacks/differentiation/gradients.ts';
import type { RandomStream } from '../../../../core/random/stream.ts';

/** Uniform in -1 .. 1. */
export function randomNumbers(count: number, stream: RandomStream): Float64Array {
  return Float64Array.from({ length: count }, () => 2 * stream.nextFloat() - 1);
}

/** A function of some arrays, with one number for a value. */
export interface Scalar {
  readonly at: readonly Float64Array[];
  readonly shapes: readonly (readonly number[])[];
  of(inputs: readonly Value[]): Value;
}

const evaluate = ({ shapes, of }: Scalar, at: readonly Float64Array[]): number =>
  of(at.map((data, index) => variable(data, shapes[index]!))).number;

/**
 * The gradient along a random direction of all inputs together, against the four-point central difference (error of
 * order h^4): the difference, relative to the sum of all |slope * direction|. The step is small, as a kink within it
 * would be taken for an error.
 */
export function directionalError(scalar: Scalar, stream: RandomStream, h = 1e-5): number {
  const inputs = scalar.at.map((data, index) => variable(data, scalar.shapes[index]!));
  const found = gradients(scalar.of(inputs), inputs, 'last');
  const directions = scalar.at.map((data) => randomNumbers(data.length, stream));
  const along = (step: number): number =>
    evaluate(
      scalar,
      scalar.at.map((data, index) => data.map((x, at) => x + step * directions[index]![at]!)),
    );
  const difference = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h);
  let exact = 0;
  let size = 0;
  for (const [index, { data }] of found.entries())
    for (const [at, slope] of data.entries()) {
      exact += slope * directions[index]![at]!;
      size += Math.abs(slope * directions[index]![at]!);
    }
  return Math.abs(exact - difference) / Math.max(size, 1e-6);
}
