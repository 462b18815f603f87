/**
 * Activations that are nodes of their own: tf.js's functions, four numbers at a time, and what they make of a gradient.
 *
 * exp: range reduction and a polynomial of degree 6 after Cephes' expf (Moshier), within 2 units of the last place between
 * -87 and 87, where it stops growing. erf: Abramowitz, Stegun 7.1.26, which tf.js takes, too (1.5e-7).
 */
import { activations as names, type Activation } from '../../core/model/compiled/graph.ts';
import { byRows } from './elementwise.ts';

/** ((c0 x + c1) x + c2) ... in AssemblyScript. */
function polynomial(x: string, coefficients: readonly (string | number)[]): string {
  const [first, ...others] = coefficients.map((value) => `f32x4.splat(${value})`);
  return others.reduce((sum, coefficient) => `multiplyAdd(${sum}, ${x}, ${coefficient})`, first!);
}

const functions = `
function exp4(x: v128): v128 {
  // f32x4.min and max, not pmin and pmax: what is not a number stays so.
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(87)), f32x4.splat(-87));
  const power = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)));
  const rest = f32x4.add(f32x4.sub(bounded, f32x4.mul(power, f32x4.splat(0.693359375))), f32x4.mul(power, f32x4.splat(2.12194440e-4)));
  const series = ${polynomial('rest', ['1.9875691500e-4', '1.3981999507e-3', '8.3334519073e-3', '4.1665795894e-2', '1.6666665459e-1', '5.0000001201e-1'])};
  const fraction = f32x4.add(multiplyAdd(f32x4.mul(rest, rest), series, rest), f32x4.splat(1));
  return f32x4.mul(fraction, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(power), i32x4.splat(127)), 23));
}
/** exp(x) - 1 for x at most 0: by its series where the difference would lose digits. */
function expMinusOne4(x: v128): v128 {
  const series = ${polynomial('x', ['0.00002480158730158730', '0.00019841269841269841', '0.00138888888888888889', '0.00833333333333333333', '0.04166666666666666667', '0.16666666666666666667', '0.5'])};
  const near = multiplyAdd(f32x4.mul(x, x), series, x);
  return v128.bitselect(near, f32x4.sub(exp4(x), f32x4.splat(1)), f32x4.gt(x, f32x4.splat(-0.5)));
}
function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}
function tanh4(x: v128): v128 {
  const square = f32x4.mul(x, x), size = f32x4.abs(x), one = f32x4.splat(1);
  const series = ${polynomial('square', ['-5.70498872745e-3', '2.06390887954e-2', '-5.37397155531e-2', '1.33314422036e-1', '-3.33332819422e-1'])};
  const near = multiplyAdd(f32x4.mul(series, square), x, x);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(exp4(f32x4.add(size, size)), one)));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, f32x4.splat(0.625)));
}
/** log(1 + exp(x)): the larger of x and 0, and log(1 + e) for e = exp(-|x|) as 2 artanh(e / (2 + e)). */
function softplus4(x: v128): v128 {
  const small = exp4(f32x4.neg(f32x4.abs(x))), ratio = f32x4.div(small, f32x4.add(f32x4.splat(2), small)), square = f32x4.mul(ratio, ratio);
  const series = ${polynomial(
    'square',
    [15, 13, 11, 9, 7, 5, 3, 1].map((odd) => 2 / odd),
  )};
  return multiplyAdd(ratio, series, f32x4.max(x, f32x4.splat(0)));
}
function erf4(x: v128): v128 {
  const one = f32x4.splat(1), size = f32x4.abs(x), t = f32x4.div(one, multiplyAdd(size, f32x4.splat(0.3275911), one));
  const series = f32x4.mul(t, ${polynomial('t', ['1.061405429', '-1.453152027', '1.421413741', '-0.284496736', '0.254829592'])});
  const value = f32x4.sub(one, f32x4.mul(series, exp4(f32x4.neg(f32x4.mul(x, x)))));
  return v128.or(v128.and(value, i32x4.splat(0x7fffffff)), v128.and(x, i32x4.splat(0x80000000)));
}
/** tanh(softplus(x)) = n / (n + 2) for n = e (e + 2), e = exp(x). Beyond 20 it is 1, and n would overflow. */
function mishGate4(x: v128): v128 {
  const power = exp4(f32x4.min(x, f32x4.splat(20))), two = f32x4.splat(2), n = f32x4.mul(power, f32x4.add(power, two));
  return f32x4.div(n, f32x4.add(n, two));
}`;

interface ActivationCode {
  /** Of x. */
  readonly value: string;
  /** What the gradient at y = value(x) becomes at x. */
  readonly gradient: string;
  /** value(0) is not 0: what lies beyond the channels in use must be cleared. */
  readonly liftsZero?: boolean;
}

const seluScale = 1.0507009873554804934;
const seluScaleAlpha = 1.7580993408473768599;
const splat = (value: number): string => `f32x4.splat(${value})`;
const positive = 'f32x4.gt(x, zero)';

