/** Reading zip archives: what is wanted, and nothing outside the folder. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unzip } from '../../../build/tensorflow/zip.ts';
import { zipOf } from './stand-ins.ts';

describe('unzip()', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-zip-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function archiveOf(files: Readonly<Record<string, string>>): Promise<string> {
    const path = join(folder, 'archive.zip');
    await writeFile(path, zipOf(files));
    return path;
  }

  it('gives deflated, stored and empty files, those that are wanted', async () => {
    const long = 'deflated '.repeat(10_000);
    const path = await archiveOf({
      'a/long.txt': long,
      'a/short.txt': 'stored',
      'b.txt': 'other',
      'a/none': '',
    });
    const target = join(folder, 'target');
    const names = await unzip(path, target, (name) => name.startsWith('a/'));
    assert.deepEqual(names, ['a/long.txt', 'a/short.txt', 'a/none']);
    assert.equal(await readFile(join(target, 'a/long.txt'), 'utf8'), long);
    assert.equal(await readFile(join(target, 'a/short.txt'), 'utf8'), 'stored');
    assert.equal(await readFile(join(target, 'a/none'), 'utf8'), '');
    assert.deepEqual((await readdir(target)).sort(), ['a']);
  });

  it('refuses names that lead out of the folder, and what is no archive', async () => {
    for (const name of ['../out.txt', 'a/../../out.txt', '/out.txt'])
      await assert.rejects(
        unzip(await archiveOf({ [name]: 'x' }), folder, () => true),
        /file of the name/,
      );
    await writeFile(join(folder, 'text'), 'no archive');
    await assert.rejects(
      unzip(join(folder, 'text'), folder, () => true),
      /no zip archive/,
    );
  });
});
