/**
 * What attacks by search are run on: one client's update, of a fresh network, of the model of an activity, or really sent;
 * and what they report: how near they came, beside what the very same search makes of noise.
 */
import type { AttackFindings, AttackStep } from '../contract/attacks/attack-report.ts';
import type { AttackName } from '../contract/attacks/names.ts';
import type { LabelledImages } from '../datasets/dataset.ts';
import type { ClientOptimiser } from '../model/engine.ts';
import { movingStatistics } from '../model/moving-statistics.ts';
import { randomStream } from '../random/stream.ts';
import type { AttackInput, TargetModel } from './attack.ts';
import { decoyPictures } from './decoys.ts';
import { isWholeLevels } from './first-layer.ts';
import { sgd, victimImages } from './first-layer-case.ts';
import { conclusionOf, privacyBound } from './gauges.ts';
import { Measurement, medianOf, type Pairing, pairUp, type Results } from './measure.ts';
import { PictureLikeness } from './picture-likeness.ts';
import { clipped, pictureOf, plainImages, type PlainImage, selectImages } from './pictures.ts';
import { readNoise, readUpdate, type Reading, type ReadingConditions } from './protect.ts';
import { progressAt, told, type Stretch } from './told.ts';
import { trainVictim } from './victim.ts';

/** A client and what it has sent. */
export interface UpdateCase extends TargetModel {
  /** [parameters] what is read of it, under the protection. */
  readonly update: Float32Array;
  /** The same of a mask over nothing. */
  readonly noise: Float32Array;
  readonly optimiser: ClientOptimiser;
  readonly batchSize: number;
  readonly epochs: number;
  /** Images that it trained on; 0 where nobody knows. */
  readonly examples: number;
  readonly masked: boolean;
  readonly signed: boolean;
  /** Images that are searched for: all, as far as that is known and feasible. */
  readonly searched: number;
  /** The first of what it trained on, as many as are searched for; undefined in a real session. */
  readonly truth: LabelledImages | undefined;
  /** Which of the training images these are. */
  readonly own: Iterable<number>;
  readonly drawings: number;
}

interface CasePlan {
  readonly name: AttackName;
  /** Of a victim that trains now: its model before, and its images, all in one step of SGD. */
  readonly fresh: TargetModel;
  readonly batch: number;
  /** Of an observed update of more images than these, or of nobody knows how many, as many as the batch are searched for. */
  readonly most: number;
}

/** Trains the victim, unless an update has been observed, and reads what it sends. */
export async function openCase(
  input: AttackInput<unknown>,
  { name, fresh, batch, most }: CasePlan,
): Promise<UpdateCase> {
  const { material, seed, protection, engine } = input;
  const { observed } = material;
  const conditionsOf = (
    how: Pick<UpdateCase, 'optimiser' | 'batchSize' | 'epochs' | 'examples'>,
  ): ReadingConditions => ({ ...how, examples: Math.max(1, how.examples), seed, labels: [name] });
  if (observed !== undefined) {
    const { truth, update, masked } = observed;
    const reading: Reading = masked
      ? { update, masked, clippingNorm: null, signed: protection.signature }
      : await readUpdate(update, protection, conditionsOf(observed));
    const noise = readNoise(update.length, conditionsOf(observed));
    const { examples } = observed;
    const feasible = examples > 0 && examples <= most ? examples : batch;
    const first = truth && selectImages(truth, [...Array(Math.min(truth.count, feasible)).keys()]);
    const searched = first?.count ?? feasible;
    return {
      ...observed,
      ...reading,
      noise,
      searched,
      truth: first,
      own: observed.places ?? [],
      drawings: 0,
    };
  }
  const { data, own, drawings } = victimImages(input, name, batch);
  const how = { optimiser: sgd, batchSize: batch, epochs: 1 };
  const { topology, weights: before } = fresh;
  const victim = await trainVictim(engine, {
    ...how,
    topology,
    before,
    images: data,
    seed,
    labels: [name],
  });
  const known = { ...how, examples: batch };
  const reading = await readUpdate(victim.update, protection, conditionsOf(known));
  const noise = readNoise(before.length, conditionsOf(known));
  return { ...fresh, ...known, ...reading, noise, searched: batch, truth: data, own, drawings };
}

/** The step's gradient as the update tells it: exact for one step of plain SGD, the mean over several, of Adam's the direction at best; of moving statistics there is none. */
export function gradientOf(
  update: Float32Array,
  { topology, optimiser, epochs, batchSize, examples }: UpdateCase,
): Float64Array {
  const steps = epochs * Math.max(1, Math.ceil(examples / batchSize));
  const gradient = Float64Array.from(update, (value) => -value / (optimiser.learningRate * steps));
  for (const { start, end } of movingStatistics(topology)) gradient.fill(0, start, end);
  return gradient;
}

/** Shows guesses while they grow, and reports how near they came. */
export class SearchDisplay {
  readonly #input: AttackInput<unknown>;
  readonly #case: UpdateCase;
  readonly #measurement: Measurement | undefined;
  readonly #targets: readonly PlainImage[];

