/**
 * Images as mean + components x code: the search can only find what looks like the pictures that the components were
 * learnt from. A code of 0 is their mean; it costs half its squared length, as if it were normal.
 */
import type { RandomStream } from '../../random/generator.ts';
import { standardNormal } from '../../random/normal.ts';
import { clip, type Canvas } from './canvas.ts';
import type { Components } from './principal-components.ts';

/** Of the start, in standard deviations of the pictures. */
const startSpread = 0.1;

export interface CodeOptions {
  /** Standard deviation of the noise on what the model is shown. */
  readonly noise: number;
  /** Weight of half the squared code. */
  readonly prior: number;
}

export class CodeCanvas implements Canvas {
  /** [images, components], in standard deviations. */
  readonly values: Float32Array;
  readonly #components: Components;
  readonly #options: CodeOptions;
  readonly #stream: RandomStream;
  /** Before clipping. */
  readonly #drawn: Float32Array;
  readonly #shown: Float32Array;
  readonly #gradient: Float32Array;

  constructor(images: number, components: Components, options: CodeOptions, stream: RandomStream) {
    const { mean, directions } = components;
    this.#components = components;
    this.#options = options;
    this.#stream = stream;
    this.values = Float32Array.from(
      { length: images * directions.length },
      () => startSpread * standardNormal(stream),
    );
    this.#drawn = new Float32Array(images * mean.length);
    this.#shown = new Float32Array(images * mean.length);
    this.#gradient = new Float32Array(this.values.length);
  }

  show(): Float32Array {
    const { noise } = this.#options;
    this.#shown.set(this.images());
    if (noise > 0)
      for (let index = 0; index < this.#shown.length; index += 1)
        this.#shown[index]! += noise * standardNormal(this.#stream);
    return this.#shown;
  }

  /** A pixel that is drawn below 0 or above 1 shows the same wherever the code goes, so nothing pulls there. */
  pull(gradient: Float32Array): Float32Array {
    const { directions, deviations, mean } = this.#components;
    const elements = mean.length;
    const inside = gradient.map((slope, index) => {
      const drawn = this.#drawn[index]!;
      return drawn < 0 || drawn > 1 ? 0 : slope;
    });
    for (let at = 0; at < this.values.length; at += 1) {
      const component = at % directions.length;
      const direction = directions[component]!;
      const start = ((at - component) / directions.length) * elements;
      let along = 0;
      for (let element = 0; element < elements; element += 1)
        along += inside[start + element]! * direction[element]!;
      this.#gradient[at] = along * deviations[component]! + this.#options.prior * this.values[at]!;
    }
    return this.#gradient;
  }

  settle(): void {
    // A code may be any number.
  }

  images(): Float32Array {
    const { directions, deviations, mean } = this.#components;
    const elements = mean.length;
    for (let at = 0; at < this.values.length; at += 1) {
      const component = at % directions.length;
      const start = ((at - component) / directions.length) * elements;
      if (component === 0) this.#drawn.set(mean, start);
      const direction = directions[component]!;
      const length = this.values[at]! * deviations[component]!;
      for (let element = 0; element < elements; element += 1)
        this.#drawn[start + element]! += length * direction[element]!;
    }
    const images = this.#drawn.slice();
    clip(images);
    return images;
  }
}
