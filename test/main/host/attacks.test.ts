/** The attack lab's calls on a host: real attacks, watched, stopped, kept, taken back, and there after a restart. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AttackReport } from '../../../core/contract/attacks/attack-report.ts';
import type { AttackRequest } from '../../../core/contract/attacks/attack-request.ts';
import { unprotected } from '../../../core/contract/attacks/attack-request.ts';
import { attackCatalogue } from '../../../core/contract/attacks/catalogue.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { type AttackEvent, foldAttack } from '../../../core/watching/attack-view.ts';
import { browserShell } from '../../../main/host/shell.ts';
import { sampleAttack } from '../attacks/sample-report.ts';
import { Interface, type OpenedHost, openHost } from './open-host.ts';

const attack = 'backdoor';
const request: AttackRequest = {
  attack,
  target: { kind: 'fresh' },
  protection: unprotected,
  settings: { ...attackCatalogue[attack].quick },
  seed: 7,
};

/** Until the run has ended, its events. */
async function eventsOf(screen: Interface, run: string): Promise<readonly AttackEvent[]> {
  const isEnd = ({ kind }: AttackEvent): boolean => ['done', 'stopped', 'failed'].includes(kind);
  await screen.told('attack', (push) => push.run === run && push.events.some(isEnd));
  return screen.pushes.flatMap((push) => (push.push === 'attack' && push.run === run ? push.events : []));
}

describe('attacks on a host', () => {
  let opened: OpenedHost;
  let screen: Interface;
  before(async () => {
    opened = await openHost();
    screen = new Interface(opened.host);
  });
  after(() => opened.host.close());

  it('an attack is watched, and its report kept with its pictures; a screen that comes late sees the same', async () => {
    const { run } = await screen.ask('startAttack', request);
    const begun = await screen.ask('watchAttack', { run });
    assert.deepEqual([begun.stage, begun.request], ['running', request]);
    const events = await eventsOf(screen, run);
    const view = events.reduce(foldAttack, begun);
    assert.equal(view.stage, 'done');
    const late = await new Interface(opened.host).ask('watchAttack', { run });
    assert.deepEqual(late, view);
    const { id, report } = view.finished!;
    assert.deepEqual(await screen.ask('attackReport', { id }), report);
    assert.deepEqual([report.attack, report.seed, report.version], [attack, 7, '1.2.3']);
    assert.ok(report.images.length > 0 && report.images.every(({ pixels }) => pixels instanceof Uint8Array));
    // defaults included
    assert.deepEqual(
      Object.keys(report.settings).sort(),
      Object.keys(attackCatalogue[attack].settings.shape).sort(),
    );
    await screen.told('attack-reports');
    const [summary] = await screen.ask('attackReports', {});
    assert.deepEqual([summary?.id, summary?.results, summary?.inReport], [id, report.results, false]);
    assert.deepEqual(
      (await screen.ask('attackRuns', {})).map(({ stage }) => stage),
      ['done'],
    );
  });

  it('reports are put into the report, removed and brought back, and there after a restart', async () => {
    const [{ id } = { id: '' }] = await screen.ask('attackReports', {});
    const report = await screen.ask('attackReport', { id });
    await screen.ask('putInReport', { id, on: true });
    await screen.ask('removeAttackReports', { ids: [id] });
    assert.deepEqual(await screen.ask('attackReports', {}), []);
    assert.equal((await screen.refused('attackReport', { id })).code, 'report-unknown');
    await screen.ask('restoreAttackReports', { ids: [id] });
    await opened.host.close();
    opened = await openHost({ folder: opened.folder });
    screen = new Interface(opened.host);
    assert.deepEqual(await screen.ask('attackReport', { id }), report);
    assert.equal((await screen.ask('attackReports', {}))[0]?.inReport, true);
    assert.deepEqual(await screen.ask('attackRuns', {}), []);
  });

  it('a stopped attack leaves no report; one that is started stops the one that runs', async () => {
    const before = await screen.ask('attackReports', {});
    const first = await screen.ask('startAttack', request);
    await screen.ask('watchAttack', first);
    const second = await screen.ask('startAttack', request);
    assert.equal((await eventsOf(screen, first.run)).at(-1)?.kind, 'stopped');
    await screen.ask('watchAttack', second);
    await screen.ask('stopAttack', second);
    assert.equal((await eventsOf(screen, second.run)).at(-1)?.kind, 'stopped');
    await screen.ask('stopAttack', second);
    assert.equal((await screen.ask('watchAttack', second)).stage, 'stopped');
    assert.deepEqual(await screen.ask('attackReports', {}), before);
  });

  it('whoever does not watch any more is told nothing', async () => {
    const other = new Interface(opened.host);
    const { run } = await other.ask('startAttack', request);
    await other.ask('watchAttack', { run });
    await other.ask('unwatchAttack', { run });
    await other.ask('stopAttack', { run });
    assert.equal(
      other.pushes.some(
        (push) => push.push === 'attack' && push.events.some(({ kind }) => kind === 'stopped'),
      ),
      false,
    );
  });

  it('settings and targets that cannot be are refused before anything runs', async () => {
    const wrong = { ...request, settings: { nonsense: 1 } };
    const refusal = await screen.refused('startAttack', wrong);
    assert.deepEqual([refusal.code, refusal.details['field']], ['invalid-setting', 'nonsense']);
    const update = { kind: 'update', activity: 'simulation-0123456789abcdef', client: 1 };
    // a backdoor is an attacker's own update
    assert.equal(
      (await screen.refused('startAttack', { ...request, target: update })).code,
      'invalid-setting',
    );
    const onUpdate = { ...request, attack: 'closed-form', settings: {}, target: update };
    assert.equal((await screen.refused('startAttack', onUpdate)).code, 'target-unknown');
    const runs = await screen.ask('attackRuns', {});
    assert.ok(runs.every(({ request: { target } }) => target.kind === 'fresh'));
  });

  it('knows of no target but drawings and fresh models where nothing was trained', async () => {
    assert.deepEqual(await screen.ask('attackTargets', {}), { models: [], updates: [], drawings: 0 });
    await screen.ask('addDrawing', { label: 3, pixels: new Uint8Array(784).fill(9) });
    assert.equal((await screen.ask('attackTargets', {})).drawings, 1);
  });
});

