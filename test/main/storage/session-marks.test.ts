/**
 * The second place of what a client must remember: no crash bars an honest client, and no record that was copied, moved
 * or brought back passes.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startRecord, type ClientRecord } from '../../../core/secagg/client-session.ts';
import { systemRandom } from '../../../core/crypto/random.ts';
import type { StoreOptions } from '../../../main/storage/open-store.ts';
import { parseMachineGuid, parsePlatformUuid } from '../../../main/storage/machine-id.ts';
import {
  addTestIdentity,
  clientRecord,
  completedRound,
  newFolder,
  open,
  sessionId,
  sessionRow,
  type StoreFolder,
} from './store-folder.ts';

const script = join(import.meta.dirname, '../../support/storage-process.ts');
const steps = ['first mark written', 'record committed', 'mark written'];
const sessionBytes = Uint8Array.from(Buffer.from(sessionId, 'hex'));

/** A folder with the session, and what was saved in it. */
async function joinedFolder(...records: readonly ClientRecord[]): Promise<StoreFolder> {
  const folder = newFolder();
  const store = await open(folder);
  addTestIdentity(store);
  store.createSession(sessionRow({ role: 'participant' }), { transportPrivateKey: null });
  for (const record of records) store.saveClientRecord(record);
  store.close();
  return folder;
}

/** What a client makes of the folder at its next start: the record it goes on from, or 'barred'. */
async function startIn(
  folder: StoreFolder,
  options: Partial<StoreOptions> = {},
): Promise<ClientRecord | 'barred'> {
  const store = await open(folder, options);
  try {
    const start = startRecord(sessionBytes, store.clientSession(sessionId), systemRandom);
    return 'record' in start ? start.record : 'barred';
  } finally {
    store.close();
  }
}

async function save(folder: StoreFolder, record: ClientRecord): Promise<void> {
  const store = await open(folder);
  store.saveClientRecord(record);
  store.close();
}

function killWhileSaving(folder: StoreFolder, record: ClientRecord, step: string): void {
  const { signal, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      script,
      'kill-saving',
      folder.data,
      folder.state,
      step,
      JSON.stringify(record),
    ],
    { encoding: 'utf8' },
  );
  assert.equal(signal, 'SIGKILL', stderr);
  assert.equal(stdout, '', `it went past "${step}"`);
}

/** Brings a state of the database back into the very same file: path and inode stay. */
function putBack(folder: StoreFolder, database: Buffer): void {
  writeFileSync(folder.database, database);
}

test(
  'saveClientRecord() killed between any two steps: the client goes on from the old record or the new',
  { skip: process.platform === 'win32' },
  async () => {
    const earlier = clientRecord({ token: 'aa', round: 1, attempt: 1 });
    const later = clientRecord({ token: 'bb', round: 1, attempt: 1 });
    for (const before of [undefined, earlier]) {
      for (const step of steps) {
        // a session that has a mark needs no first one
        if (before !== undefined && step === 'first mark written') continue;
        const folder = await joinedFolder(...(before === undefined ? [] : [before]));
        killWhileSaving(folder, later, step);
        const started = await startIn(folder);
        assert.notEqual(started, 'barred', step);
        const found = (started as ClientRecord).round;
        assert.equal(found, step === 'first mark written' ? 0 : 1, step);

        // and nothing that was there before passes once another record has been saved
        const asKilled = readFileSync(folder.database);
        await save(folder, started as ClientRecord);
        await save(folder, clientRecord({ token: 'cc', round: 2, attempt: 1 }));
        const asLast = readFileSync(folder.database);
        putBack(folder, asKilled);
        assert.equal(await startIn(folder), 'barred', step);
        putBack(folder, asLast);
        assert.equal(((await startIn(folder)) as ClientRecord).round, 2);
      }
    }
  },
);

test('a database put back to any earlier record is noticed, within one start too', async () => {
  const folder = newFolder();
  const states: Buffer[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const store = await open(folder);
    if (attempt === 0) {
      addTestIdentity(store);
      store.createSession(sessionRow({ role: 'participant' }), { transportPrivateKey: null });
    }
    // the token of one start: only the attempts differ
    store.saveClientRecord(clientRecord({ token: 'aa', round: 1, attempt }));
    store.close();
    states.push(readFileSync(folder.database));
  }
  for (const [attempt, state] of states.entries()) {
    putBack(folder, state);
    const started = await startIn(folder);
    assert.equal(started === 'barred', attempt < 3, `attempt ${attempt}`);
  }
});

test('a folder brought back from before the session is noticed, in the same file and in a new one', async () => {
  const folder = newFolder();
  const store = await open(folder);
  addTestIdentity(store);
  store.close();
  const before = readFileSync(folder.database);
  const joined = await open(folder);
  joined.createSession(sessionRow({ role: 'participant' }), { transportPrivateKey: null });
  joined.saveClientRecord(clientRecord());
  joined.close();

  putBack(folder, before);
  assert.equal(await startIn(folder), 'barred');
  renameSync(folder.database, `${folder.database}.other`);
  writeFileSync(folder.database, before);
  assert.equal(await startIn(folder), 'barred');
});

