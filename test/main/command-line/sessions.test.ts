/** `masquerade sessions` and `masquerade audit` on the folders that a real session of five processes left. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type io, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { SessionResult } from '../../../core/contract/session-result.ts';
import { exitCodes } from '../../../main/command-line/exit-codes.ts';
import { findSession } from '../../../main/command-line/sessions.ts';
import { parseResultJson } from '../../../main/report/result-file.ts';
import type { SessionRow } from '../../../main/storage/store.ts';
import type { Told } from '../../support/session-log.ts';
import { SessionRoom } from '../../support/session-room.ts';
import { sessionRow } from '../storage/store-folder.ts';

const entry = fileURLToPath(new URL('../../../main/command-line/masquerade.ts', import.meta.url));
const names = ['Ada', 'Chloé', 'Emmy', 'Sofia'];

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('sessions', () => {
  let room: SessionRoom;
  let roster: Told;
  let final: Told;
  let id = '';

  /** typed: what a person answers; nothing is an input that has ended. */
  async function run(args: readonly string[], typed = ''): Promise<Ended> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
      env: { ...process.env, MASQUERADE_CWD: room.folder, MASQUERADE_STATE_DIR: room.path('state') },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (out += String(bytes)));
    child.stderr.on('data', (bytes: Buffer) => (err += String(bytes)));
    child.stdin.end(typed);
    const code = await new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    return { code, out, err };
  }
  const sessions = (folder: string, ...args: readonly string[]): Promise<Ended> =>
    run(['sessions', ...args, '--data-dir', folder]);

  before(async () => {
    room = await SessionRoom.open();
    const coordinator = await room.startCoordinator([
      ...room.settingArgs({ language: 'fr' }),
      ...['--title', "Monday's class", '--participants', '4', '--start-when-full'],
    ]);
    const participants = names.map((name) => room.startParticipant(name));
    assert.deepEqual(await Promise.all(participants.map((one) => one.exitCode())), [0, 0, 0, 0]);
    assert.equal(await coordinator.exitCode(), 0);
    roster = coordinator.log.last('roster')!;
    final = coordinator.log.last('finished')!;
    id = String(roster['session']);
  });
  after(() => room.close());

  it('list tells of each what it is and how it went', async () => {
    const { code, out } = await sessions('coordinator', 'list', '--json');
    assert.equal(code, exitCodes.success);
    const [listed, ...others] = JSON.parse(out) as Record<string, unknown>[];
    assert.equal(others.length, 0);
    const { accuracy } = final['final'] as { accuracy: number };
    const told = {
      session: id,
      role: 'coordinator',
      title: "Monday's class",
      state: 'finished',
      participants: 4,
      rounds: 2,
      roundsDone: 2,
      accuracy,
      identitiesCompared: false,
    };
    for (const [field, value] of Object.entries(told)) assert.deepEqual(listed?.[field], value, field);
    const table = (await sessions('Ada', 'list')).out;
    assert.match(table, RegExp(`${id.slice(0, 8)} +Monday's class +participant +finished .* 2/2 .* no\n`));
  });

  it('show tells the words and fingerprints that were on every screen, in the language of the session', async () => {
    const words = (roster['words'] as string[]).join('   ');
    const members = roster['members'] as { number: number; name: string; fingerprint: string }[];
    for (const folder of ['coordinator', 'Emmy']) {
      const { code, out } = await sessions(folder, 'show', id.slice(0, 6));
      assert.equal(code, exitCodes.success);
      assert.ok(out.includes(`Mots  ${words} (NON COMPARÉS)`), out);
      for (const { number, name, fingerprint } of members)
        assert.match(out, RegExp(` ${number}  ${name} +${fingerprint}`));
      assert.match(out, /tous les tours sont faits/);
      // a participant does not know how long the coordinator waited
      assert.equal(out.includes('Envoi masqué'), folder === 'coordinator');
    }
    const { out } = await sessions('coordinator', 'show', id, '--language', 'en');
    assert.match(
      out,
      /Words .*NOT COMPARED[^]*Masked input +mean [^]*everyone answered, nothing was refused/,
    );
  });

  it('export gives report, CSV, JSON, model and audit file, and audit finds nothing wrong in it', async () => {
    const { code, out } = await sessions('coordinator', 'export', id, '--out', 'exported');
    assert.equal(code, exitCodes.success);
    assert.deepEqual((await readdir(room.path('exported'))).sort(), [
      'model.json',
      'report.csv',
      'report.html',
      'report.json',
      'session.masquerade-audit',
      'weights.bin',
    ]);
    assert.ok(out.includes(room.path('exported/session.masquerade-audit')));
    const result = parseResultJson(await readFile(room.path('exported/report.json'), 'utf8'), '');
    assert.ok(result.kind === 'session');
    assert.deepEqual(result.final, withoutRound(final['final']));
    assert.deepEqual(result.session.words, roster['words']);
    assert.deepEqual(result.session.members, roster['members']);
    assert.ok(result.phases.length >= 10 && result.attempts.every(({ outcome }) => outcome === 'sum'));
    const html = await readFile(room.path('exported/report.html'), 'utf8');
    assert.match(html, /<html lang="fr">[^]*Les mots n’ont pas été comparés/);
    const audit = await run(['audit', 'exported/session.masquerade-audit', '--json']);
    assert.equal(audit.code, exitCodes.success);
    assert.equal((JSON.parse(audit.out) as { ok: boolean }).ok, true);
  });

  it('audit finds a changed sum in an exported file', async () => {
    const path = room.path('exported/session.masquerade-audit');
    const lines = gunzipSync(await readFile(path))
      .toString()
      .split('\n');
    const at = lines.findIndex((line) => line.includes('"kind":"aggregate"'));
    const line = JSON.parse(lines[at]!) as { sum: string };
    const sum = Buffer.from(line.sum, 'base64');
    sum[0]! ^= 1;
    lines[at] = JSON.stringify({ ...line, sum: sum.toString('base64') });
    await writeFile(room.path('tampered.masquerade-audit'), gzipSync(lines.join('\n')));
    const { code, out } = await run(['audit', 'tampered.masquerade-audit', '--json']);
    assert.equal(code, exitCodes.checkFailed);
    const { findings } = JSON.parse(out) as { findings: { ok: boolean; fault?: string }[] };
    assert.deepEqual([...new Set(findings.filter(({ ok }) => !ok).map(({ fault }) => fault))].sort(), [
      'announced-model-differs',
      'result-model-differs',
    ]);
  });

  it('export writes a model that TensorFlow.js loads, with the weights that everyone ended with', async () => {
    const text = await readFile(room.path('exported/model.json'), 'utf8');
    const { modelTopology, weightsManifest } = JSON.parse(text) as {
      modelTopology: object;
      weightsManifest: [{ weights: { name: string; shape: number[]; dtype: 'float32' }[] }];
    };
    const bytes = await readFile(room.path('exported/weights.bin'));
    const weightData = Uint8Array.from(bytes).buffer;
    const load = (): ReturnType<NonNullable<io.IOHandler['load']>> =>
      Promise.resolve({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData });
    await setBackend('cpu');
    const model = await loadLayersModel({ load });
    const store = await room.openFolder('Sofia');
    const { modelSha256 } = final['final'] as { modelSha256: string };
    const kept = store.model(modelSha256);
    store.close();
    const loaded = (await Promise.all(model.getWeights().map((weight) => weight.data()))).flatMap(
      (values) => [...values],
    );
    assert.deepEqual(Float32Array.from(loaded), kept);
  });

  it("a participant's export holds what it knows, and no audit file", async () => {
    const { code, out } = await sessions('Ada', 'export', id, '--out', 'own', '--json', '--language', 'en');
    assert.equal(code, exitCodes.success);
    const files = JSON.parse(out) as Record<string, string>;
    assert.deepEqual(Object.keys(files).sort(), ['csv', 'html', 'json', 'model', 'weights']);
    const result = JSON.parse(await readFile(files['json']!, 'utf8')) as SessionResult;
    assert.equal(result.session.role, 'participant');
    assert.equal(result.session.members[result.session.own! - 1]?.name, 'Ada');
    assert.deepEqual([result.phases, result.attempts], [[], []]);
    const html = await readFile(files['html']!, 'utf8');
    assert.match(html, /as the machine of Ada, number \d, kept it/);
    assert.match(html, /<b>Ada<\/b> <span class="label">this machine/);
    // what only a simulation can know is left out
    for (const text of ['Largest error', 'exact</span>', 'clients train for', 'Compute processes'])
      assert.ok(!html.includes(text), text);
  });

  it('report makes the report of a session again, in the other language', async () => {
    const { code } = await run(['report', 'own/report.json', '--language', 'fr', '--name', 'again']);
    assert.equal(code, exitCodes.success);
    assert.match(await readFile(join(room.path('own'), 'again.html'), 'utf8'), /Qui a participé/);
  });

  it('refuses what another process has open, and deletes only what a person agrees to', async () => {
    const open = await room.openFolder('Chloé');
    const refused = await sessions('Chloé', 'delete', id, '--yes');
    open.close();
    assert.notEqual(refused.code, exitCodes.success);
    assert.match(refused.err, /another Masquerade has it open/);
    const args = ['sessions', 'delete', id, '--data-dir', 'Chloé'];
    for (const [typed, left] of [
      ['', 1],
      ['non\n', 1],
      ['oui\n', 0],
    ] as const) {
      const { code, err } = await run(args, typed);
      assert.match(err, /Supprimer Monday's class/);
      assert.equal(code, left === 1 ? exitCodes.cancelled : exitCodes.success);
      const { out } = await sessions('Chloé', 'list', '--json');
      assert.equal((JSON.parse(out) as unknown[]).length, left);
    }
    assert.equal((await sessions('Chloé', 'show', id)).code, exitCodes.badInput);
  });
});

function withoutRound(told: unknown): unknown {
  const { round: _, ...rest } = told as { round: number };
  return rest;
}

describe('findSession()', () => {
  const rows: SessionRow[] = ['3fa9'.padEnd(32, '0'), '3fb0'.padEnd(32, '0')].map((session) =>
    sessionRow({ session }),
  );
  const store = { sessions: () => rows };

  it('takes as few characters as tell sessions apart, in either case', () => {
    assert.equal(findSession(store, '3FA').session, rows[0]!.session);
    assert.equal(findSession(store, rows[1]!.session).session, rows[1]!.session);
  });

  it('refuses what is ambiguous or unknown, naming the sessions that begin so', () => {
    assert.throws(() => findSession(store, '3f'), { code: 'session-unknown', message: /3fa90.*3fb00/ });
    assert.throws(() => findSession(store, '4'), { code: 'session-unknown' });
    assert.throws(() => findSession(store, ''), { code: 'session-unknown' });
  });
});
