/**
 * Several hosts on one machine: network namespaces joined by veth pairs to a bridge that lies in a namespace of its own
 * (Debian's iproute2, root). Only private addresses, nothing of the machine's own network is touched, nothing leaves it.
 * Names are unique; close() takes everything away, and so does the end of the test's process. What a killed one left
 * behind goes when the next network is opened.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MasqueradeProcess } from './session-processes.ts';

const start = 'masquerade-test';
/** 10.77.0.x in every network: they do not see each other. fd00::/8 is IPv6's private range. */
const ipv4Of = (number: number): string => `10.77.0.${number}`;
const ipv6Of = (number: number): string => `fd77:6d61:7371::${number}`;
const device = 'eth0';

class NetworkCommandError extends Error {}

/** Runs a command of iproute2; throws what it said. */
function run(program: 'ip' | 'tc', args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return stdout;
  const isMissing = error !== undefined && 'code' in error && error.code === 'ENOENT';
  if (isMissing) throw new NetworkCommandError(`${program} is not installed (Debian's iproute2)`);
  const said = error?.message ?? `${stderr.trim().split('\n')[0]} (exit code ${status})`;
  throw new NetworkCommandError(`${program} ${args.join(' ')}: ${said}`);
}

const ip = (...args: readonly string[]): string => run('ip', args);

const open = new Set<TestNetwork>();
process.on('exit', () => {
  for (const network of open) network.remove();
});

export interface HostOptions {
  /** Both unless said. */
  readonly addresses?: 'ipv4' | 'ipv6' | 'both';
}

export class TestNetwork {
  readonly #prefix = `${start}-${process.pid}-${randomBytes(3).toString('hex')}`;
  readonly #folder: string;
  readonly #processes: MasqueradeProcess[] = [];
  readonly #namespaces: string[] = [];
  readonly #hub: string;
  #hosts = 0;

