/**
 * From events to what a person sees: the host folds the events of every activity, and so does each screen that watches
 * it, so that a screen opened late, or reloaded, begins from the host's state and goes on by itself. Pure; every step
 * returns a new object that shares what has not changed.
 */
import type { ProtocolEvent } from '../contract/run-result.ts';
import type {
  FinishedRound,
  LogEntry,
  Spoke,
  SpokePhase,
  TimelineMark,
  TimelinePhase,
  TimelineRow,
  Watched,
  WatchedRound,
} from '../contract/watched.ts';
import { timelinePhases } from '../contract/watched.ts';
import type { Opened, WatchEvent } from '../contract/watch-event.ts';

/** Older entries fall off: a log that grows for ever would slow down a long session. */
export const longestLog = 400;

type Of<Type extends WatchEvent['type']> = Extract<WatchEvent, { type: Type }>;

/** The state before the first event. */
export function openWatched(opened: Opened): Watched {
  const { kind, title, startedAt, settings, demonstration, pace } = opened;
  return {
    kind,
    title,
    startedAt,
    settings,
    demonstration,
    stage: 'preparing',
    preparing: null,
    prepared: null,
    pace,
    paused: false,
    held: null,
    invitation: null,
    lobby: { epoch: 1, locked: false, people: [], names: [] },
    roster: null,
    question: null,
    rounds: settings.rounds,
    round: null,
    finished: [],
    log: [],
    training: null,
    rows: [],
    own:
      kind === 'participant'
        ? {
            name: '',
            coordinatorFingerprint: '',
            data: null,
            sent: { vectors: 0, bytes: 0 },
            pictures: null,
            connected: false,
            lostBecause: null,
            retryInMs: null,
            waiting: null,
          }
        : null,
    problem: null,
    outcome: null,
    stored: null,
    ms: 0,
  };
}

/** One step. */
export function foldEvent(before: Watched, event: WatchEvent): Watched {
  const watched = { ...before, ms: event.atMs };
  switch (event.type) {
    case 'opened':
      return watched;
    case 'preparing':
      return { ...watched, preparing: { step: event.step, done: event.done, total: event.total } };
    case 'prepared': {
      const { type: _type, atMs: _atMs, ...prepared } = event;
      return { ...watched, prepared };
    }
    case 'listening': {
      const { code, link, addresses, fingerprint } = event;
      return { ...watched, stage: 'lobby', invitation: { code, link, addresses, fingerprint } };
    }
    case 'lobby':
      return lobbyChanged(watched, event);
    case 'roster-list':
      return lobbyListed(watched, event);
    case 'roster':
      return rosterKnown(watched, event);
    case 'confirmation':
      return confirmed(watched, event);
    case 'question':
      return {
        ...watched,
        question: event.question,
        stage: event.question === 'words' ? 'words' : watched.stage,
      };
    case 'answered':
      return answered(watched, event);
    case 'round-started':
      return roundStarted(watched, event);
    case 'phase':
      return phaseStarted(watched, event);
    case 'protocol':
      return protocolEvent(watched, event.event, event.atMs);
    case 'clients-training':
      return clientsTrain(watched, event);
    case 'training':
      return ownTraining(watched, event);
    case 'training-total': {
      const { what, examplesDone, examplesTotal, examplesPerSecond } = event;
      return { ...watched, training: { what, examplesDone, examplesTotal, examplesPerSecond } };
    }
    case 'masked':
      return vectorLeft(watched, event);
    case 'sum':
      return withRound(watched, (round) =>
        round.sum.state === 'readable' ? round : { ...round, sum: { state: 'masked', added: event.added } },
      );
    case 'round':
    case 'simulated-round':
      return roundFinished(watched, event);
    case 'attempt-aborted':
      return note(endRows(watched, event.atMs), event, 'attempt-aborted', 'problem', {
        attempt: event.attempt,
        reason: event.reason,
        retry: event.retry,
      });
    case 'paused':
    case 'resumed':
      return note({ ...watched, paused: event.type === 'paused' }, event, event.type, 'note', {});
    case 'pace':
      return { ...watched, pace: event.pace };
    case 'held':
      return { ...watched, held: event.phase };
    case 'fault':
      return note(
        withSpoke(watched, event.client, (spoke) => ({ ...spoke, fault: event.fault })),
        event,
        `fault-${event.fault}`,
        'note',
        {},
        event.client,
      );
    case 'row':
      return { ...watched, rows: [...watched.rows, event.row], training: null };
    case 'connection':
      return connectionChanged(watched, event);
    case 'turned-away':
      return note(watched, event, 'turned-away', 'refused', { who: event.address, reason: event.reason });
    case 'repeat-asked':
      return note(watched, event, 'repeat-asked', 'problem', { round: event.round });
    case 'repeat-question':
      return note(watched, event, 'repeat-question', 'problem', { round: event.round });
    case 'joined':
      return joined(watched, event);
    case 'data':
      return withOwn(watched, (own) => ({
        ...own,
        data: {
          dataset: event.dataset,
          examples: event.examples,
          mode: event.mode,
          perClass: event.perClass,
        },
      }));
    case 'own-pictures':
      return withOwn(watched, (own) => ({ ...own, pictures: { round: event.round, stage: event.stage } }));
    case 'connected':
      return withOwn({ ...watched, problem: null }, (own) => ({
        ...own,
        connected: true,
        lostBecause: null,
        retryInMs: null,
      }));
    case 'disconnected':
      return note(
        withOwn(watched, (own) => ({
          ...own,
          connected: false,
          lostBecause: event.reason,
          retryInMs: event.retryInMs,
        })),
        event,
        'disconnected',
        'problem',
        { reason: event.reason },
      );
    case 'waiting':
      return withOwn(watched, (own) => ({ ...own, waiting: event.reason }));
    case 'note':
      return note(watched, event, event.code ?? 'note', 'note', { text: event.text, ...event.detail });
    case 'error': {
      const { code, message, hint } = event;
      const problem = { code, message, hint };
      return note({ ...watched, problem }, event, 'error', 'problem', { code, message, hint });
    }
    case 'finished': {
      const { outcome, final, identitiesCompared } = event;
      return {
        ...endRows(watched, event.atMs),
        stage: 'ended',
        question: null,
        training: null,
        held: null,
        outcome: { outcome, final, identitiesCompared },
      };
    }
    case 'stored':
      return { ...watched, stored: event.result };
  }
}

