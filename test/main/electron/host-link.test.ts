/** Main's end of the host's process, with stand-ins for the processes that Electron would fork. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { FromHost, OpenHost, ShellQuestion, ToHost } from '../../../main/electron/host-channel.ts';
import { HostLink, type HostListener } from '../../../main/electron/host-link.ts';
import type { Forked, Machinery } from '../../../main/electron/machinery.ts';

const options: OpenHost = {
  folder: '/data',
  secret: { kind: 'wrapping-key' },
  withoutPassphrase: { kind: 'wrapping-key' },
  version: '1.0.0',
  language: 'en',
  update: false,
};

class FakeProcess implements Forked<string> {
  readonly told: [message: unknown, ports: readonly string[] | undefined][] = [];
  readonly #listeners = new Map<string, (value: never) => void>();
  pid: number | undefined;
  kills = 0;

  postMessage(message: unknown, ports?: string[]): void {
    this.told.push([message, ports]);
  }
  kill(): void {
    this.kills += 1;
  }
  on(event: string, listener: (value: never) => void): void {
    this.#listeners.set(event, listener);
  }
  emit(event: 'message' | 'spawn' | 'exit', value?: unknown): void {
    this.#listeners.get(event)?.(value as never);
  }
  spawn(pid: number): void {
    this.pid = pid;
    this.emit('spawn');
  }
  exit(code: number): void {
    this.pid = undefined;
    this.emit('exit', code);
  }
  says(message: FromHost): void {
    this.emit('message', message);
  }
  get heard(): readonly ToHost['kind'][] {
    return this.told.map(([message]) => (message as ToHost).kind);
  }
}

function machine(asked: (question: ShellQuestion) => Promise<unknown> = () => Promise.resolve(null)) {
  const hosts: FakeProcess[] = [];
  const computes: FakeProcess[] = [];
  const killed: number[] = [];
  let channels = 0;
  const machinery: Machinery<string> = {
    forkHost() {
      const forked = new FakeProcess();
      hosts.push(forked);
      return forked;
    },
    forkCompute() {
      const forked = new FakeProcess();
      computes.push(forked);
      return forked;
    },
    openChannel() {
      channels += 1;
      return { port1: `${channels}a`, port2: `${channels}b` };
    },
    killHard: (pid) => killed.push(pid),
  };
  const events: unknown[] = [];
  const listener: HostListener = {
    opened: (preferences) => events.push(['opened', preferences]),
    refused: (code, message) => events.push(['refused', code, message]),
    preferences: (preferences) => events.push(['preferences', preferences]),
    activities: (activities) => events.push(['activities', activities]),
    asked,
    gone: (code) => events.push(['gone', code]),
  };
  return { link: new HostLink(machinery, listener), hosts, computes, killed, events };
}

describe('HostLink', () => {
  it('starts one process, has it open the folder, and again after a refusal', () => {
    const { link, hosts, events } = machine();
    assert.equal(link.isRunning, false);
    link.open(options);
    assert.ok(link.isRunning);
    assert.deepEqual(hosts[0]!.told, [[{ kind: 'open', ...options }, undefined]]);
    hosts[0]!.says({ kind: 'refused', code: 'passphrase-needed', message: 'Cannot.' });
    link.open({ ...options, secret: { kind: 'passphrase', passphrase: 'x' } });
    assert.equal(hosts.length, 1);
    assert.deepEqual(hosts[0]!.heard, ['open', 'open']);
    assert.deepEqual(events, [['refused', 'passphrase-needed', 'Cannot.']]);
  });

  it('hands one end of a new channel to the host, the other to the window', () => {
    const { link, hosts } = machine();
    link.open(options);
    assert.equal(link.connectWindow(), '1b');
    assert.deepEqual(hosts[0]!.told[1], [{ kind: 'window' }, ['1a']]);
  });

  it('takes a window that comes before anything was opened', () => {
    const { link, hosts } = machine();
    assert.equal(link.connectWindow(), '1b');
    link.open(options);
    assert.equal(hosts.length, 1);
    assert.deepEqual(hosts[0]!.heard, ['window', 'open']);
  });

  it('answers what only main can do, also when it cannot', async () => {
    const { link, hosts } = machine((question) =>
      question.what === 'choose-folder'
        ? Promise.resolve('/data/images')
        : Promise.reject(new Error('Cannot save it.')),
    );
    link.open(options);
    hosts[0]!.says({ kind: 'ask', id: 1, question: { what: 'choose-folder' } });
    hosts[0]!.says({ kind: 'ask', id: 2, question: { what: 'print-to-pdf', html: '' } });
    await turn();
    assert.deepEqual(
      hosts[0]!.told.slice(1).map(([message]) => message),
      [
        { kind: 'answer', id: 1, value: '/data/images' },
        { kind: 'answer-failed', id: 2, message: 'Cannot save it.' },
      ],
    );
  });

  it('closes in good order: waits for the host, then ends what is left of it', async () => {
    const { link, hosts, events, killed } = machine();
    link.open(options);
    hosts[0]!.spawn(100);
    const closed = link.close(10_000);
    assert.equal(hosts[0]!.heard.at(-1), 'close');
    hosts[0]!.says({ kind: 'closed' });
    await closed;
    assert.deepEqual([hosts[0]!.kills, killed], [1, [100]]);
    hosts[0]!.exit(0);
    assert.deepEqual(events, []);
  });

  it('closes by force a host that does not answer', async () => {
    const { link, hosts, killed } = machine();
    link.open(options);
    hosts[0]!.spawn(100);
    await link.close(10);
    assert.deepEqual(killed, [100]);
    assert.equal(link.isRunning, false);
  });

  it('waits for activities to stop, at most for the time given', async () => {
    const { link, hosts } = machine();
    link.open(options);
    const stopped = link.stopActivities(10_000);
    assert.equal(hosts[0]!.heard.at(-1), 'stop');
    hosts[0]!.says({ kind: 'stopped' });
    await stopped;
    await link.stopActivities(10);
  });

  it('tells of a host that ended by itself, ends its compute processes, and starts another', async () => {
    const { link, hosts, computes, events } = machine();
    link.open(options);
    hosts[0]!.says({ kind: 'start-compute', id: 1 });
    computes[0]!.spawn(200);
    const stopping = link.stopActivities(10_000);
    hosts[0]!.exit(70);
    await stopping;
    assert.deepEqual(events, [['gone', 70]]);
    assert.equal(computes[0]!.kills, 1);
    assert.equal(link.isRunning, false);
    link.open(options);
    assert.equal(hosts.length, 2);
    hosts[0]!.says({ kind: 'closed' });
    assert.deepEqual(hosts[1]!.heard, ['open']);
  });
});

describe('compute processes of the host', () => {
  it('get one end of a channel each, the host the other, and their number once they have started', () => {
    const { link, hosts, computes } = machine();
    link.open(options);
    hosts[0]!.says({ kind: 'start-compute', id: 5 });
    assert.deepEqual(computes[0]!.told, [[{ kind: 'owner' }, ['1a']]]);
    computes[0]!.spawn(200);
    computes[0]!.exit(9);
    assert.deepEqual(hosts[0]!.told.slice(1), [
      [{ kind: 'compute-port', id: 5 }, ['1b']],
      [{ kind: 'compute-spawned', id: 5, pid: 200 }, undefined],
      [{ kind: 'compute-ended', id: 5, how: 'exit code 9' }, undefined],
    ]);
  });

  it('are ended when the host says so, by force when they do not listen', async () => {
    const { link, hosts, computes, killed } = machine();
    link.open(options);
    for (const id of [1, 2]) hosts[0]!.says({ kind: 'start-compute', id });
    computes[0]!.spawn(201);
    computes[1]!.spawn(202);
    for (const id of [1, 2]) hosts[0]!.says({ kind: 'kill-compute', id });
    computes[0]!.exit(15);
    await wait(500);
    assert.deepEqual([computes[0]!.kills, computes[1]!.kills], [1, 1]);
    assert.deepEqual(killed, [202]);
  });

  it('are ended as soon as they have started when they were no longer wanted by then', async () => {
    const { link, hosts, computes, killed } = machine();
    link.open(options);
    hosts[0]!.says({ kind: 'start-compute', id: 1 });
    hosts[0]!.says({ kind: 'kill-compute', id: 1 });
    computes[0]!.spawn(203);
    assert.ok(computes[0]!.kills >= 2);
    await wait(500);
    assert.deepEqual(killed, [203]);
  });

  it('are told as ended where they cannot be started at all', () => {
    const { link, hosts } = machine();
    const failing = new HostLink<string>(
      {
        forkHost: () => {
          const forked = new FakeProcess();
          hosts.push(forked);
          return forked;
        },
        forkCompute: () => {
          throw new Error('no memory');
        },
        openChannel: () => assert.fail('no channel for nothing'),
        killHard: () => undefined,
      },
      {
        opened: () => undefined,
        refused: () => undefined,
        preferences: () => undefined,
        activities: () => undefined,
        asked: () => Promise.resolve(null),
        gone: () => undefined,
      },
    );
    assert.equal(link.isRunning, false);
    failing.open(options);
    hosts[0]!.says({ kind: 'start-compute', id: 1 });
    assert.deepEqual(hosts[0]!.told.at(-1), [{ kind: 'compute-ended', id: 1, how: 'no memory' }, undefined]);
  });
});
