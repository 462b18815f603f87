/** What a round's events change: where everyone is, the timeline, the sum. */
import type { ProtocolEvent } from '../contract/run-result.ts';
import type {
  FinishedRound,
  Spoke,
  SpokePhase,
  TimelineMark,
  TimelinePhase,
  TimelineRow,
  Watched,
  WatchedRound,
} from '../contract/watched.ts';
import { timelinePhases } from '../contract/watched.ts';
import type { WatchEvent } from '../contract/watch-event.ts';
import { logEvent, note } from './log.ts';
import { spokeOf, withOwn, withRound, withRow, withSpoke } from './parts.ts';

type Of<Type extends WatchEvent['type']> = Extract<WatchEvent, { type: Type }>;

export function roundStarted(
  watched: Watched,
  { round, rounds, attempt, atMs: ms }: Of<'round-started'>,
): Watched {
  const before = watched.round?.round === round ? watched.round : undefined;
  const members = watched.roster?.members ?? [];
  const connected = new Map(watched.round?.spokes.map((spoke) => [spoke.number, spoke.connected]));
  const faults = new Map(
    watched.faults.filter((known) => known.round === round).map(({ client, fault }) => [client, fault]),
  );
  const next: WatchedRound = {
    round,
    attempt,
    startedMs: before?.startedMs ?? ms,
    endedMs: null,
    spokes: members.map((member) => ({
      ...spokeOf(member, ms),
      connected: connected.get(member.number) ?? true,
      fault: faults.get(member.number) ?? null,
    })),
    timeline: [],
    sum: { state: 'nothing', added: 0, sinceMs: ms },
    reached: { advertised: 0, shared: 0, masked: 0, signed: 0, revealed: 0 },
    rebuilt: null,
    aborted: null,
    repeatAsked: false,
  };
  return {
    ...watched,
    stage: 'running',
    rounds,
    round: next,
    question: null,
    preparing: null,
    problem: null,
    training: null,
    own: watched.own && { ...watched.own, waiting: null },
  };
}

function isTimelinePhase(phase: string): phase is TimelinePhase {
  return (timelinePhases as readonly string[]).includes(phase);
}

/** The coordinator waits for these messages now; again when only the deadline has changed. */
export function phaseStarted(
  watched: Watched,
  {
    phase,
    awaited,
    deadlineMs,
    atMs: ms,
  }: Pick<Of<'phase'>, 'phase' | 'awaited' | 'atMs'> & { readonly deadlineMs: number | null },
): Watched {
  if (!isTimelinePhase(phase)) return endRows(watched, ms);
  return withRound(watched, (round) => {
    const known = round.timeline.find((row) => row.phase === phase);
    if (known !== undefined) return withRow(round, phase, (row) => ({ ...row, deadlineMs }));
    const begun = beginRow(round, phase, ms, awaited, deadlineMs);
    return phase === 'masked-input' ? startTraining(begun, ms) : begun;
  });
}

function beginRow(
  round: WatchedRound,
  phase: TimelinePhase,
  ms: number,
  awaited: number,
  deadlineMs: number | null,
): WatchedRound {
  const timeline = round.timeline.map((row) => (row.endedMs === null ? { ...row, endedMs: ms } : row));
  const row: TimelineRow = {
    phase,
    startedMs: ms,
    endedMs: null,
    awaited,
    answered: 0,
    deadlineMs,
    marks: [],
  };
  return { ...round, timeline: [...timeline, row] };
}

/** Whoever has dealt shares trains now; without masks, everyone at once. */
function startTraining(round: WatchedRound, ms: number): WatchedRound {
  return {
    ...round,
    spokes: round.spokes.map((spoke) =>
      ['waiting', 'keys', 'shares'].includes(spoke.phase)
        ? { ...spoke, phase: 'training', sinceMs: ms }
        : spoke,
    ),
  };
}

export function clientsTrain(watched: Watched, { shares }: Of<'clients-training'>): Watched {
  return withRound(watched, (round) => ({
    ...round,
    spokes: round.spokes.map((spoke) => {
      const progress = shares[spoke.number - 1] ?? 0;
      return spoke.phase === 'training' || spoke.phase === 'shares' || spoke.phase === 'keys'
        ? { ...spoke, progress }
        : spoke;
    }),
  }));
}

