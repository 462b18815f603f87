/**
 * What one unprotected update gives away, done here and now: a small dense network takes a single training step on one
 * image, and the image is read back from what the step changed. The first layer's gradient is the image times one number
 * a unit, and that number is the gradient of the unit's bias: the quotient is the image, exactly (Phong, Aono, Hayashi,
 * Wang and Moriai 2018, "Privacy-preserving deep learning via additively homomorphic encryption", section 3). Then the
 * same quotient from the same update under a mask: whole numbers, each with an independent uniform one added, as the sum
 * of a client's masks is to whoever does not know them.
 *
 * A glimpse on one image a step, with a network made up for it, and not the attack lab: larger batches and convolutions
 * hide more, and are no part of this.
 */

/** Units of the hidden layer, and of the answer. */
const hiddenUnits = 32;
const classes = 10;
/** Of the modulus under which masks are added. */
const bits = 24;
/** Numbers of the update are clipped to -clip .. clip before they become whole. */
const clip = 8;

export interface Glimpse {
  /** [784] what the update gives away. */
  readonly rebuilt: Uint8Array;
  /** [784] what is left of it under a mask. */
  readonly masked: Uint8Array;
  /** Largest difference of a pixel between image and rebuilt, of 255. */
  readonly difference: number;
}

export interface Chance {
  /** Uniform in [0, 1): for the network's weights. */
  readonly weight: () => number;
  /** Uniform in 0 .. 2^32 - 1: for masks. */
  readonly mask: () => number;
}

/** image: [784], 0 .. 255; label: 0 .. 9. */
export function glimpse(image: Uint8Array, label: number, chance: Chance): Glimpse {
  const input = Float32Array.from(image, (value) => value / 255);
  const { weights, biases } = firstLayerGradient(input, label, chance.weight);
  const unit = loudest(biases);
  const rebuilt = quotient(weights, biases, unit);
  const masked = quotient(underMask(weights, chance.mask), underMask(biases, chance.mask), unit);
  const difference = rebuilt.reduce((most, value, at) => Math.max(most, Math.abs(value - image[at]!)), 0);
  return { rebuilt, masked, difference };
}

/** Of the cross-entropy of one example. weights: [784 * hiddenUnits], an input's units side by side; biases: [hiddenUnits]. */
function firstLayerGradient(
  input: Float32Array,
  label: number,
  random: () => number,
): { readonly weights: Float32Array; readonly biases: Float32Array } {
  const first = glorot(input.length, hiddenUnits, random);
  const second = glorot(hiddenUnits, classes, random);
  const hidden = new Float32Array(hiddenUnits);
  input.forEach((value, at) => {
    for (let unit = 0; unit < hiddenUnits; unit += 1)
      hidden[unit]! += value * first[at * hiddenUnits + unit]!;
  });
  const active = hidden.map((value) => Math.max(0, value));
  const scores = Float32Array.from({ length: classes }, (_, name) =>
    active.reduce((sum, value, unit) => sum + value * second[unit * classes + name]!, 0),
  );
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const errors = powers.map((power, name) => power / total - (name === label ? 1 : 0));
  const biases = hidden.map((value, unit) =>
    value <= 0 ? 0 : errors.reduce((sum, error, name) => sum + error * second[unit * classes + name]!, 0),
  );
  const weights = new Float32Array(input.length * hiddenUnits);
  input.forEach((value, at) => {
    for (let unit = 0; unit < hiddenUnits; unit += 1)
      weights[at * hiddenUnits + unit] = value * biases[unit]!;
  });
  return { weights, biases };
}

/** Uniform in -limit .. limit (Glorot, Bengio 2010). */
function glorot(inputs: number, outputs: number, random: () => number): Float32Array {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * limit);
}

/** The unit whose bias changes most: its quotient loses least to rounding. */
function loudest(biases: Float32Array): number {
  return biases.reduce((best, value, unit) => (Math.abs(value) > Math.abs(biases[best]!) ? unit : best), 0);
}

/** What the attacker computes, as an image. */
function quotient(weights: Float32Array, biases: Float32Array, unit: number): Uint8Array {
  return Uint8Array.from({ length: weights.length / hiddenUnits }, (_, at) => {
    const value = weights[at * hiddenUnits + unit]! / biases[unit]!;
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  });
}

/** Whole numbers of so many bits, a mask added to each, and read as if there were none. */
function underMask(values: Float32Array, random: () => number): Float32Array {
  const modulus = 2 ** bits;
  return values.map((value) => {
    const share = (Math.min(clip, Math.max(-clip, value)) + clip) / (2 * clip);
    const whole = (Math.round(share * (modulus - 1)) + (random() % modulus)) % modulus;
    return (whole / (modulus - 1)) * 2 * clip - clip;
  });
}
