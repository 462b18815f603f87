/** Loads a data set by what a person calls it: 'mnist', or the path of a folder (from where the command was called). */
import type { Dataset } from '../../core/datasets/dataset.ts';
import { callerPath } from '../files/caller-path.ts';
import { loadIdxFolder, looksLikeIdx } from './idx-folder.ts';
import { loadImageFolder } from './image-folder.ts';
import { DEFAULT_LIMITS, type DataLimits } from './limits.ts';
import { loadMnist } from './mnist.ts';
import { listFolder } from './read-file.ts';

export interface LoadOptions {
  readonly limits?: Partial<DataLimits>;
}

/** A data set and where it came from. */
export interface LoadedDataset {
  readonly dataset: Dataset;
  readonly kind: 'mnist' | 'idx' | 'images';
  /** True when the source has no test images and some were held back (core/datasets/held-out.ts). */
  readonly heldOut: boolean;
}

/** Throws FederationError: file-not-found, and what reading MNIST, IDX files or pictures throws. */
export async function loadDataset(source: string, options: LoadOptions = {}): Promise<Dataset> {
  return (await openDataset(source, options)).dataset;
}

/** The same, with what kind of source it is. */
export async function openDataset(source: string, options: LoadOptions = {}): Promise<LoadedDataset> {
  if (source === 'mnist') return { dataset: await loadMnist(), kind: 'mnist', heldOut: false };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const folder = callerPath(source);
  const { files } = await listFolder(folder);
  if (looksLikeIdx(files)) {
    return { dataset: await loadIdxFolder(folder, files, limits), kind: 'idx', heldOut: false };
  }
  return { ...(await loadImageFolder(folder, limits)), kind: 'images' };
}