export function ownTraining(watched: Watched, event: Of<'training'>): Watched {
  const { examplesDone, examplesTotal, examplesPerSecond, atMs: ms } = event;
  const training = { what: 'round' as const, examplesDone, examplesTotal, examplesPerSecond };
  const own = watched.roster?.own ?? null;
  const next = { ...watched, training };
  if (own === null) return next;
  return withSpoke(next, own, (spoke) => ({
    ...spoke,
    phase: ['waiting', 'keys', 'shares', 'training'].includes(spoke.phase) ? 'training' : spoke.phase,
    progress: examplesTotal === 0 ? 0 : examplesDone / examplesTotal,
    sinceMs: spoke.phase === 'training' ? spoke.sinceMs : ms,
  }));
}

export function vectorLeft(watched: Watched, { bytes }: Of<'masked'>): Watched {
  return withOwn(watched, (own) => ({
    ...own,
    sent: { vectors: own.sent.vectors + 1, bytes: own.sent.bytes + bytes },
  }));
}

/** Where the coordinator's own view or a client's moves somebody on the ring. */
const reachedBy: Readonly<Partial<Record<ProtocolEvent['kind'], SpokePhase>>> = {
  advertised: 'keys',
  shared: 'shares',
  trained: 'masking',
  masked: 'sending',
};

const verifiedCounts = {
  'advertise-keys': 'advertised',
  'share-keys': 'shared',
  'masked-input': 'masked',
  statement: 'signed',
  unmask: 'revealed',
} as const;

/** What a verified message of a phase says about its sender. */
const verifiedPhases: Readonly<Record<TimelinePhase, SpokePhase>> = {
  'advertise-keys': 'keys',
  'share-keys': 'shares',
  'masked-input': 'verified',
  statement: 'verified',
  unmask: 'verified',
};

export function protocolEvent(before: Watched, event: ProtocolEvent, ms: number): Watched {
  const watched = reopened(before, event, ms);
  const { kind, phase, client, detail } = event;
  const told = logEvent(watched, event, ms);
  if (client === undefined) return ofTheCoordinator(told, event, ms);
  const at = told.round?.spokes.find(({ number }) => number === client)?.phase;
  const reason = String(detail['reason'] ?? '');
  const move = (to: SpokePhase, why?: Spoke['reason']) =>
    withSpoke(told, client, (spoke) =>
      spoke.phase === to
        ? spoke
        : { ...spoke, phase: to, sinceMs: ms, progress: null, reason: why ?? spoke.reason },
    );
  const mark = (to: Watched, markKind: TimelineMark['kind'], of = phase) =>
    marked(to, of, { client, ms, kind: markKind }, false);
  switch (kind) {
    case 'verified':
      return isTimelinePhase(phase) ? verified(told, client, phase, ms) : told;
    case 'dropped':
      // who was refused has not left: nothing that could be added has come
      return mark(at === 'refused' ? told : move('dropped', { kind, phase, reason }), kind);
    case 'recovered':
      return withRound(move('recovered'), (round) => rebuiltWith(round, event, watched));
    case 'refused':
      return mark(
        isRefusal(told.round, client, phase, reason) ? move('refused', { kind, phase, reason }) : told,
        kind,
      );
    case 'trained':
      return mark(move('masking'), kind, 'masked-input');
    default: {
      const to = kind === 'signed' && phase === 'masked-input' ? 'signing' : reachedBy[kind];
      // the coordinator may have verified the message before its sender's own report is read
      return to === undefined || at === 'verified' ? told : move(to);
    }
  }
}

/** Reasons for which a message that was merely late, or sent again after a lost connection, is refused. */
const innocentReasons = ['wrong-phase', 'stale-round', 'replayed'];

/** Whether it is the client's message of this phase that was refused: a second one is while the first one counts. */
function isRefusal(round: WatchedRound | null, client: number, phase: string, reason: string): boolean {
  const spoke = round?.spokes.find(({ number }) => number === client);
  if (spoke === undefined || spoke.phase === 'dropped' || spoke.phase === 'recovered') return false;
  const row = round?.timeline.find((known) => known.phase === phase);
  const answered = row?.marks.some((mark) => mark.client === client && mark.kind === 'answered') ?? false;
  return !answered && (spoke.fault !== null || !innocentReasons.includes(reason));
}