test('a copied, moved or replaced folder finds its record and no mark, and cannot save over it', async () => {
  const folder = await joinedFolder(clientRecord({ round: 1 }));
  const ways: Readonly<Record<string, (to: StoreFolder) => Partial<StoreOptions>>> = {
    copied: (to) => {
      cpSync(folder.data, to.data, { recursive: true });
      return { stateFolder: folder.state };
    },
    'copied without the second place': (to) => {
      cpSync(folder.data, to.data, { recursive: true });
      return {};
    },
    'of another machine, whose state was copied too': () => ({
      folder: folder.data,
      stateFolder: folder.state,
      machine: 'another machine',
    }),
    'with another file in place of the database': () => {
      copyFileSync(folder.database, `${folder.database}.copy`);
      renameSync(`${folder.database}.copy`, folder.database);
      return { folder: folder.data, stateFolder: folder.state };
    },
  };
  for (const [name, way] of Object.entries(ways)) {
    const to = newFolder();
    const options = way(to);
    const store = await open(to, options);
    const { record, mark } = store.clientSession(sessionId);
    assert.deepEqual([record?.round, mark], [1, undefined], name);
    assert.throws(
      () => {
        store.saveClientRecord(clientRecord({ round: 2 }));
      },
      { code: 'client-barred', details: { reason: 'state-lost' } },
      name,
    );
    store.close();
    assert.equal(await startIn(to, options), 'barred', name);
  }
});

test('a moved folder is barred; moved back it is not', async () => {
  const folder = await joinedFolder(clientRecord());
  const moved = newFolder();
  renameSync(folder.data, moved.data);
  assert.equal(await startIn(moved, { stateFolder: folder.state }), 'barred');
  renameSync(moved.data, folder.data);
  assert.notEqual(await startIn(folder), 'barred');
});

test('a mark that is lost or damaged bars; two members on one machine have marks of their own', async () => {
  const folder = await joinedFolder(clientRecord());
  const marks = join(folder.state, 'session-marks');
  const [mark = ''] = readdirSync(marks);
  const content = readFileSync(join(marks, mark));
  for (const damaged of ['', 'x'.repeat(content.length), content.subarray(0, 60)]) {
    writeFileSync(join(marks, mark), damaged);
    assert.equal(await startIn(folder), 'barred');
  }
  rmSync(join(marks, mark));
  assert.equal(await startIn(folder), 'barred');
  writeFileSync(join(marks, mark), content);

  const other = newFolder();
  const store = await open(other, { stateFolder: folder.state });
  const { row } = addTestIdentity(store, 2);
  store.createSession(sessionRow({ role: 'participant', identity: row.fingerprint }), {
    transportPrivateKey: null,
  });
  store.saveClientRecord(clientRecord({ round: 5 }));
  store.close();
  assert.equal(((await startIn(other, { stateFolder: folder.state })) as ClientRecord).round, 5);
  assert.equal(((await startIn(folder)) as ClientRecord).round, 0);
  assert.equal(readdirSync(marks).length, 2);
});

test('marks name neither session nor token', async () => {
  const folder = await joinedFolder(clientRecord({ token: 'feedface' }));
  const marks = join(folder.state, 'session-marks');
  for (const name of readdirSync(marks)) {
    const text = name + readFileSync(join(marks, name), 'latin1');
    assert.ok(!text.includes(sessionId) && !text.includes('feedface'));
  }
});

test('a state folder that cannot be written is a clear error, and saves nothing that would bar', async () => {
  const folder = await joinedFolder();
  mkdirSync(folder.state, { recursive: true });
  writeFileSync(join(folder.state, 'session-marks'), 'a file');
  const store = await open(folder);
  assert.throws(
    () => {
      store.saveClientRecord(clientRecord());
    },
    { code: 'folder-unusable' },
  );
  store.close();
  rmSync(join(folder.state, 'session-marks'));
  assert.notEqual(await startIn(folder), 'barred');
});

test(
  'a process killed while it writes rounds leaves whole rounds only',
  { skip: process.platform === 'win32' },
  async () => {
    for (let delayMs = 5; delayMs < 100; delayMs += 23) {
      const folder = await joinedFolder();
      const child = spawn(
        process.execPath,
        [
          '--disable-warning=ExperimentalWarning',
          script,
          'write-rounds',
          folder.data,
          folder.state,
          '',
          JSON.stringify(completedRound(1)),
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const exited = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      child.kill('SIGKILL');
      await exited;
      const store = await open(folder);
      const rounds = [...store.completedRounds(sessionId)];
      assert.ok(rounds.length >= 1);
      for (const [index, { round, sum, model, serverState }] of rounds.entries()) {
        assert.equal(round, index + 1);
        assert.deepEqual([sum?.length, sum?.[49_999]], [50_000, round]);
        assert.equal(model.weights[49_999], round);
        assert.equal(serverState !== null, index === rounds.length - 1);
      }
      assert.equal(store.metrics(sessionId).length, rounds.length * 7);
      assert.equal(store.model(`m${rounds.length + 1}`), undefined);
      store.close();
    }
  },
);

test('parsePlatformUuid(), parseMachineGuid() find the machine in what its system says', () => {
  const ioreg = `+-o J314sAP  <class IOPlatformExpertDevice>
    {
      "IOPlatformSerialNumber" = "C02"
      "IOPlatformUUID" = "A1B2C3D4-0000-1111-2222-333344445555"
    }`;
  assert.equal(parsePlatformUuid(ioreg), 'A1B2C3D4-0000-1111-2222-333344445555');
  assert.equal(parsePlatformUuid(''), undefined);
  const reg =
    '\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    0a1b2c3d-0000-1111-2222-333344445555\r\n';
  assert.equal(parseMachineGuid(reg), '0a1b2c3d-0000-1111-2222-333344445555');
  assert.equal(parseMachineGuid('ERROR'), undefined);
});