// People

function lobbyChanged(watched: Watched, { epoch, locked, participants }: Of<'lobby'>): Watched {
  const connected = new Map(participants.map((person) => [person.number, person.connected]));
  const next: Watched = { ...watched, lobby: { ...watched.lobby, epoch, locked, people: participants } };
  return withRound(next, (round) => ({
    ...round,
    spokes: round.spokes.map((spoke) => ({
      ...spoke,
      connected: connected.get(spoke.number) ?? spoke.connected,
    })),
  }));
}

/** A participant's list: the lobby is open, for the first time or for the next epoch. */
function lobbyListed(watched: Watched, { epoch, names, locked }: Of<'roster-list'>): Watched {
  const stage = watched.stage === 'preparing' ? 'lobby' : watched.stage;
  return { ...watched, stage, lobby: { ...watched.lobby, epoch, locked, names } };
}

function rosterKnown(watched: Watched, event: Of<'roster'>): Watched {
  const { epoch, words, digest, members, own } = event;
  const roster = { epoch, words, digest, members, own, confirmations: [], answered: null };
  const simulated = watched.kind === 'simulation' || watched.kind === 'comparison';
  const prepared = watched.prepared && { ...watched.prepared, participants: members.length };
  const stage = simulated ? 'running' : 'words';
  return {
    ...watched,
    stage,
    roster,
    prepared,
    problem: null,
    preparing: null,
    round: watched.round && {
      ...watched.round,
      spokes: members.map((member) => spokeOf(member, event.atMs)),
    },
  };
}

function spokeOf(
  { number, name, fingerprint }: { number: number; name: string; fingerprint: string },
  ms: number,
): Spoke {
  return {
    number,
    name,
    fingerprint,
    connected: true,
    phase: 'waiting',
    progress: null,
    sinceMs: ms,
    reason: null,
    fault: null,
  };
}

