/** Results as a host lists, removes, restores and hands them out: runs of this machine and a real session. */
import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { ResultSummary, TakeAway } from '../../../core/contract/results.ts';
import { createHost, type Host } from '../../../main/host/host.ts';
import { browserShell, type Shell } from '../../../main/host/shell.ts';
import { parseResultJson } from '../../../main/report/result-file.ts';
import { SessionRoom } from '../../support/session-room.ts';
import { sampleComparison, sampleSimulation } from '../report/sample-results.ts';
import { Interface, openHost } from './open-host.ts';

const text = (file: TakeAway | { readonly saved: string | null }): string => {
  assert.ok('bytes' in file);
  return new TextDecoder().decode(file.bytes);
};

/** Stored entries by name; the fields that matter are read as APPNOTE 6.3 places them. */
function unzip(bytes: Uint8Array): Map<string, Buffer> {
  const file = Buffer.from(bytes);
  const entries = new Map<string, Buffer>();
  const end = file.length - 22;
  assert.equal(file.readUInt32LE(end), 0x06054b50);
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    assert.equal(file.readUInt32LE(at), 0x02014b50);
    const [size, nameLength, local] = [at + 24, at + 28, at + 42].map((place) => file.readUInt32LE(place));
    const length = nameLength! & 0xffff;
    const name = file.toString('ascii', at + 46, at + 46 + length);
    assert.equal(file.readUInt32LE(local), 0x04034b50);
    const content = local! + 30 + file.readUInt16LE(local! + 26) + file.readUInt16LE(local! + 28);
    entries.set(name, file.subarray(content, content + size!));
    at += 46 + length;
  }
  return entries;
}