  constructor(input: AttackInput<unknown>, name: AttackName, victim: UpdateCase) {
    this.#input = input;
    this.#case = victim;
    const { truth, own } = victim;
    const { dataset, seed } = input;
    this.#targets = truth === undefined ? [] : plainImages(truth);
    const plan = { targets: this.#targets, data: dataset.train, own, seed, labels: [name] };
    this.#measurement = truth === undefined ? undefined : new Measurement(plan);
  }

  /** The private images, where they are known. */
  *targets(): Generator<AttackStep, void, void> {
    if (this.#measurement !== undefined) yield { kind: 'images', images: this.#measurement.targetPictures() };
  }

  /** The guesses as they are now, with the median similarity where it can be known. labels: of each guess. */
  *guesses(
    images: readonly Float32Array[],
    labels: readonly (number | null)[],
  ): Generator<AttackStep, number | undefined, void> {
    const { masked } = this.#case;
    if (this.#measurement === undefined) {
      const shown = images.map((pixels, index) => {
        const about = { id: `rebuilt-${index}`, role: 'rebuilt', name: 'rebuilt', index, masked } as const;
        return pictureOf({ ...about, label: labels[index] ?? null }, pixels, this.#input.dataset.train);
      });
      yield { kind: 'images', images: shown };
      return undefined;
    }
    const pairing = this.#pair(images);
    const labelOf = (image: Float32Array): number | null => labels[pairing.from.get(image) ?? -1] ?? null;
    yield { kind: 'images', images: this.#measurement.rebuiltPictures(pairing, { masked, labelOf }) };
    return medianOf(pairing.psnr);
  }

  #pair(images: readonly Float32Array[]): Pairing & { readonly from: ReadonlyMap<Float32Array, number> } {
    const within = images.map(clipped);
    const search = pairUp(this.#targets, within);
    for (;;) {
      const step = search.next();
      if (step.done !== true) continue;
      return { ...step.value, from: new Map(within.map((image, index) => [image, index])) };
    }
  }

  /** threshold: dB. more: results and facts of the attack's own. */
  *findings(
    found: readonly Float32Array[],
    ofNoise: readonly Float32Array[],
    threshold: number,
    stretch: Stretch,
    more: { readonly results: Results; readonly facts: AttackFindings['facts'] },
  ): Generator<AttackStep, AttackFindings, void> {
    const facts = { ...this.#facts(), ...more.facts };
    if (this.#measurement === undefined) return yield* this.#withoutTruth(found, ofNoise, { ...more, facts });
    const measurement = this.#measurement;
    const pairing = this.#pair(found);
    const fromNoise = this.#pair(ofNoise);
    yield* told(measurement.prepare(), stretch);
    yield { kind: 'images', images: measurement.baselinePictures(fromNoise) };
    yield progressAt(stretch, 1);
    const results = { ...measurement.figures(pairing, fromNoise), ...more.results };
    const tells = measurement.ranksTell(pairing) && !this.#case.masked;
    const aim = { metric: 'psnr', from: threshold, also: 'recovered', pointsAtOwn: tells } as const;
    return {
      results,
      ...conclusionOf(results, aim, this.#bound),
      facts: {
        ...facts,
        came: pairing.psnr.filter((value) => value >= threshold).length,
        ranksTell: tells,
      },
    };
  }

  get #bound(): ReturnType<typeof privacyBound> {
    return privacyBound(this.#input.protection.noise);
  }

  /**
   * Of a real session's update nobody can say how near the pictures came: whole grey levels are right beyond doubt, and what
   * looks like public images of the kind is a guess.
   */
  *#withoutTruth(
    found: readonly Float32Array[],
    ofNoise: readonly Float32Array[],
    more: { readonly results: Results; readonly facts: AttackFindings['facts'] },
  ): Generator<AttackStep, AttackFindings, void> {
    const { dataset, seed } = this.#input;
    const decoys = decoyPictures(found.map(clipped), dataset.train, randomStream(seed, 'attack', 'decoys'));
    for (const images of decoys) yield { kind: 'images', images };
    const likeness = new PictureLikeness(dataset.train, randomStream(seed, 'attack', 'likeness'));
    const likelyOf = (images: readonly Float32Array[]): number =>
      images.filter((pixels) => isWholeLevels(pixels) || likeness.isLike(pixels)).length;
    const likely = likelyOf(found);
    const recovered = {
      value: likely / found.length,
      baselines: { randomNoise: likelyOf(ofNoise) / ofNoise.length },
    };
    const results = { recovered, ...more.results };
    return {
      results,
      ...conclusionOf(results, { metric: 'recovered', from: 0.5 }, this.#bound),
      facts: { ...more.facts, came: found.filter(isWholeLevels).length, likely },
    };
  }

  #facts(): AttackFindings['facts'] {
    const { examples, searched, truth, drawings, optimiser, epochs, batchSize, masked, signed } = this.#case;
    return {
      examples,
      images: searched,
      truth: truth !== undefined,
      drawings,
      optimizer: optimiser.kind,
      steps: epochs * Math.max(1, Math.ceil(examples / batchSize)),
      masked,
      signed,
    };
  }
}
