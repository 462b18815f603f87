/**
 * From events to what a person sees: the host folds the events of every activity, and so does each screen that watches
 * it, so that a screen opened late, or reloaded, begins from the host's state and goes on by itself. Pure; every step
 * returns a new object that shares what has not changed.
 */
import type { Watched } from '../contract/watched.ts';
import type { Opened, WatchEvent } from '../contract/watch-event.ts';
import { note } from './log.ts';
import { spokeOf, withOwn, withRound, withSpoke } from './parts.ts';
import {
  attemptAborted,
  clientsTrain,
  endRows,
  ownTraining,
  phaseStarted,
  protocolEvent,
  roundFinished,
  roundStarted,
  vectorLeft,
} from './round.ts';

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
    faults: [],
    invitation: null,
    lobby: { epoch: 1, locked: false, people: [], names: [], differing: [] },
    roster: null,
    question: null,
    rounds: settings.rounds,
    round: null,
    finished: [],
    log: [],
    training: null,
    rowsTraining: [],
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
    privacy: { plan: null, charged: null, reached: null },
    problem: null,
    outcome: null,
    ballot: null,
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
    case 'settings':
      return { ...watched, settings: event.settings, rounds: event.settings.rounds };
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
    case 'simulated-phase':
      return phaseStarted(watched, { ...event, deadlineMs: null });
    case 'protocol':
      return protocolEvent(watched, event.event, event.atMs);
    case 'clients-training':
      return clientsTrain(watched, event);
    case 'training':
      return ownTraining(watched, event);
    case 'training-total':
      return allTrain(watched, event);
    case 'masked':
      return vectorLeft(watched, event);
    case 'sum':
      return withRound(watched, (round) =>
        round.sum.state === 'readable'
          ? round
          : {
              ...round,
              // its picture may lag behind what has been verified
              sum: { state: 'masked', added: Math.max(round.sum.added, event.added), sinceMs: event.atMs },
            },
      );
    case 'round':
    case 'simulated-round':
      return roundFinished(watched, event);
    case 'attempt-aborted':
      return attemptEnded(watched, event);
    case 'paused':
    case 'resumed':
      return note({ ...watched, paused: event.type === 'paused' }, event, event.type, 'note', {});
    case 'pace':
      return { ...watched, pace: event.pace };
    case 'held':
      return { ...watched, held: event.phase };
    case 'fault':
      return faultInjected(watched, event);
    case 'row':
      return rowFinished(watched, event);
    case 'connection':
      // everybody hangs up once the session has ended: that is no news, and the last round stays as it was
      return watched.stage === 'ended' ? watched : connectionChanged(watched, event);
    case 'turned-away':
      return note(watched, event, 'turned-away', 'refused', { who: event.address, reason: event.reason });
    case 'repeat-asked':
      return note(
        withRound(watched, (round) => ({ ...round, repeatAsked: true })),
        event,
        'repeat-asked',
        'problem',
        { round: event.round },
      );
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
          drawings: event.drawings ?? 0,
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
    case 'privacy-plan':
      return { ...watched, privacy: { ...watched.privacy, plan: told(event) } };
    case 'privacy-charged':
      return { ...watched, privacy: { ...watched.privacy, charged: told(event), reached: null } };
    case 'budget-reached': {
      const { round, epsilon, budget } = event;
      const reached = { ...watched, privacy: { ...watched.privacy, reached: told(event) } };
      return note(reached, event, 'budget-reached', 'problem', { round, epsilon, budget });
    }
    case 'note':
      return note(watched, event, event.code ?? 'note', 'note', { text: event.text, ...event.detail });
    case 'error': {
      const { code, message, hint, reason } = event;
      const problem = { code, message, hint, ...(reason === undefined ? {} : { reason }) };
      return note({ ...watched, problem }, event, 'error', 'problem', { code, message, hint });
    }
    case 'finished': {
      const { outcome, final, identitiesCompared } = event;
      return {
        ...endRows(watched, event.atMs),
        stage: 'ended',
        question: null,
        training: null,
        rowsTraining: [],
        held: null,
        outcome: { outcome, final, identitiesCompared },
      };
    }
    case 'votes': {
      const { ballot, open, counts, asked } = event;
      return { ...watched, ballot: { ballot, open, choices: counts.length, chosen: null, counts, asked } };
    }
    case 'ballot':
      return { ...watched, ballot: asked(watched, event) };
    case 'voted':
      return watched.ballot?.ballot === event.ballot
        ? { ...watched, ballot: { ...watched.ballot, chosen: event.choice } }
        : watched;
    case 'stored':
      return { ...watched, stored: event.result };
  }
}

