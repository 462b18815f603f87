/**
 * A participant's training images: its part of what is dealt out, or all of its own folder, checked against the plan; and
 * the drawings of this machine beside them, or alone.
 */
import type { SessionPlan } from '../../core/contract/session-plan.ts';
import {
  drawnClasses,
  drawnDataset,
  drawnImages,
  type Drawn,
  withTraining,
} from '../../core/datasets/added.ts';
import type { Dataset, LabelledImages } from '../../core/datasets/dataset.ts';
import { digitSide } from '../../core/datasets/drawing.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { loadDataset } from '../data/load.ts';

export interface ParticipantData {
  /** What is dealt, or brought, without drawings that are added to it. */
  readonly base: Dataset;
  /** All that this machine could train on: the base's training images, then the drawings. */
  readonly dataset: Dataset;
  /** Where compute processes have the base from: 'mnist', a folder, or the data set itself. */
  readonly source: string | Dataset;
  /** The drawings, where they are beside something else. */
  readonly added: LabelledImages | undefined;
  /** How many of the training images are drawings; they come last. */
  readonly drawings: number;
}

export interface DataChoice {
  /** 'mnist' or a folder; undefined where MNIST is dealt, or drawings stand alone. */
  readonly source: string | undefined;
  /** The drawings of this machine, oldest first; undefined where they take no part. */
  readonly drawings: readonly Drawn[] | undefined;
}

/**
 * Loads the data set and checks it before the participant asks to be let in. Throws 'data-does-not-fit' and what loading
 * throws.
 */
export async function loadParticipantData(
  plan: SessionPlan,
  { source, drawings }: DataChoice,
): Promise<ParticipantData> {
  const { data } = plan;
  if (drawings !== undefined) checkDrawings(plan, drawings);
  if (drawings !== undefined && source === undefined && data.mode === 'own') {
    const alone = drawnDataset(drawings);
    return { base: alone, dataset: alone, source: alone, added: undefined, drawings: drawings.length };
  }
  if (source === undefined && (data.mode === 'own' || data.name !== 'MNIST')) {
    throw doesNotFit(
      data.mode === 'own' ? 'a folder of your own, or your drawings' : `the data set ${data.name}`,
      'none was given',
      data.mode === 'own'
        ? 'Join again with --data FOLDER (IDX files, or a folder of images per class) or --drawings.'
        : 'Join again with --data FOLDER (IDX files, or a folder of images per class).',
    );
  }
  const from = source ?? 'mnist';
  const base = await loadDataset(from);
  checkDataset(plan, base);
  const added = drawings && drawnImages(drawings);
  return {
    base,
    dataset: withTraining(base, added),
    source: from,
    added,
    drawings: drawings?.length ?? 0,
  };
}

function checkDataset({ data }: SessionPlan, dataset: Dataset): void {
  if (data.mode === 'dealt' && dataset.digest !== data.digest) {
    throw doesNotFit(
      `the very data set ${data.name} that the coordinator deals out`,
      `${dataset.name} with other contents`,
      data.name === 'MNIST' ? 'Join without --data.' : 'Get the same files as the coordinator.',
    );
  }
  const { height, width, channels } = dataset.train;
  const [wanted, found] = [
    [data.height, data.width, data.channels],
    [height, width, channels],
  ].map((shape) => shape.join(' x '));
  if (wanted !== found) {
    throw doesNotFit(`images of ${wanted}`, found!, 'Bring images of that size.');
  }
  if (dataset.classNames.join('\n') !== data.classNames.join('\n')) {
    throw doesNotFit(
      `the classes ${data.classNames.join(', ')}`,
      dataset.classNames.join(', '),
      'Name the folders after the classes, and have every class.',
    );
  }
}

function checkDrawings({ data }: SessionPlan, drawings: readonly Drawn[]): void {
  const { height, width, channels, classNames } = data;
  const isOfDigits =
    height === digitSide &&
    width === digitSide &&
    channels === 1 &&
    classNames.join() === drawnClasses.join();
  if (!isOfDigits) {
    throw doesNotFit(
      `images of ${[height, width, channels].join(' x ')} of the classes ${classNames.join(', ')}`,
      'drawings of digits, 28 x 28 x 1',
      'Join without drawings.',
    );
  }
  if (drawings.length === 0) throw doesNotFit('at least one drawing', 'none', 'Draw some digits first.');
}

/** What takes part of a participant's images. */
export interface Share {
  readonly indices: Uint32Array;
  readonly drawings: number;
  /** Dealt or brought images that drawings take the place of. */
  readonly othersLeftOut: number;
  readonly drawingsLeftOut: number;
}

/**
 * All drawings, and of the others as many as there is room for: the session's parameters are laid out for so many images
 * of one participant at most, and more would be clipped, or count for nothing. dealt: this participant's part of the base;
 * undefined: all of it.
 */
export function shareOf(
  { dataset, drawings }: ParticipantData,
  dealt: Uint32Array | undefined,
  most: number,
): Share {
  const others = dataset.train.count - drawings;
  const part = dealt ?? range(0, others);
  if (drawings === 0) return { indices: part, drawings: 0, othersLeftOut: 0, drawingsLeftOut: 0 };
  const drawn = Math.min(drawings, most);
  const kept = part.slice(0, most - drawn);
  const indices = new Uint32Array(kept.length + drawn);
  indices.set(kept);
  // the latest drawings
  indices.set(range(dataset.train.count - drawn, dataset.train.count), kept.length);
  return {
    indices,
    drawings: drawn,
    othersLeftOut: part.length - kept.length,
    drawingsLeftOut: drawings - drawn,
  };
}

function range(start: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - start }, (_, index) => start + index);
}

function doesNotFit(needed: string, found: string, hint: string): FederationError<'data-does-not-fit'> {
  return new FederationError(
    'data-does-not-fit',
    `Cannot take part with this data, as it must be ${needed}, and is ${found}. ${hint}`,
    { details: { needed, found }, blame: 'user', action: 'correct' },
  );
}
