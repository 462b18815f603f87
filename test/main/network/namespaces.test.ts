/**
 * Sessions between hosts that have a network between them: found by mDNS, typed, IPv4 and IPv6, links that are cut, lines
 * that are bad. Hosts are network namespaces of this machine, `masquerade` runs on each as a process. What the machine
 * does not allow is skipped, and says so.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { toHex } from '../../../core/bytes/bytes.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { makeInvitation, parseInvitation } from '../../../core/joining/join-link.ts';
import { runFederated } from '../../../main/simulation/federated.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import { openStore } from '../../../main/storage/open-store.ts';
import { cannot, type Host, type HostOptions, TestNetwork } from '../../support/namespaces.ts';
import { step, told, type Told, type What } from '../../support/session-log.ts';
import type { MasqueradeProcess } from '../../support/session-processes.ts';
import { writeSmallData } from '../compute/small-data.ts';

/** Longer than anything takes on a busy machine. */
const withinMs = 150_000;
const settings = { model: 'mlp', rounds: 2, examplesPerClient: 100, seed: 5, engine: 'compiled' } as const;
/** Local epochs. Long training takes a second or more, so that there is time to cut a link in the middle of it. */
const epochsOf = { brief: 2, long: 800 } as const;
type Training = keyof typeof epochsOf;
/** All three must answer: nobody may be left out of a sum that comes out right. */
const names = ['ada', 'grace', 'emmy'] as const;

const skip = cannot('hosts');
const noIpv6 = cannot('ipv6');

