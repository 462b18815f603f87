/** The pictures of an inverted model: one column for each of its classes. */
import type { AttackImage } from '../../contract/attacks/attack-report.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { pictureOf, pixelsAt } from '../pictures.ts';
import type { Candidate, ImageScore, InversionBaseline } from './score.ts';
import type { Subject } from './subject.ts';

/** Those that are shown while nothing has been rebuilt: without values. scores: of the judge, once there is one. */
export function baselinePictures(
  { train }: Dataset,
  { labels }: Subject,
  name: InversionBaseline,
  candidates: readonly Candidate[],
  scores?: readonly ImageScore[],
): readonly AttackImage[] {
  return candidates.map(({ pixels, wanted }, index) => {
    const about = { id: `${name}-${index}`, role: 'baseline', name, index } as const;
    const label = name === 'classMean' ? labels[wanted]! : null;
    return pictureOf({ ...about, label, value: scores?.[index]?.judge ?? null }, pixels, train);
  });
}

/** One for each class: the run that the attacker would take; scores: the judge's, once there is one. */
export function rebuiltPictures(
  { train }: Dataset,
  { labels }: Subject,
  candidates: readonly Candidate[],
  scores?: readonly ImageScore[],
): readonly AttackImage[] {
  return candidates.map(({ pixels, wanted }, index) => {
    const about = { id: `rebuilt-${index}`, role: 'rebuilt', name: 'rebuilt', index } as const;
    return pictureOf(
      { ...about, label: labels[wanted]!, value: scores?.[index]?.judge ?? null },
      pixels,
      train,
    );
  });
}

/** The training image that each rebuilt one is nearest to by mean absolute error: the thinnest of its class, often. */
export function nearestPictures({ train }: Dataset, scores: readonly ImageScore[]): readonly AttackImage[] {
  return scores.map(({ distance: { place } }, index) => {
    const about = { id: `nearest-${index}`, role: 'other', name: 'nearest', index } as const;
    return pictureOf({ ...about, label: train.labels[place]! }, pixelsAt(train, place), train);
  });
}
