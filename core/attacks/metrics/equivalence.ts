/**
 * Whether an attack's figure is no different from what noise gives: two one-sided tests (Schuirmann 1987), the other way
 * round from a usual test. A difference that was not found proves nothing; here, "equivalent" is what has to be shown, and is
 * wrongly said with at most the stated probability: that the mean difference, paired run by run, lies within the margin.
 */
import { logGamma, normalCdf, studentCdf, studentQuantile } from './distributions.ts';

interface EquivalencePlan {
  /** In the figure's unit: differences below it are of no interest. */
  readonly margin: number;
  /** Highest probability of saying "equivalent" of means that differ by the margin or more. */
  readonly falseAlarm: number;
}

interface Equivalence extends EquivalencePlan {
  readonly equivalent: boolean;
  readonly runs: number;
  readonly meanDifference: number;
  readonly deviation: number;
  /** Of level 1 - 2 falseAlarm: equivalent where it lies within the margin. */
  readonly interval: readonly [number, number];
  /** The larger of the two tests'. */
  readonly pValue: number;
  /** Probability that means that do not differ at all are called equivalent, at the deviation that was found. */
  readonly power: number;
}

/** differences: the attack's figure minus that of noise, of at least two independent runs. */
export function testEquivalence(
  differences: readonly number[],
  { margin, falseAlarm }: EquivalencePlan,
): Equivalence {
  const runs = differences.length;
  if (runs < 2) throw new RangeError(`cannot test ${runs} run for equivalence: two are needed`);
  const mean = differences.reduce((sum, value) => sum + value, 0) / runs;
  const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1));
  const error = deviation / Math.sqrt(runs);
  const half = error * studentQuantile(1 - falseAlarm, runs - 1);
  const pOf = (distance: number): number =>
    error === 0 ? Number(distance <= 0) : 1 - studentCdf(distance / error, runs - 1);
  return {
    margin,
    falseAlarm,
    equivalent: Math.abs(mean) + half < margin,
    runs,
    meanDifference: mean,
    deviation,
    interval: [mean - half, mean + half],
    pValue: Math.max(pOf(margin - mean), pOf(margin + mean)),
    power: equivalencePower({ margin, falseAlarm }, { runs, deviation }),
  };
}

/**
 * Probability that the test says "equivalent" where differences are normal with this mean and deviation. The sample's
 * deviation is integrated over its distribution: with few runs it often comes out too large to show anything.
 */
export function equivalencePower(
  { margin, falseAlarm }: EquivalencePlan,
  {
    runs,
    deviation,
    mean = 0,
  }: { readonly runs: number; readonly deviation: number; readonly mean?: number },
): number {
  if (deviation === 0) return Number(Math.abs(mean) < margin);
  const degrees = runs - 1;
  const error = deviation / Math.sqrt(runs);
  const critical = studentQuantile(1 - falseAlarm, degrees);
  /** Given the sample's deviation as a multiple of the true one. */
  const given = (ratio: number): number => {
    const room = margin - critical * ratio * error;
    return room <= 0 ? 0 : normalCdf((room - mean) / error) - normalCdf((-room - mean) / error);
  };
  // ratio^2 * degrees is chi-square: density of the ratio, integrated by Simpson's rule where it is not negligible
  const logScale = Math.log(2) + (degrees / 2) * Math.log(degrees / 2) - logGamma(degrees / 2);
  const density = (ratio: number): number =>
    ratio === 0
      ? degrees === 1
        ? Math.exp(logScale)
        : 0
      : Math.exp(logScale + (degrees - 1) * Math.log(ratio) - (degrees * ratio ** 2) / 2);
  const highest = 1 + 12 / Math.sqrt(2 * degrees);
  const steps = 400;
  let sum = 0;
  for (let step = 0; step <= steps; step += 1) {
    const ratio = (highest * step) / steps;
    const factor = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2;
    sum += factor * density(ratio) * given(ratio);
  }
  return Math.min(1, (sum * highest) / steps / 3);
}