/** A new attempt that nobody announced: everyone begins anew. */
function reopened(watched: Watched, { round, attempt }: ProtocolEvent, ms: number): Watched {
  if (watched.round?.round !== round || attempt <= watched.round.attempt) return watched;
  return roundStarted(watched, { type: 'round-started', atMs: ms, round, attempt, rounds: watched.rounds });
}

function ofTheCoordinator(told: Watched, { kind, phase, detail }: ProtocolEvent, ms: number): Watched {
  const number = (name: string): number => Number(detail[name] ?? 0);
  switch (kind) {
    case 'aggregated':
      return withRound(endRows(told, ms), (round) => ({
        ...round,
        sum: { state: 'readable', added: number('survivors') || round.sum.added, sinceMs: ms },
      }));
    case 'aborted':
      return attemptAborted(told, {
        phase,
        reason: String(detail['reason'] ?? ''),
        retry: String(detail['retry'] ?? ''),
        needed: number('needed'),
        got: number('got'),
        ms,
      });
    default:
      return told;
  }
}

export function attemptAborted(watched: Watched, aborted: NonNullable<WatchedRound['aborted']>): Watched {
  return endRows(
    withRound(watched, (round) => ({ ...round, aborted })),
    aborted.ms,
  );
}

function rebuiltWith(round: WatchedRound, { client, detail }: ProtocolEvent, watched: Watched): WatchedRound {
  const shares = Number(detail['shares'] ?? 0);
  const before = round.rebuilt;
  return {
    ...round,
    rebuilt: {
      clients: [...(before?.clients ?? []), ...(client === undefined ? [] : [client])],
      needed: Number(detail['needed'] ?? watched.prepared?.threshold ?? 0),
      shares: before === null ? shares : Math.min(before.shares, shares),
    },
  };
}

function verified(watched: Watched, client: number, phase: TimelinePhase, ms: number): Watched {
  const to = verifiedPhases[phase];
  const moved = withSpoke(watched, client, (spoke) =>
    spoke.phase === to ? spoke : { ...spoke, phase: to, sinceMs: ms, progress: null, reason: null },
  );
  const answeredNow = marked(moved, phase, { client, ms, kind: 'answered' }, true);
  return withRound(answeredNow, (round) => {
    const field = verifiedCounts[phase];
    const reached = { ...round.reached, [field]: round.reached[field] + 1 };
    const sum: WatchedRound['sum'] =
      phase === 'masked-input' && round.sum.state !== 'readable'
        ? { state: 'masked', added: reached.masked, sinceMs: ms }
        : round.sum;
    return { ...round, reached, sum };
  });
}

/** Begins the phase's row where nobody said that it has begun (a simulation waits without deadlines). */
function marked(watched: Watched, phase: string, mark: TimelineMark, answers: boolean): Watched {
  if (!isTimelinePhase(phase)) return watched;
  return withRound(watched, (round) => {
    const known = round.timeline.some((row) => row.phase === phase);
    const begun = known ? round : beginRow(round, phase, mark.ms, round.spokes.length, null);
    return withRow(begun, phase, (row) => ({
      ...row,
      answered: row.answered + (answers ? 1 : 0),
      marks: [...row.marks, mark],
    }));
  });
}

export function roundFinished(watched: Watched, event: Of<'round' | 'simulated-round'>): Watched {
  const { type: _type, atMs: ms, ...result } = event;
  const finished: FinishedRound = { ...result, finishedMs: ms };
  const others = watched.finished.filter(({ round }) => round !== finished.round);
  const ended = endRows(watched, ms);
  const closed =
    ended.round?.round === finished.round
      ? {
          ...ended,
          round: { ...ended.round, endedMs: ms, sum: readable(ended.round.sum, ms) },
        }
      : ended;
  const next = {
    ...closed,
    finished: [...others, finished].sort((left, right) => left.round - right.round),
    training: null,
  };
  return note(next, { atMs: ms }, 'evaluated', 'evaluate', {
    accuracy: finished.accuracy,
    round: finished.round,
  });
}

function readable(sum: WatchedRound['sum'], ms: number): WatchedRound['sum'] {
  return sum.state === 'readable' ? sum : { ...sum, state: 'readable', sinceMs: ms };
}

export function endRows(watched: Watched, ms: number): Watched {
  return withRound(watched, (round) => ({
    ...round,
    timeline: round.timeline.map((row) => (row.endedMs === null ? { ...row, endedMs: ms } : row)),
  }));
}
