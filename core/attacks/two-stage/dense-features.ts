/**
 * What the first dense layer was fed, by closed form: of a single image every unit moves by the same features, as
 * dW_j = h db_j (Phong et al. 2018, section 3). Of several, a unit that one image alone fires has that image's features,
 * and the others mixtures (Fan et al. 2020).
 *
 * Dropout stands before that layer in the presets. While training it sets a share of the features to zero and scales the
 * others up: what comes back are the features that were kept, scaled back here, and of a zero nobody can say whether it was
 * dropped. So only what is not zero counts as known.
 */
import type { Architecture } from '../../model/architecture.ts';
import { product } from '../../model/layers/layer-rule.ts';

/** The first dense layer that reads a row of features, and where these come from. */
export interface DenseFeatures {
  /** Position of the dense layer in the architecture, and of its kernel among the weights; its bias is the next. */
  readonly layer: number;
  readonly kernel: number;
  /** The layer that gives the features, -1 the image itself: before flattening and dropout. */
  readonly source: number;
  /** What dropout multiplied the features by that it kept; 1: there is none. */
  readonly kept: number;
  readonly features: number;
  readonly units: number;
}

/** What one image gave at some layer, as far as it is known. */
export interface KnownOutput {
  /** Position of the layer; -1: the image itself. */
  readonly source: number;
  readonly values: Float64Array;
  /** 1 where the value is known, 0 where it is not. */
  readonly known: Float64Array;
}

/** The features of an image. */
export interface FedFeatures extends KnownOutput {
  /** 1 where a feature is certainly not zero. */
  readonly fired: Float64Array;
}

/** Undefined: there is none with a bias, behind layers in a row. */
export function denseFeatures({ layers, input }: Architecture): DenseFeatures | undefined {
  const layer = layers.findIndex(({ className, output }) => className === 'Dense' && output.length === 1);
  if (layer === -1 || layers[layer]!.weights.length < 2) return undefined;
  if (layers.slice(0, layer + 1).some(({ inbound }, at) => inbound.length !== 1 || inbound[0] !== at - 1))
    return undefined;
  let source = layer - 1;
  let kept = 1;
  for (; source >= 0; source -= 1) {
    const { className, config } = layers[source]!;
    if (className === 'Dropout') kept /= 1 - (config['rate'] as number);
    else if (className !== 'Flatten') break;
  }
  const kernel = layers.slice(0, layer).reduce((count, { weights }) => count + weights.length, 0);
  const [features = 0, units = 0] = layers[layer]!.weights[0]!.shape;
  const given = source === -1 ? input : layers[source]!.output;
  return product(given) === features ? { layer, kernel, source, kept, features, units } : undefined;
}

/** Units that moved less than this part of the one that moved most are left out. */
const leastMove = 1e-4;
/** Below this part of the largest one, a feature is what float32 leaves of a zero. */
const zeroBelow = 1e-6;
/** Above this part of the largest one, a feature counts where quotients are told from mixtures. */
const mixedAbove = 1e-3;
/** Deviations of the noise that a feature must exceed to count, and what turns a median of sizes into a deviation. */
const [aboveNoise, medianToDeviation] = [2, 1.4826];

/**
 * Of one image: all units' quotients, weighted by how far each moved, which is their least-squares fit and averages noise
 * out. kernel: [features, units], bias: [units], both gradients.
 */
export function featuresOfOne(place: DenseFeatures, kernel: Float64Array, bias: Float64Array): FedFeatures {
  const { features, units } = place;
  const moved = bias.reduce((sum, move) => sum + move * move, 0);
  const fed = new Float64Array(features);
  for (let feature = 0; feature < features; feature += 1) {
    let sum = 0;
    for (let unit = 0; unit < units; unit += 1) sum += kernel[feature * units + unit]! * bias[unit]!;
    fed[feature] = moved > 0 ? sum / moved : 0;
  }
  return knownOf(place, fed);
}

/**
 * Of several images: so many of the units' quotients, those first that several units agree on, then those that look least
 * like mixtures: rectified features are never below zero, and a mixture has more of them above it than either part.
 */
export function featuresOfSome(
  place: DenseFeatures,
  kernel: Float64Array,
  bias: Float64Array,
  count: number,
): KnownOutput[] {
  const { features, units } = place;
  const largest = bias.reduce((most, move) => Math.max(most, Math.abs(move)), 0);
  const quotients: Quotient[] = [];
  for (let unit = 0; unit < units; unit += 1) {
    const move = bias[unit]!;
    if (!(Math.abs(move) > leastMove * largest)) continue;
    const fed = Float64Array.from({ length: features }, (_, at) => kernel[at * units + unit]! / move);
    const twin = quotients.find((other) => agree(other.fed, fed));
    if (twin === undefined) quotients.push({ fed, ...looks(fed), agreeing: 1, move: Math.abs(move) });
    else twin.agreeing += 1;
  }
  quotients.sort(
    (one, other) =>
      Math.min(other.agreeing, 2) - Math.min(one.agreeing, 2) ||
      one.below + one.above - (other.below + other.above) ||
      other.move - one.move,
  );
  const found = quotients.slice(0, count).map(({ fed }) => knownOf(place, fed));
  while (found.length < count) found.push(knownOf(place, new Float64Array(features)));
  return found;
}

interface Quotient {
  readonly fed: Float64Array;
  agreeing: number;
  readonly move: number;
  /** Share of the length that is below zero; share of the features above. */
  readonly below: number;
  readonly above: number;
}

function looks(fed: Float64Array): Pick<Quotient, 'below' | 'above'> {
  let [negative, all, above, largest] = [0, 0, 0, 0];
  for (const value of fed) largest = Math.max(largest, Math.abs(value));
  for (const value of fed) {
    all += value * value;
    if (value < 0) negative += value * value;
    if (value > mixedAbove * largest) above += 1;
  }
  return { below: all > 0 ? negative / all : 1, above: above / fed.length };
}

/** The same features but for rounding. */
function agree(one: Float64Array, other: Float64Array): boolean {
  let [difference, size] = [0, 0];
  for (let at = 0; at < one.length; at += 1) {
    difference += (one[at]! - other[at]!) ** 2;
    size += one[at]! ** 2;
  }
  return difference < 1e-4 * size;
}

/** Without dropout every feature is known; with it, those that stand out from zero and from the noise around it. */
function knownOf({ source, kept }: DenseFeatures, fed: Float64Array): FedFeatures {
  const values = fed.map((value) => value / kept);
  const sizes = values.map(Math.abs).sort();
  // most features are zero, dropped or not fired: their size in the middle is the noise's
  const noise = medianToDeviation * sizes[sizes.length >> 1]!;
  const least = Math.max(zeroBelow * sizes.at(-1)!, kept === 1 ? 0 : aboveNoise * noise);
  const fired = values.map((value) => (value > least ? 1 : 0));
  return { source, values, known: kept === 1 ? new Float64Array(values.length).fill(1) : fired, fired };
}
