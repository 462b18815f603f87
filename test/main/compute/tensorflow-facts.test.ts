/** What the settings say of TensorFlow before it is set up, when it is, and after a set-up that was cut short. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  recordName,
  tensorflowCommand,
  tensorflowSetUp,
  wheelBytes,
} from '../../../main/compute/tensorflow-facts.ts';

describe('tensorflowSetUp()', () => {
  let out = '';
  let folder: URL;
  before(async () => {
    out = await mkdtemp(join(tmpdir(), 'masquerade-tensorflow-'));
    folder = pathToFileURL(join(out, 'tensorflow/'));
  });
  after(() => rm(out, { recursive: true }));

  const missing = {
    command: tensorflowCommand,
    downloadBytes: wheelBytes.fetched,
    placedBytes: wheelBytes.placed,
    isUnfinished: false,
  };

  it('says how much the command fetches and places where nothing is there', async () => {
    assert.deepEqual(await tensorflowSetUp(folder, true), missing);
    assert.deepEqual(await tensorflowSetUp(pathToFileURL(join(out, 'none/of/it/')), true), missing);
    assert.equal(await tensorflowSetUp(folder, false), null);
  });

  it('tells that a set-up has not come to its end', async () => {
    await mkdir(join(out, 'tensorflow-partial-12345'));
    assert.deepEqual(await tensorflowSetUp(folder, true), { ...missing, isUnfinished: true });
    await rm(join(out, 'tensorflow-partial-12345'), { recursive: true });
    await mkdir(folder);
    await writeFile(new URL(recordName, folder), '{');
    assert.deepEqual(await tensorflowSetUp(folder, true), missing);
  });

  it('says what it takes of the disk where it is there, and what takes it away, but in a package', async () => {
    const files = [2_000_000, 46].map((sizeBytes, index) => ({ path: `lib/${index}`, sizeBytes }));
    const record = { tensorflow: '2.0.0', source: 'wheel', tfjsNode: '4.0.0', files };
    await writeFile(new URL(recordName, folder), JSON.stringify(record));
    const there = {
      command: `${tensorflowCommand} -- --remove`,
      downloadBytes: 0,
      placedBytes: 2_000_046,
      isUnfinished: false,
    };
    assert.deepEqual(await tensorflowSetUp(folder, true), there);
    assert.deepEqual(await tensorflowSetUp(folder, false), { ...there, command: '' });
  });
});
