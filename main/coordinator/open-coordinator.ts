/**
 * Opens a session as its coordinator, anew or where an earlier process left off: data for evaluation, model, TLS key,
 * listener, invitation. What cannot work is refused before anybody can join.
 */
import { toHex, utf8 } from '../../core/bytes/bytes.ts';
import { type RunSettings, settledSettings } from '../../core/contract/run-settings.ts';
import type { OnSessionEvent } from '../../core/contract/session-event.ts';
import { type SessionPlan, sessionPlanSchema } from '../../core/contract/session-plan.ts';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import { selfTest } from '../../core/crypto/self-test.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { FederationError, invalidSetting } from '../../core/errors/federation-error.ts';
import { sanitiseName } from '../../core/joining/display-name.ts';
import { formatEndpoint, makeInvitation } from '../../core/joining/join-link.ts';
import { sessionOf, transportKeyHash } from '../../core/joining/session-name.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { canonicalArchitecture } from '../../core/model/model-hash.ts';
import { movingStatistics } from '../../core/model/moving-statistics.ts';
import { joiningLimits } from '../../core/wire/limits.ts';
import { engineText, type EngineUsed } from '../../core/contract/engines.ts';
import type { EngineSpeeds } from '../compute/engine-speeds.ts';
import { chooseEngine, engineUsed } from '../compute/engines.ts';
import { dataBytesOf, planProcesses } from '../compute/machine.ts';
import { type ComputePool, createComputePool, usefulProcesses } from '../compute/pool.ts';
import { loadDataset } from '../data/load.ts';
import { callerPath } from '../files/caller-path.ts';
import { announce, type Discovery } from '../network/discovery.ts';
import { openListener } from '../network/listener.ts';
import { makeTransportKeys, transportKeysFrom } from '../network/session-certificate.ts';
import { defaultDeadlines } from '../session/deadlines.ts';
import { rosterOfRow } from '../session/epoch-record.ts';
import { requireMean, requireOneLoss } from '../../core/secagg/plan-parameters.ts';
import { memberParameters, planBasis, type PlanBasis, planTopology } from '../session/member-plan.ts';
import { readModel } from '../simulation/open-workbench.ts';
import type { SessionRow, Store } from '../storage/store.ts';
import { CoordinatorSession, type ResumedSession, type SessionOutcome } from './coordinator-session.ts';
import { ModelKeeper } from './model-keeper.ts';
import type { RoundObserver } from './round-observer.ts';

export interface CoordinateOptions {
  readonly store: Store;
  readonly settings: RunSettings;
  readonly title: string;
  /** own: everyone brings a folder. */
  readonly data: 'dealt' | 'own';
  readonly demonstration: boolean;
  /** Closes the lobby and starts by itself at so many participants. */
  readonly startWhenFull: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly patienceMs: number;
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** Tells the local network. */
  readonly announce: boolean;
  readonly onEvent: OnSessionEvent;
  readonly observer?: RoundObserver;
  /** Evaluation gives way to what a person sees and does at this machine. */
  readonly background?: boolean;
  /** Of this machine: for the choice of an engine; without, the one that is usually fastest is taken. */
  readonly engineSpeeds?: EngineSpeeds | undefined;
}

/** dataset: where the session's data lies on this machine now; undefined: where it did when the session began. */
export type ResumeOptions = CoordinateOptions & { readonly dataset?: string | undefined };

export interface OpenedCoordinator {
  readonly session: CoordinatorSession;
  readonly id: string;
  readonly dataset: Dataset;
  readonly basis: PlanBasis;
  readonly topology: ModelTopology;
  readonly pool: ComputePool;
  readonly engine: EngineUsed;
  readonly keeper: ModelKeeper;
  /** To the session's end; closes everything. */
  run(): Promise<SessionOutcome>;
}

/** Throws 'invalid-setting' and what loading the data and the model throws. */
export async function openCoordinator(options: CoordinateOptions): Promise<OpenedCoordinator> {
  const { store, settings } = options;
  selfTest(settings.keyAgreement);
  const dataset = await loadDataset(settings.dataset);
  const plan = await makePlan(options, dataset);
  const topology = planTopology(plan);
  const basis = planBasis(plan, topology, dataset);
  if (options.startWhenFull !== undefined) memberParameters(basis, options.startWhenFull);
  const { identity, row: identityRow } = await store.identity(settings.rsaBits);
  const at = new Date();
  const transport = await makeTransportKeys(identity, { name: plan.title, at });
  const row: SessionRow = {
    session: toHex(sessionOf(transport.publicKey)),
    role: 'coordinator',
    state: 'lobby',
    title: plan.title,
    startedAt: at.toISOString(),
    endedAt: null,
    endedReason: null,
    plan: JSON.stringify(plan),
    demonstration: plan.demonstration,
    identitiesCompared: true,
    link: '',
    port: options.port ?? null,
    coordinatorKey: identity.publicKey.spki,
    transportKey: transport.publicKey,
    identity: identityRow.fingerprint,
  };
  store.createSession(row, { transportPrivateKey: transport.privateKey });
  store.saveChoices(row.session, { role: 'coordinator', dataset: choiceOf(settings.dataset) });
  return open({ options, dataset, topology, basis, identity, transport, row, resumed: undefined });
}

