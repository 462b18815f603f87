/**
 * A folder of pictures per class: `folder/<class>/*.png|jpg|jpeg`, of which one in five is held back for testing
 * (core/datasets/held-out.ts), or `folder/train/<class>/...` with `folder/test/<class>/...`. Other files, hidden ones
 * and folders beside train and test are left alone. Classes are numbered in the order of their names, by value when
 * all are whole numbers.
 */
import path from 'node:path';
import { assembleDataset, checkClassCount, imageSizeError } from '../../core/datasets/assemble.ts';
import { datasetError } from '../../core/datasets/dataset-error.ts';
import type { Dataset, LabelledImages } from '../../core/datasets/dataset.ts';
import { FEWEST_TO_SPLIT, holdOut } from '../../core/datasets/held-out.ts';
import { stackPictures, type Picture } from '../../core/datasets/pixels.ts';
import { decodeImage, readImageHeader, type ImageSize } from './decode-image.ts';
import type { DataLimits } from './limits.ts';
import { byCodeUnits, listFolder, readDataFile, tooLarge } from './read-file.ts';

const PICTURE_ENDING = /\.(?:png|jpe?g)$/i;

/** Files read at once: small files cost waiting more than work. */
const READ_AHEAD = 16;

interface ClassFolder {
  readonly className: string;
  readonly folder: string;
  readonly fileNames: readonly string[];
}
interface PictureFile {
  readonly path: string;
  readonly label: number;
}
interface LabelledPicture {
  readonly picture: Picture;
  readonly label: number;
}
interface PictureList {
  readonly classNames: readonly string[];
  readonly train: readonly PictureFile[];
  readonly test: readonly PictureFile[];
  /** True when the folder has no test part and one was held back. */
  readonly heldOut: boolean;
}

/**
 * Reads the folder. Throws FederationError: dataset-not-recognised, class-empty, class-mismatch, class-count,
 * image-size (naming two files), image-unreadable (naming the file), dataset-too-large, file-unreadable.
 */
export async function loadImageFolder(
  folder: string,
  limits: DataLimits,
): Promise<{ dataset: Dataset; heldOut: boolean }> {
  const list = await listPictures(folder);
  const files = [...list.train, ...list.test];
  if (files.length > limits.files) throw tooLarge(folder, files.length, limits.files, 'files');
  const pictures = await readPictures(folder, files, limits);
  const channels = pictures.some(({ picture }) => picture.channels === 3) ? 3 : 1;
  const train = labelledImages(pictures.slice(0, list.train.length), channels);
  const test = labelledImages(pictures.slice(list.train.length), channels);
  const name = path.basename(path.resolve(folder));
  return {
    dataset: assembleDataset(name, list.classNames, train, folder, test, folder),
    heldOut: list.heldOut,
  };
}

async function listPictures(folder: string): Promise<PictureList> {
  const { folders } = await listFolder(folder);
  if (!folders.includes('train') || !(await isTrainPart(path.join(folder, 'train'))))
    return holdOutOf(folder);
  return folders.includes('test') ? listTrainAndTest(folder) : holdOutOf(path.join(folder, 'train'));
}

async function holdOutOf(folder: string): Promise<PictureList> {
  const classes = await listClasses(folder, FEWEST_TO_SPLIT);
  const parts = classes.map(({ className, fileNames }) => holdOut(className, fileNames));
  return {
    classNames: classes.map(({ className }) => className),
    train: classes.flatMap((one, label) => pictureFiles(one, parts[label]!.train, label)),
    test: classes.flatMap((one, label) => pictureFiles(one, parts[label]!.test, label)),
    heldOut: true,
  };
}

/** A folder named train with folders in it is a part; with pictures in it, it is a class of that name. */
async function isTrainPart(folder: string): Promise<boolean> {
  const { folders, files } = await listFolder(folder);
  return folders.length > 0 && !files.some((name) => PICTURE_ENDING.test(name));
}

async function listTrainAndTest(folder: string): Promise<PictureList> {
  const train = await listClasses(path.join(folder, 'train'), 1);
  const test = await listClasses(path.join(folder, 'test'), 1, true);
  const classNames = train.map(({ className }) => className);
  requireClasses(path.join(folder, 'test'), new Set(test.map(({ className }) => className)), classNames);
  requireClasses(
    path.join(folder, 'train'),
    new Set(classNames),
    test.map(({ className }) => className),
  );
  return {
    classNames,
    train: train.flatMap((one, label) => pictureFiles(one, one.fileNames, label)),
    test: test.flatMap((one, label) => pictureFiles(one, one.fileNames, label)),
    heldOut: false,
  };
}