function confirmed(watched: Watched, { name, agreed, compared }: Of<'confirmation'>): Watched {
  const { roster } = watched;
  if (roster === null) return watched;
  const others = roster.confirmations.filter((known) => known.name !== name);
  return { ...watched, roster: { ...roster, confirmations: [...others, { name, agreed, compared }] } };
}

function answered(watched: Watched, { question, agreed }: Of<'answered'>): Watched {
  const { roster } = watched;
  return {
    ...watched,
    question: null,
    roster: question === 'words' && roster !== null ? { ...roster, answered: agreed } : roster,
  };
}

function connectionChanged(watched: Watched, event: Of<'connection'>): Watched {
  const { name, connected, reason } = event;
  const client = watched.roster?.members.find((member) => member.name === name)?.number ?? null;
  const next = client === null ? watched : withSpoke(watched, client, (spoke) => ({ ...spoke, connected }));
  const code = connected ? 'connection-back' : 'connection-lost';
  return note(next, event, code, connected ? 'note' : 'dropped', { name, reason }, client);
}

function joined(watched: Watched, event: Of<'joined'>): Watched {
  const { title, name, demonstration, coordinatorFingerprint, rounds } = event;
  return withOwn({ ...watched, title, demonstration, rounds }, (own) => ({
    ...own,
    name,
    coordinatorFingerprint,
  }));
}

// A round