/**
 * Goes on with a session whose coordinator's process ended. settings.processes are this machine's, dataset is where the
 * session's data lies unless given; all else is the session's own. Throws 'session-unknown' and 'session-over'.
 */
export async function resumeCoordinator(options: ResumeOptions, id: string): Promise<OpenedCoordinator> {
  const { store } = options;
  const row = store.session(id);
  if (row?.role !== 'coordinator') {
    throw new FederationError(
      'session-unknown',
      `Cannot resume ${id}: this machine coordinates no such session.`,
      {
        details: { session: id },
        blame: 'user',
        action: 'correct',
      },
    );
  }
  const key = await store.transportPrivateKey(id);
  if ((row.state !== 'lobby' && row.state !== 'running') || key === undefined) {
    const outcome = row.endedReason ?? row.state;
    throw new FederationError('session-over', `Cannot resume ${id}: it has ended (${outcome}).`, {
      details: { session: id, outcome },
      blame: 'user',
      action: 'correct',
    });
  }
  const plan = sessionPlanSchema.parse(JSON.parse(row.plan));
  selfTest(plan.settings.keyAgreement);
  const source = options.dataset ?? chosenDataset(store, id) ?? options.settings.dataset;
  const dataset = await loadDataset(source);
  if (plan.data.mode === 'dealt' && dataset.digest !== plan.data.digest) {
    throw invalidSetting('dataset', source, `the data set ${plan.data.name} that the session began with`);
  }
  // the session's own, whatever has become this machine's since
  const identity = store.storedIdentity(row.identity)?.identity ?? (await store.identity()).identity;
  const transport = transportKeysFrom(key, identity, { name: row.title, at: new Date() });
  key.fill(0);
  const topology = planTopology(plan);
  const basis = planBasis(plan, topology, dataset);
  const epochs = store.epochs(id);
  const confirmed = epochs.findLast(({ confirmedAt }) => confirmedAt !== null);
  const keys = {
    session: sessionOf(transport.publicKey),
    coordinator: row.coordinatorKey,
    transportKey: transport.publicKey,
  };
  const resumed: ResumedSession = {
    epoch: confirmed && {
      number: confirmed.epoch,
      nonces: confirmed.nonces,
      roster: rosterOfRow(confirmed, keys, basis),
    },
    lastEpoch: epochs.at(-1)?.epoch ?? 0,
    lastRound: store.lastCompletedRound(id),
  };
  const settings = { ...options.settings, dataset: source };
  const again = { ...options, settings, port: row.port ?? options.port };
  return open({ options: again, dataset, topology, basis, identity, transport, row, resumed });
}

/** Relative to where another process is started it would be another folder. */
function choiceOf(dataset: string): string {
  return dataset === 'mnist' ? dataset : callerPath(dataset);
}

function chosenDataset(store: Store, id: string): string | undefined {
  const choices = store.choices(id);
  return choices?.role === 'coordinator' ? choices.dataset : undefined;
}

async function makePlan(options: CoordinateOptions, dataset: Dataset): Promise<SessionPlan> {
  const { settings, title, data, demonstration } = options;
  const off = (['masks', 'signatures', 'quantisation'] as const).find((name) => !settings[name]);
  if (off !== undefined && !demonstration) {
    throw invalidSetting(off, 'off', 'on, unless the session is openly a demonstration (--demonstration)');
  }
  if (!settings.signatures) {
    // over a network a roster without keys would name nobody
    throw invalidSetting('signatures', 'off', 'on over a network; simulate can do without');
  }
  requireMean(settings);
  requireOneLoss(settings);
  const { name, topology } = await readModel(settings.model, dataset);
  const { height, width, channels } = dataset.train;
  const {
    clients: _clients,
    dataset: _dataset,
    model: _model,
    drop: _drop,
    dropAt: _dropAt,
    engine: _engine,
    rsaBits: _bits,
    processes: _processes,
    privacyBudget: _budget,
    ...planned
  } = settledSettings(settings);
  return sessionPlanSchema.parse({
    version: 1,
    title: sanitiseName(title, 'Masquerade session'),
    settings: planned,
    data: {
      mode: data,
      name: dataset.name.slice(0, 200),
      digest: data === 'dealt' ? dataset.digest : '',
      classNames: dataset.classNames,
      height,
      width,
      channels,
    },
    model: { name: isPath(name) ? 'model' : name, topology },
    demonstration,
  });
}

