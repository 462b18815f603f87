/**
 * Was this image in the training data? Whoever holds a model and an image looks at the model's loss on it: what a model
 * has learnt by heart, it is surer of (Yeom et al. 2018, sections III.B and VI.B, adversary 2: a threshold on the loss).
 * The attacker's worth is its true positives at 1 % false alarms, as one who is often wrong knows nothing of anybody
 * (Carlini et al. 2022, section III); the area under the curve stands beside it. By chance: 1 % and 0.5.
 *
 * Carlini et al. show stronger attacks (section VI), which train many models of the same kind: this one is a lower bound.
 */
import type { z } from 'zod';
import type { AttackProgress, AttackStep } from '../contract/attacks/attack-report.ts';
import type { membershipInferenceSettings } from '../contract/attacks/membership-inference.ts';
import type { LabelledImages } from '../datasets/dataset.ts';
import { FederationError, invalidSetting } from '../errors/federation-error.ts';
import { readArchitecture } from '../model/architecture.ts';
import { initialWeights } from '../model/initial-weights.ts';
import { presetTopology } from '../model/presets.ts';
import { randomStream, shuffle, streamState } from '../random/stream.ts';
import type { Attack, AttackInput, AttackRun, TargetModel } from './attack.ts';
import {
  balancedAccuracyOf,
  type Contest,
  type ContestFigures,
  figuresOf,
  findingsOf,
  holdContest,
  rocOf,
  suspectPictures,
} from './membership/contest.ts';
import { selectImages } from './pictures.ts';
import { stagesOf } from './stages.ts';
import { toldBy } from './told.ts';
import { trainSteadily } from './train-steadily.ts';
import { modelDataOf } from './victim.ts';

type Settings = z.infer<typeof membershipInferenceSettings>;
type Input = AttackInput<Settings>;

const label = 'membership-inference';
const preset = 'mlp';
const epochs = 30;
const optimiser = { kind: 'adam', learningRate: 0.001 } as const;
const batchSize = 32;
/** Sizes of training sets, in shares of the one that is asked for. */
const shares = [0.1, 0.2, 0.5, 1, 2];
/** Images that are asked about, of members and of strangers: enough for 1 %, few enough to draw intervals from. */
const [fewestStrangers, mostSuspects] = [1_000, 2_000];
/** Where fewer are known, 1 % is no number. */
const fewestKnown = 50;

export const membershipInference: Attack<Settings> = async function* (input) {
  const { protection, material } = input;
  if (protection.noise > 0)
    throw invalidSetting(
      'noise',
      protection.noise,
      '0 in this demonstration, as it attacks a model and no update',
    );
  yield {
    kind: 'series',
    series: {
      name: 'chance',
      points: [
        [0, 0],
        [1, 1],
      ],
    },
  };
  return material.model === undefined ? yield* onFresh(input) : yield* onMade(input, material.model);
};

/** Fresh models on training sets of several sizes; the verdict is on the size that was asked for. */
async function* onFresh(input: Input): AttackRun {
  const { dataset, settings, seed } = input;
  const { train } = dataset;
  const half = Math.floor(train.count / 2);
  if (settings.members > half)
    throw invalidSetting('members', settings.members, `at most ${half}, half of the training images`);
  const sizes = new Set(shares.map((share) => Math.min(Math.round(share * settings.members), half)));
  const total = [...sizes].reduce((sum, size) => sum + size, 0);
  const known = drawn(0, half, seed, 'members');
  const unknown = drawn(half, train.count, seed, 'strangers');
  const aucs: [number, number][] = [];
  const truePositives: [number, number][] = [];
  let asked: { contest: Contest; figures: ContestFigures } | undefined;
  let before = 0;
  for (const size of sizes) {
    const strangers = unknown.slice(0, Math.min(Math.max(size, fewestStrangers), mostSuspects));
    const contest = yield* trainAndAsk(
      input,
      selectImages(train, known.slice(0, size)),
      selectImages(train, strangers),
      (stage, share, numbers) => ({
        kind: 'progress',
        stage,
        done: (before + share * size) / total,
        figures: numbers,
      }),
    );
    before += size;
    const figures = figuresOf(contest, randomStream(seed, 'attack', label, 'intervals', size));
    aucs.push([size, figures.auc.value]);
    truePositives.push([size, figures.truePositivesAt1.value]);
    yield { kind: 'series', series: { name: 'aucBySize', points: [...aucs] } };
    yield { kind: 'series', series: { name: 'truePositivesBySize', points: [...truePositives] } };
    yield { kind: 'rows', rows: [{ name: String(size), cells: cellsOf(contest, figures) }] };
    yield { kind: 'series', series: rocOf(contest) };
    yield { kind: 'images', images: suspectPictures(contest) };
    if (size === settings.members) asked = { contest, figures };
  }
  const { contest, figures } = asked!;
  yield { kind: 'series', series: rocOf(contest) };
  yield { kind: 'images', images: suspectPictures(contest) };
  const [smallest, smallestAuc] = aucs[0]!;
  const [largest, largestAuc] = aucs.at(-1)!;
  return findingsOf(contest, figures, {
    made: false,
    epochs,
    smallest,
    smallestAuc,
    largest,
    largestAuc,
  });
}

