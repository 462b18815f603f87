import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { describeDataset } from '../../../main/data/describe.ts';
import { loadDataset } from '../../../main/data/load.ts';
import { expectError } from './expect-error.ts';
import { greyPng, pngBytes } from './png-bytes.ts';
import { temporaryFolder } from './temporary-folder.ts';

type Files = Record<string, Uint8Array | string>;

/** `count` pictures of 2 x 1 per class, whose value tells class and number. */
function classFiles(classNames: readonly string[], count: number, under = ''): Files {
  const files: Files = {};
  classNames.forEach((className, label) => {
    for (let index = 0; index < count; index += 1) {
      files[`${under}${className}/${index}.png`] = greyPng(2, 1, 100 * label + index);
    }
  });
  return files;
}

test('a folder of images per class: one in five of each class is held back, the same ones every time', async (context) => {
  const files = classFiles(['cat', 'dog'], 10);
  const folder = await temporaryFolder(context, {
    ...files,
    'notes.txt': '',
    'cat/.hidden.png': 'x',
    'dog/notes.txt': 'x',
  });
  const dataset = await loadDataset(folder);
  assert.deepEqual(dataset.classNames, ['cat', 'dog']);
  assert.deepEqual(
    [...dataset.train.labels],
    [...new Array<number>(8).fill(0), ...new Array<number>(8).fill(1)],
  );
  assert.deepEqual([...dataset.test.labels], [0, 0, 1, 1]);
  const firstPixels = [dataset.train, dataset.test].flatMap(({ images }) =>
    [...images].filter((_, at) => at % 2 === 0),
  );
  assert.deepEqual(
    firstPixels.sort((left, right) => left - right),
    [...Array(10).keys(), ...Array.from(Array(10).keys(), (index) => 100 + index)],
  );
  const again = await loadDataset(await temporaryFolder(context, files));
  assert.equal(again.digest, dataset.digest);
  const description = await describeDataset(folder);
  assert.equal(description.heldOut, true);
  assert.equal(description.kind, 'images');
  assert.deepEqual(description.classes, [
    { name: 'cat', train: 8, test: 2 },
    { name: 'dog', train: 8, test: 2 },
  ]);
});

test('a folder with train and test keeps them apart; train alone is split', async (context) => {
  const train = classFiles(['1', '2', '10'], 2, 'train/');
  const both = await loadDataset(
    await temporaryFolder(context, { ...train, ...classFiles(['1', '2', '10'], 1, 'test/') }),
  );
  assert.deepEqual(both.classNames, ['1', '2', '10']);
  assert.deepEqual([both.train.count, both.test.count], [6, 3]);
  const alone = await loadDataset(await temporaryFolder(context, train));
  assert.deepEqual([alone.train.count, alone.test.count], [3, 3]);
});

test('a class may be called train', async (context) => {
  const dataset = await loadDataset(await temporaryFolder(context, classFiles(['bus', 'test', 'train'], 2)));
  assert.deepEqual(dataset.classNames, ['bus', 'test', 'train']);
});

test('one colour picture makes all have three channels', async (context) => {
  const colour = pngBytes({ width: 2, height: 1, colourType: 2, rows: Uint8Array.of(0, 1, 2, 3, 4, 5, 6) });
  const files = {
    ...classFiles(['a', 'b'], 2, 'train/'),
    'test/a/0.png': colour,
    'test/b/0.PNG': greyPng(2, 1, 9),
  };
  const dataset = await loadDataset(await temporaryFolder(context, files));
  assert.deepEqual([dataset.train.channels, dataset.test.channels], [3, 3]);
  assert.deepEqual([...dataset.test.images], [1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9]);
});

test('each wrong folder of images has its own error', async (context) => {
  const load = async (files: Files, limits = {}): Promise<unknown> =>
    loadDataset(await temporaryFolder(context, files), { limits });
  const good = classFiles(['a', 'b'], 3);
  await expectError(
    load({ ...good, 'b/2.png': greyPng(1, 2, 0) }),
    'image-size',
    /2 x 1 pixels.*1 x 2 pixels/,
    /a.\d\.png/,
    /b.2\.png/,
  );
  await expectError(
    load({ ...good, 'b/2.png': greyPng(2, 1, 0).subarray(0, 50) }),
    'image-unreadable',
    /b.2\.png/,
    /cut short/,
  );
  await expectError(load({ ...good, 'b/2.jpg': 'not a picture' }), 'image-unreadable', /b.2\.jpg/);
  await expectError(load({ ...good, 'empty/': '' }), 'class-empty', /class empty/, /at least 2/);
  await expectError(
    load({ ...good, 'single/0.png': greyPng(2, 1, 0) }),
    'class-empty',
    /class single/,
    /holds 1/,
  );
  await expectError(load(classFiles(['a'], 3)), 'class-count', /has 1/);
  await expectError(
    load(Object.fromEntries(Array.from(Array(256).keys(), (index) => [`${index}/a.png`, '']))),
    'class-count',
    /has 256/,
  );
  const noPictures = { 'jobs/0/log.txt': '', 'cache/': '', 'notes/a.txt': '' };
  await expectError(load(noPictures), 'dataset-not-recognised', /must hold a folder of PNG or JPEG images/);
  await expectError(
    load({ 'train/a/': '', 'train/b/': '', 'test/a/': '' }),
    'dataset-not-recognised',
    /train/,
  );
  const apart = { ...classFiles(['a', 'b'], 1, 'train/'), ...classFiles(['a', 'c'], 1, 'test/') };
  await expectError(load(apart), 'class-mismatch', /class b/);
  await expectError(
    load({ ...classFiles(['a', 'b'], 1, 'train/'), ...classFiles(['a', 'b', 'c'], 1, 'test/') }),
    'class-mismatch',
    /class c/,
  );
  await expectError(
    load({ ...classFiles(['a', 'b'], 1, 'train/'), 'test/a/': '', 'test/b/': '' }),
    'class-empty',
    /class a/,
  );
  await expectError(load(good, { totalPixels: 11 }), 'dataset-too-large', /11 pixels/);
  await expectError(load(good, { imagePixels: 1 }), 'dataset-too-large', /1 pixels/);
  await expectError(load(good, { imageFileBytes: 50 }), 'dataset-too-large', /50 bytes/, /a.\d\.png/);
  await expectError(load(good, { files: 5 }), 'dataset-too-large', /5 files/);
  await expectError(load({ ...good, 'b/4.png/': '', 'b/3.png': '' }), 'image-unreadable', /b.3\.png/);
});

test(
  'a pipe among the pictures is refused, not waited for',
  { skip: process.platform === 'win32' },
  async (context) => {
    const folder = await temporaryFolder(context, classFiles(['a', 'b'], 2));
    execFileSync('mkfifo', [path.join(folder, 'a', 'pipe.png')]);
    await expectError(loadDataset(folder), 'file-unreadable', /pipe\.png/, /regular file/);
  },
);
