/**
 * Images from the update of a dense layer that reads them: Phong et al. 2018, section 3.
 *
 * One step of SGD moves unit j of such a layer by dW_j = -r sum_i g_ij x_i and its bias by db_j = -r sum_i g_ij, over the
 * images i that make it fire. Of a unit that a single image fires, dW_j / db_j is that image, to the last grey level. The
 * attacker goes on from there without knowing the truth:
 *
 * 1. A quotient whose pixels all are whole grey levels is an image: mixtures of several are not (acceptExact).
 * 2. Where the attacker knows the step and the network above is one more layer, it computes what each found image moved
 *    in every unit, under the label that explains db_j, and takes it off: more units are left with a single image (peel).
 * 3. If one image is missing, all that is left is its: the best rank-one fit over all units, weights that are exactly
 *    zero counting as not sent, so that noise averages out and pruning hides little (fitOne).
 * 4. Else the places are filled with the other quotients: those in range, nearly black and white, and
 *    on which several units agree go first.
 *
 * Any other optimiser, several steps and noise break the exactness of 1 and 2; then 3 and 4 are what remains.
 */
import { clipped } from './pictures.ts';
import type { TwoLayers } from './two-layers.ts';
import type { DensePlace } from './topologies.ts';

/** What a layer's update says, unit by unit. */
export interface UnitUpdates {
  readonly units: number;
  readonly inputs: number;
  /** [units, inputs] dW */
  readonly weights: Float64Array;
  /** [units] db */
  readonly biases: Float64Array;
}

/** update: [parameters] */
export function unitUpdates(update: ArrayLike<number>, place: DensePlace): UnitUpdates {
  const { kernelAt, biasAt, inputs, units } = place;
  const weights = new Float64Array(units * inputs);
  for (let input = 0; input < inputs; input += 1)
    for (let unit = 0; unit < units; unit += 1)
      weights[unit * inputs + input] = update[kernelAt + input * units + unit]!;
  const biases = Float64Array.from({ length: units }, (_, unit) => update[biasAt + unit]!);
  return { units, inputs, weights, biases };
}

export interface FoundImage {
  /** [inputs], 0 .. 1 */
  readonly pixels: Float32Array;
  /** Its pixels are whole grey levels: the attacker knows that it is right. */
  readonly exact: boolean;
  /** The label that explains its unit's bias; null where none does. */
  readonly label: number | null;
  /** Mean square of what its quotient had outside of 0 .. 1. */
  readonly outOfRange: number;
  /** Units that say the same, to 30 dB. */
  readonly agreeing: number;
}

interface RebuildPlan {
  /** Images that the update was made from, as far as the attacker knows; so many come back. */
  readonly count: number;
  /** What is needed to take found images off again; undefined where the attacker cannot compute it. */
  readonly above:
    | { readonly network: TwoLayers; /** r: learning rate over images of the batch. */ readonly rate: number }
    | undefined;
}

/** Images that differ by less are one: 30 dB. */
const sameError = 1e-3;
/** How far beyond 0 .. 1 the pixels of an exact quotient may lie, as a mean square. */
const exactOutOfRange = 1e-6;
/** Pixels nearer to black or white than this say nothing of grey levels. */
const greyFrom = 1 / 255;
/** Mean distance to the nearest whole level: 1/4 of numbers that know nothing of levels; of mixtures hardly ever below 0.15. */
const mostUnround = 0.1;
/** Of fewer grey pixels than these, the mean distance is below that by chance: of as many, once in 10^5 cases. */
const fewestGreys = 20;
/** A label explains a bias that it predicts to this part. */
const explained = 0.01;
/** Units that moved less than this part of the one that moved most are not looked at. */
const leastMove = 1e-4;

/**
 * Yields what is found so far after every pass, returns `count` images, the surest first; black ones where nothing moved.
 */
export function* rebuildImages(
  updates: UnitUpdates,
  { count, above }: RebuildPlan,
): Generator<readonly FoundImage[], readonly FoundImage[], void> {
  const left = { ...updates, weights: updates.weights.slice(), biases: updates.biases.slice() };
  const found: FoundImage[] = [];
  let peeled = true;
  // one image alone: everything is its, and a fit over all units never does worse than one of them
  while (count > 1 && found.length < count) {
    const fresh = acceptExact(left, found, count - found.length);
    if (fresh.length === 0) break;
    for (const { unit, pixels, agreeing } of fresh) {
      const label = above === undefined ? null : peel(left, unit, pixels, above);
      peeled &&= label !== null;
      found.push({ pixels, exact: true, label, outOfRange: 0, agreeing });
    }
    yield [...found];
  }
  if (count - found.length === 1 && peeled) {
    const pixels = fitOne(left);
    if (pixels !== undefined)
      found.push({
        pixels: clipped(pixels),
        exact: false,
        label: null,
        outOfRange: outOfRangeOf(pixels),
        agreeing: agreeingUnits(left, pixels),
      });
  }
  if (found.length < count) {
    yield [...found];
    found.push(...likelyImages(left, found, count - found.length));
  }
  while (found.length < count) found.push(nothingFound(updates.inputs));
  return found;
}

