/**
 * Re-identification: what inversion gives away where a class is one person. The model tells people apart by what they
 * drew; inverted, each class shows its person's drawing, and the private image is found among 100 of its digit. Beside it
 * the same search on a model of the same size whose classes are digits: there what comes out is as near to images that
 * the model has never seen as to those it learnt from, so it gives nobody away.
 *
 * A person is one image here, drawn again with small changes (people.ts): nobody knows who wrote which digit of MNIST.
 */
import type { AttackImage, AttackStep } from '../../contract/attacks/attack-report.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import { randomStream, type RandomStream, shuffle } from '../../random/stream.ts';
import type { AttackInput, AttackRun } from '../attack.ts';
import { prepareBaselines } from '../metrics/baselines.ts';
import { areaUnderCurve } from '../metrics/intervals.ts';
import { trainJudge } from '../metrics/judge.ts';
import { otherCandidates } from '../metrics/rank.ts';
import { correlation } from '../metrics/similarity.ts';
import { pictureOf, pixelsAt, plainImages, selectImages } from '../pictures.ts';
import { choosePrivateImages } from '../victim.ts';
import { distanceTo } from './class-distance.ts';
import { invertFresh } from './invert-fresh.ts';
import { peopleOf } from './people.ts';
import { columnOfBaselines, concludePeople, type Nearness, shownPeople } from './people-findings.ts';
import { stagesOf, type TellStage } from '../stages.ts';
import { toldBy } from '../told.ts';
import { firstHalf, placesOf, streamLabel, unseenData } from './subject.ts';

export interface PeopleSettings {
  readonly people: number;
  readonly steps: number;
}

/** Images of each person, its own included. */
const variations = 30;

export async function* reIdentify(input: AttackInput<unknown>, settings: PeopleSettings): AttackRun {
  const { dataset, material, seed, engine } = input;
  const { train } = dataset;
  const { people, steps } = settings;
  const tell = stagesOf({ victim: 1, optimising: 1.5, digits: 1, baselines: 0.5, judge: 2, measuring: 0.5 });
  const stream = (label: string): RandomStream =>
    randomStream(seed, 'attack', streamLabel, 're-identification', label);

  const to = firstHalf(train);
  const chosen = choosePrivateImages(dataset, material.drawings, people, stream('people'), { to });
  const targets = plainImages(chosen.data);
  const shown = targets.slice(0, shownPeople);
  yield {
    kind: 'images',
    images: shown.map(({ pixels, label }, index) =>
      pictureOf({ id: `target-${index}`, role: 'target', name: 'person', index, label }, pixels, train),
    ),
  };
  const baselines = prepareBaselines(train, chosen.own, stream('noise'));
  const needsNone = targets.map((target) => baselines.imagesFor(target));
  for (const [index, target] of shown.entries())
    yield { kind: 'images', images: columnOfBaselines(train, target, needsNone[index]!, index) };

  const images = peopleOf(chosen.data, variations, stream('variations'));
  const rebuilt = yield* invertFresh(input, {
    label: 'people',
    images,
    classes: people,
    steps,
    stages: { training: 'victim', searching: 'optimising' },
    tell,
    show: (now) => rebuiltSoFar(train, now.slice(0, shownPeople), chosen.data.labels),
  });
  const digits = yield* invertDigits(input, images.count, steps, stream('digits'), tell);
  const others = targets.map((target) => otherCandidates(target, train, chosen.own, stream('candidates')));
  yield tell('baselines', 1);

  const { dataset: unseen, ...plan } = unseenData(dataset, chosen.own);
  const learning = trainJudge(engine, unseen, { ...plan, without: chosen.own, seed, label: streamLabel });
  const judge = yield* toldBy(learning, (done) => tell('judge', done));
  try {
    yield tell('measuring', 0);
    const { drawings } = chosen;
    const run = { settings, targets, drawings, variations, needsNone, rebuilt, others, digits, judge };
    return yield* concludePeople(train, run, stream('intervals'));
  } finally {
    judge.dispose();
  }
}

function rebuiltSoFar(
  train: LabelledImages,
  images: readonly Float32Array[],
  labels: Uint8Array,
): readonly AttackImage[] {
  return images.map((pixels, index) => {
    const about = { id: `rebuilt-${index}`, role: 'rebuilt', name: 'rebuilt', index } as const;
    return pictureOf({ ...about, label: labels[index]! }, pixels, train);
  });
}

/** The same search on a model of so many images of which each class is a digit. */
async function* invertDigits(
  input: AttackInput<unknown>,
  count: number,
  steps: number,
  stream: RandomStream,
  tell: TellStage,
): AsyncGenerator<AttackStep, Nearness, void> {
  const { train, classNames } = input.dataset;
  const half = firstHalf(train);
  const drawn = (from: number, to: number): Uint32Array => {
    const places = Uint32Array.from({ length: to - from }, (_, index) => from + index);
    shuffle(places, stream);
    return places.slice(0, count);
  };
  const members = selectImages(train, drawn(0, half));
  const strangers = selectImages(train, drawn(half, train.count));
  const found = yield* invertFresh(input, {
    label: 'digits',
    images: members,
    classes: classNames.length,
    steps,
    stages: { training: 'digits', searching: 'digits' },
    tell,
    show: () => [],
  });
  const near: { own: number[]; others: number[] } = { own: [], others: [] };
  const black: { own: number[]; others: number[] } = { own: [], others: [] };
  const alike: { own: number[]; others: number[] } = { own: [], others: [] };
  for (const [label, pixels] of found.entries())
    for (const [whose, data] of [
      ['own', members],
      ['others', strangers],
    ] as const) {
      const places = [...placesOf(data, (other) => other === label)];
      if (places.length === 0) continue;
      near[whose].push(distanceTo(data, places, pixels).mean);
      black[whose].push(distanceTo(data, places, new Float32Array(pixels.length)).mean);
      alike[whose].push(...places.map((place) => correlation(pixels, pixelsAt(data, place))));
    }
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    own: mean(near.own),
    others: mean(near.others),
    auc: areaUnderCurve(alike.own, alike.others).value,
    images: members.count,
    black: { own: mean(black.own), others: mean(black.others) },
  };
}