/** The same question may come again, after a connection was lost: what was answered stays. */
function asked({ ballot: before }: Watched, { ballot, choices }: Of<'ballot'>): Watched['ballot'] {
  const same = before?.ballot === ballot ? before : null;
  const open = choices > 0;
  const shown = open ? choices : (same?.choices ?? 0);
  return { ballot, open, choices: shown, chosen: same?.chosen ?? null, counts: [], asked: 0 };
}

/** What an event says, without being one. */
function told<Event extends WatchEvent>(event: Event): Omit<Event, 'type' | 'atMs'> {
  const { type: _type, atMs: _atMs, ...said } = event;
  return said;
}

// People

function lobbyChanged(watched: Watched, { epoch, locked, open, participants }: Of<'lobby'>): Watched {
  const connected = new Map(participants.map((person) => [person.number, person.connected]));
  const before = open ? backFromWords(watched) : watched;
  const next: Watched = { ...before, lobby: { ...before.lobby, epoch, locked, people: participants } };
  if (watched.stage === 'ended') return next;
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
  const before = backFromWords(watched);
  const stage = before.stage === 'preparing' ? 'lobby' : before.stage;
  return { ...before, stage, lobby: { ...before.lobby, epoch, locked, names } };
}

/** A list that is open again means that somebody did not agree to the words: there will be others. */
function backFromWords(watched: Watched): Watched {
  if (watched.stage !== 'words') return watched;
  const answers = watched.roster?.confirmations ?? [];
  const differing = answers.filter(({ agreed }) => !agreed).map(({ name }) => name);
  return {
    ...watched,
    stage: 'lobby',
    roster: null,
    question: null,
    lobby: { ...watched.lobby, differing },
  };
}

function rosterKnown(watched: Watched, event: Of<'roster'>): Watched {
  const { epoch, words, digest, members, own } = event;
  const answered = event.confirmed ?? null;
  const roster = { epoch, words, digest, members, own, confirmations: [], answered };
  const simulated = watched.kind === 'simulation' || watched.kind === 'comparison';
  const prepared = watched.prepared && { ...watched.prepared, participants: members.length };
  const stage = simulated || event.confirmed ? 'running' : 'words';
  return {
    ...watched,
    stage,
    roster,
    lobby: { ...watched.lobby, differing: [] },
    prepared,
    problem: null,
    preparing: null,
    round: watched.round && {
      ...watched.round,
      spokes: members.map((member) => spokeOf(member, event.atMs)),
    },
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
  // at the end everyone hangs up
  if (watched.stage === 'ended') return next;
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

/** The service's own word for what the coordinator's machine has told already, unless it never began. */
function attemptEnded(watched: Watched, event: Of<'attempt-aborted'>): Watched {
  if (watched.round?.aborted) return watched;
  const { reason, retry, attempt, atMs: ms } = event;
  const phase = watched.round?.timeline.at(-1)?.phase ?? '';
  return note(
    attemptAborted(watched, { phase, reason, retry, needed: 0, got: 0, ms }),
    event,
    'aborted',
    'problem',
    { attempt, reason, retry, phase },
  );
}

// Simulations and comparisons

function allTrain(watched: Watched, event: Of<'training-total'>): Watched {
  const { what, examplesDone, examplesTotal, examplesPerSecond } = event;
  const training = { what, examplesDone, examplesTotal, examplesPerSecond };
  if (what === 'round') return { ...watched, training };
  const others = watched.rowsTraining.filter((row) => row.what !== what);
  const rowsTraining = [...others, training];
  return { ...watched, stage: 'running', preparing: null, training, rowsTraining };
}

function rowFinished(watched: Watched, { row }: Of<'row'>): Watched {
  const rowsTraining = watched.rowsTraining.filter(({ what }) => what !== row.name);
  return { ...watched, rows: [...watched.rows, row], rowsTraining, training: rowsTraining[0] ?? null };
}

/** Seen at its client from the round on in which it strikes. */
function faultInjected(watched: Watched, event: Of<'fault'>): Watched {
  const { client, fault, round } = event;
  const current = watched.round?.round ?? 0;
  const others = watched.faults.filter(
    (known) => known.round >= current && !(known.client === client && known.round === round),
  );
  const next = { ...watched, faults: [...others, { client, fault, round }] };
  const seen = round === current ? withSpoke(next, client, (spoke) => ({ ...spoke, fault })) : next;
  return note(seen, event, `fault-${fault}`, 'note', { round }, client);
}
