/**
 * A session over real sockets with real stores, in the test's own process, so that a test can look inside, lie and
 * listen; machines of it may be processes of their own instead (session-processes.ts). All on loopback, all in one
 * temporary folder, all ended with the test.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunSettings } from '../../core/contract/run-settings.ts';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { toHex } from '../../core/bytes/bytes.ts';
import type { Drawn } from '../../core/datasets/added.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import { parseInvitation } from '../../core/joining/join-link.ts';
import type { EngineName } from '../../core/model/engine.ts';
import { peekType } from '../../core/wire/envelope.ts';
import type { MessageType } from '../../core/wire/messages.ts';
import type { CoordinatorSession, SessionOutcome } from '../../main/coordinator/coordinator-session.ts';
import {
  type CoordinateOptions,
  openCoordinator,
  resumeCoordinator,
} from '../../main/coordinator/open-coordinator.ts';
import { openDialer } from '../../main/network/dialer.ts';
import type { Connection, ListenerHandlers } from '../../main/network/transport.ts';
import type { PersonAnswers } from '../../main/participant/participant-options.ts';
import { type ParticipantOutcome, ParticipantSession } from '../../main/participant/participant-session.ts';
import type { prepare } from '../../main/participant/preparation.ts';
import { runFederated } from '../../main/simulation/federated.ts';
import { openWorkbench } from '../../main/simulation/open-workbench.ts';
import { openStore, type StoreOptions } from '../../main/storage/open-store.ts';
import type { Store, StoreSecret } from '../../main/storage/store.ts';
import { writeSmallData } from '../main/compute/small-data.ts';
import { addTestIdentity } from '../main/storage/store-folder.ts';
import { SessionLog } from './session-log.ts';
import { MasqueradeProcess } from './session-processes.ts';

/** 32 bytes that open the stores of tests: no scrypt, no file. */
const storeKey = new Uint8Array(32).fill(7);

/** --yes: accepts the words unseen, allows no second sum. */
export const nobody: PersonAnswers = {
  compareWords: () => Promise.resolve({ agreed: true, compared: false }),
  allowRepeat: () => Promise.resolve(false),
};
/** A person who agrees to everything, having looked. */
export const agreeable: PersonAnswers = {
  compareWords: () => Promise.resolve({ agreed: true, compared: true }),
  allowRepeat: () => Promise.resolve(true),
};

/** What a lying coordinator sends to a member in place of its messages, and what is listened to. */
export interface Wire {
  toMember(name: string, bytes: Uint8Array, type: MessageType): readonly Uint8Array[];
  fromMember(name: string, bytes: Uint8Array): void;
}

export interface CoordinatorMachine {
  readonly session: CoordinatorSession;
  readonly id: string;
  readonly store: Store;
  readonly log: SessionLog;
  readonly outcome: Promise<SessionOutcome>;
}

export interface ParticipantMachine {
  readonly session: ParticipantSession;
  readonly identity: Identity;
  readonly store: Store;
  readonly log: SessionLog;
  readonly outcome: Promise<ParticipantOutcome>;
}

export interface JoinOptions {
  readonly person?: PersonAnswers;
  readonly data?: string | undefined;
  readonly drawings?: readonly Drawn[];
  readonly agreeToDemonstration?: boolean;
  readonly privacyBudget?: number;
  readonly store?: Store;
  /** Of the store made for it. */
  readonly identity?: Identity;
  readonly patienceMs?: number;
  /** compiled unless given. */
  readonly engine?: EngineName;
  readonly prepare?: typeof prepare;
}

const defaults = {
  model: 'mlp',
  clients: 4,
  rounds: 2,
  examplesPerClient: 40,
  seed: 5,
  engine: 'compiled',
  processes: 1,
} as const;

export class SessionRoom {
  readonly folder: string;
  /** A folder of IDX files. */
  readonly data: string;
  /** Set before the coordinator is opened. */
  wire: Partial<Wire> = {};
  link = '';
  /** By public key (hexadecimal): whose connection is whose. */
  readonly #names = new Map<string, string>();
  readonly #stores = new Set<Store>();
  /** Of the fixture, from its end: tests take those of strangers from its beginning. */
  #nextIdentity = 30;
  readonly #endings: (() => void)[] = [];
  readonly #outcomes: Promise<unknown>[] = [];

