/**
 * What a model inversion draws on: numbers that an optimiser moves, and the images that they stand for. Each way of
 * searching has its own: bare pixels here, pixels with priors (prior-canvas.ts), codes of principal components
 * (code-canvas.ts).
 */
import type { RandomStream } from '../../random/generator.ts';

export interface Canvas {
  /** What the optimiser moves: as many for each image, image by image. */
  readonly values: Float32Array;
  /** [images, elements]: what the model is shown at this step; valid until the next call. */
  show(): Float32Array;
  /**
   * gradient: of each image's loss with respect to what was last shown. Gives that of the whole loss, the canvas's own
   * terms included, with respect to the values; valid until the next call.
   */
  pull(gradient: Float32Array): Float32Array;
  /** After every move: keeps the values where they may be. done: 0 .. 1, how much of the search is over. */
  settle(done: number): void;
  /** [images, elements], 0 .. 1: what has been found. */
  images(): Float32Array;
}

/** Of the start, uniform from 0 to this. */
const startBrightness = 0.1;
/** lambda of lambda |x|^2, the sum over all pixels of an image. */
const squaredNormWeight = 0.01;

export function startPixels(size: number, stream: RandomStream): Float32Array {
  return Float32Array.from({ length: size }, () => startBrightness * stream.nextFloat());
}

/** In place, to 0 .. 1. */
export function clip(values: Float32Array): void {
  for (let index = 0; index < values.length; index += 1)
    values[index] = Math.min(Math.max(values[index]!, 0), 1);
}

/**
 * MI-Face as the reference takes it (Fredrikson et al. 2015, algorithm 1, with Adam in the place of plain descent): the
 * pixels themselves, started uniform in 0 .. 0.1, clipped to 0 .. 1 after every step; loss = cross-entropy of the wanted
 * class + 0.01 |x|^2.
 */
export class BareCanvas implements Canvas {
  readonly values: Float32Array;
  readonly #gradient: Float32Array;

  constructor(images: number, elements: number, stream: RandomStream) {
    this.values = startPixels(images * elements, stream);
    this.#gradient = new Float32Array(images * elements);
  }

  show(): Float32Array {
    return this.values;
  }

  pull(gradient: Float32Array): Float32Array {
    for (let index = 0; index < gradient.length; index += 1)
      this.#gradient[index] = gradient[index]! + 2 * squaredNormWeight * this.values[index]!;
    return this.#gradient;
  }

  settle(): void {
    clip(this.values);
  }

  images(): Float32Array {
    return this.values;
  }
}