describe("attacks on a simulation's clients", () => {
  let opened: OpenedHost;
  let screen: Interface;
  before(async () => {
    opened = await openHost();
    screen = new Interface(opened.host);
  });
  after(() => opened.host.close());

  async function simulated(masks: boolean): Promise<string> {
    const settings = runSettingsSchema.parse({
      clients: 3,
      rounds: 1,
      model: 'mlp',
      examplesPerClient: 4,
      batch: 4,
      optimizer: 'sgd',
      learningRate: 0.1,
      masks,
      signatures: false,
      processes: 1,
    });
    const { activity } = await screen.ask('simulate', { title: 'Room', settings, pace: 'full' });
    await screen.told('activities', ({ activities }) =>
      activities.some((one) => one.activity === activity && one.stage === 'ended'),
    );
    return activity;
  }

  async function attacked(activity: string, client: number, passing = false): Promise<AttackReport> {
    const target = { kind: 'update', activity, client } as const;
    const { run } = await screen.ask('startAttack', {
      ...request,
      attack: 'closed-form',
      target,
      settings: { judge: false },
      passing,
    });
    await screen.ask('watchAttack', { run });
    const end = (await eventsOf(screen, run)).at(-1);
    assert.ok(end?.kind === 'done', JSON.stringify(end));
    return end.report;
  }

  it('an update that nothing masks gives its images away; no baseline is one of them', async () => {
    const activity = await simulated(false);
    const { updates, models } = await screen.ask('attackTargets', {});
    assert.deepEqual([updates[0]?.masked, updates[0]?.clients.length], [false, 3]);
    assert.equal(models[0]?.model, activity);
    const { outcome, results, target, images } = await attacked(activity, 2);
    assert.equal(outcome, 'leaks');
    assert.ok(results.psnr!.baselines.nearestOther! < 60);
    assert.equal(images.filter(({ role }) => role === 'target').length, 4);
    assert.match(target.description, /^Room, /);
  });

  it('of one that comes by only the latest report is kept, and what was put into the report', async () => {
    const activity = await simulated(false);
    const kept = async (): Promise<readonly string[]> =>
      (await screen.ask('attackReports', {})).map(({ id }) => id);
    const before = await kept();
    const fresh = async (): Promise<readonly string[]> => (await kept()).filter((id) => !before.includes(id));
    await attacked(activity, 1, true);
    const [first] = await fresh();
    await attacked(activity, 1, true);
    assert.equal((await fresh()).length, 1);
    assert.ok(!(await fresh()).includes(first!));
    // of another client, of a person's own doing, and what was put into the report
    await attacked(activity, 2, true);
    await attacked(activity, 1);
    assert.equal((await fresh()).length, 3);
    for (const id of await fresh()) await screen.ask('putInReport', { id, on: true });
    await attacked(activity, 1, true);
    assert.equal((await fresh()).length, 4);
  });

  it('a masked one gives nothing away', async () => {
    const { outcome, images } = await attacked(await simulated(true), 1);
    assert.equal(outcome, 'stopped');
    assert.ok(images.every(({ role, masked }) => role !== 'rebuilt' || masked));
  });
});

