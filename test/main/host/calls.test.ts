/** Whatever an interface sends, a host answers in words; what does not fit the contract changes nothing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type MethodName, methodSchemas } from '../../../core/contract/host.ts';
import { invalidSetting } from '../../../core/errors/federation-error.ts';
import { answerCall, HostFailure, type HostMethods } from '../../../main/host/calls.ts';
import { Interface, type OpenedHost, openHost } from './open-host.ts';

const names = Object.keys(methodSchemas) as MethodName[];
const simulation = 'simulation-0123456789abcdef';
const attack = {
  attack: 'closed-form',
  target: { kind: 'fresh' },
  protection: { signature: false, masks: false, noise: 0 },
  settings: {},
  seed: 1,
};

/** For each method, one argument that does not fit while all others do. */
const almostRight: Readonly<Record<MethodName, readonly Readonly<Record<string, unknown>>[]>> = {
  about: [{ language: 'en' }],
  machine: [{ all: true }],
  engines: [{ all: true }],
  measureEngines: [{ model: 'cnn' }],
  savePreferences: [{ theme: 'sepia' }, { name: 'x'.repeat(81) }, { processes: 0 }, { colour: 'red' }],
  activities: [{ all: true }],
  watch: [{ activity: 'x' }, { activity: `../${simulation}` }, { activity: [simulation] }],
  unwatch: [{ activity: 'simulation-' }],
  closeActivity: [{ activity: null }],
  command: [
    { activity: simulation, command: { do: 'explode' } },
    { activity: simulation, command: { do: 'pace', pace: 'fast' } },
    { activity: simulation, command: { do: 'fault', client: 0, fault: 'drop' } },
    { activity: simulation, command: { do: 'remove', fingerprint: 'F00' } },
    { activity: simulation, command: { do: 'deadline', seconds: -1 } },
  ],
  pictures: [
    { activity: simulation, client: 501, round: 1 },
    { activity: simulation, client: 1, round: 0 },
  ],
  sumPicture: [{ activity: simulation }],
  roundRecord: [{ activity: simulation, round: 1.5 }],
  openBallot: [
    { activity: simulation, ballot: { height: 2, width: 2, pictures: [new Uint8Array(4)] } },
    {
      activity: simulation,
      ballot: { height: 2, width: 2, pictures: [new Uint8Array(4), new Uint8Array(3)] },
    },
    {
      activity: simulation,
      ballot: { height: 65, width: 1, pictures: [new Uint8Array(65), new Uint8Array(65)] },
    },
  ],
  closeBallot: [{ activity: 'x' }],
  ballotPictures: [{ activity: simulation, ballot: 1 }],
  ownImages: [{ activity: simulation, count: 257 }],
  plan: [
    { settings: { clients: 2 }, purpose: 'simulation', data: 'dealt', demonstration: false },
    { settings: {}, purpose: 'fun', data: 'dealt', demonstration: false },
    { settings: {}, purpose: 'simulation', data: 'dealt' },
  ],
  simulate: [
    { title: '', settings: {}, pace: 'full' },
    { title: '   ', settings: {}, pace: 'full' },
    { title: 'x'.repeat(81), settings: {}, pace: 'full' },
    { title: 'x', settings: { rounds: 0 }, pace: 'full' },
    { title: 'x', settings: { colour: 1 }, pace: 'full' },
    { title: 'x', settings: {}, pace: 'fast' },
  ],
  compare: [{ title: 'x', settings: { batch: 0 } }],
  coordinate: [
    { title: 'x', settings: {}, data: 'mine', demonstration: false, deadlineSeconds: null },
    { title: 'x', settings: {}, data: 'own', demonstration: 'no', deadlineSeconds: null },
    { title: 'x', settings: {}, data: 'own', demonstration: false, deadlineSeconds: 0 },
  ],
  resumeSession: [{ session: 'ABC' }, { session: 'g'.repeat(32) }],
  readInvitation: [{ text: 'x'.repeat(4097) }],
  join: [
    { invitation: '', name: 'Ada', data: { kind: 'dealt' }, agreeToDemonstration: false },
    { invitation: 'x', name: ' ', data: { kind: 'dealt' }, agreeToDemonstration: false },
    { invitation: 'x', name: 'Ada', data: { kind: 'folder' }, agreeToDemonstration: false },
    { invitation: 'x', name: 'Ada', data: { kind: 'dealt', path: '/' }, agreeToDemonstration: false },
  ],
  lookAround: [{ on: 1 }],
  chooseFolder: [{ path: '/' }],
  describeData: [{ source: '' }],
  drawings: [{ label: 1 }],
  addDrawing: [
    { label: 10, pixels: new Uint8Array(784) },
    { label: 1, pixels: new Uint8Array(783) },
    { label: 1, pixels: Array.from({ length: 784 }, () => 0) },
  ],
  removeDrawings: [{ ids: [] }, { ids: [0] }, { ids: ['1'] }],
  restoreDrawings: [{ ids: 1 }],
  classify: [
    { model: 'run', pixels: new Uint8Array(784) },
    { model: 'run-1', pixels: new Uint8Array(1) },
  ],
  trainedModel: [{ model: '../model' }, { model: 'run-1', pixels: new Uint8Array(784) }],
  results: [{ limit: 1 }],
  result: [{ id: '1' }, { id: 'run--1' }, { id: 'session-1' }, { id: "run-1' OR 1=1" }],
  deleteResults: [{ ids: [] }, { ids: ['*'] }],
  restoreResults: [{ ids: ['run-1', 2] }],
  exportResult: [
    { id: 'run-1', format: 'exe', language: 'en' },
    { id: 'run-1', format: 'html', language: 'de' },
  ],
  backUpIdentity: [{ passphrase: '' }, { passphrase: 'x'.repeat(1025) }],
  restoreIdentity: [
    { bytes: new Uint8Array(1_000_001), passphrase: 'x', replace: false },
    { bytes: 'MII', passphrase: 'x', replace: false },
  ],
  protect: [{ passphrase: '' }, {}],
  attackTargets: [{ all: true }],
  startAttack: [
    { ...attack, attack: 'magic' },
    { ...attack, target: { kind: 'model', model: '../etc' } },
    { ...attack, target: { kind: 'update', activity: simulation } },
    { ...attack, protection: { signature: true, masks: true, noise: -1 } },
    { ...attack, protection: { masks: true } },
    { ...attack, settings: { batch: null } },
    { ...attack, seed: 0.5 },
  ],
  attackRuns: [{ all: true }],
  watchAttack: [{ run: 'run-1' }, { run: simulation }],
  unwatchAttack: [{ run: 'run-0123456789abcdeg' }],
  stopAttack: [{ run: 'run-0123456789ABCDEF' }],
  attackReports: [{ limit: 1 }],
  attackReport: [{ id: 'attack-x' }, { id: 'run-1' }],
  removeAttackReports: [{ ids: [] }, { ids: ['attack-1', 1] }],
  restoreAttackReports: [{ ids: 'attack-1' }],
  putInReport: [{ id: 'attack-1' }, { id: 'attack-1', on: 'yes' }],
  exportAttacks: [
    { ids: [], format: 'html', language: 'en' },
    { ids: ['attack-1'], format: 'exe', language: 'en' },
    { ids: ['attack-1'], format: 'html', language: 'de' },
  ],
  report: [{ message: 'x'.repeat(10_001) }],
};