  /** folder: holds a folder for each host. Throws NetworkCommandError where the machine does not allow it. */
  constructor(folder: string) {
    this.#folder = folder;
    open.add(this);
    try {
      removeLeftOvers();
      this.#hub = this.#addNamespace('hub');
      ip('-n', this.#hub, 'link', 'add', 'bridge', 'type', 'bridge');
      ip('-n', this.#hub, 'link', 'set', 'bridge', 'up');
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  host(name: string, { addresses = 'both' }: HostOptions = {}): Host {
    this.#hosts += 1;
    const number = this.#hosts;
    const namespace = this.#addNamespace(name);
    const port = `port${number}`;
    ip('-n', this.#hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', device, 'netns', namespace);
    ip('-n', this.#hub, 'link', 'set', port, 'master', 'bridge', 'up');
    for (const link of ['lo', device]) ip('-n', namespace, 'link', 'set', link, 'up');
    if (addresses !== 'ipv6') ip('-n', namespace, 'address', 'add', `${ipv4Of(number)}/24`, 'dev', device);
    if (addresses !== 'ipv4') {
      ip('-n', namespace, 'address', 'add', `${ipv6Of(number)}/64`, 'dev', device, 'nodad');
    }
    return new Host({
      namespace,
      hub: this.#hub,
      port,
      folder: join(this.#folder, name),
      ipv4: ipv4Of(number),
      ipv6: ipv6Of(number),
      started: (process) => this.#processes.push(process),
    });
  }

  #addNamespace(name: string): string {
    const namespace = `${this.#prefix}-${name}`;
    ip('netns', 'add', namespace);
    this.#namespaces.push(namespace);
    return namespace;
  }

  /** Ends what runs on its hosts, then takes it away. Throws when something of it is left. */
  async close(): Promise<void> {
    for (const started of this.#processes) started.kill();
    await Promise.all(this.#processes.map(({ ended }) => ended));
    this.remove();
    const left = namespaces().filter((namespace) => namespace.startsWith(this.#prefix));
    if (left.length > 0) throw new Error(`network namespaces were left behind: ${left.join(', ')}`);
  }

  /** Without waiting, for whoever exits. */
  remove(): void {
    open.delete(this);
    for (const namespace of this.#namespaces.splice(0)) removeNamespace(namespace);
  }
}

interface HostParts {
  readonly namespace: string;
  readonly hub: string;
  /** The bridge's end of its cable. */
  readonly port: string;
  readonly folder: string;
  readonly ipv4: string;
  readonly ipv6: string;
  started(process: MasqueradeProcess): void;
}

export class Host {
  readonly ipv4: string;
  readonly ipv6: string;
  readonly #parts: HostParts;

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.ipv4 = parts.ipv4;
    this.ipv6 = parts.ipv6;
  }

  /** `masquerade` with these arguments on this host, in a folder of its own. */
  start(args: readonly string[]): MasqueradeProcess {
    const started = new MasqueradeProcess({ args, folder: this.#parts.folder, through: this.through });
    this.#parts.started(started);
    return started;
  }

  /** Relative paths of its processes are taken from here. */
  get folder(): string {
    return this.#parts.folder;
  }

  /** What stands before a command that is to run on this host. */
  get through(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#parts.namespace];
  }

  /** Switches its network card off or on, as a person switches Wi-Fi. */
  switchLink(state: 'down' | 'up'): void {
    ip('-n', this.#parts.namespace, 'link', 'set', device, state);
  }

  /** Pulls its cable or puts it back: the host keeps its address and sees that there is no carrier. */
  plugCable(state: 'down' | 'up'): void {
    ip('-n', this.#parts.hub, 'link', 'set', this.#parts.port, state);
  }

  /** Ends its TCP connections without a word to anybody, as some systems do when a network goes away. */
  dropConnections(): void {
    run('ip', ['netns', 'exec', this.#parts.namespace, 'ss', '-K', '-t', 'state', 'established']);
  }

  /**
   * Says how what it receives is delayed, lost and held up (tc-qdisc(8)): at the bridge, where the sender's system does
   * not see it.
   */
  shape(...discipline: readonly string[]): void {
    const { hub, port } = this.#parts;
    run('tc', ['-n', hub, 'qdisc', 'replace', 'dev', port, 'root', ...discipline]);
  }

  /** What became of the packets for it. */
  get shaped(): { readonly sent: number; readonly dropped: number } {
    const { hub, port } = this.#parts;
    const told = run('tc', ['-s', '-n', hub, 'qdisc', 'show', 'dev', port]);
    const [, sent, dropped] = /Sent \d+ bytes (\d+) pkt \(dropped (\d+)/.exec(told) ?? [];
    return { sent: Number(sent), dropped: Number(dropped) };
  }
}

/** What a test may need of the machine beyond namespaces and veth pairs. */
export type Piece = 'hosts' | 'ipv6' | 'drop-connections' | 'netem' | 'tbf';

const attempts: Readonly<Record<Piece, (host: () => Host) => void>> = {
  hosts: (host) => host(),
  ipv6: (host) => host(),
  'drop-connections': (host) => {
    host().dropConnections();
  },
  netem: (host) => {
    host().shape('netem', 'delay', '1ms');
  },
  tbf: (host) => {
    host().shape('tbf', 'rate', '1mbit', 'burst', '4kb', 'limit', '8kb');
  },
};

/** Why this machine cannot do it, in its own words; false when it can. */
export function cannot(piece: Piece): string | false {
  if (process.platform !== 'linux') return `network namespaces are Linux's, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  let network: TestNetwork | undefined;
  try {
    network = new TestNetwork('');
    const made = network;
    const addresses = piece === 'ipv6' ? 'both' : 'ipv4';
    attempts[piece](() => made.host('probe', { addresses }));
    return false;
  } catch (error) {
    if (!(error instanceof NetworkCommandError)) throw error;
    return error.message.replaceAll(new RegExp(`${start}-[\\w-]*`, 'g'), 'NAME');
  } finally {
    network?.remove();
  }
}

function namespaces(): string[] {
  return ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0]!)
    .filter((name) => name !== '');
}

/** Of tests whose process is no longer there. */
function removeLeftOvers(): void {
  for (const namespace of namespaces()) {
    const pid = new RegExp(`^${start}-(\\d+)-`).exec(namespace)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeNamespace(namespace);
  }
}

/** With whatever still runs in it: only what this file started can. */
function removeNamespace(namespace: string): void {
  try {
    for (const pid of ip('netns', 'pids', namespace).split('\n').filter(Boolean)) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // has ended by itself
      }
    }
    ip('netns', 'delete', namespace);
  } catch {
    // close() says so
  }
}
