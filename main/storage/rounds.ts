/** Rounds that ended with a sum, each written whole or not at all; and the attempts and phases that led there. */
import type { Database } from 'better-sqlite3';
import { modelStore } from './models.ts';
import { fromStored, toStored } from './numbers.ts';
import { serverStateFromStored, serverStateToStored } from './server-state.ts';
import type { AttemptRow, CompletedRound, MetricRow, PhaseRow, RoundSummary, Store } from './store.ts';
import { parseStored } from './stored-json.ts';
import { databaseDamaged, databaseError, internalError } from './storage-errors.ts';

export type RoundStore = Pick<
  Store,
  | 'saveAttempt'
  | 'savePhase'
  | 'completeRound'
  | 'completedRounds'
  | 'lastCompletedRound'
  | 'roundSummaries'
  | 'metrics'
  | 'attempts'
  | 'phases'
  | 'model'
>;

interface SummaryRow {
  readonly session: string;
  readonly round: number;
  readonly epoch: number;
  readonly finished_at: string;
  readonly result: string;
  readonly model: string;
}

interface StoredRound extends SummaryRow {
  readonly sum_type: string | null;
  readonly sum: Buffer | null;
  readonly sum_checksum: Buffer | null;
  readonly server_kind: string | null;
  readonly server_state: Buffer | null;
  readonly server_checksum: Buffer | null;
}

const ATTEMPT = `session, epoch, round, attempt, started_at AS startedAt, ended_at AS endedAt, outcome`;
const PHASE = `session, round, attempt, phase, started_at AS startedAt, ms, awaited, answered, deadline_ms AS deadlineMs`;

export function roundStore(database: Database, path: string): RoundStore {
  const models = modelStore(database, path);
  const saveAttempt = database.prepare<[AttemptRow]>(
    `INSERT INTO attempts (session, epoch, round, attempt, started_at, ended_at, outcome)
     VALUES (@session, @epoch, @round, @attempt, @startedAt, @endedAt, @outcome)
     ON CONFLICT DO UPDATE SET epoch = excluded.epoch, started_at = excluded.started_at,
       ended_at = excluded.ended_at, outcome = excluded.outcome`,
  );
  const savePhase = database.prepare<[PhaseRow]>(
    `INSERT INTO phases (session, round, attempt, phase, started_at, ms, awaited, answered, deadline_ms)
     VALUES (@session, @round, @attempt, @phase, @startedAt, @ms, @awaited, @answered, @deadlineMs)
     ON CONFLICT DO UPDATE SET started_at = excluded.started_at, ms = excluded.ms,
       awaited = excluded.awaited, answered = excluded.answered, deadline_ms = excluded.deadline_ms`,
  );
  const insert = database.prepare(
    `INSERT INTO rounds (session, round, epoch, finished_at, result, sum_type, sum, sum_checksum, model,
                         server_kind, server_state, server_checksum)
     VALUES (@session, @round, @epoch, @finishedAt, @result, @sumType, @sum, @sumChecksum, @model,
             @serverKind, @serverState, @serverChecksum)`,
  );
  const modelOf = database
    .prepare<[string, number], string>('SELECT model FROM rounds WHERE session = ? AND round = ?')
    .pluck();
  const forgetServerStates = database.prepare<[string, number]>(
    `UPDATE rounds SET server_kind = NULL, server_state = NULL, server_checksum = NULL
     WHERE session = ? AND round < ? AND server_kind IS NOT NULL`,
  );
  const addMetric = database.prepare<[string, number, string, number]>(
    'INSERT INTO metrics (session, round, name, value) VALUES (?, ?, ?, ?)',
  );
  const roundAfter = database.prepare<[string, number], StoredRound>(
    'SELECT * FROM rounds WHERE session = ? AND round > ? ORDER BY round LIMIT 1',
  );
  const lastRound = database.prepare<[string], StoredRound>(
    'SELECT * FROM rounds WHERE session = ? ORDER BY round DESC LIMIT 1',
  );
  const summaries = database.prepare<[string], SummaryRow>(
    'SELECT session, round, epoch, finished_at, result, model FROM rounds WHERE session = ? ORDER BY round',
  );
  const metrics = database.prepare<[string], MetricRow>(
    'SELECT round, name, value FROM metrics WHERE session = ? ORDER BY round, name',
  );
  const attempts = database.prepare<[string], AttemptRow>(
    `SELECT ${ATTEMPT} FROM attempts WHERE session = ? ORDER BY round, attempt`,
  );
  const phases = database.prepare<[string], PhaseRow>(
    `SELECT ${PHASE} FROM phases WHERE session = ? ORDER BY round, attempt, id`,
  );

  const completed = (row: StoredRound): CompletedRound => {
    const weights = models.find(row.model);
    if (weights === undefined) throw databaseDamaged(path, `the model of round ${row.round} is missing`);
    return {
      session: row.session,
      epoch: row.epoch,
      round: row.round,
      finishedAt: row.finished_at,
      result: parseStored<CompletedRound['result']>(path, 'rounds', row.result),
      sum: sumOf(row, path),
      model: { hash: row.model, weights },
      serverState: serverStateOf(row, path),
    };
  };

  /** Runs while the caller iterates, where nobody else tells SQLite's errors as ours. */
  const completedAfter = (session: string, round: number): CompletedRound | undefined => {
    try {
      const row = roundAfter.get(session, round);
      return row && completed(row);
    } catch (error) {
      throw databaseError(path, error);
    }
  };

  function* completedRounds(session: string): Generator<CompletedRound, undefined> {
    let last = 0;
    for (;;) {
      const round = completedAfter(session, last);
      if (round === undefined) return;
      last = round.round;
      yield round;
    }
  }

  return {
    saveAttempt: (row) => void saveAttempt.run(row),
    savePhase: (row) => void savePhase.run(row),
    completeRound(round) {
      database
        .transaction(() => {
          const known = modelOf.get(round.session, round.round);
          if (known === round.model.hash) return;
          if (known !== undefined) {
            throw internalError(`round ${round.round} has ended already, with another model`);
          }
          models.save(round.model.hash, round.model.weights);
          const sum = round.sum && toStored(round.sum);
          const server = round.serverState && serverStateToStored(round.serverState);
          insert.run({
            session: round.session,
            round: round.round,
            epoch: round.epoch,
            finishedAt: round.finishedAt,
            result: JSON.stringify(round.result),
            sumType: round.sum && (round.sum instanceof Int32Array ? 'int32' : 'float64'),
            sum: sum?.bytes ?? null,
            sumChecksum: sum?.checksum ?? null,
            model: round.model.hash,
            serverKind: server?.kind ?? null,
            serverState: server?.bytes ?? null,
            serverChecksum: server?.checksum ?? null,
          });
          forgetServerStates.run(round.session, round.round);
          for (const [name, value] of metricsOf(round.result)) {
            addMetric.run(round.session, round.round, name, value);
          }
        })
        .immediate();
    },
    completedRounds,
    lastCompletedRound(session) {
      const row = lastRound.get(session);
      return row && completed(row);
    },
    roundSummaries: (session) =>
      summaries.all(session).map((row): RoundSummary => ({
        session: row.session,
        epoch: row.epoch,
        round: row.round,
        finishedAt: row.finished_at,
        result: parseStored<CompletedRound['result']>(path, 'rounds', row.result),
        modelHash: row.model,
      })),
    metrics: (session) => metrics.all(session),
    attempts: (session) => attempts.all(session),
    phases: (session) => phases.all(session),
    model: (hash) => models.find(hash),
  };
}