/** Black, and said by nobody. */
function nothingFound(inputs: number): FoundImage {
  return { pixels: new Float32Array(inputs), exact: false, label: null, outOfRange: 0, agreeing: 0 };
}

interface Quotient {
  readonly unit: number;
  /** [inputs], not clipped. */
  readonly pixels: Float32Array;
  /** Mean square of what lies outside of 0 .. 1. */
  readonly outOfRange: number;
}

function* quotients({ units, inputs, weights, biases }: UnitUpdates): Generator<Quotient, void, void> {
  const least = leastMove * biases.reduce((most, bias) => Math.max(most, Math.abs(bias)), 0);
  for (let unit = 0; unit < units; unit += 1) {
    const bias = biases[unit]!;
    if (!(Math.abs(bias) > least)) continue;
    const pixels = new Float32Array(inputs);
    for (let input = 0; input < inputs; input += 1) pixels[input] = weights[unit * inputs + input]! / bias;
    yield { unit, pixels, outOfRange: outOfRangeOf(pixels) };
  }
}

function outOfRangeOf(pixels: Float32Array): number {
  let sum = 0;
  for (const value of pixels) sum += Math.max(0, -value, value - 1) ** 2;
  return sum / pixels.length;
}

function agreeingUnits(left: UnitUpdates, pixels: Float32Array): number {
  let agreeing = 0;
  for (const quotient of quotients(left)) agreeing += isNear(quotient.pixels, pixels) ? 1 : 0;
  return agreeing;
}

interface Accepted {
  readonly unit: number;
  readonly pixels: Float32Array;
  readonly strength: number;
  readonly agreeing: number;
}

/** Quotients that are images beyond doubt and not known yet, at most so many. */
function acceptExact(left: UnitUpdates, known: readonly FoundImage[], most: number): Accepted[] {
  const accepted: Accepted[] = [];
  for (const { unit, pixels, outOfRange } of quotients(left)) {
    if (outOfRange > exactOutOfRange || !isWholeLevels(pixels)) continue;
    const rounded = pixels.map((value) => Math.round(255 * Math.min(Math.max(value, 0), 1)) / 255);
    if (isAmong(rounded, known)) continue;
    const strength = Math.abs(left.biases[unit]!);
    const twin = accepted.findIndex((one) => isNear(one.pixels, rounded));
    // of several units with the same image, the one that moved most is the least rounded
    const own = { unit, pixels: rounded, strength };
    const other = accepted[twin];
    if (other === undefined) accepted.push({ ...own, agreeing: 1 });
    else accepted[twin] = { ...(other.strength < strength ? own : other), agreeing: other.agreeing + 1 };
  }
  return accepted.sort((one, other) => other.strength - one.strength).slice(0, most);
}

/** Of an image that was bytes; nothing else comes so near to whole levels. */
export function isWholeLevels(pixels: Float32Array): boolean {
  let [sum, count] = [0, 0];
  for (const value of pixels) {
    if (value < greyFrom || value > 1 - greyFrom) continue;
    sum += Math.abs(255 * value - Math.round(255 * value));
    count += 1;
  }
  return count >= fewestGreys && sum / count < mostUnround;
}

/** Takes off what the image moved in every unit, under the label that explains its own unit's bias. Undefined label: null. */
function peel(
  left: UnitUpdates,
  unit: number,
  pixels: Float32Array,
  { network, rate }: NonNullable<RebuildPlan['above']>,
): number | null {
  const bias = left.biases[unit]!;
  let best: { readonly label: number; readonly error: number; readonly slopes: Float64Array } | undefined;
  for (const [label, slopes] of network.slopes(pixels).entries()) {
    const error = Math.abs((-rate * slopes[unit]!) / bias - 1);
    if (best === undefined || error < best.error) best = { label, error, slopes };
  }
  if (best === undefined || !(best.error < explained)) return null;
  const { inputs, weights, biases } = left;
  for (let other = 0; other < left.units; other += 1) {
    const moved = -rate * best.slopes[other]!;
    if (moved === 0) continue;
    biases[other]! -= moved;
    for (let input = 0; input < inputs; input += 1)
      weights[other * inputs + input]! -= moved * pixels[input]!;
  }
  return best.label;
}

