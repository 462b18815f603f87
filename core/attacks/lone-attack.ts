/**
 * The attack of first-layer.ts on updates of one image each, read one by one: what pruning.ts and privacy-gauges.ts try
 * under changing conditions, always on the same updates of the same people.
 */
import type { AttackProgress } from '../contract/attacks/attack-report.ts';
import type { Protection } from '../contract/attacks/attack-request.ts';
import type { AttackInput } from './attack.ts';
import { rebuildImages, unitUpdates } from './first-layer.ts';
import { type FirstLayerModel, firstLayerModel, victimImages } from './first-layer-case.ts';
import { expectedShares, labelCounts } from './last-layer-labels.ts';
import { gradientStep, LoneClients } from './lone-clients.ts';
import { Measurement, type Pairing } from './measure.ts';
import { psnr } from './metrics/similarity.ts';
import { plainImages, type PlainImage } from './pictures.ts';
import { readNoise, readUpdate, type ReadingConditions } from './protect.ts';
import { progressAt, type Stretch } from './told.ts';
import type { PrivateImages } from './victim.ts';

/** What came of one way of sending. */
export interface LoneResult {
  readonly pairing: Pairing;
  /** Share of the clients whose label was read from the last layer's bias. */
  readonly labelAccuracy: number;
}

export class LoneAttack {
  readonly model: FirstLayerModel;
  readonly images: PrivateImages;
  readonly targets: readonly PlainImage[];
  readonly measurement: Measurement;
  readonly #name: string;
  readonly #seed: number;
  readonly #clients: LoneClients;
  /** [classes] what the fresh model gives each class. */
  readonly #expected: Float64Array;

  private constructor(
    name: string,
    input: AttackInput<unknown>,
    opened: {
      readonly model: FirstLayerModel;
      readonly images: PrivateImages;
      readonly clients: LoneClients;
      readonly expected: Float64Array;
    },
  ) {
    const { model, images, clients, expected } = opened;
    this.#name = name;
    this.#seed = input.seed;
    this.model = model;
    this.images = images;
    this.targets = plainImages(images.data);
    this.#clients = clients;
    this.#expected = expected;
    this.measurement = new Measurement({
      targets: this.targets,
      data: input.dataset.train,
      own: images.own,
      seed: input.seed,
      labels: [name],
    });
  }

  /** So many clients of a fresh network with so many hidden units. name: the attack's. */
  static async open(
    name: string,
    input: AttackInput<unknown>,
    plan: {
      readonly clients: number;
      readonly hidden: number;
      /** The setting that says so many clients. */ readonly field: string;
    },
  ): Promise<LoneAttack> {
    const model = firstLayerModel(input, plan.hidden);
    const images = victimImages(input, name, plan.clients, plan.field);
    const expected = await expectedShares(input.engine, input.dataset, model);
    const clients = await LoneClients.open(input.engine, model, images.data, input.seed);
    return new LoneAttack(name, input, { model, images, clients, expected });
  }

  close(): void {
    this.#clients.close();
  }

  /** change: what a client does to its update before it is protected. */
  async *attack(
    protection: Protection,
    stretch: Stretch,
    change: (update: Float32Array) => Float32Array = (update) => update,
  ): AsyncGenerator<AttackProgress, LoneResult, void> {
    const images: Float32Array[] = [];
    let right = 0;
    for (const [client, { label }] of this.targets.entries()) {
      const sent = change(await this.#clients.update(client));
      yield progressAt(stretch, client / this.targets.length);
      const { update } = await readUpdate(sent, protection, this.#conditions(client));
      images.push(this.#rebuild(update));
      if (this.#labelOf(update) === label) right += 1;
      yield progressAt(stretch, (client + 1) / this.targets.length);
    }
    return { pairing: this.#paired(images), labelAccuracy: right / this.targets.length };
  }

  /** The same on masks over nothing. */
  *attackNoise(stretch: Stretch): Generator<AttackProgress, Pairing, void> {
    const images: Float32Array[] = [];
    for (const client of this.targets.keys()) {
      images.push(this.#rebuild(readNoise(this.model.weights.length, this.#conditions(client))));
      yield progressAt(stretch, (client + 1) / this.targets.length);
    }
    return this.#paired(images);
  }

  /** Of a client alone, everything is its image's: no step above the first layer has to be known. */
  #rebuild(update: Float32Array): Float32Array {
    const search = rebuildImages(unitUpdates(update, this.model.first), { count: 1, above: undefined });
    for (;;) {
      const step = search.next();
      if (step.done === true) return step.value[0]!.pixels;
    }
  }

  #labelOf(update: Float32Array): number | undefined {
    const plan = { count: 1, rate: gradientStep.learningRate, expected: this.#expected };
    return labelCounts(update, this.model.topology, plan)?.indexOf(1);
  }

  /** Whose update it is is known: nothing has to be matched. */
  #paired(images: readonly Float32Array[]): Pairing {
    return { images, psnr: images.map((image, client) => psnr(image, this.targets[client]!.pixels)) };
  }

  #conditions(client: number): ReadingConditions {
    return {
      optimiser: gradientStep,
      batchSize: 1,
      epochs: 1,
      examples: 1,
      seed: this.#seed,
      labels: [this.#name, client],
    };
  }
}
