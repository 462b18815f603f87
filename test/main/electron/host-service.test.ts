/** The host's process, with a stand-in for main, for the windows' ports and for the host itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { ActivitySummary, Push } from '../../../core/contract/host.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import type { ComputeLauncher } from '../../../main/compute/compute-process.ts';
import type { Port } from '../../../main/compute/owner.ts';
import type { FromHost, OpenHost, ToHost } from '../../../main/electron/host-channel.ts';
import { serveHost } from '../../../main/electron/host-service.ts';
import type { Host } from '../../../main/host/host.ts';
import type { Shell } from '../../../main/host/shell.ts';
import { fakePort } from '../../support/fake-port.ts';

const options: OpenHost = {
  folder: '/data',
  secret: { kind: 'wrapping-key' },
  withoutPassphrase: { kind: 'wrapping-key' },
  version: '1.0.0',
  language: 'fr',
  update: false,
};
const preferences = { language: 'fr', theme: 'dark' };
const activity: ActivitySummary = {
  activity: 'simulation-0123456789abcdef',
  kind: 'simulation',
  title: 'A run',
  stage: 'running',
  round: 1,
  rounds: 5,
};

/** A host that answers with what it was asked. */
function fakeHost() {
  const clients: { send: (push: Push) => void; isClosed: boolean }[] = [];
  const lines: string[] = [];
  const calls: unknown[] = [];
  let isClosed = false;
  let comebacks = 0;
  const host: Host = {
    connect(send) {
      const client = { send, isClosed: false };
      clients.push(client);
      return {
        call(name, args) {
          calls.push([name, args]);
          const value = name === 'about' ? { preferences } : { name, args };
          return Promise.resolve({ ok: true, value } as never);
        },
        close() {
          client.isClosed = true;
        },
      };
    },
    log: (line) => lines.push(line),
    comeBack() {
      comebacks += 1;
      return Promise.resolve();
    },
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
  return { host, clients, lines, calls, isClosed: () => isClosed, comebacks: () => comebacks };
}

function service(openHost: (options: OpenHost, shell: Shell) => Promise<Host>) {
  const told: FromHost[] = [];
  let hear: (event: { data: unknown; ports: readonly Port[] }) => void = () => undefined;
  let launcher: ComputeLauncher | undefined;
  let exits = 0;
  serveHost({
    main: {
      postMessage: (message) => told.push(message as FromHost),
      on: (_event, listener) => {
        hear = listener;
      },
    },
    openHost,
    useComputeLauncher: (given) => {
      launcher = given;
    },
    exit: () => {
      exits += 1;
    },
  });
  return {
    told,
    exits: () => exits,
    launch: (...args: Parameters<ComputeLauncher>) => launcher!(...args),
    async say(data: ToHost, ...ports: readonly Port[]) {
      hear({ data, ports });
      await turn();
    },
  };
}

describe('serveHost()', () => {
  it('opens the data folder when main says so, tells the preferences, and goes on with its sessions once', async () => {
    const { host, comebacks } = fakeHost();
    const opened: OpenHost[] = [];
    const { told, say } = service((given) => {
      opened.push(given);
      return Promise.resolve(host);
    });
    await say({ kind: 'open', ...options });
    assert.deepEqual(told, [{ kind: 'opened', preferences }]);
    await say({ kind: 'open', ...options });
    assert.equal(opened.length, 1);
    assert.equal(opened[0]?.folder, '/data');
    assert.equal(comebacks(), 1);
  });

  it('says why a folder cannot be opened, and tries again with another secret', async () => {
    const { host } = fakeHost();
    const { told, say } = service(({ secret }) => {
      if (secret.kind === 'passphrase') return Promise.resolve(host);
      throw new FederationError('passphrase-needed', 'Cannot open, as it lies under a passphrase.', {
        details: { path: '/data' },
        blame: 'user',
        action: 'correct',
      });
    });
    await say({ kind: 'open', ...options });
    assert.deepEqual(told, [
      { kind: 'refused', code: 'passphrase-needed', message: 'Cannot open, as it lies under a passphrase.' },
    ]);
    await say({ kind: 'open', ...options, secret: { kind: 'passphrase', passphrase: 'x' } });
    assert.equal(told.at(-1)?.kind, 'opened');
  });

  it('answers a window that came before the host was open, then pushes to it, until it is gone', async () => {
    const { host, clients } = fakeHost();
    const { say } = service(() => Promise.resolve(host));
    const port = fakePort();
    await say({ kind: 'window' }, port);
    await say({ kind: 'go', to: '/join?link=x' });
    await say({ kind: 'open', ...options });
    assert.deepEqual(port.sent, [{ push: 'go', to: '/join?link=x' }]);
    port.say({ id: 7, name: 'results', args: {} });
    await turn();
    assert.deepEqual(port.sent[1], {
      id: 7,
      result: { ok: true, value: { name: 'results', args: {} } },
    });
    const [, client] = clients;
    client?.send({ push: 'results' });
    await say({ kind: 'go', to: '/draw' });
    assert.deepEqual(port.sent.slice(2), [{ push: 'results' }, { push: 'go', to: '/draw' }]);
    port.end();
    assert.ok(client?.isClosed);
    await say({ kind: 'go', to: '/lab' });
    assert.equal(port.sent.length, 4);
  });

  it('passes over what is no call', async () => {
    const { host, calls } = fakeHost();
    const { say } = service(() => Promise.resolve(host));
    await say({ kind: 'open', ...options });
    const port = fakePort();
    await say({ kind: 'window' }, port);
    for (const nonsense of [null, 'about', 1, {}, { name: 'about', args: {} }, { id: '1', name: 'about' }])
      port.say(nonsense);
    await turn();
    assert.deepEqual(port.sent, []);
    assert.deepEqual(calls, [['about', {}]]);
  });

  it('asks main for what only main can do, and hands its answer or refusal on', async () => {
    const { host } = fakeHost();
    let shell: Shell | undefined;
    const { told, say } = service((_options, given) => {
      shell = given;
      return Promise.resolve(host);
    });
    await say({ kind: 'open', ...options });
    assert.deepEqual(
      { kind: shell?.kind, language: shell?.language, openLinks: shell?.openLinks, update: shell?.update },
      { kind: 'electron', language: 'fr', openLinks: true, update: false },
    );
    const folder = shell!.chooseFolder!();
    const pdf = shell!.printToPdf!('<p>');
    const file = { name: 'a.csv', type: 'text/csv', bytes: new Uint8Array([1]) };
    const saved = shell!.saveFile!(file);
    assert.deepEqual(told.slice(1), [
      { kind: 'ask', id: 1, question: { what: 'choose-folder' } },
      { kind: 'ask', id: 2, question: { what: 'print-to-pdf', html: '<p>' } },
      { kind: 'ask', id: 3, question: { what: 'save-file', file } },
    ]);
    await say({ kind: 'answer', id: 3, value: '/home/me/a.csv' });
    await say({ kind: 'answer', id: 1, value: null });
    const refused = assert.rejects(pdf, /Cannot make the PDF\./);
    await say({ kind: 'answer-failed', id: 2, message: 'Cannot make the PDF.' });
    await refused;
    assert.equal(await folder, null);
    assert.equal(await saved, '/home/me/a.csv');
  });

  it('tells main of preferences and activities, stops them for good, and closes in good order', async () => {
    const { host, clients, calls, isClosed } = fakeHost();
    const { told, say, exits } = service(() => Promise.resolve(host));
    await say({ kind: 'open', ...options });
    const [own] = clients;
    own?.send({ push: 'activities', activities: [activity] });
    assert.deepEqual(told.at(-1), { kind: 'activities', activities: [activity] });
    await say({ kind: 'stop' });
    assert.deepEqual(calls.at(-1), ['command', { activity: activity.activity, command: { do: 'stop' } }]);
    assert.notEqual(told.at(-1)?.kind, 'stopped');
    own?.send({ push: 'activities', activities: [{ ...activity, stage: 'ended' }] });
    await turn();
    assert.deepEqual(told.at(-1), { kind: 'stopped' });
    await say({ kind: 'close' });
    assert.ok(isClosed());
    assert.deepEqual(told.at(-1), { kind: 'closed' });
    assert.equal(exits(), 1);
  });

  it('has main start its compute processes', async () => {
    const { host } = fakeHost();
    const { told, say, launch } = service(() => Promise.resolve(host));
    await say({ kind: 'open', ...options });
    const started = launch(() => undefined);
    assert.deepEqual(told.at(-1), { kind: 'start-compute', id: 1 });
    await say({ kind: 'compute-spawned', id: 1, pid: 4711 });
    assert.equal(started.pid, 4711);
    started.kill();
    assert.deepEqual(told.at(-1), { kind: 'kill-compute', id: 1 });
    await say({ kind: 'compute-ended', id: 1, how: 'exit code 0' });
    assert.equal(await started.ended, 'exit code 0');
  });

  it('writes what main notes into the log once there is one', async () => {
    const { host, lines } = fakeHost();
    const { say } = service(() => Promise.resolve(host));
    await say({ kind: 'note', text: 'too early' });
    await say({ kind: 'open', ...options });
    await say({ kind: 'note', text: 'the machine goes to sleep' });
    assert.deepEqual(lines, ['the machine goes to sleep']);
  });
});
