/**
 * Finds wrong values among the values of a polynomial over GF(2^8): Gao's decoder of Reed-Solomon codes (Gao 2003, "A
 * new algorithm for decoding Reed-Solomon codes"). Shamir's shares are such a code (McEliece, Sarwate 1981).
 *
 * Of m values of a polynomial of degree < t, up to floor((m - t) / 2) may be wrong. With more there is nothing to
 * find, or another polynomial is nearer: callers check what they rebuild. Work: O(m^2).
 *
 * Polynomials are arrays of coefficients, lowest first, without leading zeros: the zero polynomial is empty.
 */
import { divide, multiply } from './galois-field.ts';

type Polynomial = readonly number[];

/**
 * Indices of the wrong values, none when all fit. Undefined when more than floor((m - t) / 2) are.
 * points: [m] distinct and not zero; values: [m]; degreeBound: t in 1 .. m.
 */
export function locateErrors(
  points: readonly number[],
  values: readonly number[],
  degreeBound: number,
): number[] | undefined {
  const { through, vanishing } = interpolate(points, values);
  const polynomial =
    through.length <= degreeBound ? through : nearestPolynomial(vanishing, through, degreeBound);
  if (polynomial === undefined) return undefined;
  const wrong = [...points.keys()].filter((index) => evaluate(polynomial, points[index]!) !== values[index]!);
  return wrong.length <= Math.floor((points.length - degreeBound) / 2) ? wrong : undefined;
}

/**
 * Gao's algorithm: run Euclid's extended algorithm on the polynomial that vanishes at all points and the one through
 * all values until the remainder's degree is below (m + t) / 2; then remainder / cofactor is the polynomial sought.
 */
function nearestPolynomial(
  vanishing: Polynomial,
  through: Polynomial,
  degreeBound: number,
): Polynomial | undefined {
  const stopDegree = (vanishing.length - 1 + degreeBound) / 2;
  let [previous, remainder] = [vanishing, through];
  let [previousCofactor, cofactor]: [Polynomial, Polynomial] = [[], [1]];
  while (remainder.length - 1 >= stopDegree) {
    const { quotient, rest } = divideWithRest(previous, remainder);
    [previous, remainder] = [remainder, rest];
    [previousCofactor, cofactor] = [cofactor, addProduct(previousCofactor, quotient, cofactor)];
  }
  // With a rest there is no such polynomial, and the quotient does not fit enough values: the caller sees that.
  const { quotient } = divideWithRest(remainder, cofactor);
  return quotient.length <= degreeBound ? quotient : undefined;
}

/** Newton's interpolation: the polynomial of degree < m through all points, and the one of degree m that vanishes at them. */
function interpolate(
  points: readonly number[],
  values: readonly number[],
): { readonly through: Polynomial; readonly vanishing: Polynomial } {
  const through: number[] = [];
  const vanishing: number[] = [1];
  points.forEach((x, index) => {
    const factor = divide(values[index]! ^ evaluate(through, x), evaluate(vanishing, x));
    for (let degree = 0; degree < vanishing.length; degree += 1) {
      through[degree] = (through[degree] ?? 0) ^ multiply(factor, vanishing[degree]!);
    }
    // times (X - x)
    vanishing.push(0);
    for (let degree = vanishing.length - 1; degree >= 0; degree -= 1) {
      vanishing[degree] = (vanishing[degree - 1] ?? 0) ^ multiply(x, vanishing[degree]!);
    }
  });
  return { through: trimmed(through), vanishing };
}

function evaluate(polynomial: Polynomial, x: number): number {
  let value = 0;
  for (let degree = polynomial.length - 1; degree >= 0; degree -= 1)
    value = multiply(value, x) ^ polynomial[degree]!;
  return value;
}

/** quotient x divisor + rest = dividend, the rest of lower degree than the divisor, which is not zero. */
function divideWithRest(
  dividend: Polynomial,
  divisor: Polynomial,
): { readonly quotient: Polynomial; readonly rest: Polynomial } {
  const rest = [...dividend];
  const quotient = new Array<number>(Math.max(0, dividend.length - divisor.length + 1)).fill(0);
  for (let shift = quotient.length - 1; shift >= 0; shift -= 1) {
    const factor = divide(rest[shift + divisor.length - 1]!, divisor[divisor.length - 1]!);
    quotient[shift] = factor;
    for (let degree = 0; degree < divisor.length; degree += 1)
      rest[shift + degree]! ^= multiply(factor, divisor[degree]!);
  }
  return { quotient, rest: trimmed(rest) };
}

/** base + left x right */
function addProduct(base: Polynomial, left: Polynomial, right: Polynomial): Polynomial {
  const sum = new Array<number>(Math.max(base.length, left.length + right.length - 1)).fill(0);
  base.forEach((coefficient, degree) => (sum[degree] = coefficient));
  left.forEach((leftCoefficient, leftDegree) => {
    right.forEach((rightCoefficient, rightDegree) => {
      sum[leftDegree + rightDegree]! ^= multiply(leftCoefficient, rightCoefficient);
    });
  });
  return trimmed(sum);
}

function trimmed(polynomial: number[]): Polynomial {
  while (polynomial.length > 0 && polynomial[polynomial.length - 1] === 0) polynomial.pop();
  return polynomial;
}