/** A path of this machine is nobody else's business. */
function isPath(name: string): boolean {
  return /[\\/]/.test(name);
}

interface Opening {
  readonly options: CoordinateOptions;
  readonly dataset: Dataset;
  readonly topology: ModelTopology;
  readonly basis: PlanBasis;
  readonly identity: Awaited<ReturnType<Store['identity']>>['identity'];
  readonly transport: Awaited<ReturnType<typeof makeTransportKeys>>;
  readonly row: SessionRow;
  readonly resumed: ResumedSession | undefined;
}

async function open(opening: Opening): Promise<OpenedCoordinator> {
  const { options, dataset, topology, basis, identity, transport, row, resumed } = opening;
  const { store, settings, onEvent } = options;
  const { plan } = basis;
  const chosen = await chooseEngine(topology, {
    asked: settings.engine,
    measure: options.engineSpeeds?.of({ name: plan.model.name, topology, batch: plan.settings.batch }),
  });
  const { engine } = chosen;
  // whoever leads a session evaluates, and trains nothing
  const processPlan = planProcesses({
    engine: engine.name,
    dataBytes: dataBytesOf(dataset),
    parameters: basis.parameterCount,
    useful: usefulProcesses(1, dataset.test.count),
    asked: settings.processes,
  });
  const pool = createComputePool({
    processes: processPlan.processes,
    dataset: settings.dataset,
    testCount: dataset.test.count,
    topology,
    engine,
    batchSize: plan.settings.batch,
    background: options.background ?? false,
    onReplaced: (reason) => {
      onEvent({
        at: new Date().toISOString(),
        session: row.session,
        type: 'note',
        text: `A compute process died (${reason}); another does its work again.`,
        code: 'compute-replaced',
        detail: { reason },
      });
    },
  });
  const keeper = new ModelKeeper({
    architecture: utf8(canonicalArchitecture(topology)),
    statistics: movingStatistics(topology),
    pool,
    aggregation: plan.settings.aggregation,
    weights: resumed?.lastRound?.model.weights ?? initialWeights(topology, plan.settings.seed),
    serverState: resumed?.lastRound?.serverState ?? undefined,
  });
  const used = engineUsed(chosen, processPlan);
  store.noteEngine(row.session, engineText(used));
  const session = new CoordinatorSession({
    session: sessionOf(transport.publicKey),
    identity,
    transport,
    basis,
    store,
    keeper,
    deadlines: { ...defaultDeadlines, fixedMs: options.deadlineMs },
    startWhenFull: options.startWhenFull,
    patienceMs: options.patienceMs,
    onEvent,
    observer: options.observer,
    resumed,
  });
  let discovery: Discovery | undefined;
  return {
    session,
    id: row.session,
    dataset,
    basis,
    topology,
    pool,
    engine: used,
    keeper,
    async run() {
      try {
        const listener = await openListener({
          transport,
          host: options.host,
          port: options.port,
          maxMessageBytes: joiningLimits['encrypted-shares'] + 4 * (basis.parameterCount + 16) + 100_000,
          handlers: session.handlers,
        }).catch((cause: unknown) => {
          throw addressUnusable(options, cause);
        });
        const { code, link } = makeInvitation(listener.addresses, transportKeyHash(transport.publicKey));
        store.updateSession(row.session, { link, port: listener.port });
        if (options.announce) {
          discovery = announce(
            { title: plan.title, link, port: listener.port },
            {
              note: (text, reason) => {
                const at = new Date().toISOString();
                const told = { type: 'note', text, code: 'discovery-blocked', detail: { reason } } as const;
                onEvent({ at, session: row.session, ...told });
              },
            },
          );
        }
        onEvent({
          at: new Date().toISOString(),
          session: row.session,
          type: 'listening',
          code,
          link,
          addresses: listener.addresses.map(formatEndpoint),
          fingerprint: formatFingerprint(fingerprint(identity.publicKey.spki)),
          resumed: resumed !== undefined,
        });
        return await session.run(listener);
      } finally {
        await discovery?.stop();
        await pool.close();
      }
    },
  };
}

/** What keeps a machine from listening, in words that say what to do; any other error as it is. */
function addressUnusable({ host, port }: CoordinateOptions, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there',
    EADDRNOTAVAIL: 'this machine does not have that address',
    EACCES: 'this user may not listen there',
  };
  const reason = reasons[code];
  if (reason === undefined) return cause;
  const address = `${host ?? 'any address'}, port ${port ?? 'any'}`;
  return new FederationError('address-unusable', `Cannot listen at ${address}: ${reason}.`, {
    details: { address, reason: code },
    blame: 'user',
    action: 'correct',
    cause,
  });
}