type Tell = (stage: string, share: number, figures: AttackProgress['figures']) => AttackProgress;

/** Of the whole, training takes so much. */
const trainingShare = 0.9;

async function* trainAndAsk(
  { dataset, engine, seed }: Input,
  members: LabelledImages,
  strangers: LabelledImages,
  tell: Tell,
): AsyncGenerator<AttackStep, Contest, void> {
  const topology = presetTopology(preset, modelDataOf(dataset));
  const size = members.count;
  const model = await engine.plan(topology, { train: members, test: strangers }, { batchSize });
  try {
    const training = trainSteadily(model, {
      start: initialWeights(topology, streamState(seed, 'attack', label, 'start', size)[0]! >>> 0),
      indices: placesFrom(0, size),
      epochs,
      batchSize,
      optimiser,
      seed,
      labels: [label, size],
    });
    const weights = yield* toldBy(training, ({ done, loss, accuracy }) =>
      tell('training', trainingShare * done, { members: size, loss, accuracy }),
    );
    const contest = holdContest(model, weights, dataset.classNames.length, {
      members: firstOf(members, mostSuspects),
      strangers,
    });
    return yield* toldBy(contest, (done) =>
      tell('asking', trainingShare + (1 - trainingShare) * done, { members: size }),
    );
  } finally {
    model.dispose();
  }
}

/** A model that somebody has made, where it is known what it learnt from. */
async function* onMade(
  { dataset, engine, seed, settings }: Input,
  { topology, weights, learntFrom }: TargetModel,
): AttackRun {
  const { train, test } = dataset;
  if (learntFrom === undefined || learntFrom.length < fewestKnown) throw membershipUnknown();
  const members = learntFrom.slice();
  shuffle(members, randomStream(seed, 'attack', label, 'members'));
  const isMember = new Set(members);
  const unseen = drawn(0, train.count, seed, 'strangers').filter((place) => !isMember.has(place));
  const most = Math.min(settings.members, mostSuspects);
  // Images of the same kind that were dealt to nobody; where everything was dealt, test images.
  const strangers =
    unseen.length >= fewestStrangers
      ? selectImages(train, unseen.slice(0, Math.max(most, fewestStrangers)))
      : selectImages(test, drawn(0, test.count, seed, 'test').slice(0, Math.max(most, fewestStrangers)));
  const tell = stagesOf({ asking: 1 });
  const model = await engine.plan(topology, dataset, { batchSize });
  try {
    const asking = holdContest(model, weights, readArchitecture(topology).classes, {
      members: selectImages(train, members.slice(0, most)),
      strangers,
    });
    const contest = yield* toldBy(asking, (done) => tell('asking', done));
    const figures = figuresOf(contest, randomStream(seed, 'attack', label, 'intervals'));
    yield { kind: 'rows', rows: [{ name: String(members.length), cells: cellsOf(contest, figures) }] };
    yield { kind: 'series', series: rocOf(contest) };
    yield { kind: 'images', images: suspectPictures(contest) };
    return findingsOf(contest, figures, { made: true, learntFrom: members.length });
  } finally {
    model.dispose();
  }
}

function cellsOf(
  contest: Contest,
  { auc, truePositivesAt1 }: ContestFigures,
): Readonly<Record<string, number>> {
  const { members, strangers } = contest;
  return {
    truePositivesAt1: truePositivesAt1.value,
    auc: auc.value,
    balancedAccuracy: balancedAccuracyOf(contest),
    memberAccuracy: members.accuracy,
    strangerAccuracy: strangers.accuracy,
  };
}

function drawn(from: number, to: number, seed: number, what: string): Uint32Array {
  const places = placesFrom(from, to);
  shuffle(places, randomStream(seed, 'attack', label, what));
  return places;
}

function placesFrom(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, index) => from + index);
}

function firstOf(data: LabelledImages, most: number): LabelledImages {
  return data.count <= most ? data : selectImages(data, placesFrom(0, most));
}

function membershipUnknown(): FederationError<'target-unknown'> {
  const target = 'the members of this model';
  return new FederationError(
    'target-unknown',
    `Cannot ask who is a member of this model, as at least ${fewestKnown} images that it learnt from must be known, and are not: take a fresh model, or that of an open simulation.`,
    { details: { target }, blame: 'user', action: 'correct' },
  );
}
