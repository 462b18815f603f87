/**
 * Adam (Kingma, Ba 2015, algorithm 1) on any flat array of numbers: images, codes of images. The engines have their own
 * for weights.
 */

export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  /** Added to the square root. */
  readonly epsilon?: number;
}

export class Adam {
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  readonly #options: Required<AdamOptions>;
  #steps = 0;

  /** size: numbers that it moves. beta1 0.9, beta2 0.999, epsilon 1e-7 unless given: tf.train.adam's defaults. */
  constructor(size: number, { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions) {
    this.#first = new Float32Array(size);
    this.#second = new Float32Array(size);
    this.#options = { learningRate, beta1, beta2, epsilon };
  }

  /** Moves the values, in place, against the gradient; rate: in the place of the learning rate, for this step alone. */
  step(values: Float32Array, gradient: Float32Array, rate = this.#options.learningRate): void {
    const { beta1, beta2, epsilon } = this.#options;
    this.#steps += 1;
    const firstCorrection = 1 - beta1 ** this.#steps;
    const secondCorrection = 1 - beta2 ** this.#steps;
    const first = this.#first;
    const second = this.#second;
    for (let index = 0; index < values.length; index += 1) {
      const slope = gradient[index]!;
      const mean = beta1 * first[index]! + (1 - beta1) * slope;
      const square = beta2 * second[index]! + (1 - beta2) * slope * slope;
      first[index] = mean;
      second[index] = square;
      values[index]! -= (rate * mean) / firstCorrection / (Math.sqrt(square / secondCorrection) + epsilon);
    }
  }
}
