/**
 * The clients of a dishonest coordinator: they train for real on whatever model they are sent, and the machines of real
 * sessions carry their updates. Masks and signatures are as right as ever: it is the model that lies.
 */
import { utf8 } from '../../bytes/bytes.ts';
import type { Protection } from '../../contract/attacks/attack-request.ts';
import { runSettingsSchema } from '../../contract/run-settings.ts';
import { systemRandom } from '../../crypto/random.ts';
import type { Identity } from '../../crypto/rsa.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import { parameterCount } from '../../model/architecture.ts';
import type { Engine, ModelTopology, TrainableModel } from '../../model/engine.ts';
import { canonicalArchitecture } from '../../model/model-hash.ts';
import { randomStream, streamState } from '../../random/stream.ts';
import { modelHash } from '../../secagg/context.ts';
import type { Model } from '../../secagg/coordinator-events.ts';
import type { RoundParameters } from '../../secagg/parameters.ts';
import { planParameters } from '../../secagg/plan-parameters.ts';
import { quantise } from '../../secagg/quantise.ts';
import { sgd } from '../first-layer-case.ts';
import { type LiveParty, openParty } from '../live-protocol/people.ts';
import { euclideanNorm } from '../../fedavg/euclidean-norm.ts';
import { withNoise } from '../protect.ts';

export interface RoomPlan {
  readonly engine: Engine;
  readonly topology: ModelTopology;
  /** All clients', those of the first one first. */
  readonly images: LabelledImages;
  readonly clients: number;
  /** Images of each, on which it takes one step. */
  readonly batch: number;
  readonly protection: Protection;
  readonly identities: readonly Identity[];
  readonly seed: number;
}

/** Clients who have agreed to a topology, and train on models of it. */
export class DeceivedRoom {
  readonly #plan: RoomPlan;
  readonly #model: TrainableModel;
  readonly architecture: Uint8Array;
  readonly parameters: RoundParameters;

  private constructor(plan: RoomPlan, model: TrainableModel) {
    this.#plan = plan;
    this.#model = model;
    this.architecture = utf8(canonicalArchitecture(plan.topology));
    const { clients, batch, protection, seed } = plan;
    const settings = runSettingsSchema.parse({
      clients,
      batch,
      optimizer: 'sgd',
      learningRate: sgd.learningRate,
      masks: protection.masks,
      signatures: protection.signature,
      seed,
    });
    this.parameters = planParameters(settings, {
      parameterCount: parameterCount(plan.topology),
      largestCount: batch,
    });
  }

  static async open(plan: RoomPlan): Promise<DeceivedRoom> {
    const { engine, topology, images, batch } = plan;
    const data = { train: images, test: images };
    return new DeceivedRoom(plan, await engine.plan(topology, data, { batchSize: batch }));
  }

  get topology(): ModelTopology {
    return this.#plan.topology;
  }

  close(): void {
    this.#model.dispose();
  }

  /** weights: [parameters] */
  modelOf(weights: Float32Array): Model {
    const bytes = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength).slice();
    return { hash: modelHash(this.architecture, bytes), weights: bytes };
  }

  /** A session of theirs; nobody's vector is there yet. */
  openParty(): LiveParty {
    const { identities } = this.#plan;
    const { architecture, parameters } = this;
    return openParty({
      parameters,
      identities,
      architecture,
      random: systemRandom,
      vector: () => undefined,
    });
  }

  /** [parameters] what a client's step on its images moves. */
  async update(client: number, weights: Float32Array): Promise<Float32Array> {
    const { batch, seed, protection } = this.#plan;
    const labels = ['attack', 'dishonest-coordinator'] as const;
    const result = await this.#model.train({
      weights,
      indices: Uint32Array.from({ length: batch }, (_, index) => (client - 1) * batch + index),
      epochs: 1,
      batchSize: batch,
      optimiser: sgd,
      proximalMu: 0,
      shuffleState: streamState(seed, ...labels, 'order', client),
      dropoutState: streamState(seed, ...labels, 'dropout', client),
    });
    const update = result.weights.map((value, index) => value - weights[index]!);
    if (!(protection.noise > 0)) return update;
    const stream = randomStream(seed, ...labels, 'noise', client);
    return withNoise(update, { clippingNorm: euclideanNorm(update), noise: protection.noise, stream });
  }

  /** [parameters + slots] as it goes under the masks. */
  vectorOf(update: Float32Array, client: number): Uint32Array<ArrayBuffer> {
    const { batch, seed } = this.#plan;
    const stream = randomStream(seed, 'attack', 'dishonest-coordinator', 'rounding', client);
    return quantise({ update, weight: batch, loss: 0, accuracy: 0 }, this.parameters, stream).vector;
  }
}
