/**
 * One update, your drawing: the images of a batch from the update of a dense layer that reads them (first-layer.ts).
 *
 * The attacker is a coordinator that follows the protocol and keeps what it is sent: the model before, the client's update,
 * the settings that everybody knows. It never sees an image. Against masks, the same attack on a mask over nothing is
 * its baseline.
 *
 * The victim trains on the engine of real clients: a fresh network (Glorot's weights, biases at zero), the model of an
 * activity, or, for an update that was really sent, it has trained already.
 */
import type { z } from 'zod';
import type { AttackFindings, AttackStep } from '../contract/attacks/attack-report.ts';
import type { closedFormSettings } from '../contract/attacks/closed-form.ts';
import type { LabelledImages } from '../datasets/dataset.ts';
import type { ClientOptimiser } from '../model/engine.ts';
import { type RandomStream, randomStream } from '../random/stream.ts';
import type { Attack, AttackInput, AttackRun } from './attack.ts';
import { decoyPictures } from './decoys.ts';
import { rebuildImages, type FoundImage, unitUpdates } from './first-layer.ts';
import {
  adam,
  type FirstLayerModel,
  firstLayerModel,
  knownStep,
  sgd,
  victimImages,
  victimRange,
} from './first-layer-case.ts';
import { conclusionOf, privacyBound } from './gauges.ts';
import { expectedShares, labelMetric, labelRate } from './last-layer-labels.ts';
import { Measurement, type Pairing, pairUp, recoveredFrom, type Results } from './measure.ts';
import { trainJudge } from './metrics/judge.ts';
import { PictureLikeness } from './picture-likeness.ts';
import { pictureOf, plainImages } from './pictures.ts';
import { readNoise, readUpdate, type Reading, type ReadingConditions } from './protect.ts';
import { progressAt, told, toldLater } from './told.ts';
import { trainVictim } from './victim.ts';

type Input = AttackInput<z.infer<typeof closedFormSettings>>;

const name = 'closed-form';
/** Of an update of nobody knows how many images, or of more than there are units: as many as come back at most. */
const mostImages = 256;
/** Pictures of them that are shown where nothing is known to lay them beside. */
const mostShown = 32;

/** A client and what it has sent. */
interface Case {
  readonly model: FirstLayerModel;
  readonly update: Float32Array;
  readonly optimiser: ClientOptimiser;
  readonly batchSize: number;
  readonly epochs: number;
  /** Images that it trained on; 0 where nobody knows. */
  readonly examples: number;
  /** It was masked when it was sent. */
  readonly masked: boolean;
  /** What it trained on; undefined in a real session. */
  readonly truth: LabelledImages | undefined;
  /** Which of the training images these are. */
  readonly own: Iterable<number>;
  readonly drawings: number;
}