/** By the names under which they are kept; those from the masked sum begin with "reported". */
function metricsOf({
  accuracy,
  f1Weighted,
  loss,
  reported,
  privacy,
}: CompletedRound['result']): readonly (readonly [string, number])[] {
  const scores = [
    ['accuracy', accuracy],
    ['f1Weighted', f1Weighted],
    ['loss', loss],
  ] as const;
  const told =
    reported === null
      ? []
      : ([
          ['reportedLoss', reported.loss],
          ['reportedAccuracy', reported.accuracy],
          ['reportedExamples', reported.examples],
          ['reportedSelected', reported.selected],
        ] as const);
  const noise =
    privacy === undefined
      ? []
      : ([
          ['epsilon', privacy.epsilon],
          ['noiseNorm', privacy.noiseNorm],
          ['updateNorm', privacy.updateNorm],
        ] as const);
  return [...scores, ...told, ...noise];
}

function sumOf(row: StoredRound, path: string): CompletedRound['sum'] {
  if (row.sum === null || row.sum_checksum === null) return null;
  const stored = { bytes: row.sum, checksum: row.sum_checksum };
  const what = `the sums of round ${row.round}`;
  return row.sum_type === 'int32'
    ? fromStored(Int32Array, stored, path, what)
    : fromStored(Float64Array, stored, path, what);
}

function serverStateOf(row: StoredRound, path: string): CompletedRound['serverState'] {
  const { server_kind: kind, server_state: bytes, server_checksum: checksum } = row;
  if (kind === null || bytes === null || checksum === null) return null;
  return serverStateFromStored({ kind, bytes, checksum }, path);
}
