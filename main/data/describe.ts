/** What the command line says about data sets, as plain objects. */
import { FederationError } from '../../core/errors/federation-error.ts';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import { openDataset, type LoadedDataset, type LoadOptions } from './load.ts';
import { MNIST_ATTRIBUTION, mnistFolder } from './mnist.ts';

/** A data set that needs no path. */
export interface ListedDataset {
  /** What --dataset takes. */
  readonly source: string;
  readonly name: string;
  /** Where its files are; undefined when they are not installed. */
  readonly folder: string | undefined;
  readonly attribution: string;
  readonly licence: string;
}

export interface DatasetDescription {
  readonly source: string;
  readonly name: string;
  readonly kind: LoadedDataset['kind'];
  /** Images. */
  readonly train: number;
  readonly test: number;
  /** True when the test images were held back from a folder without any. */
  readonly heldOut: boolean;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Images of each class, in the order of the class numbers. */
  readonly classes: readonly { readonly name: string; readonly train: number; readonly test: number }[];
  readonly digest: string;
  /** Known for MNIST only. */
  readonly attribution?: string;
  readonly licence?: string;
}

export type DatasetCheck =
  | { readonly source: string; readonly usable: true; readonly digest: string }
  | { readonly source: string; readonly usable: false; readonly code: string; readonly message: string };

/** The data sets that come with the project. */
export function listDatasets(): readonly ListedDataset[] {
  return [{ source: 'mnist', name: 'MNIST', folder: mnistFolder(), ...MNIST_ATTRIBUTION }];
}

/** Reads everything, and says whether it can be used or what is wrong first. */
export async function checkDataset(source: string, options: LoadOptions = {}): Promise<DatasetCheck> {
  try {
    const { dataset } = await openDataset(source, options);
    return { source, usable: true, digest: dataset.digest };
  } catch (error) {
    if (!(error instanceof FederationError)) throw error;
    const { code, message } = error as FederationError;
    return { source, usable: false, code, message };
  }
}

/** Throws FederationError as loadDataset does. */
export async function describeDataset(
  source: string,
  options: LoadOptions = {},
): Promise<DatasetDescription> {
  const { dataset, kind, heldOut } = await openDataset(source, options);
  const { train, test, classNames } = dataset;
  const trainCounts = countClasses(train, classNames.length);
  const testCounts = countClasses(test, classNames.length);
  return {
    source,
    name: dataset.name,
    kind,
    train: train.count,
    test: test.count,
    heldOut,
    height: train.height,
    width: train.width,
    channels: train.channels,
    classes: classNames.map((name, index) => ({
      name,
      train: trainCounts[index]!,
      test: testCounts[index]!,
    })),
    digest: dataset.digest,
    ...(kind === 'mnist' ? MNIST_ATTRIBUTION : {}),
  };
}

function countClasses(images: LabelledImages, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const label of images.labels) counts[label]! += 1;
  return counts;
}
