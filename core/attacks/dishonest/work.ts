/** A dishonest coordinator at work: which models it sends in each variant, and how it reads images off the sum. */
import type { z } from 'zod';
import type { AttackStep } from '../../contract/attacks/attack-report.ts';
import type { dishonestCoordinatorSettings } from '../../contract/attacks/dishonest-coordinator.ts';
import type { Identity } from '../../crypto/rsa.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import { initialWeights } from '../../model/initial-weights.ts';
import type { ModelTopology } from '../../model/engine.ts';
import type { AttackInput } from '../attack.ts';
import { type FoundImage, rebuildImages, type UnitUpdates, unitUpdates } from '../first-layer.ts';
import { sgd, victimRange } from '../first-layer-case.ts';
import { selectImages } from '../pictures.ts';
import { readNoise } from '../protect.ts';
import { progressAt, toldLater } from '../told.ts';
import { densePlaces, denseTopology, type DensePlace } from '../topologies.ts';
import { TwoLayers } from '../two-layers.ts';
import { modelDataOf } from '../victim.ts';
import { withDeadLayer } from './dead-layer.ts';
import { brightnessQuantiles, imprintWeights, neighbourDifferences } from './imprint.ts';
import { type Deception, deceivedRound, type OpenedSum } from './round.ts';
import { DeceivedRoom } from './room.ts';
import { inconsistentTries, layerTries, type Try, victim } from './tries.ts';

export type DishonestInput = AttackInput<z.infer<typeof dishonestCoordinatorSettings>>;

/** Of the network that everybody agreed to: image, so many units, classes. */
const hiddenUnits = 256;
/** What the images of a batch may move together, as a part of the bound that clients clip to. */
const pullShare = 0.9;
const attackName = 'dishonest-coordinator';

export class DishonestWork {
  readonly #input: DishonestInput;
  readonly #agreed: DeceivedRoom;
  /** The clients who take whatever architecture comes. */
  readonly #slipped: DeceivedRoom | undefined;
  readonly #topology: ModelTopology;
  /** [parameters] of the agreed network, where training would start. */
  readonly #honest: Float32Array;
  /** The layer that images are read from. */
  readonly first: DensePlace;

  private constructor(
    input: DishonestInput,
    rooms: { readonly agreed: DeceivedRoom; readonly slipped: DeceivedRoom | undefined },
    topologies: { readonly agreed: ModelTopology; readonly sent: ModelTopology },
  ) {
    this.#input = input;
    this.#agreed = rooms.agreed;
    this.#slipped = rooms.slipped;
    this.#topology = topologies.agreed;
    this.#honest = initialWeights(topologies.agreed, input.seed);
    this.first = densePlaces(topologies.sent)[0]!;
  }

  /** images: all clients', [clients * batch]. */
  static async open(
    input: DishonestInput,
    images: LabelledImages,
    identities: readonly Identity[],
  ): Promise<DishonestWork> {
    const { dataset, settings, protection, engine, seed } = input;
    const { clients, batch, variant, bins } = settings;
    const model = modelDataOf(dataset);
    const agreed = denseTopology(model, [hiddenUnits]);
    const sent = variant === 'imprint' ? denseTopology(model, [bins, hiddenUnits]) : agreed;
    const plan = { engine, images, clients, batch, protection, identities, seed };
    const agreedRoom = await DeceivedRoom.open({ ...plan, topology: agreed });
    const slipped = variant === 'imprint' ? await DeceivedRoom.open({ ...plan, topology: sent }) : undefined;
    return new DishonestWork(input, { agreed: agreedRoom, slipped }, { agreed, sent });
  }

  close(): void {
    this.#agreed.close();
    this.#slipped?.close();
  }

