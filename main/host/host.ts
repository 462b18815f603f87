/**
 * The host: what every shell (a window, a browser, a test) puts between the interface and the services of this machine.
 * It answers the calls of the contract (core/contract/host.ts) and pushes what changes to whoever is connected. It knows
 * no sockets and no windows: what only a shell can do is handed to it.
 */
import { join } from 'node:path';
import type { CallResult, MethodArguments, MethodName, Push } from '../../core/contract/host.ts';
import type { RunResult } from '../../core/contract/run-result.ts';
import { EngineSpeeds } from '../compute/engine-speeds.ts';
import { openLogFile } from '../files/log-file.ts';
import type { Store, StoreSecret } from '../storage/store.ts';
import { Activities } from './activities.ts';
import { activityMethods } from './activity-methods.ts';
import { attackMethods, watchAttackMethods } from './attack-methods.ts';
import { AttackRuns } from './attack-runs.ts';
import { answerCall, type HostMethods } from './calls.ts';
import { classifyMethod, trainedModelMethod } from './classify.ts';
import { comeBack } from './come-back.ts';
import { dataMethods } from './data-methods.ts';
import { engineMethods } from './engine-methods.ts';
import { machineMethods } from './machine-methods.ts';
import { Nearby } from './nearby.ts';
import { purgeLater } from './removals.ts';
import { Planner } from './planning.ts';
import { resultMethods } from './result-methods.ts';
import type { HostServices } from './services.ts';
import { startMethods } from './starting.ts';
import type { Shell } from './shell.ts';

export interface HostOptions {
  /** Opened for this host, which closes it at its end. */
  readonly store: Store;
  /** Of this program. */
  readonly version: string;
  readonly shell: Shell;
  /** What the secrets lie under where there is no passphrase; a wrapping key unless given. */
  readonly withoutPassphrase?: StoreSecret;
  readonly now?: () => Date;
}

/** One interface. */
export interface HostClient {
  /** Never rejects. */
  call(name: unknown, args: unknown): Promise<CallResult<MethodName>>;
  /** It has gone: what it watched or looked for, nobody watches for it any more. */
  close(): void;
}

export interface Host {
  connect(send: (push: Push) => void): HostClient;
  /** After a restart: goes on with sessions that this machine is a member of. Never rejects. */
  comeBack(): Promise<void>;
  /** A line for the log file: never keys, names of people, or data. */
  log(text: string): void;
  /** Ends everything in good order: whoever runs is told, what is finished is kept. */
  close(): Promise<void>;
}

/** Lists change many times in a moment; they are sent once, ms. */
const gatherMs = 20;

export function createHost(options: HostOptions): Host {
  const { store, version, shell } = options;
  const { now = () => new Date(), withoutPassphrase = { kind: 'wrapping-key' } } = options;
  const logFile = join(store.folder, 'masquerade.log');
  const log = openLogFile(logFile, { now });
  const clients = new Set<(push: Push) => void>();
  const push = (what: Push): void => {
    for (const send of clients) send(what);
  };
  const gathered = gather((what) => {
    push(what === 'activities' ? { push: what, activities: activities.summaries } : { push: what });
  });
  const activities = new Activities({
    changed: () => {
      gathered.note('activities');
    },
    stored: () => {
      gathered.note('results');
    },
  });
  const services: HostServices = {
    store,
    version,
    preferences: () => store.preferences(),
    drawings: () => store.drawings(),
    saveResult(result: RunResult, title: string) {
      const id = `run-${store.saveExperiment(result, title)}`;
      gathered.note('results');
      return id;
    },
    imagesPerSecond: () => store.measurement('imagesPerSecond') ?? null,
    measuredSpeed(imagesPerSecond) {
      store.saveMeasurement('imagesPerSecond', imagesPerSecond);
    },
    engineSpeeds: new EngineSpeeds({ folder: store.folder, version }),
    log: (text) => {
      log.line(text);
    },
  };
  const nearby = new Nearby(
    (sessions) => {
      push({ push: 'nearby', sessions });
    },
    {
      note: (text) => {
        log.line(`discovery: ${text}`);
      },
    },
  );
  const planner = new Planner(services);
  const removals = purgeLater(store, now);
  const reportsChanged = (): void => {
    gathered.note('attack-reports');
  };
  const attackRuns = new AttackRuns(services, now, reportsChanged, () => removals.now());
  const shared = {
    ...machineMethods({ services, shell, withoutPassphrase, logFile, push }),
    ...engineMethods(services),
    ...startMethods(services, activities),
    plan: (question: MethodArguments<'plan'>) => planner.plan(question),
    classify: classifyMethod(store, activities),
    trainedModel: trainedModelMethod(store, activities),
    ...dataMethods({ services, shell, removals, now }),
    ...resultMethods({
      services,
      shell,
      activities,
      removals,
      changed: () => {
        gathered.note('results');
      },
    }),
    ...attackMethods({
      services,
      shell,
      activities,
      removals,
      runs: attackRuns,
      changed: reportsChanged,
    }),
  };

  return {
    connect(send) {
      const watcher = {
        events: (activity: string, events: (Push & { push: 'events' })['events']) => {
          send({ push: 'events', activity, events });
        },
        attack: (run: string, events: (Push & { push: 'attack' })['events']) => {
          send({ push: 'attack', run, events });
        },
      };
      const own = activityMethods({ activities, nearby, watcher });
      const methods: HostMethods = { ...shared, ...own.methods, ...watchAttackMethods(attackRuns, watcher) };
      clients.add(send);
      return {
        call: (name, args) =>
          answerCall(methods, name, args, (error, call) => {
            log.line(
              `fault in ${call}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
            );
          }),
        close() {
          clients.delete(send);
          own.close();
          attackRuns.forget(watcher);
        },
      };
    },
    comeBack: () =>
      comeBack({
        sessions: store.sessions(),
        resume: async (session) => shared.resumeSession({ session }),
        log: services.log,
        now: now(),
      }),
    log: services.log,
    async close() {
      clients.clear();
      gathered.stop();
      planner.close();
      await nearby.close();
      await attackRuns.close();
      await activities.closeAll();
      removals.end();
      store.close();
    },
  };
}

type Gathered = 'activities' | 'results' | 'attack-reports';

function gather(tell: (what: Gathered) => void): { note(what: Gathered): void; stop(): void } {
  const timers = new Map<Gathered, NodeJS.Timeout>();
  return {
    note(what) {
      if (timers.has(what)) return;
      const timer = setTimeout(() => {
        timers.delete(what);
        tell(what);
      }, gatherMs);
      timers.set(what, timer);
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