const fitSteps = 12;

/**
 * The image of the best rank-one fit dW_jp = g_j x_p, db_j = g_j, by alternating least squares from the biases. What is
 * exactly zero counts as not sent. Undefined where nothing moved.
 */
function fitOne({ units, inputs, weights, biases }: UnitUpdates): Float32Array | undefined {
  const slopes = biases.slice();
  const image = new Float64Array(inputs);
  const products = new Float64Array(inputs);
  const squares = new Float64Array(inputs);
  for (let step = 0; step < fitSteps; step += 1) {
    products.fill(0);
    squares.fill(0);
    for (let unit = 0; unit < units; unit += 1) {
      const slope = slopes[unit]!;
      const start = unit * inputs;
      for (let input = 0; input < inputs; input += 1) {
        const moved = weights[start + input]!;
        if (moved === 0) continue;
        products[input]! += moved * slope;
        squares[input]! += slope * slope;
      }
    }
    for (let input = 0; input < inputs; input += 1)
      image[input] = squares[input]! > 0 ? products[input]! / squares[input]! : 0;
    for (let unit = 0; unit < units; unit += 1) {
      // the bias is one more input, of value 1
      let [product, square] = biases[unit] === 0 ? [0, 0] : [biases[unit]!, 1];
      const start = unit * inputs;
      for (let input = 0; input < inputs; input += 1) {
        const moved = weights[start + input]!;
        if (moved === 0) continue;
        product += moved * image[input]!;
        square += image[input]! * image[input]!;
      }
      slopes[unit] = square > 0 ? product / square : 0;
    }
  }
  const scale = scaleOf(slopes, biases);
  return image.some((value) => value !== 0) ? Float32Array.from(image, (value) => scale * value) : undefined;
}

/**
 * A product of slopes and image stays the same when one grows and the other shrinks. Under noise the fit comes out dim, as it
 * starts from noisy biases: the biases all together say how large slopes are.
 */
function scaleOf(slopes: Float64Array, biases: Float64Array): number {
  let [product, square] = [0, 0];
  for (let unit = 0; unit < slopes.length; unit += 1) {
    if (biases[unit] === 0) continue;
    product += biases[unit]! * slopes[unit]!;
    square += slopes[unit]! ** 2;
  }
  return product > 0 ? square / product : 1;
}

interface Group {
  /** [inputs] mean of the quotients in it, those that moved more counting more. */
  readonly pixels: Float64Array;
  readonly first: Float32Array;
  weight: number;
  votes: number;
  readonly outOfRange: number;
}

/** The most likely other images, clipped, best first. */
function likelyImages(left: UnitUpdates, known: readonly FoundImage[], most: number): readonly FoundImage[] {
  const groups: Group[] = [];
  const inOrder = [...quotients(left)].sort((one, other) => one.outOfRange - other.outOfRange);
  for (const { unit, pixels, outOfRange } of inOrder) {
    if (isAmong(pixels, known)) continue;
    const weight = left.biases[unit]! ** 2;
    const same = groups.find(({ first }) => isNear(first, pixels));
    if (same === undefined) {
      groups.push({ pixels: Float64Array.from(pixels), first: pixels, weight, votes: 1, outOfRange });
      continue;
    }
    same.weight += weight;
    same.votes += 1;
    const share = weight / same.weight;
    for (let input = 0; input < pixels.length; input += 1)
      same.pixels[input]! += share * (pixels[input]! - same.pixels[input]!);
  }
  return groups
    .map(({ pixels, votes, outOfRange }) => {
      const image = clipped(Float32Array.from(pixels));
      const grey = image.reduce((sum, value) => sum + value * (1 - value), 0) / image.length;
      return { image, outOfRange, votes, doubt: (3 * outOfRange + grey) / votes };
    })
    .sort((one, other) => one.doubt - other.doubt)
    .slice(0, most)
    .map(({ image, outOfRange, votes }) => ({
      pixels: image,
      exact: false,
      label: null,
      outOfRange,
      agreeing: votes,
    }));
}

function isAmong(pixels: Float32Array, known: readonly FoundImage[]): boolean {
  return known.some((one) => isNear(one.pixels, pixels));
}

/** Gives up as soon as it is too far: most are. */
function isNear(one: Float32Array, other: Float32Array): boolean {
  const most = sameError * one.length;
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) {
    sum += (one[index]! - other[index]!) ** 2;
    if (sum > most) return false;
  }
  return true;
}