describe('a host', () => {
  let opened: OpenedHost;
  let screen: Interface;
  before(async () => {
    opened = await openHost();
    screen = new Interface(opened.host);
  });
  after(() => opened.host.close());

  it('refuses arguments that are no object of the contract, method by method, and changes nothing', async () => {
    for (const name of names) {
      const wrong = [undefined, null, 1, 'x', [], [{}], { surplus: 1 }, ...almostRight[name]];
      for (const args of wrong) {
        const error = await screen.refused(name, args);
        assert.equal(error.code, 'arguments-refused', `${name} ${JSON.stringify(args)}`);
        assert.match(error.message, /^Cannot use .+: .+\.$/);
      }
    }
    const { store } = opened;
    assert.deepEqual([store.experiments(), store.sessions(), store.drawings()], [[], [], []]);
    assert.equal(store.preferences().theme, 'system');
    assert.deepEqual(await screen.ask('activities', {}), []);
    assert.deepEqual(screen.pushes, []);
  });

  it('knows the methods of the contract and no other', async () => {
    for (const name of [
      '',
      'About',
      'call',
      'constructor',
      '__proto__',
      'toString',
      'about ',
      1,
      null,
      {},
      ['about'],
    ]) {
      const result = await screen.client.call(name, {});
      assert.ok(!result.ok);
      assert.equal(result.error.code, 'call-unknown');
    }
  });

  it('says so where there is no such activity, or no such result', async () => {
    const activity = simulation;
    for (const [name, args] of [
      ['watch', { activity }],
      ['unwatch', { activity }],
      ['closeActivity', { activity }],
      ['command', { activity, command: { do: 'stop' } }],
      ['pictures', { activity, client: 1, round: null }],
      ['sumPicture', { activity, round: null }],
      ['roundRecord', { activity, round: 1 }],
      ['ownImages', { activity, count: 4 }],
    ] as const)
      assert.equal((await screen.refused(name, args)).code, 'activity-unknown', name);
    const id = 'run-12';
    assert.equal((await screen.refused('result', { id })).code, 'result-unknown');
    assert.equal(
      (await screen.refused('result', { id: `session-${'a'.repeat(32)}` })).code,
      'result-unknown',
    );
    assert.equal(
      (await screen.refused('exportResult', { id, format: 'csv', language: 'en' })).code,
      'result-unknown',
    );
    const run = 'run-0123456789abcdef';
    for (const name of ['watchAttack', 'unwatchAttack', 'stopAttack'])
      assert.equal((await screen.refused(name, { run })).code, 'run-unknown', name);
    for (const [name, args] of [
      ['attackReport', { id: 'attack-1' }],
      ['putInReport', { id: 'attack-1', on: true }],
      ['exportAttacks', { ids: ['attack-1'], format: 'json', language: 'en' }],
    ] as const)
      assert.equal((await screen.refused(name, args)).code, 'report-unknown', name);
    assert.equal(
      (await screen.refused('resumeSession', { session: 'a'.repeat(32) })).code,
      'session-unknown',
    );
  });
});