/** The classes of a folder with their pictures, of which each must have as many as needed. */
async function listClasses(folder: string, needed: number, isTestPart = false): Promise<ClassFolder[]> {
  const { folders } = await listFolder(folder);
  const classes: ClassFolder[] = [];
  let unreadable: Error | undefined;
  for (const className of inClassOrder(folders)) {
    const classFolder = path.join(folder, className);
    try {
      const { files } = await listFolder(classFolder);
      const fileNames = files.filter((name) => PICTURE_ENDING.test(name));
      classes.push({ className, folder: classFolder, fileNames });
    } catch (error) {
      unreadable ??= error as Error;
    }
  }
  // A folder of anything else is told as that, not by what its first folder lacks.
  if (!isTestPart && classes.every(({ fileNames }) => fileNames.length === 0)) throw notRecognised(folder);
  if (unreadable !== undefined) throw unreadable;
  checkClassCount(folder, classes.length);
  const empty = classes.find(({ fileNames }) => fileNames.length < needed);
  if (empty) throw classEmpty(empty.folder, empty.className, empty.fileNames.length, needed);
  return classes;
}

function notRecognised(folder: string): Error {
  const reason =
    'it must hold a folder of PNG or JPEG images for each class, or IDX files (train-images..., train-labels..., ' +
    't10k-images..., t10k-labels...), and holds neither';
  return datasetError('dataset-not-recognised', `Cannot use ${folder} as a data set, as ${reason}.`, {
    path: folder,
    reason,
  });
}

function inClassOrder(names: readonly string[]): string[] {
  const numbered = names.every((name) => /^\d{1,9}$/.test(name));
  return [...names].sort(
    (left, right) => (numbered ? Number(left) - Number(right) : 0) || byCodeUnits(left, right),
  );
}

function pictureFiles(one: ClassFolder, fileNames: readonly string[], label: number): PictureFile[] {
  return fileNames.map((fileName) => ({ path: path.join(one.folder, fileName), label }));
}

/** In order; the size of the first picture is that of all, and bounds what is decoded. */
async function readPictures(
  folder: string,
  files: readonly PictureFile[],
  limits: DataLimits,
): Promise<LabelledPicture[]> {
  const pictures: LabelledPicture[] = [];
  let first: (ImageSize & { readonly path: string }) | undefined;
  for (let start = 0; start < files.length; start += READ_AHEAD) {
    const group = files.slice(start, start + READ_AHEAD);
    const contents = await Promise.all(group.map((file) => readDataFile(file.path, limits.imageFileBytes)));
    for (const [index, file] of group.entries()) {
      const bytes = contents[index]!;
      const header = readImageHeader(bytes, file.path, limits.imagePixels);
      first ??= { width: header.width, height: header.height, path: file.path };
      if (header.width !== first.width || header.height !== first.height) {
        throw imageSizeError(first.path, sizeText(first), file.path, sizeText(header));
      }
      const totalPixels = files.length * header.width * header.height;
      if (totalPixels > limits.totalPixels) throw tooLarge(folder, totalPixels, limits.totalPixels, 'pixels');
      pictures.push({ picture: decodeImage(bytes, header, file.path), label: file.label });
    }
  }
  return pictures;
}

function labelledImages(pictures: readonly LabelledPicture[], channels: 1 | 3): LabelledImages {
  const { width, height } = pictures[0]!.picture;
  return {
    images: stackPictures(
      pictures.map(({ picture }) => picture),
      channels,
    ),
    labels: Uint8Array.from(pictures, ({ label }) => label),
    count: pictures.length,
    height,
    width,
    channels,
  };
}

function requireClasses(part: string, present: ReadonlySet<string>, wanted: readonly string[]): void {
  const className = wanted.find((name) => !present.has(name));
  if (className === undefined) return;
  throw datasetError(
    'class-mismatch',
    `Cannot use ${part}, as train and test must have the same classes, and the class ${className} is missing here.`,
    { path: part, className },
  );
}

function classEmpty(folder: string, className: string, images: number, needed: number): Error {
  const why = needed === 1 ? '' : ' (one of them is held back for testing)';
  return datasetError(
    'class-empty',
    `Cannot use the class ${className}, as ${folder} must hold at least ${String(needed)} PNG or JPEG ` +
      `image${needed === 1 ? '' : 's'}${why}, and holds ${String(images)}.`,
    { path: folder, className, images, needed },
  );
}

function sizeText({ width, height }: ImageSize): string {
  return `${String(width)} x ${String(height)} pixels`;
}