const code: Readonly<Record<Activation, ActivationCode>> = {
  relu: { value: `v128.and(x, ${positive})`, gradient: `v128.and(gradient, ${positive})` },
  relu6: {
    value: `f32x4.pmin(${splat(6)}, v128.and(x, ${positive}))`,
    gradient: `v128.and(gradient, v128.and(${positive}, f32x4.le(x, ${splat(6)})))`,
  },
  leakyRelu: {
    value: `v128.bitselect(x, f32x4.mul(slope, x), ${positive})`,
    gradient: `v128.bitselect(gradient, f32x4.mul(slope, gradient), ${positive})`,
  },
  elu: {
    value: `v128.bitselect(x, expMinusOne4(x), ${positive})`,
    gradient: `v128.bitselect(gradient, f32x4.mul(gradient, f32x4.add(y, one)), ${positive})`,
  },
  selu: {
    value: `v128.bitselect(f32x4.mul(${splat(seluScale)}, x), f32x4.mul(${splat(seluScaleAlpha)}, expMinusOne4(x)), ${positive})`,
    gradient: `f32x4.mul(gradient, v128.bitselect(${splat(seluScale)}, f32x4.add(y, ${splat(seluScaleAlpha)}), ${positive}))`,
  },
  sigmoid: {
    value: 'sigmoid4(x)',
    gradient: 'f32x4.mul(gradient, f32x4.mul(y, f32x4.sub(one, y)))',
    liftsZero: true,
  },
  tanh: { value: 'tanh4(x)', gradient: 'f32x4.mul(gradient, f32x4.sub(one, f32x4.mul(y, y)))' },
  softsign: {
    value: 'f32x4.div(x, f32x4.add(one, f32x4.abs(x)))',
    gradient: 'f32x4.div(gradient, f32x4.mul(f32x4.add(one, f32x4.abs(x)), f32x4.add(one, f32x4.abs(x))))',
  },
  softplus: { value: 'softplus4(x)', gradient: 'f32x4.mul(gradient, sigmoid4(x))', liftsZero: true },
  swish: {
    value: 'f32x4.mul(x, sigmoid4(x))',
    gradient: 'f32x4.mul(gradient, multiplyAdd(y, f32x4.sub(one, sigmoid4(x)), sigmoid4(x)))',
  },
  mish: {
    value: 'f32x4.mul(x, mishGate4(x))',
    gradient:
      'f32x4.mul(gradient, f32x4.add(mishGate4(x), f32x4.mul(f32x4.mul(x, sigmoid4(x)), f32x4.sub(one, f32x4.mul(mishGate4(x), mishGate4(x))))))',
  },
  gelu: {
    value: `f32x4.mul(f32x4.mul(half, x), f32x4.add(one, erf4(f32x4.mul(x, ${splat(Math.SQRT1_2)}))))`,
    gradient: `f32x4.mul(gradient, multiplyAdd(half, f32x4.add(one, erf4(f32x4.mul(x, ${splat(Math.SQRT1_2)}))), f32x4.mul(f32x4.mul(x, ${splat(1 / Math.sqrt(2 * Math.PI))}), exp4(f32x4.neg(f32x4.mul(half, f32x4.mul(x, x)))))))`,
  },
};

const constants = `const zero = f32x4.splat(0), one = f32x4.splat(1), half = f32x4.splat(0.5), slope = f32x4.splat(node.slope);`;

const rows = (name: Activation): string => `
function forward_${name}(node: ActivationNode, images: i32): void {
  ${constants}
  ${byRows(
    16,
    `const x = v128.load(node.input + inputAt);
        v128.store(node.output + outputAt, ${code[name].value});`,
  )}
  ${code[name].liftsZero ? 'clearSurplus(node, images);' : ''}
}
function backward_${name}(node: ActivationNode, images: i32): void {
  ${constants}
  ${byRows(
    16,
    `const x = v128.load(node.input + inputAt), y = v128.load(node.output + outputAt), gradient = v128.load(node.outputGradient + outputAt);
        const target = node.inputGradient + inputAt;
        v128.store(target, f32x4.add(v128.load(target), ${code[name].gradient}));`,
  )}
}`;

/** Channels beyond those in use must be zero: weights that read them would learn. */
const clearSurplus = `
function clearSurplus(node: ActivationNode, images: i32): void {
  const used = node.pixelBytesUsed, pixelBytes = node.pixelBytes;
  if (used == pixelBytes) return;
  for (let image: i32 = 0; image < images; image++) {
    for (let row: i32 = 0; row < node.rows; row++) {
      const start = node.output + <usize>image * node.outputStride + <usize>row * node.outputRowStride;
      for (let pixel: usize = 0; pixel < node.rowBytes; pixel += pixelBytes)
        for (let byte = used; byte < pixelBytes; byte += 4) store<f32>(start + pixel + byte, 0);
    }
  }
}`;

const pass = (direction: 'forward' | 'backward'): string => `
function ${direction}Activation(node: ActivationNode, images: i32): void {
  ${direction === 'backward' ? 'if (node.inputGradient == 0) return;' : ''}
  switch (node.activation) {
    ${names.map((name, index) => `case ${index}: ${direction}_${name}(node, images); break;`).join('\n    ')}
  }
}`;

export const activations = [
  functions,
  clearSurplus,
  ...names.map(rows),
  pass('forward'),
  pass('backward'),
].join('\n');
