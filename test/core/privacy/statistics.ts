/** Tests of goodness of fit, with the probability of a false alarm as an argument. */

/** Upper quantile of the chi-square law (Wilson, Hilferty 1931), within 1 % for 5 degrees of freedom and more. */
export function chiSquareLimit(degrees: number, deviations: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + deviations * Math.sqrt(spread)) ** 3;
}

/** Deviations of a normal law that are exceeded with probability 10^-6, on one side and on either. */
export const ONE_IN_A_MILLION = 4.7534;
export const ONE_IN_A_MILLION_EITHER_SIDE = 4.8916;

/** P(x) of N_Z(0, variance), to float64: for statistics. */
export function probabilities(variance: number): (x: number) => number {
  const deviation = Math.sqrt(variance);
  let total = 1;
  for (let x = 1; x <= Math.ceil(12 * deviation); x += 1) total += 2 * Math.exp(-(x * x) / (2 * variance));
  return (x) => Math.exp(-(x * x) / (2 * variance)) / total;
}

/**
 * Pearson's statistic of samples against probabilities of cells; every cell expects 10 or more. cell: the index of a
 * sample's cell.
 */
export function pearson(
  samples: Int32Array | readonly number[],
  expected: readonly number[],
  cell: (sample: number) => number,
): number {
  const counts = new Float64Array(expected.length);
  for (const sample of samples) counts[cell(sample)]! += 1;
  return expected.reduce((sum, probability, index) => {
    const mean = probability * samples.length;
    if (mean < 10) throw new RangeError('a cell expects fewer than 10 samples');
    return sum + (counts[index]! - mean) ** 2 / mean;
  }, 0);
}