function roundStarted(watched: Watched, { round, rounds, attempt, atMs: ms }: Of<'round-started'>): Watched {
  const before = watched.round?.round === round ? watched.round : undefined;
  const members = watched.roster?.members ?? [];
  const connected = new Map(watched.round?.spokes.map((spoke) => [spoke.number, spoke.connected]));
  const next: WatchedRound = {
    round,
    attempt,
    startedMs: before?.startedMs ?? ms,
    endedMs: null,
    spokes: members.map((member) => ({
      ...spokeOf(member, ms),
      connected: connected.get(member.number) ?? true,
    })),
    timeline: [],
    sum: { state: 'nothing', added: 0 },
    reached: { advertised: 0, shared: 0, masked: 0, signed: 0, revealed: 0 },
    rebuilt: null,
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
function phaseStarted(watched: Watched, { phase, awaited, deadlineMs, atMs: ms }: Of<'phase'>): Watched {
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

/** Whoever has dealt shares trains now. */
function startTraining(round: WatchedRound, ms: number): WatchedRound {
  return {
    ...round,
    spokes: round.spokes.map((spoke) =>
      spoke.phase === 'shares' ? { ...spoke, phase: 'training', sinceMs: ms } : spoke,
    ),
  };
}

function clientsTrain(watched: Watched, { shares }: Of<'clients-training'>): Watched {
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

function ownTraining(watched: Watched, event: Of<'training'>): Watched {
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

function vectorLeft(watched: Watched, { bytes }: Of<'masked'>): Watched {
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

function protocolEvent(watched: Watched, event: ProtocolEvent, ms: number): Watched {
  const { kind, phase, client, detail } = event;
  const told = logged(watched, event, ms);
  if (client === undefined) {
    return kind === 'aggregated'
      ? withRound(told, (round) => ({ ...round, sum: { state: 'readable', added: round.sum.added } }))
      : told;
  }
  const move = (to: SpokePhase, reason: Spoke['reason'] = null) =>
    withSpoke(told, client, (spoke) =>
      spoke.phase === to ? spoke : { ...spoke, phase: to, sinceMs: ms, progress: null, reason },
    );
  switch (kind) {
    case 'verified':
      return isTimelinePhase(phase) ? verified(told, client, phase, ms) : told;
    case 'dropped':
      return marked(
        move('dropped', { phase, reason: String(detail['reason'] ?? '') }),
        phase,
        { client, ms, kind: 'dropped' },
        false,
      );
    case 'recovered':
      return withRound(move('recovered'), (round) => ({
        ...round,
        rebuilt: {
          clients: [...(round.rebuilt?.clients ?? []), client],
          needed: watched.prepared?.threshold ?? 0,
        },
      }));
    case 'refused':
      return marked(
        phase === 'masked-input' ? move('refused', { phase, reason: String(detail['reason'] ?? '') }) : told,
        phase,
        { client, ms, kind: 'refused' },
        false,
      );
    case 'trained':
      return marked(move('masking'), 'masked-input', { client, ms, kind: 'trained' }, false);
    default: {
      const to = reachedBy[kind];
      const spoke = told.round?.spokes[client - 1];
      // the coordinator may have verified the message before its sender's own report is read
      return to === undefined || spoke?.phase === 'verified' ? told : move(to);
    }
  }
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
      phase === 'masked-input' ? { state: 'masked', added: reached.masked } : round.sum;
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

function roundFinished(watched: Watched, event: Of<'round' | 'simulated-round'>): Watched {
  const { type: _type, atMs: ms, ...result } = event;
  const finished: FinishedRound = { ...result, finishedMs: ms };
  const others = watched.finished.filter(({ round }) => round !== finished.round);
  const ended = endRows(watched, ms);
  const closed =
    ended.round?.round === finished.round
      ? {
          ...ended,
          round: { ...ended.round, endedMs: ms, sum: { ...ended.round.sum, state: 'readable' as const } },
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

function endRows(watched: Watched, ms: number): Watched {
  return withRound(watched, (round) => ({
    ...round,
    timeline: round.timeline.map((row) => (row.endedMs === null ? { ...row, endedMs: ms } : row)),
  }));
}

// The log

const families: Readonly<Record<ProtocolEvent['kind'], LogEntry['family']>> = {
  advertised: 'keys',
  shared: 'shares',
  trained: 'training',
  masked: 'masking',
  signed: 'signing',
  verified: 'verified',
  revealed: 'shares',
  refused: 'refused',
  dropped: 'dropped',
  recovered: 'recovered',
  aggregated: 'sum',
  evaluated: 'evaluate',
  aborted: 'problem',
  retried: 'note',
  'share-missing': 'refused',
  'process-replaced': 'note',
};

const unusualEvents: readonly ProtocolEvent['kind'][] = [
  'refused',
  'dropped',
  'recovered',
  'aborted',
  'retried',
  'share-missing',
  'process-replaced',
];

function logged(watched: Watched, event: ProtocolEvent, ms: number): Watched {
  const { kind, phase, client, detail, round, attempt } = event;
  return addEntry(watched, {
    ms,
    round,
    attempt,
    family: families[kind],
    code: kind,
    client: client ?? null,
    detail: { ...detail, phase },
    unusual: unusualEvents.includes(kind),
  });
}

function note(
  watched: Watched,
  { atMs: ms }: { readonly atMs: number },
  code: string,
  family: LogEntry['family'],
  detail: LogEntry['detail'],
  client: number | null = null,
): Watched {
  return addEntry(watched, {
    ms,
    round: watched.round?.round ?? 0,
    attempt: watched.round?.attempt ?? 0,
    family,
    code,
    client,
    detail,
    unusual: family !== 'evaluate',
  });
}

function addEntry(watched: Watched, entry: Omit<LogEntry, 'id'>): Watched {
  const id = (watched.log.at(-1)?.id ?? 0) + 1;
  const kept = watched.log.length < longestLog ? watched.log : watched.log.slice(1 - longestLog);
  return { ...watched, log: [...kept, { ...entry, id }] };
}

// Parts of the state

function withRound(watched: Watched, change: (round: WatchedRound) => WatchedRound): Watched {
  return watched.round === null ? watched : { ...watched, round: change(watched.round) };
}

function withSpoke(watched: Watched, client: number, change: (spoke: Spoke) => Spoke): Watched {
  return withRound(watched, (round) => ({
    ...round,
    spokes: round.spokes.map((spoke) => (spoke.number === client ? change(spoke) : spoke)),
  }));
}

function withRow(
  round: WatchedRound,
  phase: TimelinePhase,
  change: (row: TimelineRow) => TimelineRow,
): WatchedRound {
  return { ...round, timeline: round.timeline.map((row) => (row.phase === phase ? change(row) : row)) };
}

function withOwn(
  watched: Watched,
  change: (own: NonNullable<Watched['own']>) => NonNullable<Watched['own']>,
): Watched {
  return watched.own === null ? watched : { ...watched, own: change(watched.own) };
}
