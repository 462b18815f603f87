/** A participant's training images: its part of what is dealt out, or all of its own folder, checked against the plan. */
import type { SessionPlan } from '../../core/contract/session-plan.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { loadDataset } from '../data/load.ts';

export interface ParticipantData {
  readonly dataset: Dataset;
  /** 'mnist' or a folder: where compute processes load it from. */
  readonly source: string;
}

/**
 * Loads the data set and checks it before the participant asks to be let in. source: what the person gave; undefined
 * where MNIST is dealt. Throws 'data-does-not-fit' and what loading throws.
 */
export async function loadParticipantData(
  plan: SessionPlan,
  source: string | undefined,
): Promise<ParticipantData> {
  const { data } = plan;
  if (source === undefined && (data.mode === 'own' || data.name !== 'MNIST')) {
    throw doesNotFit(
      data.mode === 'own' ? 'a folder of your own' : `the data set ${data.name}`,
      'none was given',
      'Join again with --data FOLDER (IDX files, or a folder of images per class).',
    );
  }
  const from = source ?? 'mnist';
  const dataset = await loadDataset(from);
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
  return { dataset, source: from };
}

function doesNotFit(needed: string, found: string, hint: string): FederationError<'data-does-not-fit'> {
  return new FederationError(
    'data-does-not-fit',
    `Cannot take part with this data, as it must be ${needed}, and is ${found}. ${hint}`,
    { details: { needed, found }, blame: 'user', action: 'correct' },
  );
}
