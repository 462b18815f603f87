/** The set-up of TensorFlow with stand-ins for servers and programs: what it places, what it refuses, what it leaves. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CannotSetUp } from '../../../build/tensorflow/parts.ts';
import { remove, setUp, type SetUpOptions } from '../../../build/tensorflow/set-up.ts';
import { sources as ownSources } from '../../../build/tensorflow/sources.ts';
import { possibleMachine, standIns, type StandIns } from './stand-ins.ts';

let at: StandIns;
let said: string[];
let target: string;
let tested: string[];

async function prepare(answer: Parameters<typeof standIns>[0]): Promise<void> {
  at = await standIns(answer);
  target = join(at.folder, 'out/tensorflow');
}

type Changes = Partial<Omit<SetUpOptions, 'surroundings'>> & {
  readonly surroundings?: Partial<SetUpOptions['surroundings']>;
};

function options({ surroundings = {}, ...changes }: Changes = {}): SetUpOptions {
  return {
    folder: target,
    sources: at.sources,
    machine: possibleMachine,
    selfTest(place) {
      tested.push(place);
      return Promise.resolve();
    },
    surroundings: {
      say: (line) => void said.push(line),
      signal: new AbortController().signal,
      npm: at.npm,
      pip: [at.pip],
      compiler: [at.compiler],
      ...surroundings,
    },
    ...changes,
  };
}

/** Nothing below the folder that it is set up in, whole or half. */
async function assertNothingLeft(): Promise<void> {
  const parent = join(at.folder, 'out');
  assert.deepEqual(existsSync(parent) ? await readdir(parent) : [], []);
}

async function assertRefused(changes: Changes, reason: RegExp): Promise<void> {
  await assert.rejects(setUp(options(changes)), (error) => {
    assert.ok(error instanceof CannotSetUp, String(error));
    assert.match(error.message, reason);
    return true;
  });
  await assertNothingLeft();
}