describe('results of runs', () => {
  it('lists them, latest first, each in a line, a comparison with its rows', async () => {
    const { host, store } = await openHost();
    const screen = new Interface(host);
    const simulation = sampleSimulation();
    const comparison = { ...sampleComparison(), startedAt: '2031-01-01T00:00:00.000Z' };
    store.saveExperiment(comparison, 'Monday');
    store.saveExperiment(simulation, '');
    const [first, second] = await screen.ask('results', {});
    const rounds = comparison.simulation.rounds;
    assert.deepEqual(first, {
      id: 'run-1',
      kind: 'comparison',
      role: null,
      title: 'Monday',
      startedAt: comparison.startedAt,
      seconds: comparison.seconds,
      clients: comparison.simulation.settings.clients,
      roundsDone: rounds.length,
      rounds: comparison.simulation.settings.rounds,
      protections: { signatures: true, masks: true, quantisation: true },
      demonstration: false,
      accuracy: rounds.map(({ accuracy }) => accuracy),
      final: {
        accuracy: comparison.simulation.final.accuracy,
        f1Weighted: comparison.simulation.final.f1Weighted,
      },
      dropped: rounds.flatMap(({ dropped }) => dropped).length,
      recovered: comparison.simulation.events.filter(({ kind }) => kind === 'recovered').length,
      ended: null,
      resumable: false,
      engine: 'compiled',
      rows: comparison.rows.map(({ name, accuracy, f1Weighted, seconds, examples }) => ({
        name,
        accuracy,
        f1Weighted,
        seconds,
        examples,
      })),
    } satisfies ResultSummary);
    assert.deepEqual([second?.id, second?.kind, second?.rows], ['run-2', 'simulation', []]);
    assert.deepEqual(await screen.ask('result', { id: 'run-2' }), simulation);
    await host.close();
  });

  it('a run without a round has nothing to show; one without protections was a demonstration', async () => {
    const { host, store } = await openHost();
    const sample = sampleSimulation();
    const settings = { ...sample.settings, masks: false };
    store.saveExperiment({ ...sample, settings, rounds: [], ended: 'cancelled' }, 'A');
    const [summary] = await new Interface(host).ask('results', {});
    assert.deepEqual(
      [summary?.final, summary?.accuracy, summary?.ended, summary?.demonstration],
      [null, [], 'cancelled', true],
    );
    await host.close();
  });

  it('deletion can be undone, everybody is told, and another start ends it', async () => {
    const { host, store, folder } = await openHost();
    const [screen, other] = [new Interface(host), new Interface(host)];
    for (const title of ['A', 'B', 'C']) store.saveExperiment(sampleSimulation(), title);
    const titles = async () => (await screen.ask('results', {})).map(({ title }) => title).sort();
    await screen.ask('deleteResults', { ids: ['run-1', 'run-2', 'run-99'] });
    assert.deepEqual(await titles(), ['C']);
    assert.equal((await screen.refused('result', { id: 'run-1' })).code, 'result-unknown');
    await other.told('results');
    other.pushes.length = 0;
    await screen.ask('restoreResults', { ids: ['run-2', 'run-99'] });
    assert.deepEqual(await titles(), ['B', 'C']);
    await other.told('results');
    await host.close();

    const again = await openHost({ folder });
    await new Interface(again.host).ask('restoreResults', { ids: ['run-1'] });
    assert.equal(again.store.experiments().length, 2);
    await again.host.close();
  });

  it('what is deleted is gone for good after ten minutes, what was restored in between is not', async (t) => {
    const { host, store } = await openHost();
    const screen = new Interface(host);
    for (const title of ['A', 'B']) store.saveExperiment(sampleSimulation(), title);
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const ids = ['run-1', 'run-2'];
    await screen.ask('deleteResults', { ids });
    t.mock.timers.tick(9 * 60_000);
    await screen.ask('restoreResults', { ids });
    await screen.ask('deleteResults', { ids: ['run-2'] });
    // the first deletion's time
    t.mock.timers.tick(2 * 60_000);
    await screen.ask('restoreResults', { ids });
    assert.equal(store.experiments().length, 2);
    await screen.ask('deleteResults', { ids: ['run-1'] });
    t.mock.timers.tick(10 * 60_000);
    await screen.ask('restoreResults', { ids });
    t.mock.timers.reset();
    assert.deepEqual(
      store.experiments().map(({ title }) => title),
      ['B'],
    );
    await host.close();
  });

  it('hands out page, table and JSON in the language that is asked for', async () => {
    const { host, store } = await openHost();
    const screen = new Interface(host);
    const comparison = sampleComparison();
    store.saveExperiment(comparison, 'Élèves & Maîtres: lundi');
    const day = comparison.startedAt.slice(0, 10);
    const ask = (format: 'html' | 'csv' | 'json', language: 'en' | 'fr' = 'en') =>
      screen.ask('exportResult', { id: 'run-1', format, language });
    const page = await ask('html', 'fr');
    assert.deepEqual(
      [(page as TakeAway).name, (page as TakeAway).type],
      [`masquerade-eleves-maitres-lundi-${day}.html`, 'text/html; charset=utf-8'],
    );
    assert.match(text(page), /<html lang="fr">/);
    assert.match(text(await ask('html')), /<html lang="en">/);
    assert.match(text(await ask('csv')), /^row,round,accuracy/);
    assert.deepEqual(parseResultJson(text(await ask('json')), 'x'), comparison);
    for (const format of ['model', 'audit'])
      assert.equal(
        (await screen.refused('exportResult', { id: 'run-1', format, language: 'en' })).code,
        'sessions-only',
      );
    assert.equal(
      (await screen.refused('exportResult', { id: 'run-1', format: 'pdf', language: 'en' })).code,
      'pdf-needs-shell',
    );
    await host.close();
  });

  it('a shell that prints makes a PDF of the page, one that saves is handed the file', async () => {
    const saved: TakeAway[] = [];
    const shell: Shell = {
      ...browserShell('en'),
      printToPdf: (html) => Promise.resolve(new TextEncoder().encode(`%PDF of ${html.slice(0, 15)}`)),
      saveFile: (file) => {
        saved.push(file);
        return Promise.resolve('/home/ada/report.pdf');
      },
    };
    const { host, store } = await openHost({ shell });
    const screen = new Interface(host);
    store.saveExperiment(sampleSimulation(), '');
    const answer = await screen.ask('exportResult', { id: 'run-1', format: 'pdf', language: 'en' });
    assert.deepEqual(answer, { saved: '/home/ada/report.pdf' });
    assert.equal(text(saved[0]!), '%PDF of <!doctype html>');
    assert.match(saved[0]!.name, /^masquerade-simulation-\d{4}-\d\d-\d\d\.pdf$/);
    await host.close();
  });
});

