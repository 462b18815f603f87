/** A session as this machine's store has it, as a result: what a report, its CSV and its JSON are made from. */
import { fromHex } from '../../core/bytes/bytes.ts';
import { isUnusual, type ProtocolEvent } from '../../core/contract/run-result.ts';
import { type SessionPlan, sessionPlanSchema } from '../../core/contract/session-plan.ts';
import type { SessionEpoch, SessionMember, SessionResult } from '../../core/contract/session-result.ts';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import { rosterWords } from '../../core/crypto/words.ts';
import { parameterCount } from '../../core/model/architecture.ts';
import { architectureSha256 } from '../../core/model/model-hash.ts';
import { parseTopology } from '../../core/model/topology.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import { type RoundParameters, roundParametersSchema } from '../../core/secagg/parameters.ts';
import type { EpochRow, SessionRow, Store } from '../storage/store.ts';

/** What is read of a store. */
export type SessionSource = Pick<
  Store,
  'epochs' | 'roundSummaries' | 'attempts' | 'phases' | 'events' | 'sessionEngines'
>;

/** version: of this program. Throws ZodError when the store holds another form of plan or parameters. */
export function sessionResult(store: SessionSource, row: SessionRow, version: string): SessionResult {
  const plan = sessionPlanSchema.parse(JSON.parse(row.plan));
  const epochRows = store.epochs(row.session);
  const epochs = epochRows.map(epochOf);
  const parameters = epochRows.at(-1) && parametersOf(epochRows.at(-1)!);
  const rounds = store.roundSummaries(row.session).map(({ epoch, finishedAt, result, modelHash }) => ({
    result: { ...result, epoch, finishedAt },
    modelHash,
  }));
  const last = rounds.at(-1);
  const engines = store.sessionEngines(row.session);
  const members = epochs.at(-1)?.members ?? [];
  const test = last?.result.confusion.reduce((sum, count) => sum + count, 0) ?? null;
  const ended = endOf(row);
  const own = members.find((member) => plainFingerprint(member) === row.identity)?.number ?? null;
  return {
    kind: 'session',
    startedAt: row.startedAt,
    seconds: secondsOf(row, last?.result.finishedAt),
    masquerade: version,
    session: {
      id: row.session,
      title: row.title,
      role: row.role,
      state: row.state,
      fingerprint: formatFingerprint(fingerprint(row.coordinatorKey)),
      own: row.role === 'participant' ? own : null,
      demonstration: row.demonstration,
      identitiesCompared: row.identitiesCompared,
      words: epochs.at(-1)?.words ?? [],
      members,
      epochs,
    },
    settings: settingsOf(plan),
    resolved: parameters === undefined ? null : resolvedOf(parameters),
    dataset: {
      name: plan.data.name,
      digest: plan.data.digest,
      classNames: plan.data.classNames,
      mode: plan.data.mode,
      test,
    },
    model: modelOf(plan),
    ...(engines.length === 0 ? {} : { engine: engines.join(', ') }),
    rounds: rounds.map(({ result }) => result),
    attempts: store.attempts(row.session).map(({ session: _session, ...attempt }) => attempt),
    phases: store.phases(row.session).map(({ round, attempt, phase, ms, awaited, answered, deadlineMs }) => ({
      round,
      attempt,
      phase,
      ms,
      awaited,
      answered,
      deadlineMs,
    })),
    events: unusualEvents(store, row.session),
    ...(ended === undefined ? {} : { ended }),
    final:
      last === undefined
        ? null
        : {
            accuracy: last.result.accuracy,
            f1Weighted: last.result.f1Weighted,
            modelSha256: last.modelHash,
          },
  };
}

/** The model of a session, for the data that the plan names. */
export function sessionTopology({ model, data }: SessionPlan): ModelTopology {
  const { height, width, channels, classNames } = data;
  const images = { height, width, channels, classes: classNames.length };
  return parseTopology(JSON.stringify(model.topology), `the session's model`, images);
}

function unusualEvents(store: SessionSource, session: string): readonly ProtocolEvent[] {
  return store
    .events(session)
    .map(({ event }) => event)
    .filter(isUnusual);
}

function parametersOf({ parameters }: EpochRow): RoundParameters {
  return roundParametersSchema.parse(JSON.parse(parameters));
}

function epochOf(row: EpochRow): SessionEpoch {
  const { language, threshold } = parametersOf(row);
  return {
    epoch: row.epoch,
    startedAt: row.startedAt,
    confirmedAt: row.confirmedAt,
    compared: row.compared,
    threshold,
    words: rosterWords(fromHex(row.rosterDigest), row.nonces, language),
    members: row.members.map(({ name, publicKey }, index) => ({
      number: index + 1,
      name,
      fingerprint: formatFingerprint(fingerprint(publicKey)),
    })),
  };
}

function plainFingerprint(member: SessionMember): string {
  return member.fingerprint.replaceAll(' ', '').toLowerCase();
}

/** Names as `--dataset` and `--model` take them, where they are ones that everyone has. */
function settingsOf({ settings, data, model }: SessionPlan): SessionResult['settings'] {
  return { ...settings, dataset: data.name === 'MNIST' ? 'mnist' : data.name, model: model.name };
}

function resolvedOf(parameters: RoundParameters): NonNullable<SessionResult['resolved']> {
  const { threshold, graph, neighbours, neighbourThreshold, bits, scale, clipBound } = parameters;
  return { threshold, graph, neighbours, neighbourThreshold, bits, scale, clipBound };
}

function modelOf(plan: SessionPlan): SessionResult['model'] {
  const topology = sessionTopology(plan);
  return {
    name: plan.model.name,
    parameters: parameterCount(topology),
    architectureSha256: architectureSha256(topology),
  };
}

function endOf({ state, endedReason }: SessionRow): string | undefined {
  if (state === 'lobby' || state === 'running') return 'unfinished';
  return endedReason === null || endedReason === 'finished' ? undefined : endedReason;
}

function secondsOf({ startedAt, endedAt }: SessionRow, lastRoundAt: string | undefined): number {
  const end = endedAt ?? lastRoundAt ?? startedAt;
  return Math.max(0, (Date.parse(end) - Date.parse(startedAt)) / 1000);
}