  /** What the coordinator tries with clients that check; none where there is nothing to refuse. */
  tries(): readonly Try[] {
    switch (this.#input.settings.variant) {
      case 'weights':
        return [];
      case 'imprint': {
        const { parameters } = this.#slipped!;
        const model = this.#slipped!.modelOf(this.#imprint(this.#slipped!));
        return layerTries({ parameters, model }, this.#honest.length);
      }
      case 'inconsistency': {
        const dead = withDeadLayer(this.#honest, this.first);
        return inconsistentTries(this.#agreed.modelOf(this.#honest), this.#agreed.modelOf(dead));
      }
    }
  }

  get agreed(): DeceivedRoom {
    return this.#agreed;
  }

  /** The round in which nobody looks, through the live machines. undefined: they have refused it all the same. */
  async *sum(stretch: {
    readonly from: number;
    readonly to: number;
  }): AsyncGenerator<AttackStep, OpenedSum | undefined, void> {
    const room = this.#slipped ?? this.#agreed;
    return yield* toldLater(deceivedRound(room, this.#deception(room)), { stage: 'round', ...stretch });
  }

  #deception(room: DeceivedRoom): Deception {
    if (this.#input.settings.variant !== 'inconsistency') {
      const weights = this.#imprint(room);
      return { model: room.modelOf(weights), weightsFor: () => weights };
    }
    const dead = withDeadLayer(this.#honest, this.first);
    // the hash goes to everyone, the weights come another way: whoever does not compare them trains on what comes
    const { hash } = room.modelOf(this.#honest);
    return {
      model: { hash, weights: new Uint8Array(0) },
      weightsFor: (client) => (client === victim ? this.#honest : dead),
    };
  }

  #imprint({ topology, parameters }: DeceivedRoom): Float32Array {
    const { dataset } = this.#input;
    // images of the kind that are nobody's here
    const { to } = victimRange(dataset);
    const others = Array.from({ length: dataset.train.count - to }, (_, index) => to + index);
    return imprintWeights({
      places: densePlaces(topology),
      parameterCount: parameters.parameterCount,
      quantiles: brightnessQuantiles(selectImages(dataset.train, others), this.first.units),
      pull: (pullShare * parameters.clipBound) / sgd.learningRate,
    });
  }

  /** Images from a sum, [parameters] of what was sent; yields after each pass. */
  *read(
    sum: ArrayLike<number>,
    count: number,
    at: number,
  ): Generator<AttackStep, readonly FoundImage[], void> {
    const updates = unitUpdates(sum, this.first);
    const inconsistent = this.#input.settings.variant === 'inconsistency';
    return yield* this.#rebuild(inconsistent ? updates : neighbourDifferences(updates), {
      count,
      above: inconsistent,
      at,
    });
  }

  /** The same crowd under an honest coordinator, whose sum is read as well as one can. */
  async *readHonestSum(count: number, at: number): AsyncGenerator<AttackStep, readonly FoundImage[], void> {
    const { clients } = this.#input.settings;
    const sum = new Float64Array(this.#honest.length);
    for (let client = 1; client <= clients; client += 1) {
      const update = await this.#agreed.update(client, this.#honest);
      for (let index = 0; index < sum.length; index += 1) sum[index]! += update[index]!;
      yield progressAt({ stage: 'baselines', from: at, to: at }, 0);
    }
    const first = densePlaces(this.#topology)[0]!;
    return yield* this.#rebuild(unitUpdates(sum, first), { count, above: true, at });
  }

  /** The same attack on a mask over nothing. */
  *readNoise(count: number, at: number): Generator<AttackStep, readonly FoundImage[], void> {
    const { seed, settings } = this.#input;
    const length = (this.#slipped ?? this.#agreed).parameters.parameterCount;
    const noise = readNoise(length, {
      optimiser: sgd,
      batchSize: settings.batch,
      epochs: 1,
      examples: settings.batch,
      seed,
      labels: [attackName],
    });
    return yield* this.read(noise, count, at);
  }

  *#rebuild(
    updates: UnitUpdates,
    { count, above, at }: { readonly count: number; readonly above: boolean; readonly at: number },
  ): Generator<AttackStep, readonly FoundImage[], void> {
    const network = above ? TwoLayers.of(this.#topology, this.#honest) : undefined;
    const rate = sgd.learningRate / this.#input.settings.batch;
    const plan = { count: Math.min(count, updates.units), above: network && { network, rate } };
    const search = rebuildImages(updates, plan);
    for (;;) {
      const step = search.next();
      if (step.done === true) return step.value;
      yield progressAt({ stage: 'reading', from: at, to: at }, 0);
    }
  }
}