describe('results of a session', () => {
  let room: SessionRoom;
  let host: Host;
  let screen: Interface;
  let id: string;
  let member: Interface;
  let memberHost: Host;

  before(async () => {
    room = await SessionRoom.open();
    const { coordinator, participants } = await room.startSession(['Ada', 'Chloé', 'Emmy'], { rounds: 1 });
    await Promise.all([coordinator.outcome, ...participants.map(({ outcome }) => outcome)]);
    id = `session-${coordinator.id}`;
    const shell = browserShell('en');
    host = createHost({ store: coordinator.store, version: '1', shell });
    screen = new Interface(host);
    memberHost = createHost({ store: participants[0]!.store, version: '1', shell });
    member = new Interface(memberHost);
  });
  after(async () => {
    await host.close();
    await memberHost.close();
    await room.close();
  });

  it('stands in the list of each of its machines', async () => {
    const [led, ...none] = await screen.ask('results', {});
    assert.deepEqual(none, []);
    assert.deepEqual(
      [led?.id, led?.role, led?.title, led?.clients, led?.roundsDone, led?.ended, led?.resumable],
      [id, 'coordinator', 'Test session', 3, 1, null, false],
    );
    const [joined] = await member.ask('results', {});
    assert.deepEqual([joined?.id, joined?.role, joined?.final], [id, 'participant', led?.final]);
    const result = await screen.ask('result', { id });
    assert.equal(result.kind, 'session');
  });

  it('gives its model as TensorFlow.js reads it, and its audit file to its coordinator alone', async () => {
    const ask = { id, language: 'en' } as const;
    const model = (await screen.ask('exportResult', { ...ask, format: 'model' })) as TakeAway;
    assert.match(model.name, /^masquerade-test-session-.*-model\.zip$/);
    const files = unzip(model.bytes);
    assert.deepEqual([...files.keys()], ['weights.bin', 'model.json']);
    const manifest = JSON.parse(files.get('model.json')!.toString()) as {
      readonly weightsManifest: readonly [
        { readonly weights: readonly { readonly shape: readonly number[] }[] },
      ];
    };
    const parameters = manifest.weightsManifest[0].weights.reduce(
      (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    );
    assert.equal(files.get('weights.bin')!.length, 4 * parameters);
    const same = (await member.ask('exportResult', { ...ask, format: 'model' })) as TakeAway;
    assert.deepEqual(unzip(same.bytes).get('weights.bin'), files.get('weights.bin'));

    const audit = (await screen.ask('exportResult', { ...ask, format: 'audit' })) as TakeAway;
    const [line = ''] = gunzipSync(audit.bytes).toString().split('\n');
    assert.equal((JSON.parse(line) as { readonly kind: string }).kind, 'header');
    assert.match(audit.name, /\.masquerade-audit$/);
    const refusal = await member.refused('exportResult', { ...ask, format: 'audit' });
    assert.equal(refusal.code, 'invalid-setting');
  });

  it('cannot be taken part in on the machine that led it, nor gone on with once it has ended', async () => {
    const join = {
      invitation: room.link,
      name: 'Ada',
      data: { kind: 'dealt' },
      agreeToDemonstration: false,
    } as const;
    assert.equal((await screen.refused('join', join)).code, 'leads-it');
    const session = id.slice('session-'.length);
    assert.equal((await screen.refused('resumeSession', { session })).code, 'session-over');
    assert.deepEqual(await screen.ask('activities', {}), []);
  });

  it('is restored with all that belongs to it', async () => {
    const before = await screen.ask('result', { id });
    await screen.ask('deleteResults', { ids: [id] });
    assert.deepEqual(await screen.ask('results', {}), []);
    assert.equal((await screen.refused('result', { id })).code, 'result-unknown');
    await screen.ask('restoreResults', { ids: [id] });
    assert.deepEqual(await screen.ask('result', { id }), before);
  });
});

test('a session whose coordinator ended in the middle can be gone on with, until it is deleted', async () => {
  const room = await SessionRoom.open();
  const { store, session, outcome, id } = await room.coordinate({});
  session.leaveForNow();
  await outcome;
  const host = createHost({ store, version: '1', shell: browserShell('en') });
  const screen = new Interface(host);
  const [open] = await screen.ask('results', {});
  assert.deepEqual([open?.id, open?.resumable, open?.final], [`session-${id}`, true, null]);
  await screen.ask('deleteResults', { ids: [`session-${id}`] });
  assert.equal((await screen.refused('resumeSession', { session: id })).code, 'session-unknown');
  await host.close();
  await room.close();
});
