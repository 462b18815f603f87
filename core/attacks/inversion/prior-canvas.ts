/**
 * Pixels, with what any picture of a drawing is known to have: little ink, in strokes and not in speckles, that show the
 * same a pixel further on and through some noise. Total variation and jitter as in Mahendran, Vedaldi 2016 ("Visualizing
 * deep convolutional neural networks using natural pre-images", sections 3.2 and 3.3), blur as in Yosinski et al. 2015
 * (section 3); nothing of it is learnt from anybody's data.
 */
import type { RandomStream } from '../../random/generator.ts';
import { standardNormal } from '../../random/normal.ts';
import { elementsOf, type ImageShape } from '../pictures.ts';
import { clip, startPixels, type Canvas } from './canvas.ts';

export interface Priors {
  /** Standard deviation of the noise on what the model is shown. */
  readonly noise: number;
  /** Pixels by which it is moved at most, each way. */
  readonly jitter: number;
  /** Weight of the sum of squared differences between neighbours. */
  readonly totalVariation: number;
  /** Weight of the sum of the pixels. */
  readonly ink: number;
  /** Share of a pixel that goes to each of its neighbours along a row, then along a column, every blurEvery steps. */
  readonly blur: number;
}

export const strokePriors: Priors = { noise: 0.2, jitter: 2, totalVariation: 0.003, ink: 0.003, blur: 0.1 };

const blurEvery = 10;
/** The last tenth of the search is not blurred any more. */
const blurUntil = 0.9;

export class PriorCanvas implements Canvas {
  readonly values: Float32Array;
  readonly #images: number;
  readonly #shape: ImageShape;
  readonly #priors: Priors;
  readonly #stream: RandomStream;
  readonly #shown: Float32Array;
  readonly #gradient: Float32Array;
  /** Of what was last shown, each image's own: rows down, columns to the right. */
  readonly #moves: Int32Array;
  #steps = 0;

  constructor(images: number, shape: ImageShape, priors: Priors, stream: RandomStream) {
    const size = images * elementsOf(shape);
    this.#images = images;
    this.#shape = shape;
    this.#priors = priors;
    this.#stream = stream;
    this.values = startPixels(size, stream);
    this.#shown = new Float32Array(size);
    this.#gradient = new Float32Array(size);
    this.#moves = new Int32Array(2 * images);
  }

  show(): Float32Array {
    const { jitter, noise } = this.#priors;
    const stream = this.#stream;
    for (let move = 0; move < this.#moves.length; move += 1)
      this.#moves[move] = stream.nextBelow(2 * jitter + 1) - jitter;
    this.#shown.fill(0);
    this.#eachMovedRow((from, to, length) => {
      this.#shown.set(this.values.subarray(from, from + length), to);
    });
    if (noise > 0)
      for (let index = 0; index < this.#shown.length; index += 1)
        this.#shown[index]! += noise * standardNormal(stream);
    return this.#shown;
  }

  pull(gradient: Float32Array): Float32Array {
    this.#gradient.fill(this.#priors.ink);
    this.#eachMovedRow((from, to, length) => {
      for (let index = 0; index < length; index += 1) this.#gradient[from + index]! += gradient[to + index]!;
    });
    this.#addTotalVariation();
    return this.#gradient;
  }

  settle(done: number): void {
    clip(this.values);
    this.#steps += 1;
    if (this.#steps % blurEvery === 0 && done < blurUntil) this.#blur();
  }

  images(): Float32Array {
    return this.values;
  }

  /** Where the part of every row that stays in the picture lies, and where it goes to. */
  #eachMovedRow(take: (from: number, to: number, length: number) => void): void {
    const { height, width, channels } = this.#shape;
    for (let image = 0; image < this.#images; image += 1) {
      const down = this.#moves[2 * image]!;
      const right = this.#moves[2 * image + 1]!;
      const length = (width - Math.abs(right)) * channels;
      if (length <= 0) continue;
      for (let row = Math.max(0, -down); row < Math.min(height, height - down); row += 1) {
        const start = (image * height + row) * width;
        const end = (image * height + row + down) * width;
        take((start + Math.max(0, -right)) * channels, (end + Math.max(0, right)) * channels, length);
      }
    }
  }

  #addTotalVariation(): void {
    const { height, width, channels } = this.#shape;
    const { values } = this;
    const twice = 2 * this.#priors.totalVariation;
    const rowLength = width * channels;
    for (let row = 0; row < this.#images * height; row += 1)
      for (let element = 0; element < rowLength; element += 1) {
        const at = row * rowLength + element;
        if (element + channels < rowLength) this.#pullTogether(at, at + channels, twice, values);
        if ((row + 1) % height !== 0) this.#pullTogether(at, at + rowLength, twice, values);
      }
  }

  #pullTogether(one: number, other: number, weight: number, values: Float32Array): void {
    const slope = weight * (values[one]! - values[other]!);
    this.#gradient[one]! += slope;
    this.#gradient[other]! -= slope;
  }

  #blur(): void {
    const { height, width, channels } = this.#shape;
    const rowLength = width * channels;
    for (let line = 0; line < this.#images * height; line += 1)
      for (let channel = 0; channel < channels; channel += 1)
        this.#blurLine(line * rowLength + channel, channels, width);
    for (let image = 0; image < this.#images; image += 1)
      for (let element = 0; element < rowLength; element += 1)
        this.#blurLine(image * height * rowLength + element, rowLength, height);
  }

  #blurLine(start: number, step: number, length: number): void {
    const { blur } = this.#priors;
    let before = 0;
    for (let index = 0, at = start; index < length; index += 1, at += step) {
      const own = this.values[at]!;
      const after = index + 1 < length ? this.values[at + step]! : 0;
      this.values[at] = (1 - 2 * blur) * own + blur * (before + after);
      before = own;
    }
  }
}
