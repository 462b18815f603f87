/** `masquerade serve` as a process of its own: a browser's sockets, a simulation that they watch, its end by Ctrl-C. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { MethodArguments, MethodName, MethodResults, Push } from '../../../core/contract/host.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import type { Watched } from '../../../core/contract/watched.ts';
import { fromWireText, toWireText } from '../../../core/contract/wire-json.ts';
import { foldEvent } from '../../../core/watching/fold.ts';
import { findWindow } from '../../../main/command-line/start.ts';
import { systemLanguage } from '../../../main/command-line/system-language.ts';
import { writeSmallData } from '../compute/small-data.ts';

const entry = fileURLToPath(new URL('../../../main/command-line/masquerade.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'masquerade-serve-'));
const page = join(root, 'interface');
let data = '';

before(async () => {
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Masquerade</title>');
  data = await writeSmallData();
});
after(async () => {
  rmSync(root, { recursive: true });
  await rm(data, { recursive: true });
});

/** A process, its output as it grows, and how it ends. */
class Served {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  out = '';
  err = '';

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...usual } = process.env;
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
      env: {
        ...usual,
        MASQUERADE_CWD: root,
        MASQUERADE_STATE_DIR: join(root, 'state'),
        MASQUERADE_INTERFACE: page,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.on('data', (bytes: Buffer) => (this.out += String(bytes)));
    this.child.stderr!.on('data', (bytes: Buffer) => (this.err += String(bytes)));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  async link(): Promise<string> {
    await until(() => this.out.includes('\n') || this.child.exitCode !== null);
    return /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}/.exec(this.out)?.[0] ?? '';
  }
}

async function until(isSo: () => boolean | undefined): Promise<void> {
  for (let tries = 0; isSo() !== true; tries += 1) {
    assert.ok(tries < 6_000, 'it did not happen within a minute');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a page in a browser does: connects by its link, calls, listens, folds what it watches. */
class Page {
  readonly pushes: Push[] = [];
  watched: Watched | undefined;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: { ok: boolean; value?: unknown; error?: unknown }) => void>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (bytes: Buffer) => {
      const message = fromWireText(bytes.toString()) as Push | { id: number; result: { ok: boolean } };
      if ('id' in message) this.#waiting.get(message.id)?.(message.result);
      else this.#pushed(message);
    });
  }

  static async open(link: string): Promise<Page> {
    const { host, origin, hash } = new URL(link);
    const protocols = ['masquerade', `token.${hash.slice('#token='.length)}`];
    const socket = new WebSocket(`ws://${host}/host`, protocols, { origin });
    const opened = new Page(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return opened;
  }

  async ask<Name extends MethodName>(name: Name, args: MethodArguments<Name>): Promise<MethodResults[Name]> {
    const id = this.#next;
    this.#next += 1;
    const answered = new Promise<{ ok: boolean; value?: unknown; error?: unknown }>((resolve) =>
      this.#waiting.set(id, resolve),
    );
    this.#socket.send(toWireText({ id, name, args }));
    const result = await answered;
    assert.ok(result.ok, JSON.stringify(result.error));
    return result.value as MethodResults[Name];
  }

  async watch(activity: string): Promise<void> {
    this.watched = await this.ask('watch', { activity });
  }

  close(): void {
    this.#socket.close();
  }

  #pushed(push: Push): void {
    this.pushes.push(push);
    if (push.push !== 'events') return;
    for (const event of push.events) this.watched = this.watched && foldEvent(this.watched, event);
  }
}