export const closedForm: Attack<z.infer<typeof closedFormSettings>> = async function* (input): AttackRun {
  yield progressAt({ stage: 'victim', from: 0, to: 0 }, 0);
  const victim = await caseOf(input);
  const { truth } = victim;
  const measurement = truth && measurementOf(input, truth, victim.own);
  if (measurement) yield { kind: 'images', images: measurement.targetPictures() };
  yield progressAt({ stage: 'reading', from: 0.1, to: 0.1 }, 0);

  const conditions = conditionsOf(input, victim);
  const reading: Reading = victim.masked
    ? { update: victim.update, masked: true, clippingNorm: null, signed: input.protection.signature }
    : await readUpdate(victim.update, input.protection, conditions);
  const noise = readNoise(victim.update.length, conditions);
  if (truth === undefined || measurement === undefined)
    return yield* withoutTruth(input, victim, reading, noise);

  const targets = plainImages(truth);
  const show = function* (found: readonly FoundImage[]): Generator<AttackStep, Pairing, void> {
    const images = found.map(({ pixels }) => pixels);
    const pairing = yield* told(pairUp(targets, images), { stage: 'reading', from: 0.1, to: 0.1 });
    const labelOf = (image: Float32Array): number | null =>
      found.find(({ pixels }) => pixels === image)?.label ?? null;
    const { masked } = reading;
    yield { kind: 'images', images: measurement.rebuiltPictures(pairing, { masked, labelOf }) };
    return pairing;
  };
  const found = yield* rebuilt(victim, reading.update, show);
  const pairing = yield* show(found);
  const ofNoise = yield* rebuilt(victim, noise);
  const stretch = { stage: 'baselines', from: 0.2, to: input.settings.judge ? 0.4 : 1 };
  const fromNoise = yield* told(
    pairUp(
      targets,
      ofNoise.map(({ pixels }) => pixels),
    ),
    { ...stretch, to: 0.2 },
  );
  yield* told(measurement.prepare(), stretch);
  yield { kind: 'images', images: measurement.baselinePictures(fromNoise) };

  const results: Results = {
    ...measurement.figures(pairing, fromNoise),
    ...(await labelResults(input, victim, reading.update, truth)),
  };
  let judgeAccuracy = Number.NaN;
  if (input.settings.judge) {
    const figures = { recovered: results.recovered!.value, psnr: results.psnr!.value };
    const { to: from } = victimRange(input.dataset);
    const { seed, dataset, engine } = input;
    const plan = { from, to: dataset.train.count, without: victim.own, seed, label: name };
    const judge = yield* toldLater(trainJudge(engine, dataset, plan), {
      stage: 'judge',
      from: 0.4,
      to: 1,
      figures,
    });
    judgeAccuracy = judge.accuracy;
    Object.assign(results, await measurement.judged(judge, pairing, fromNoise));
    judge.dispose();
  }
  const tells = measurement.ranksTell(pairing);
  const pointsAtOwn = tells && !reading.masked;
  const aim = { metric: 'psnr', from: recoveredFrom, also: 'recovered', pointsAtOwn } as const;
  return {
    results,
    ...conclusionOf(results, aim, privacyBound(input.protection.noise)),
    facts: {
      ...factsOf(victim, reading),
      came: pairing.psnr.filter((value) => value >= recoveredFrom).length,
      firstPsnr: pairing.psnr[0]!,
      firstLabel: input.dataset.classNames[targets[0]!.label] ?? '',
      ranksTell: tells,
      ...(Number.isNaN(judgeAccuracy) ? {} : { judgeAccuracy }),
    },
  };
};

async function caseOf(input: Input): Promise<Case> {
  const { settings, material, engine, seed } = input;
  const model = firstLayerModel(input, settings.hidden);
  const { observed } = material;
  if (observed !== undefined) return { ...observed, model, own: observed.places ?? [], drawings: 0 };
  const { data, own, drawings } = victimImages(input, name, settings.batch);
  const plan = {
    optimiser: settings.optimizer === 'adam' ? adam : sgd,
    batchSize: settings.batch,
    epochs: settings.steps,
  };
  const { topology, weights: before } = model;
  const { update } = await trainVictim(engine, {
    ...plan,
    topology,
    before,
    images: data,
    seed,
    labels: [name],
  });
  return { model, update, ...plan, examples: settings.batch, masked: false, truth: data, own, drawings };
}

function measurementOf({ dataset, seed }: Input, truth: LabelledImages, own: Iterable<number>): Measurement {
  return new Measurement({ targets: plainImages(truth), data: dataset.train, own, seed, labels: [name] });
}

function conditionsOf({ seed }: Input, { optimiser, batchSize, epochs, examples }: Case): ReadingConditions {
  return { optimiser, batchSize, epochs, examples: Math.max(1, examples), seed, labels: [name] };
}

/** How many images come back at most. */
function countOf({ examples, model }: Case): number {
  return Math.min(examples > 0 ? examples : mostImages, mostImages, model.first.units);
}

/** show: what has come back so far. */
function* rebuilt(
  victim: Case,
  update: Float32Array,
  show?: (found: readonly FoundImage[]) => Generator<AttackStep, unknown, void>,
): Generator<AttackStep, readonly FoundImage[], void> {
  const plan = { count: countOf(victim), above: knownStep(victim.model, victim) };
  const search = rebuildImages(unitUpdates(update, victim.model.first), plan);
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
    if (show === undefined) yield progressAt({ stage: 'baselines', from: 0.2, to: 0.2 }, 0);
    else yield* show(step.value);
  }
}

