/**
 * Inverting the classes of a model that tells digits apart: the reference's way, the same model searched with priors, and
 * with components of classes that the model has never had. What comes out is what a class looks like to the model; the
 * class's mean image shows as much, to whoever has images of the class.
 */
import type { AttackStep } from '../../contract/attacks/attack-report.ts';
import { randomStream } from '../../random/stream.ts';
import type { AttackInput, AttackRun } from '../attack.ts';
import { prepareBaselines } from '../metrics/baselines.ts';
import { type Judge, trainJudge } from '../metrics/judge.ts';
import { elementsOf, selectImages, shapeOf } from '../pictures.ts';
import { BareCanvas, type Canvas } from './canvas.ts';
import { concludeClasses } from './class-findings.ts';
import { baselinePictures, rebuiltPictures } from './class-pictures.ts';
import { prepareClassDistances } from './class-distance.ts';
import { CodeCanvas } from './code-canvas.ts';
import { principalComponents } from './principal-components.ts';
import { PriorCanvas, strokePriors } from './prior-canvas.ts';
import { baselineCandidates, type Candidate, inversionBaselines, scoreCandidates } from './score.ts';
import { searchImages, type SearchPlan } from './search.ts';
import { stagesOf, type TellStage } from '../stages.ts';
import { toldBy } from '../told.ts';
import {
  halfSubject,
  madeSubject,
  placesOf,
  referenceSubject,
  streamLabel,
  type Subject,
  unseenData,
} from './subject.ts';

export type ClassVariant = 'reference' | 'priors' | 'pca';

export interface ClassSettings {
  readonly variant: ClassVariant;
  readonly steps: number;
  readonly tries: number;
}

const componentCount = 60;
/** Images that components are learnt from, at most. */
const componentImages = 2_000;
const codeOptions = { noise: 0.2, prior: 0.03 };
/** Images move once in so many steps. */
const stepsBetweenPictures = 4;
/** Of the line of losses, at most. */
const seriesPoints = 200;

/** Learning rates and goals; the reference's rate stays. */
const searches: Readonly<Record<ClassVariant, Pick<SearchPlan, 'learningRate' | 'rateAtEnd' | 'goal'>>> = {
  reference: { learningRate: 0.1, rateAtEnd: 1, goal: 'sure' },
  priors: { learningRate: 0.05, rateAtEnd: 0.1, goal: 'sure' },
  pca: { learningRate: 0.05, rateAtEnd: 0.1, goal: { ahead: 0.1 } },
};

export async function* invertClasses(input: AttackInput<unknown>, settings: ClassSettings): AttackRun {
  const { variant, steps, tries } = settings;
  const { dataset, seed } = input;
  const tell = stagesOf({
    victim: variant === 'pca' ? 1.5 : 0.4,
    ...(variant === 'pca' ? { components: 1 } : {}),
    optimising: 0.0002 * steps * tries * dataset.classNames.length,
    judge: 2,
    measuring: 0.3 + 0.01 * tries * dataset.classNames.length,
  });
  const subject = yield* openSubject(input, variant, tell);
  try {
    const baselines = prepareBaselines(
      dataset.train,
      subject.members ?? [],
      randomStream(seed, 'attack', streamLabel, 'noise'),
    );
    const byBaseline = baselineCandidates(
      subject,
      baselines,
      randomStream(seed, 'attack', streamLabel, 'baseline-noise'),
    );
    for (const name of inversionBaselines)
      yield { kind: 'images', images: baselinePictures(dataset, subject, name, byBaseline[name]) };

    const found = yield* search(input, subject, settings, tell);
    const judge = yield* judgeOf(input, subject, tell);
    try {
      const scales = { subject, judge, distances: prepareClassDistances(dataset.train), baselines };
      const all = [...found.runs, ...inversionBaselines.flatMap((name) => byBaseline[name])];
      const scores = yield* toldBy(scoreCandidates(all, scales), (done) => tell('measuring', done));
      return yield* concludeClasses(input, settings, { subject, judge, found, byBaseline, scores });
    } finally {
      judge.dispose();
    }
  } finally {
    subject.model.dispose();
  }
}

