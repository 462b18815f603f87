/** Clients who each have one private image and take one step on it from the same model: their update is its gradient. */
import type { LabelledImages } from '../datasets/dataset.ts';
import type { ClientOptimiser, Engine, TrainableModel } from '../model/engine.ts';
import { streamState } from '../random/stream.ts';
import type { TargetModel } from './attack.ts';

/** Rate 1: what is sent is the gradient itself, as in FedSGD (McMahan et al. 2017, section 2). */
export const gradientStep: ClientOptimiser & { readonly kind: 'sgd' } = {
  kind: 'sgd',
  learningRate: 1,
  momentum: 0,
};

export class LoneClients {
  readonly images: LabelledImages;
  readonly #model: TrainableModel;
  readonly #start: Float32Array;
  readonly #seed: number;

  private constructor(images: LabelledImages, model: TrainableModel, start: Float32Array, seed: number) {
    this.images = images;
    this.#model = model;
    this.#start = start;
    this.#seed = seed;
  }

  /** Throws what the engine throws for a model that it cannot train. */
  static async open(
    engine: Engine,
    { topology, weights }: TargetModel,
    images: LabelledImages,
    seed: number,
  ): Promise<LoneClients> {
    const model = await engine.plan(topology, { train: images, test: images }, { batchSize: 1 });
    return new LoneClients(images, model, weights, seed);
  }

  /** [parameters] of the client with that image. */
  async update(client: number): Promise<Float32Array> {
    const { weights } = await this.#model.train({
      weights: this.#start,
      indices: Uint32Array.of(client),
      epochs: 1,
      batchSize: 1,
      optimiser: gradientStep,
      proximalMu: 0,
      shuffleState: streamState(this.#seed, 'attack', 'lone-client', client, 'order'),
      dropoutState: streamState(this.#seed, 'attack', 'lone-client', client, 'dropout'),
    });
    return weights.map((value, index) => value - this.#start[index]!);
  }

  close(): void {
    this.#model.dispose();
  }
}
