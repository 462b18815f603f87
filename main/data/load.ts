/** Loads a data set by what a person calls it: 'mnist'. */
import { invalidSetting } from '../../core/errors/federation-error.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { loadMnist } from './mnist.ts';

/** Throws FederationError: invalid-setting when the source is not known, and what reading it throws. */
export async function loadDataset(source: string): Promise<Dataset> {
  if (source === 'mnist') return loadMnist();
  throw invalidSetting('dataset', source, 'mnist');
}