function openSubject(
  input: AttackInput<unknown>,
  variant: ClassVariant,
  tell: TellStage,
): AsyncGenerator<AttackStep, Subject, void> {
  const { model } = input.material;
  if (model !== undefined) return madeSubject(input, model, tell);
  return variant === 'pca' ? halfSubject(input, tell) : referenceSubject(input, tell);
}

/** What the search has come to: every run, and for each class the one that the attacker would take. */
export interface Found {
  readonly runs: readonly Candidate[];
  /** [classes]: which of the runs has the smallest loss at the end. */
  readonly best: readonly number[];
}

async function* search(
  input: AttackInput<unknown>,
  subject: Subject,
  { variant, steps, tries }: ClassSettings,
  tell: TellStage,
): AsyncGenerator<AttackStep, Found, void> {
  const { dataset } = input;
  const { model, weights, labels } = subject;
  const classes = labels.length;
  const elements = elementsOf(dataset.train);
  const wanted = Uint8Array.from({ length: classes * tries }, (_, run) => run % classes);
  const canvas = yield* canvasFor(input, variant, subject, wanted.length, tell);
  const pixelsOf = (run: number): Float32Array => canvas.images().slice(run * elements, (run + 1) * elements);
  const points: [number, number][] = [];
  const stepsBetweenPoints = Math.ceil(steps / seriesPoints);
  const searching = searchImages({ model, weights, classes, wanted, steps, ...searches[variant] }, canvas);
  for (;;) {
    const next = await searching.next();
    if (next.done === true) {
      const runs = Array.from(wanted, (label, run) => ({ pixels: pixelsOf(run), wanted: label }));
      const best = Array.from(labels, (_, label) => bestRun(next.value, classes, label));
      return { runs, best };
    }
    const { step, loss, confidence } = next.value;
    yield tell('optimising', step / steps, { loss, confidence });
    if (step % stepsBetweenPoints === 0 || step === steps) {
      points.push([step, loss]);
      yield { kind: 'series', series: { name: 'loss', points: [...points] } };
    }
    if (step % stepsBetweenPictures === 1) {
      const now = Array.from(labels, (_, label) => ({ pixels: pixelsOf(label), wanted: label }));
      yield { kind: 'images', images: rebuiltPictures(dataset, subject, now) };
    }
  }
}

function bestRun(losses: Float32Array, classes: number, label: number): number {
  let best = label;
  for (let run = label; run < losses.length; run += classes) if (losses[run]! < losses[best]!) best = run;
  return best;
}

async function* canvasFor(
  { dataset, seed }: AttackInput<unknown>,
  variant: ClassVariant,
  { labels }: Subject,
  images: number,
  tell: TellStage,
): AsyncGenerator<AttackStep, Canvas, void> {
  const stream = randomStream(seed, 'attack', streamLabel, variant);
  const shape = shapeOf(dataset.train);
  switch (variant) {
    case 'reference':
      return new BareCanvas(images, elementsOf(shape), stream);
    case 'priors':
      return new PriorCanvas(images, shape, strokePriors, stream);
    case 'pca': {
      const others = placesOf(dataset.train, (label) => !labels.includes(label)).slice(0, componentImages);
      const work = principalComponents(
        selectImages(dataset.train, others),
        componentCount,
        randomStream(seed, 'attack', streamLabel, 'components'),
      );
      const components = yield* toldBy(work, (done) => tell('components', done));
      return new CodeCanvas(images, components, codeOptions, stream);
    }
  }
}

function judgeOf(
  { dataset, engine, seed }: AttackInput<unknown>,
  { members }: Subject,
  tell: TellStage,
): AsyncGenerator<AttackStep, Judge, void> {
  const { dataset: unseen, ...plan } = unseenData(dataset, members);
  const learning = trainJudge(engine, unseen, { ...plan, without: [], seed, label: streamLabel });
  return toldBy(learning, (done) => tell('judge', done));
}