describe('masquerade serve', () => {
  it('runs a simulation that pages watch, early and late, and keeps what it found', async () => {
    const served = new Served(['serve', '--data-dir', 'home', '--no-open']);
    const link = await served.link();
    const [early, late] = [await Page.open(link), await Page.open(link)];
    const settings = runSettingsSchema.parse({
      clients: 4,
      rounds: 3,
      dataset: data,
      model: 'mlp',
      examplesPerClient: 40,
      processes: 1,
    });
    const { activity } = await early.ask('simulate', { title: 'Four masks', settings, pace: 'full' });
    await early.watch(activity);
    await until(() => early.watched?.finished.length === 1);
    await late.watch(activity);
    await until(() => early.watched?.stage === 'ended');
    await until(() => late.watched?.stage === 'ended');
    assert.deepEqual(late.watched, early.watched);
    assert.deepEqual(
      [early.watched?.finished.length, early.watched?.outcome?.outcome, early.watched?.stored],
      [3, 'finished', 'run-1'],
    );
    const record = await late.ask('roundRecord', { activity, round: 2 });
    assert.deepEqual([record?.sum.state, record?.reached.revealed], ['readable', 4]);
    assert.ok(late.pushes.some(({ push }) => push === 'activities'));
    await until(() => late.pushes.some(({ push }) => push === 'results'));
    const [summary] = await late.ask('results', {});
    assert.deepEqual([summary?.title, summary?.roundsDone, summary?.clients], ['Four masks', 3, 4]);
    early.close();
    late.close();

    served.child.kill('SIGINT');
    assert.equal(await served.ended, 0);
    assert.match(served.err, /Closing/);
    // nothing but the link on standard output
    assert.equal(served.out, `${link}\n`);
    const again = new Served(['serve', '--data-dir', 'home', '--no-open', '--json']);
    await until(() => again.out.includes('}'));
    const { link: next, port } = JSON.parse(again.out) as { readonly link: string; readonly port: number };
    assert.ok(next.startsWith(`http://127.0.0.1:${port}/#token=`));
    assert.notEqual(next.split('=')[1], link.split('=')[1]);
    const reader = await Page.open(next);
    assert.deepEqual(await reader.ask('results', {}), [summary]);
    again.child.kill('SIGTERM');
    assert.equal(await again.ended, 0);
  });

  it('ends a simulation in the middle in good order: what was finished is kept', async () => {
    const served = new Served(['serve', '--data-dir', 'cut', '--no-open']);
    const viewer = await Page.open(await served.link());
    const settings = runSettingsSchema.parse({
      clients: 3,
      rounds: 10_000,
      dataset: data,
      model: 'mlp',
      examplesPerClient: 20,
      processes: 1,
    });
    const { activity } = await viewer.ask('simulate', { title: 'Long', settings, pace: 'full' });
    await viewer.watch(activity);
    await until(() => (viewer.watched?.finished.length ?? 0) >= 2);
    served.child.kill('SIGINT');
    assert.equal(await served.ended, 0);
    const again = new Served(['serve', '--data-dir', 'cut', '--no-open']);
    const reader = await Page.open(await again.link());
    const [summary] = await reader.ask('results', {});
    assert.equal(summary?.ended, 'cancelled');
    assert.ok(summary.roundsDone >= 2 && summary.roundsDone < 10_000);
    again.child.kill('SIGINT');
    await again.ended;
  });

  it('says so where the data folder is in use, the port is taken, or there is no interface', async () => {
    const first = new Served(['serve', '--data-dir', 'one', '--no-open']);
    const { port } = new URL(await first.link());
    const refused = async (args: readonly string[], environment = {}): Promise<string> => {
      const served = new Served(['serve', '--no-open', ...args], environment);
      assert.equal(await served.ended, 2, served.err);
      assert.equal(served.out, '');
      return served.err;
    };
    assert.match(await refused(['--data-dir', 'one']), /another Masquerade has it open/);
    assert.match(await refused(['--data-dir', 'two', '--port', port]), /taken by another program/);
    assert.match(
      await refused(['--data-dir', 'two'], { MASQUERADE_INTERFACE: join(root, 'nowhere') }),
      /Cannot find the interface/,
    );
    assert.match(await refused(['--data-dir', 'two', '--port', '70000']), /whole number from 1 to 65535/);
    first.child.kill('SIGINT');
    await first.ended;
  });

  it('opens the browser by a file of the owner alone that is gone once the page has connected', async (t) => {
    if (process.platform !== 'linux') {
      t.skip('a program of our own in place of xdg-open');
      return;
    }
    const home = join(root, 'home-of-ada');
    const programs = join(root, 'programs');
    for (const folder of [home, programs]) mkdirSync(folder);
    const seen = join(root, 'seen');
    const program = join(programs, 'xdg-open');
    writeFileSync(
      program,
      `#!/bin/sh\nprintf '%s\\n' "$@" > '${seen}.part'\nstat -c %a "\${1#file://}" >> '${seen}.part'\ncat "\${1#file://}" >> '${seen}.part'\nmv '${seen}.part' '${seen}'\n`,
    );
    chmodSync(program, 0o755);
    const environment = { HOME: home, DISPLAY: ':9', PATH: `${programs}:${process.env['PATH'] ?? ''}` };
    const served = new Served(['serve', '--data-dir', join(home, '.local', 'masquerade')], environment);
    const link = await served.link();
    await until(() => readdirSync(root).includes('seen'));
    const [address = '', mode, ...content] = readFileSync(seen, 'utf8').split('\n');
    // a sandboxed browser reads no hidden folder
    assert.match(address, RegExp(`^file://${home}/masquerade-open-[0-9a-f]{8}\\.html$`));
    assert.equal(mode, '600');
    assert.ok(content.join('\n').includes(`url=${link}"`));
    assert.equal(readdirSync(home).length, 2);
    const viewer = await Page.open(link);
    await until(() => readdirSync(home).length === 1);
    viewer.close();
    served.child.kill('SIGINT');
    assert.equal(await served.ended, 0);
  });
});

describe('masquerade start', () => {
  it('serves in the browser where there is no window, and says why', async () => {
    const started = new Served(['start', '--data-dir', 'start', '--no-open']);
    assert.notEqual(await started.link(), '');
    started.child.kill('SIGINT');
    assert.equal(await started.ended, 0);
    assert.match(started.err, /^No window here, as .+: the same in a browser\.$/m);
  });

  it('finds no window without a display', (t) => {
    if (process.platform !== 'linux') {
      t.skip('other systems always have one');
      return;
    }
    assert.deepEqual(findWindow({}), { reason: 'there is no display' });
    assert.notDeepEqual(findWindow({ DISPLAY: ':0' }), { reason: 'there is no display' });
    assert.notDeepEqual(findWindow({ WAYLAND_DISPLAY: 'w' }), { reason: 'there is no display' });
  });
});

describe('systemLanguage()', () => {
  it('is the one of the environment, else of the system, among those that the interface speaks', () => {
    assert.equal(systemLanguage({ LANG: 'fr_CH.UTF-8' }), 'fr');
    assert.equal(systemLanguage({ LANG: 'fr_CH.UTF-8', LC_ALL: 'en_GB.UTF-8' }), 'en');
    assert.equal(systemLanguage({ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'fr' }), 'fr');
    assert.equal(systemLanguage({ LANG: 'fr_CH.UTF-8', LC_ALL: '' }), 'fr');
    assert.equal(systemLanguage({ LANG: 'fry_NL' }), 'en');
    assert.equal(systemLanguage({ LANG: 'C' }), 'en');
    assert.equal(systemLanguage({}, 'fr-FR'), 'fr');
    assert.equal(systemLanguage({}, 'de-DE'), 'en');
  });
});