describe('answerCall()', () => {
  const throwing = (error: unknown) =>
    ({
      about: () => {
        throw error;
      },
    }) as unknown as HostMethods;

  it("hands on a known error's code and words, and tells nobody of a fault", async () => {
    const faults: unknown[] = [];
    const error = invalidSetting('port', 0, 'above 0');
    const known = await answerCall(throwing(error), 'about', {}, (fault) => faults.push(fault));
    assert.deepEqual(known, {
      ok: false,
      error: {
        code: 'invalid-setting',
        message: 'Cannot use port, as it must be above 0, and is 0.',
        details: { field: 'port', value: 0, allowed: 'above 0' },
      },
    });
    const failure = new HostFailure('too-late', 'It is too late.');
    const own = await answerCall(throwing(failure), 'about', {}, (fault) => faults.push(fault));
    assert.deepEqual(own, {
      ok: false,
      error: { code: 'too-late', message: 'It is too late.', details: {} },
    });
    assert.deepEqual(faults, []);
  });

  it('calls everything else a fault of Masquerade, and tells of it', async () => {
    for (const error of [new TypeError('x is not a function'), 'a text', undefined]) {
      const faults: unknown[] = [];
      const result = await answerCall(throwing(error), 'about', {}, (fault, call) =>
        faults.push(fault, call),
      );
      assert.ok(!result.ok);
      assert.equal(result.error.code, 'fault');
      assert.deepEqual(faults, [error, 'about']);
    }
  });
});

it('a fault stands in the log file with its call, and the interface hears of it', async () => {
  const { host, store, folder } = await openHost();
  const screen = new Interface(host);
  store.close();
  const error = await screen.refused('drawings', {});
  assert.equal(error.code, 'fault');
  assert.match(
    readFileSync(join(folder.data, 'masquerade.log'), 'utf8'),
    /^\S+Z {2}fault in drawings: TypeError/,
  );
  await host.close();
});