async function labelResults(
  { engine, seed, dataset }: Input,
  { model, optimiser, epochs, batchSize }: Case,
  update: Float32Array,
  { labels, count }: LabelledImages,
): Promise<Results> {
  const expected = await expectedShares(engine, dataset, model);
  const plan = { count, rate: labelRate(optimiser, { epochs, batchSize, count }), expected };
  const stream = randomStream(seed, 'attack', name, 'labels');
  const metric = labelMetric(update, model.topology, plan, { labels: [...labels], stream });
  return metric === undefined ? {} : { labelAccuracy: metric };
}

/**
 * How far beyond 0 .. 1 the pixels of a quotient may lie, as a mean square: of updates of plain SGD, those that look like images and
 * lie within are right in most cases (above 25 dB), and those beyond are not.
 */
const nearlyInRange = 6e-3;

/**
 * Of a real session's update nobody can say how near the pictures came. Some are right beyond doubt: their pixels are whole
 * grey levels, which neither mixtures nor noise are. But updates are rounded before they are sent, and hardly any quotient of a
 * rounded update is. So a picture counts as an image, too, whose quotient lies within black and white and looks like public
 * images of the kind (picture-likeness.ts): a guess, which finds nothing in noise. Several units that say the same make it a
 * better one, and are told.
 */
function* withoutTruth(
  input: Input,
  victim: Case,
  reading: Reading,
  noise: Float32Array,
): Generator<AttackStep, AttackFindings, void> {
  const { dataset, protection } = input;
  const show = function* (found: readonly FoundImage[]): Generator<AttackStep, void, void> {
    const images = found.slice(0, mostShown).map(({ pixels, label }, index) => {
      const about = { id: `rebuilt-${index}`, role: 'rebuilt', name: 'rebuilt', index, label } as const;
      return pictureOf({ ...about, masked: reading.masked }, pixels, dataset.train);
    });
    yield { kind: 'images', images };
  };
  const found = yield* rebuilt(victim, reading.update, show);
  yield* show(found);
  const stream = (label: string): RandomStream => randomStream(input.seed, 'attack', name, label);
  const pictures = found.map(({ pixels }) => pixels);
  for (const images of decoyPictures(pictures, dataset.train, stream('decoys')))
    yield { kind: 'images', images };
  const ofNoise = yield* rebuilt(victim, noise);
  const likeness = new PictureLikeness(dataset.train, stream('likeness'));
  // Adam divides each coordinate by its own size: quotients are no images, however much they look like some
  const signs = victim.optimiser.kind === 'adam';
  const likelyOf = (images: readonly FoundImage[]): readonly FoundImage[] =>
    images.filter(
      ({ exact, outOfRange, pixels }) =>
        exact || (!signs && outOfRange <= nearlyInRange && likeness.isLike(pixels)),
    );
  const likely = likelyOf(found);
  const recovered = {
    value: likely.length / found.length,
    baselines: { randomNoise: likelyOf(ofNoise).length / ofNoise.length },
  };
  const results = { recovered };
  return {
    results,
    ...conclusionOf(results, { metric: 'recovered', from: 0.5 }, privacyBound(protection.noise)),
    facts: {
      ...factsOf(victim, reading),
      came: found.filter(({ exact }) => exact).length,
      likely: likely.length,
      agreed: likely.filter(({ agreeing }) => agreeing > 1).length,
    },
  };
}

function factsOf(victim: Case, reading: Reading): AttackFindings['facts'] {
  const { model, optimiser, epochs, truth, drawings } = victim;
  return {
    images: truth?.count ?? countOf(victim),
    truth: truth !== undefined,
    drawings,
    optimizer: optimiser.kind,
    steps: epochs,
    masked: reading.masked,
    signed: reading.signed,
    inputs: model.first.inputs,
    units: model.first.units,
  };
}