describe('setUp()', () => {
  beforeEach(() => {
    said = [];
    tested = [];
  });
  afterEach(async () => {
    await at.close();
    await rm(at.folder, { recursive: true });
  });

  it('places the libraries of the archive, the addon, what is needed of tfjs-node and the notices, and tests them', async () => {
    await prepare('archive');
    await setUp(options({ surroundings: { pip: [] } }));
    assert.equal(tested.length, 1);
    const files = (await readdir(target, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(target.length + 1))
      .sort();
    assert.deepEqual(files, [
      'LICENSE',
      'NOTICES.txt',
      'lib/libtensorflow.so.2',
      'lib/tfjs_binding.node',
      'node_modules/@tensorflow/tfjs-node/dist/kept.js',
      'node_modules/@tensorflow/tfjs-node/package.json',
      'node_modules/@tensorflow/tfjs/index.js',
      'node_modules/@tensorflow/tfjs/package.json',
      'package.json',
      'set-up.json',
    ]);
    const record = JSON.parse(await readFile(join(target, 'set-up.json'), 'utf8')) as Record<string, unknown>;
    assert.deepEqual([record['tensorflow'], record['source']], ['2.0.0', 'archive']);
    assert.match(said[0]!, /downloads .*tfjs-node.*TensorFlow 2\.0\.0.*TensorFlow 3\.0\.0 by pip/);
    assert.deepEqual(await readdir(join(at.folder, 'out')), ['tensorflow']);
  });

  it('takes the libraries out of the wheel where the archive cannot be had, and says why', async () => {
    await prepare('not found');
    await setUp(options());
    assert.equal(existsSync(join(target, 'lib/libtensorflow_cc.so.2')), true);
    assert.ok(said.some((line) => line.includes('cannot be had: the server answers 404')));
  });

  it('finds what is there, fetches nothing again, and mends what was altered', async () => {
    await prepare('not found');
    await setUp(options());
    await setUp(options({ surroundings: { npm: ['false'], pip: [], compiler: [] } }));
    assert.match(said.at(-1)!, /TensorFlow 3\.0\.0 is set up, whole, and trains/);
    await writeFile(join(target, 'lib/tfjs_binding.node'), 'other');
    await setUp(options());
    assert.ok(said.some((line) => line.includes('lib/tfjs_binding.node is altered')));
    assert.equal(await readFile(join(target, 'lib/tfjs_binding.node'), 'utf8'), 'addon');
    assert.equal(tested.length, 3);
  });

  it('refuses other systems, C libraries and processors, and says what could be done', async () => {
    await prepare('archive');
    await assertRefused(
      { machine: { ...possibleMachine, name: 'win32 on x64', isPossible: false } },
      /this is win32 on x64\. On Windows, the Windows Subsystem for Linux/,
    );
    await assertRefused({ machine: { ...possibleMachine, hasGlibc: false } }, /need the GNU C library/);
    await assertRefused({ machine: { ...possibleMachine, hasAvx: false } }, /need a processor with AVX/);
  });

  it('refuses files of other checksums, whoever hands them out', async () => {
    await prepare('altered');
    await assertRefused(
      {},
      /archive\.tar\.gz is another file than expected: its checksum must be [0-9a-f]{64}, and is/,
    );
    const wheel = { ...at.sources.wheel, sha256: '0'.repeat(64) };
    const archive = { ...at.sources.archive, address: 'http://127.0.0.1:1/nothing' };
    await assertRefused(
      { sources: { ...at.sources, archive, wheel } },
      /tensorflow-cpu==3\.0\.0 is another file/,
    );
    const packages = at.sources.packages.map((wanted) => ({ ...wanted, integrity: 'sha512-none' }));
    await assertRefused({ sources: { ...at.sources, packages } }, /tfjs-node 1\.2\.3 is another file/);
  });

  it('says which program is missing, and how to get it', async () => {
    await prepare('not found');
    await assertRefused(
      { surroundings: { pip: [['no-such-pip']] } },
      /There is no pip .* apt install python3-pip/,
    );
    await assertRefused({ surroundings: { compiler: [] } }, /There is no compiler for C\+\+/);
    await assertRefused({ surroundings: { npm: ['no-such-npm'] } }, /npm could not fetch/);
    await assertRefused({ surroundings: { pip: [['true']] } }, /pip could not fetch/);
  });

  it('refuses a disk without room before it downloads anything', async () => {
    await prepare('archive');
    const wheel = { ...at.sources.wheel, placedBytes: 1e18 };
    await assertRefused(
      { sources: { ...at.sources, wheel }, surroundings: { npm: ['false'] } },
      /must have .* free while TensorFlow is set up, and has/,
    );
  });

  it('leaves nothing when it is ended, nor what it started', async () => {
    await prepare('not found');
    const ended = new AbortController();
    const running = setUp(options({ surroundings: { pip: [at.endlessPip], signal: ended.signal } }));
    const outcome = assert.rejects(running, { message: 'ended by a person' });
    while (!existsSync(at.endlessPipNumber)) await delay(10);
    ended.abort(new CannotSetUp('ended by a person'));
    await outcome;
    await assertNothingLeft();
    const pid = Number(await readFile(at.endlessPipNumber, 'utf8'));
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  it('leaves what was there where the new one does not train, and takes away what a killed one left', async () => {
    await prepare('not found');
    await mkdir(`${target}-partial-4194305/scratch`, { recursive: true });
    await assertRefused(
      { selfTest: () => Promise.reject(new CannotSetUp('it does not train')) },
      /it does not train/,
    );
  });
});

describe('remove()', () => {
  it('takes all of it away and says how much that was; then there is nothing to remove', async () => {
    await prepare('not found');
    said = [];
    tested = [];
    await setUp(options());
    await remove(target, (line) => void said.push(line));
    assert.match(said.at(-1)!, /TensorFlow is removed: \d.* MB freed/);
    await assertNothingLeft();
    await remove(target, (line) => void said.push(line));
    assert.match(said.at(-1)!, /nothing to remove/);
    await at.close();
    await rm(at.folder, { recursive: true });
  });
});

describe('the sources of TensorFlow', () => {
  it('are pinned by version and by whole checksums', () => {
    for (const { version, integrity } of ownSources.packages) {
      assert.match(version, /^\d+\.\d+\.\d+$/);
      assert.equal(Buffer.from(integrity.replace('sha512-', ''), 'base64').length, 64);
    }
    for (const { sha256 } of [ownSources.archive, ownSources.wheel]) assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.match(ownSources.wheel.requirement, /^tensorflow-cpu==\d+\.\d+\.\d+$/);
  });
});