describe('hosts with a network between them', { skip, concurrency: 3 }, () => {
  let folder: string;
  let data: string;
  /** Of the final model of a simulation with the same settings: what a session must end with, disturbed or not. */
  let undisturbed: Readonly<Record<Training, string>>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-hosts-'));
    data = await writeSmallData();
    // two dozen processes of the same program: most of what they would do is compile it
    process.env['NODE_COMPILE_CACHE'] = join(folder, 'compiled');
    undisturbed = { brief: await simulate('brief'), long: await simulate('long') };
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await rm(data, { recursive: true, force: true });
  });

  async function simulate(training: Training): Promise<string> {
    const bench = await openWorkbench(
      runSettingsSchema.parse({
        ...settings,
        epochs: epochsOf[training],
        clients: names.length,
        dataset: data,
        processes: 1,
      }),
      () => undefined,
    );
    try {
      const { signal } = new AbortController();
      const { final } = await runFederated(bench, { version: '0', onProgress: () => undefined, signal });
      return final.modelSha256;
    } finally {
      await bench.pool.close();
    }
  }

  /** Hosts of a network of the test's own, taken away with it. */
  async function hosts<Name extends string>(
    test: TestContext,
    wanted: readonly Name[],
    options: Partial<Record<Name, HostOptions>> = {},
  ): Promise<Record<Name, Host>> {
    const own = await mkdtemp(join(folder, 'network-'));
    const network = new TestNetwork(own);
    test.after(() => network.close());
    const usual: HostOptions = { addresses: noIpv6 === false ? 'both' : 'ipv4' };
    const made = wanted.map((name) => [name, network.host(name, options[name] ?? usual)] as const);
    return Object.fromEntries(made) as Record<Name, Host>;
  }

  async function coordinate(
    host: Host,
    training: Training,
    args: readonly string[] = [],
  ): Promise<{ machine: MasqueradeProcess; code: string; link: string }> {
    const settingArgs = Object.entries({ ...settings, epochs: epochsOf[training] }).flatMap(
      ([name, value]) => [
        `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        String(value),
      ],
    );
    const machine = host.start([
      'coordinate',
      ...['--data-dir', 'data', '--json', '--dataset', data, '--processes', '1'],
      ...['--participants', String(names.length), '--start-when-full'],
      // as long as it takes: what is tested is not who is left out
      ...['--deadline', '120'],
      ...settingArgs,
      ...args,
    ]);
    const { code, link } = await machine.log.until('listening', { withinMs });
    return { machine, code: String(code), link: String(link) };
  }

  function participate(host: Host, name: string, invitation?: string): MasqueradeProcess {
    return host.start([
      'join',
      ...(invitation === undefined ? [] : [invitation]),
      ...['--data-dir', 'data', '--json', '--yes', '--name', name, '--data', data],
    ]);
  }

  /** The session ends in good order, with the right model on every machine. */
  async function assertFinished(machines: readonly MasqueradeProcess[], training: Training): Promise<void> {
    for (const { log } of machines) {
      const { outcome, final } = await log.until('finished', { withinMs });
      assert.equal(outcome, 'finished');
      assert.equal((final as { modelSha256: string } | null)?.modelSha256, undisturbed[training]);
    }
    for (const machine of machines) assert.equal(await machine.exitCode(), 0, machine.errors);
  }

  /** Attempts of all rounds, as the coordinator counted them. */
  const attemptsOf = ({ log }: MasqueradeProcess): unknown[] =>
    log.all('round').map(({ attempts }) => attempts);

  const accepted =
    (client: unknown, phase: string, round: number): What =>
    (event) =>
      step('verified', round, phase)(event) && event['client'] === client;

  const disconnections = ({ log }: MasqueradeProcess): Told[] => log.all('disconnected');

  /** Bytes of the masked inputs that this host sent in a round, one after the other. */
  async function maskedInputs(host: Host, session: string, round: number): Promise<string[]> {
    const store = await openStore({
      folder: join(host.folder, 'data'),
      secret: { kind: 'wrapping-key' },
      stateFolder: join(host.folder, 'state'),
    });
    try {
      return [...store.messages(session)]
        .filter((message) => message.type === 'masked-input' && message.round === round)
        .map(({ bytes }) => toHex(bytes));
    } finally {
      store.close();
    }
  }

  it('join without a code finds the session; of two it lists both and asks to choose', async (test) => {
    const net = await hosts(test, ['leader', 'rival', ...names]);
    const first = await coordinate(net.leader, 'brief', ['--title', 'Monday']);
    const ada = await found(() => participate(net.ada, 'ada'));

    const second = await coordinate(net.rival, 'brief', ['--title', 'Tuesday']);
    const lost = participate(net.grace, 'grace');
    const { code, message } = await lost.log.until('error', { withinMs });
    assert.equal(code, 'invalid-setting');
    assert.match(String(message), /2 sessions were found. Choose one:/);
    for (const title of ['Monday', 'Tuesday'])
      assert.match(String(message), new RegExp(`^ {2}${title}$`, 'm'));
    assert.notEqual(await lost.exitCode(), 0);
    // as a person does: the command that stands below the title
    const [, chosen] = /Monday\n.*masquerade join '([^']+)'/.exec(String(message)) ?? [];
    assert.deepEqual(parseInvitation(chosen!).session, parseInvitation(first.link).session);
    const grace = participate(net.grace, 'grace', chosen);
    await grace.log.until(told('joined', { title: 'Monday' }), { withinMs });

    // says goodbye: nobody is asked to choose a session that is over
    second.machine.kill('SIGINT');
    await second.machine.ended;
    const emmy = await found(() => participate(net.emmy, 'emmy'));
    await assertFinished([first.machine, ada, grace, emmy], 'brief');
  });

  /** Multicast promises nothing, least of all within the few seconds that a join asks: people try again. */
  async function found(start: () => MasqueradeProcess): Promise<MasqueradeProcess> {
    for (let attempt = 1; ; attempt += 1) {
      const machine = start();
      const first = await machine.log.until(({ type }) => type === 'joined' || type === 'error', {
        withinMs,
      });
      if (first.type === 'joined') {
        assert.equal(first['title'], 'Monday');
        return machine;
      }
      assert.match(String(first['message']), /no session was found/);
      assert.ok(attempt < 3, String(first['message']));
      await machine.ended;
    }
  }

  it('the code typed on another host works over IPv4, the link over IPv6 too', async (test) => {
    const net = await hosts(test, ['leader', ...names], {
      ada: { addresses: 'ipv4' },
      emmy: { addresses: noIpv6 === false ? 'ipv6' : 'ipv4' },
    });
    const { machine, code, link } = await coordinate(net.leader, 'brief', ['--no-announce']);
    const machines = [
      participate(net.ada, 'ada', code.toLowerCase().replaceAll('-', ' ')),
      participate(net.grace, 'grace', link),
      participate(net.emmy, 'emmy', link),
    ] as const;
    await assertFinished([machine, ...machines], 'brief');
    const [ada, grace, emmy] = machines.map(({ log }) => log.last('connected')?.['address']);
    assert.equal(ada, net.leader.ipv4);
    assert.equal(grace, net.leader.ipv4, 'the likelier address first');
    await test.test('the link works over IPv6', { skip: noIpv6 }, () => {
      assert.equal(emmy, net.leader.ipv6);
    });
  });

  it("a participant's link, cut in the middle of a round and restored, costs nobody anything", async (test) => {
    const net = await hosts(test, ['leader', ...names]);
    const { machine: leader, link } = await coordinate(net.leader, 'long', ['--no-announce']);
    const machines = names.map((name) => participate(net[name], name, link));
    const victim = machines[0]!;
    const { session, own } = await victim.log.until('roster', { withinMs });
    const others = [1, 2, 3].filter((number) => number !== own);

    /** Cuts it while it trains; true once it has sent, to nobody, and all others to the coordinator. */
    const cutInRound = async (round: number): Promise<void> => {
      await victim.log.until(told('training', { round }), { withinMs });
      net.ada.switchLink('down');
      assert.ok(!victim.log.events.some(told('masked', { round })), 'cut before it had anything to send');
      await victim.log.until(told('masked', { round }), { withinMs });
      for (const other of others)
        await leader.log.until(accepted(other, 'masked-input', round), { withinMs });
      assert.ok(!leader.log.events.some(accepted(own, 'masked-input', round) as (event: Told) => boolean));
    };

    // short: TCP bridges it
    await cutInRound(1);
    net.ada.switchLink('up');
    await leader.log.until(told('round', { round: 1 }), { withinMs });
    assert.deepEqual(disconnections(victim), []);

    // the connection is gone when the link is back, and the coordinator does not know
    await cutInRound(2);
    const cannotDrop = cannot('drop-connections');
    if (cannotDrop === false) net.ada.dropConnections();
    else
      test.diagnostic(
        `waits until the silence is noticed, as connections cannot be ended here: ${cannotDrop}`,
      );
    await victim.log.until('disconnected', { withinMs });
    await victim.log.until(told('disconnected', { reason: 'unreachable' }), { withinMs });
    net.ada.switchLink('up');
    await leader.log.until(accepted(own, 'masked-input', 2), { withinMs });
    await assertFinished([leader, ...machines], 'long');

    assert.deepEqual(attemptsOf(leader), [1, 1]);
    assert.equal(victim.log.all('connected').length, 2);
    for (const other of machines.slice(1)) assert.deepEqual(disconnections(other), []);
    assert.equal((await maskedInputs(net.ada, String(session), 1)).length, 1);
    const [sent, ...again] = await maskedInputs(net.ada, String(session), 2);
    assert.ok(again.length > 0);
    for (const bytes of again) assert.equal(bytes, sent);
  });

  it("the coordinator's link, cut in the middle of a round and restored, costs nobody anything", async (test) => {
    const net = await hosts(test, ['leader', ...names, 'late']);
    const { machine: leader, link } = await coordinate(net.leader, 'long', ['--title', 'Monday']);
    const machines = names.map((name) => participate(net[name], name, link));
    await Promise.all(machines.map(({ log }) => log.until('training', { withinMs })));
    net.leader.plugCable('down');
    await Promise.all(machines.map(({ log }) => log.until('masked', { withinMs })));
    assert.ok(!leader.log.events.some(step('verified', 1, 'masked-input')), 'cut before anything came');
    // nobody answers any more: both sides notice by themselves
    await Promise.all(machines.map(({ log }) => log.until('disconnected', { withinMs })));
    leader.type('pause');
    net.leader.plugCable('up');

    // announced again by itself, too
    const late = await found(() => participate(net.late, 'late'));
    await late.log.until(told('waiting', { reason: 'running' }), { withinMs });
    late.kill('SIGINT');
    leader.type('resume');
    await assertFinished([leader, ...machines], 'long');

    const { session } = await machines[0]!.log.until('roster');
    for (const [index, name] of names.entries()) {
      const { log } = machines[index]!;
      // which of the two depends on whether bytes were on their way
      assert.match(String(log.all('disconnected')[0]?.['reason']), /^(?:silent|congested)$/);
      assert.equal(log.all('connected').length, 2);
      const sent = await maskedInputs(net[name], String(session), 1);
      assert.ok(sent.length > 1, name);
      assert.equal(new Set(sent).size, 1, name);
    }
  });

  it('delays and stalls: the same model as undisturbed', async (test) => {
    const noTbf = cannot('tbf');
    const net = await hosts(test, ['leader', ...names, 'relay']);
    // drops what does not fit: TCP sends it again
    if (noTbf === false) net.ada.shape('tbf', 'rate', '2mbit', 'burst', '4kb', 'limit', '12kb');
    const { machine, link } = await coordinate(net.leader, 'brief', ['--no-announce']);
    const { endpoints, transportKeyHash } = parseInvitation(link);
    const port = await relay(test, net.relay, endpoints[0]!.host, endpoints[0]!.port);
    const relayed = makeInvitation([{ host: net.relay.ipv4, port }], transportKeyHash).link;
    const machines = [
      participate(net.ada, 'ada', link),
      participate(net.grace, 'grace', relayed),
      participate(net.emmy, 'emmy', relayed),
    ];
    await assertFinished([machine, ...machines], 'brief');
    assert.deepEqual(attemptsOf(machine), [1, 1]);
    assert.equal(machines[1]!.log.last('connected')?.['address'], net.relay.ipv4);
    await test.test('a narrow line that drops packets', { skip: noTbf }, () => {
      assert.ok(net.ada.shaped.dropped > 0);
    });
  });

  async function relay(test: TestContext, host: Host, target: string, port: number): Promise<number> {
    const program = new URL('../../support/slow-relay.ts', import.meta.url).pathname;
    const [ip, ...args] = [...host.through, process.execPath, program, host.ipv4, target, String(port)];
    const child = spawn(ip, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    test.after(() => child.kill('SIGKILL'));
    const [line] = (await once(child.stdout, 'data', { signal: AbortSignal.timeout(withinMs) })) as [Buffer];
    return Number(line.toString());
  }

  const noNetem = cannot('netem');
  const noBadPackets =
    noNetem !== false &&
    `${noNetem}; loss at random and reordering are below TCP, and cannot be imitated above it`;

  it('delay, loss and reordering: the same model as undisturbed', { skip: noBadPackets }, async (test) => {
    const net = await hosts(test, ['leader', ...names]);
    for (const host of Object.values(net)) {
      host.shape('netem', 'delay', '40ms', '15ms', 'loss', '3%', 'reorder', '20%', '50%');
    }
    const { machine, link } = await coordinate(net.leader, 'brief', ['--no-announce']);
    const machines = names.map((name) => participate(net[name], name, link));
    await assertFinished([machine, ...machines], 'brief');
    assert.deepEqual(attemptsOf(machine), [1, 1]);
    const dropped = Object.values(net).map(({ shaped }) => shaped.dropped);
    // of some 1,000 packets; false alarm: 0.97^1000, below 1e-13
    assert.ok(dropped.some((count) => count > 0));
  });
});