  private constructor(folder: string, data: string) {
    this.folder = folder;
    this.data = data;
  }

  static async open(): Promise<SessionRoom> {
    const folder = await mkdtemp(join(tmpdir(), 'masquerade-session-'));
    return new SessionRoom(folder, await writeSmallData());
  }

  /** Ends whatever still runs. For after(). */
  async close(): Promise<void> {
    for (const end of this.#endings) end();
    await Promise.allSettled(this.#outcomes);
    for (const store of this.#stores) store.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
    await rm(this.data, { recursive: true, force: true });
  }

  /** The same settings for coordinators in this process and for command lines. */
  settings(changes: Partial<RunSettings> = {}): RunSettings {
    return runSettingsSchema.parse({ ...defaults, dataset: this.data, ...changes });
  }

  settingArgs(changes: Readonly<Record<string, string | number>> = {}): string[] {
    const { clients: _, ...settings } = { ...defaults, dataset: this.data, ...changes };
    return Object.entries(settings).flatMap(([name, value]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      String(value),
    ]);
  }

  /** tune: is given the database. */
  async store(name: string, tune?: StoreOptions['tune']): Promise<Store> {
    const secret = { kind: 'operating-system', key: storeKey } as const;
    const store = await this.#openStore(name, secret, 'state-in-process', tune);
    if (store.identities().length === 0) addTestIdentity(store, this.#nextIdentity--);
    return store;
  }

  /** The data folder of a process, once it has ended. */
  openFolder(name: string): Promise<Store> {
    return this.#openStore(name, { kind: 'wrapping-key' }, 'state');
  }

  async #openStore(
    name: string,
    secret: StoreSecret,
    state: string,
    tune?: StoreOptions['tune'],
  ): Promise<Store> {
    const places = { folder: this.path(name), stateFolder: this.path(state) };
    const store = await openStore({ ...places, secret, ...(tune === undefined ? {} : { tune }) });
    this.#stores.add(store);
    return store;
  }

  /** Hash of the final model of a simulation with the same settings. */
  async simulate(changes: Partial<RunSettings> = {}): Promise<string> {
    const bench = await openWorkbench(this.settings(changes), () => undefined);
    try {
      const { signal } = new AbortController();
      const options = { version: '0', onProgress: () => undefined, signal };
      return (await runFederated(bench, options)).final.modelSha256;
    } finally {
      await bench.pool.close();
    }
  }

  /** Data folder of a process. */
  path(name: string): string {
    return join(this.folder, name);
  }

  async copy(from: string, to: string): Promise<void> {
    await cp(join(this.folder, from), join(this.folder, to), { recursive: true });
  }

  // Machines in this process

  async coordinate(
    changes: Partial<RunSettings> = {},
    options: Partial<CoordinateOptions> & { readonly resume?: string } = {},
  ): Promise<CoordinatorMachine> {
    const log = new SessionLog('coordinator');
    const store = options.store ?? (await this.store('coordinator'));
    const { resume, ...given } = options;
    const coordinateOptions: CoordinateOptions = {
      title: 'Test session',
      data: 'dealt',
      demonstration: false,
      startWhenFull: undefined,
      deadlineMs: undefined,
      patienceMs: 30_000,
      host: '127.0.0.1',
      port: undefined,
      announce: false,
      settings: this.settings(changes),
      onEvent: (event) => {
        log.put(event);
      },
      ...given,
      store,
    };
    const opened =
      resume === undefined
        ? await openCoordinator(coordinateOptions)
        : await resumeCoordinator(coordinateOptions, resume);
    this.#tap(opened.session.handlers);
    const outcome = opened.run();
    this.#keepTrack(outcome, log, () => {
      opened.session.stop();
    });
    this.link = String((await log.until('listening'))['link']);
    return { session: opened.session, id: opened.id, store, log, outcome };
  }

  async join(name: string, options: JoinOptions = {}): Promise<ParticipantMachine> {
    const log = new SessionLog(name);
    const store = options.store ?? (await this.store(name));
    const identity = options.identity ?? (await store.identity()).identity;
    this.#names.set(toHex(identity.publicKey.spki), name);
    const session = new ParticipantSession({
      store,
      identity,
      invitation: parseInvitation(this.link),
      link: this.link,
      name,
      data: {
        source: 'data' in options ? options.data : this.data,
        drawings: options.drawings,
      },
      agreeToDemonstration: options.agreeToDemonstration ?? false,
      privacyBudget: options.privacyBudget,
      engine: options.engine ?? 'compiled',
      processes: 1,
      patienceMs: options.patienceMs ?? 60_000,
      ...(options.prepare === undefined ? {} : { prepare: options.prepare }),
      person: options.person ?? nobody,
      // nobody in a test's room waits long for a coordinator to be back
      dial: (dialing) => openDialer({ ...dialing, timing: { backoffMs: 50, longestBackoffMs: 400 } }),
      onEvent: (event) => {
        log.put(event);
      },
    });
    const outcome = session.run();
    this.#keepTrack(outcome, log, () => {
      session.leave();
    });
    return { session, identity, store, log, outcome };
  }

  joinAll(names: readonly string[], options: JoinOptions = {}): Promise<ParticipantMachine[]> {
    return Promise.all(names.map((name) => this.join(name, options)));
  }

  /** Coordinator and participants until the words are confirmed and rounds are played. */
  async startSession(
    names: readonly string[],
    changes: Partial<RunSettings> = {},
    options: Partial<CoordinateOptions> = {},
    joining: JoinOptions = {},
  ): Promise<{ coordinator: CoordinatorMachine; participants: ParticipantMachine[] }> {
    const coordinator = await this.coordinate(changes, { startWhenFull: names.length, ...options });
    const participants = await this.joinAll(names, joining);
    return { coordinator, participants };
  }

  // Machines as processes

  start(args: readonly string[], killAt?: Readonly<Record<string, unknown>>): MasqueradeProcess {
    const started = new MasqueradeProcess({ args, folder: this.folder, killAt });
    this.#endings.push(() => {
      started.kill();
    });
    this.#outcomes.push(started.ended);
    return started;
  }

  async startCoordinator(
    args: readonly string[],
    killAt?: Readonly<Record<string, unknown>>,
  ): Promise<MasqueradeProcess> {
    const common = ['--data-dir', 'coordinator', '--json', '--no-announce', '--host', '127.0.0.1'];
    const started = this.start(['coordinate', ...common, ...args], killAt);
    this.link = String((await started.log.until('listening'))['link']);
    return started;
  }

  startParticipant(
    name: string,
    args: readonly string[] = ['--yes'],
    killAt?: Readonly<Record<string, unknown>>,
  ): MasqueradeProcess {
    const common = ['--data-dir', name, '--json', '--name', name, '--data', this.data];
    return this.start(['join', this.link, ...common, ...args], killAt);
  }

  #keepTrack(outcome: Promise<unknown>, log: SessionLog, end: () => void): void {
    this.#endings.push(end);
    this.#outcomes.push(outcome);
    outcome.then(
      () => {
        log.ended('in good order');
      },
      (error: unknown) => {
        log.ended(String(error));
      },
    );
  }

  /** Puts the room's wire between the sessions and their connections. */
  #tap(handlers: ListenerHandlers): void {
    const { connected, message, closed } = handlers;
    const tapped = new Map<Connection, Connection>();
    const nameOf = ({ claimedIdentity }: Connection): string =>
      this.#names.get(toHex(claimedIdentity)) ?? 'somebody';
    Object.assign(handlers, {
      connected: (connection: Connection) => {
        const between = new Proxy(connection, {
          get: (target, property) => {
            if (property === 'send')
              return (bytes: Uint8Array) => {
                const type = peekType(bytes);
                const rewritten = type.ok
                  ? this.wire.toMember?.(nameOf(target), bytes, type.value)
                  : undefined;
                for (const one of rewritten ?? [bytes]) target.send(one);
              };
            const value: unknown = Reflect.get(target, property, target);
            return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          },
        });
        tapped.set(connection, between);
        connected(between);
      },
      message: (connection: Connection, bytes: Uint8Array) => {
        this.wire.fromMember?.(nameOf(connection), bytes);
        message(tapped.get(connection)!, bytes);
      },
      closed: (connection: Connection, ...how: [never, never]) => {
        closed(tapped.get(connection)!, ...how);
        tapped.delete(connection);
      },
    } satisfies Partial<ListenerHandlers>);
  }
}
