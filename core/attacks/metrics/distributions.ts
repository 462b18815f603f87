/**
 * Distribution functions that intervals and tests need, to about 1e-10. Student's t by the regularised incomplete beta
 * function, as its continued fraction (Abramowitz, Stegun 1964, 26.5.8), the normal one by the complementary error function
 * as that of the incomplete gamma function (7.1.14), its series near zero.
 */

/** P(Z <= value) of a standard normal Z. */
export function normalCdf(value: number): number {
  return value < 0 ? upperTail(-value) : 1 - upperTail(value);
}

/** The value z with normalCdf(z) = probability, 0 < probability < 1. */
export function normalQuantile(probability: number): number {
  return invert(normalCdf, probability);
}

/** P(T <= value) of Student's t with so many degrees of freedom. */
export function studentCdf(value: number, degrees: number): number {
  const tail = incompleteBeta(degrees / (degrees + value ** 2), degrees / 2, 0.5) / 2;
  return value < 0 ? tail : 1 - tail;
}

/** The value t with studentCdf(t, degrees) = probability, 0 < probability < 1. */
export function studentQuantile(probability: number, degrees: number): number {
  return invert((value) => studentCdf(value, degrees), probability);
}

/** P(Z > value), value >= 0. */
function upperTail(value: number): number {
  if (value > 38) return 0;
  const square = value ** 2 / 2;
  if (value < 2.5) {
    // erf by its series: terms alternate in no sign, so that nothing cancels
    let [term, sum] = [1, 1];
    for (let index = 1; term > 1e-17 * sum; index += 1) {
      term *= value ** 2 / (2 * index + 1);
      sum += term;
    }
    return 0.5 - (value * Math.exp(-square) * sum) / Math.sqrt(2 * Math.PI);
  }
  let fraction = 0;
  for (let index = 100; index > 0; index -= 1) fraction = index / (value + fraction);
  return Math.exp(-square) / (Math.sqrt(2 * Math.PI) * (value + fraction));
}

/** I_x(a, b), 0 <= x <= 1. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  let fraction = 1;
  for (let step = 200; step > 0; step -= 1) {
    const half = Math.floor(step / 2);
    const factor =
      step % 2 === 0
        ? (half * (b - half) * x) / ((a + step - 1) * (a + step))
        : (-(a + half) * (a + b + half) * x) / ((a + step - 1) * (a + step));
    fraction = 1 + factor / fraction;
  }
  return front / (a * fraction);
}

/** ln Gamma (Lanczos 1964), value > 0. */
export function logGamma(value: number): number {
  const coefficients = [
    0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13,
    -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
  ];
  const shifted = value - 1;
  const base = shifted + 7.5;
  const sum = coefficients.reduce(
    (total, coefficient, index) => total + (index === 0 ? coefficient : coefficient / (shifted + index)),
    0,
  );
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** By bisection: of an increasing function. */
function invert(cdf: (value: number) => number, probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`no quantile of ${probability}`);
  let [low, high] = [-1, 1];
  while (cdf(low) > probability) low *= 2;
  while (cdf(high) < probability) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-12 * Math.max(1, Math.abs(low)); step += 1) {
    const middle = (low + high) / 2;
    if (cdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