describe('a host that is closed', () => {
  it('ends the attack that runs, and keeps nothing of it', async () => {
    const { host, folder } = await openHost();
    const screen = new Interface(host);
    const { run } = await screen.ask('startAttack', request);
    await screen.ask('watchAttack', { run });
    await screen.told('attack');
    await host.close();
    const again = await openHost({ folder });
    assert.deepEqual(await new Interface(again.host).ask('attackReports', {}), []);
    await again.host.close();
  });
});

describe('exportAttacks', () => {
  let opened: OpenedHost;
  let screen: Interface;
  before(async () => {
    opened = await openHost();
    screen = new Interface(opened.host);
    opened.store.saveAttack(sampleAttack());
    opened.store.saveAttack(sampleAttack({ seed: 2 }));
  });
  after(() => opened.host.close());

  it('hands over a page, a table, JSON and a sheet, each named by what is in it', async () => {
    for (const [format, type, begins] of [
      ['html', 'text/html; charset=utf-8', '<!doctype html>'],
      ['csv', 'text/csv; charset=utf-8', 'run,attack,'],
      ['json', 'application/json; charset=utf-8', '[\n'],
      ['png', 'image/png', '\u0089PNG'],
    ] as const) {
      const file = await screen.ask('exportAttacks', {
        ids: ['attack-1', 'attack-2'],
        format,
        language: 'fr',
      });
      assert.ok('bytes' in file);
      assert.deepEqual([file.name, file.type], [`masquerade-closed-form-2026-11-26.${format}`, type]);
      assert.equal(Buffer.from(file.bytes).toString('latin1').slice(0, begins.length), begins);
    }
    const one = await screen.ask('exportAttacks', { ids: ['attack-2'], format: 'json', language: 'en' });
    assert.ok('bytes' in one);
    assert.equal((JSON.parse(Buffer.from(one.bytes).toString()) as { seed: number }).seed, 2);
  });

  it('says what only a window can do, and what cannot be done', async () => {
    const pdf = { ids: ['attack-1'], format: 'pdf', language: 'en' };
    assert.equal((await screen.refused('exportAttacks', pdf)).code, 'pdf-needs-shell');
    const bare = `attack-${opened.store.saveAttack(sampleAttack({ images: [] }))}`;
    const sheet = { ids: [bare], format: 'png', language: 'en' };
    assert.equal((await screen.refused('exportAttacks', sheet)).code, 'no-pictures');
  });
});

describe('exportAttacks in a window', () => {
  it('prints the page as PDF and lets a person choose where it goes', async () => {
    const printed: string[] = [];
    const saved: string[] = [];
    const opened = await openHost({
      shell: {
        ...browserShell('en'),
        printToPdf(html) {
          printed.push(html);
          return Promise.resolve(Uint8Array.of(37, 80, 68, 70));
        },
        saveFile({ name }) {
          saved.push(name);
          return Promise.resolve(`/home/ada/${name}`);
        },
      },
    });
    opened.store.saveAttack(sampleAttack());
    const screen = new Interface(opened.host);
    const file = await screen.ask('exportAttacks', { ids: ['attack-1'], format: 'pdf', language: 'en' });
    assert.deepEqual(file, { saved: '/home/ada/masquerade-closed-form-2026-11-26.pdf' });
    assert.deepEqual(saved, ['masquerade-closed-form-2026-11-26.pdf']);
    assert.match(printed[0] ?? '', /<section class="card attack"/);
    await opened.host.close();
  });
});
