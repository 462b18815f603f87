/**
 * Whether a rebuilt picture looks like the images of its kind, where nobody here knows the private ones. An attacker has public
 * images of the kind, and so this is what it can know: how much light is in an image, how grey it is, and how rough. A
 * mixture of several images is greyer than any of them, what noise draws is rougher, a sign has no greys at all, and a blur
 * no edges. A guess: a picture that passes may still be no private image, and one that does
 * not may be.
 */
import type { LabelledImages } from '../datasets/dataset.ts';
import type { RandomStream } from '../random/generator.ts';
import { clipped, type ImageShape, pixelsAt, shapeOf } from './pictures.ts';

/** Public images that are looked at; more make the limits no sharper. */
const mostPublic = 1_000;
/** Of the public images, so many lie below each lower limit, and as many above each upper one. */
const outside = 0.02;

interface Looks {
  /** Mean of the pixels. */
  readonly light: number;
  /** Sum of p (1 - p) over the sum of p: 0 of black and white alone. */
  readonly grey: number;
  /** Sum of the steps between neighbours, over the sum of p. */
  readonly rough: number;
}

type Limits = Readonly<Record<keyof Looks, readonly [number, number]>>;

export class PictureLikeness {
  readonly #shape: ImageShape;
  readonly #limits: Limits;

  /** data: public images of the kind, at least one. */
  constructor(data: LabelledImages, stream: RandomStream) {
    this.#shape = shapeOf(data);
    const places =
      data.count <= mostPublic
        ? Array.from({ length: data.count }, (_, place) => place)
        : Array.from({ length: mostPublic }, () => stream.nextBelow(data.count));
    const looks = places.map((place) => looksOf(pixelsAt(data, place), this.#shape));
    this.#limits = {
      light: limitsOf(looks.map(({ light }) => light)),
      grey: limitsOf(looks.map(({ grey }) => grey)),
      rough: limitsOf(looks.map(({ rough }) => rough)),
    };
  }

  /** pixels: [elements]; clipped before it is looked at. */
  isLike(pixels: Float32Array): boolean {
    const looks = looksOf(clipped(pixels), this.#shape);
    return (Object.keys(looks) as (keyof Looks)[]).every((name) => {
      const [from, to] = this.#limits[name];
      return looks[name] >= from && looks[name] <= to;
    });
  }
}

function limitsOf(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((one, other) => one - other);
  const cut = Math.floor(outside * sorted.length);
  return [sorted[cut]!, sorted[sorted.length - 1 - cut]!];
}

/** pixels: 0 .. 1 */
function looksOf(pixels: Float32Array, { height, width, channels }: ImageShape): Looks {
  let [sum, grey, steps] = [0, 0, 0];
  const [right, below] = [channels, width * channels];
  for (let at = 0; at < pixels.length; at += 1) {
    const value = pixels[at]!;
    sum += value;
    grey += value * (1 - value);
    if (at % below < below - right) steps += Math.abs(pixels[at + right]! - value);
    if (at < (height - 1) * below) steps += Math.abs(pixels[at + below]! - value);
  }
  // black
  if (sum === 0) return { light: 0, grey: 0, rough: 0 };
  return { light: sum / pixels.length, grey: grey / sum, rough: steps / sum };
}
