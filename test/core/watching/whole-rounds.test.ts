/** From the first event to the last: what is seen of a whole round, from the coordinator's side and a participant's. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProtocolEvent } from '../../../core/contract/run-result.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import type { SessionRound } from '../../../core/contract/session-event.ts';
import { fromWireText, toWireText } from '../../../core/contract/wire-json.ts';
import type { ActivityKind, Opened, WatchEvent, WatchEventBody } from '../../../core/contract/watch-event.ts';
import { timelinePhases, type Watched } from '../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../core/watching/fold.ts';
import { longestLog } from '../../../core/watching/log.ts';

const names = ['Ada', 'Chloé', 'Emmy', 'Sofia'];

function opened(kind: ActivityKind): Opened {
  const settings = runSettingsSchema.parse({ clients: 4, rounds: 3 });
  return {
    type: 'opened',
    kind,
    title: kind === 'participant' ? '' : 'Monday',
    startedAt: '2026-11-25T21:00:00.000Z',
    settings,
    demonstration: false,
    pace: 'full',
  };
}

/** One event every 10 ms. */
const timed = (bodies: readonly WatchEventBody[]): WatchEvent[] =>
  bodies.map((body, index) => ({ ...body, atMs: 10 * (index + 1) }));
const fold = (from: Watched, events: readonly WatchEvent[]): Watched => events.reduce(foldEvent, from);
const seen = (kind: ActivityKind, ...bodies: readonly WatchEventBody[]): Watched =>
  fold(openWatched(opened(kind)), timed(bodies));

function happens(
  kind: ProtocolEvent['kind'],
  phase: string,
  client?: number,
  more: Partial<Pick<ProtocolEvent, 'round' | 'attempt' | 'detail'>> = {},
): WatchEventBody {
  const event = { round: 1, attempt: 1, detail: {}, ...more, phase, kind };
  return { type: 'protocol', event: client === undefined ? event : { ...event, client } };
}

const lobby = (...there: readonly string[]): WatchEventBody => ({
  type: 'lobby',
  epoch: 1,
  locked: false,
  open: true,
  participants: there.map((name) => ({
    name,
    fingerprint: `${name}'s`,
    connected: true,
    known: false,
    number: null,
    confirmed: null,
  })),
});

function roster(own: number | null, people: readonly string[] = names, epoch = 1): WatchEventBody {
  const members = people.map((name, index) => ({ number: index + 1, name, fingerprint: `${name}'s` }));
  const words = ['amber', 'basin', 'cedar', 'dune'];
  return { type: 'roster', epoch, words, digest: 'ab', participants: people.length, members, own };
}

const listening: WatchEventBody = {
  type: 'listening',
  code: 'AAAA',
  link: 'masquerade://join/AAAA',
  addresses: ['192.168.1.7:7000'],
  fingerprint: 'F00D',
  resumed: false,
};
const begins = (round: number, attempt = 1): WatchEventBody => ({
  type: 'round-started',
  round,
  rounds: 3,
  attempt,
});
const awaits = (phase: string, awaited = 4, deadlineMs = 5_000): WatchEventBody => ({
  type: 'phase',
  round: 1,
  attempt: 1,
  phase,
  awaited,
  deadlineMs,
});

function result(round: number): { readonly type: 'round' } & SessionRound {
  return {
    type: 'round',
    round,
    attempts: 1,
    accuracy: 0.5 + round / 10,
    f1Weighted: 0.5,
    loss: 1,
    clients: { advertised: 4, shared: 4, masked: 3, unmasked: 3 },
    dropped: [2],
    refused: [],
    clippedRate: 0,
    bytesUpPerClient: { mean: 1, max: 1 },
    bytesDownPerClient: { mean: 1, max: 1 },
    ms: { coordinator: 1, evaluate: 1, total: 3 },
    confusion: [],
    reported: { loss: 1, accuracy: 0.5, examples: 90, selected: 3 },
  };
}

/** Everyone verified in one phase after the other; client 2 leaves before its masked vector. */
const round = (number: number): WatchEventBody[] => {
  const at = { round: number };
  const all = (phase: string, clients: readonly number[]) => [
    awaits(phase, clients.length),
    ...clients.map((client) => happens('verified', phase, client, at)),
  ];
  return [
    begins(number),
    ...all('advertise-keys', [1, 2, 3, 4]),
    ...all('share-keys', [1, 2, 3, 4]),
    awaits('masked-input'),
    happens('verified', 'masked-input', 3, at),
    happens('verified', 'masked-input', 1, at),
    happens('dropped', 'masked-input', 2, { ...at, detail: { reason: 'deadline' } }),
    happens('verified', 'masked-input', 4, at),
    ...all('statement', [1, 3, 4]),
    ...all('unmask', [1, 3, 4]),
    happens('recovered', 'unmask', 2, { ...at, detail: { shares: 3, needed: 3 } }),
    happens('aggregated', 'unmask', undefined, { ...at, detail: { survivors: 3 } }),
    result(number),
  ];
};

const session: readonly WatchEventBody[] = [
  listening,
  lobby(),
  lobby('Ada'),
  lobby(...names),
  roster(null),
  ...names.map((name) => ({ type: 'confirmation', name, agreed: true, compared: true }) as const),
  { type: 'answered', question: 'words', agreed: true },
  ...round(1),
  ...round(2),
  ...round(3),
  { type: 'stored', result: `session-${'a'.repeat(32)}` },
  {
    type: 'finished',
    outcome: 'finished',
    final: { round: 3, modelSha256: 'ab', accuracy: 0.8, f1Weighted: 0.5 },
    identitiesCompared: true,
  },
];

describe('a whole session, folded', () => {
  it('leads from an empty lobby over the words into the rounds, and ends', () => {
    const stages = new Set<Watched['stage']>();
    let watched = openWatched(opened('coordinator'));
    for (const event of timed(session)) {
      stages.add(watched.stage);
      watched = foldEvent(watched, event);
    }
    assert.deepEqual([...stages, watched.stage], ['preparing', 'lobby', 'words', 'running', 'ended']);
    assert.deepEqual(
      watched.finished.map(({ round: number, accuracy }) => [number, accuracy]),
      [
        [1, 0.6],
        [2, 0.7],
        [3, 0.8],
      ],
    );
    assert.equal(watched.stored, `session-${'a'.repeat(32)}`);
    assert.equal(watched.outcome?.final?.round, 3);
    assert.equal(watched.ms, 10 * session.length);
  });

  it('late, early or by text over a wire: everybody who watches sees the same, whenever they begin', () => {
    const events = timed(session);
    const start = openWatched(opened('coordinator'));
    const whole = fold(start, events);
    for (let index = 0; index <= events.length; index += 1) {
      const before = fold(start, events.slice(0, index));
      const sent = fromWireText(toWireText(before)) as Watched;
      assert.deepEqual(sent, before, 'plain data');
      assert.deepEqual(fold(sent, events.slice(index)), whole, `from event ${index}`);
    }
  });

  it('changes nothing of what was seen before', () => {
    let watched = openWatched(opened('coordinator'));
    for (const event of timed(session)) {
      const copy = structuredClone(watched);
      const next = foldEvent(watched, event);
      assert.deepEqual(watched, copy, event.type);
      watched = next;
    }
  });
});

describe('a round, folded', () => {
  const rounds = round(1);
  const at = (count: number) => seen('coordinator', roster(null), ...rounds.slice(0, count));
  const indexOf = (fits: (body: WatchEventBody) => boolean) => rounds.findIndex(fits) + 1;
  const untilPhase = (phase: string) => at(indexOf((body) => body.type === 'phase' && body.phase === phase));

  it('moves everyone along the phases of the protocol', () => {
    const phases = (watched: Watched) => watched.round?.spokes.map(({ phase }) => phase);
    assert.deepEqual(phases(untilPhase('share-keys')), ['keys', 'keys', 'keys', 'keys']);
    assert.deepEqual(phases(untilPhase('masked-input')), Array(4).fill('training'));
    assert.deepEqual(phases(untilPhase('statement')), ['verified', 'dropped', 'verified', 'verified']);
    assert.deepEqual(phases(at(rounds.length)), ['verified', 'recovered', 'verified', 'verified']);
    const left = untilPhase('statement').round?.spokes[1];
    assert.deepEqual(
      [left?.reason?.phase, left?.reason?.reason, left?.name],
      ['masked-input', 'deadline', 'Chloé'],
    );
  });

  it('counts who has answered, and shows when', () => {
    const { timeline, reached } = at(rounds.length).round!;
    assert.deepEqual(
      timeline.map(({ phase, awaited, answered }) => [phase, awaited, answered]),
      [
        ['advertise-keys', 4, 4],
        ['share-keys', 4, 4],
        ['masked-input', 4, 3],
        ['statement', 3, 3],
        ['unmask', 3, 3],
      ],
    );
    assert.deepEqual(reached, { advertised: 4, shared: 4, masked: 3, signed: 3, revealed: 3 });
    assert.deepEqual(
      timeline.map(({ phase }) => phase),
      timelinePhases,
    );
    for (const [index, row] of timeline.entries()) {
      assert.equal(row.deadlineMs, 5_000);
      assert.ok(row.endedMs !== null && row.endedMs > row.startedMs, row.phase);
      // one phase ends where the next begins
      if (index > 0) assert.equal(timeline[index - 1]!.endedMs, row.startedMs);
    }
    assert.deepEqual(
      timeline[2]!.marks.map(({ client, kind }) => [client, kind]),
      [
        [3, 'answered'],
        [1, 'answered'],
        [2, 'dropped'],
        [4, 'answered'],
      ],
    );
  });

  it('keeps the row of a phase whose deadline has been moved', () => {
    const watched = seen(
      'coordinator',
      roster(null),
      begins(1),
      awaits('share-keys'),
      awaits('share-keys', 4, 900),
    );
    assert.deepEqual(
      watched.round?.timeline.map(({ deadlineMs, startedMs }) => [deadlineMs, startedMs]),
      [[900, 30]],
    );
  });

  it('the sum is nothing, then masked, then readable', () => {
    const states = rounds.map((_, index) => at(index + 1).round!.sum);
    assert.deepEqual([...new Set(states.map(({ state }) => state))], ['nothing', 'masked', 'readable']);
    assert.deepEqual(
      [...new Set(states.map(({ added }) => added))],
      [0, 1, 2, 3],
      'never more than have come, never fewer again',
    );
    assert.deepEqual(at(rounds.length).round!.rebuilt, { clients: [2], needed: 3, shares: 3 });
  });

  it('is over with its result, and stands until the next begins', () => {
    const over = at(rounds.length);
    assert.equal(over.round?.endedMs, over.ms);
    const next = seen('coordinator', roster(null), ...rounds, begins(2));
    assert.deepEqual(
      [next.round?.round, next.round?.endedMs, next.round?.sum.state, next.round?.rebuilt],
      [2, null, 'nothing', null],
    );
    assert.ok(next.round!.spokes.every(({ phase }) => phase === 'waiting'));
    assert.deepEqual(next.finished, over.finished);
  });

  it('a repeated result takes the place of the first, in order', () => {
    const watched = seen('coordinator', roster(null), result(2), result(1), { ...result(2), accuracy: 0.9 });
    assert.deepEqual(
      watched.finished.map(({ round: number, accuracy }) => [number, accuracy]),
      [
        [1, 0.6],
        [2, 0.9],
      ],
    );
  });

  it('a second attempt begins anew, within the time of the round', () => {
    const first = [roster(null), ...rounds.slice(0, 8)];
    const aborted = {
      type: 'attempt-aborted',
      round: 1,
      attempt: 1,
      reason: 'too-few',
      retry: 'at-once',
    } as const;
    const ended = seen('coordinator', ...first, aborted);
    assert.deepEqual([ended.round?.aborted?.reason, ended.round?.timeline.at(-1)?.endedMs], ['too-few', 100]);
    const again = seen('coordinator', ...first, aborted, begins(1, 2));
    assert.deepEqual(
      [again.round?.attempt, again.round?.startedMs, again.round?.aborted, again.round?.timeline],
      [2, 20, null, []],
    );
    assert.deepEqual(again.round?.reached, { advertised: 0, shared: 0, masked: 0, signed: 0, revealed: 0 });
    assert.ok(again.round.spokes.every(({ phase, reason }) => phase === 'waiting' && reason === null));
  });

  it('a connection that is lost marks the person, and the next round remembers', () => {
    const lost = { type: 'connection', name: 'Emmy', connected: false, reason: 'closed' } as const;
    const connected = (watched: Watched) => watched.round?.spokes.map((spoke) => spoke.connected);
    const watched = seen('coordinator', roster(null), begins(1), lost, begins(2));
    assert.deepEqual(connected(watched), [true, true, false, true]);
    const back = fold(watched, timed([{ ...lost, connected: true }]));
    assert.deepEqual(connected(back), [true, true, true, true]);
    // a guest's connection is nobody's of the ring
    assert.deepEqual(connected(fold(watched, timed([{ ...lost, name: 'Ada ' }]))), [true, true, false, true]);
  });

  it('a connection that goes once the session has ended is no news', () => {
    const lost = { type: 'connection', name: 'Emmy', connected: false, reason: 'closing' } as const;
    const finished = {
      type: 'finished',
      outcome: 'finished',
      final: null,
      identitiesCompared: true,
    } as const;
    const ended = seen('coordinator', roster(null), begins(1), finished);
    const after = fold(ended, timed([lost]));
    assert.deepEqual(after.round, ended.round);
    assert.deepEqual(after.log, ended.log);
  });
});

describe('people, folded', () => {
  it('a new epoch has other words, other members and no answers', () => {
    const yes = { type: 'confirmation', name: 'Ada', agreed: true, compared: true } as const;
    const first = seen('coordinator', roster(null), yes, { ...yes, agreed: false }, begins(1));
    assert.deepEqual(first.roster?.confirmations, [{ name: 'Ada', agreed: false, compared: true }]);
    const second = fold(first, timed([lobby(...names), roster(null, ['Emmy', 'Ada', 'Zoë'], 2)]));
    assert.deepEqual(
      [second.stage, second.roster?.epoch, second.roster?.confirmations, second.roster?.answered],
      ['words', 2, [], null],
    );
    assert.deepEqual(
      second.round?.spokes.map(({ name, number }) => [name, number]),
      [
        ['Emmy', 1],
        ['Ada', 2],
        ['Zoë', 3],
      ],
    );
  });

  it('a list that opens again names those whose words differed', () => {
    const watched = seen(
      'coordinator',
      listening,
      lobby(...names),
      roster(null),
      { type: 'confirmation', name: 'Emmy', agreed: false, compared: true },
      { type: 'confirmation', name: 'Ada', agreed: true, compared: true },
      lobby(...names),
    );
    assert.deepEqual([watched.stage, watched.roster, watched.lobby.differing], ['lobby', null, ['Emmy']]);
  });
});

describe("a participant's own view, folded", () => {
  const joined: WatchEventBody = {
    type: 'joined',
    title: 'Monday',
    name: 'Chloé',
    demonstration: true,
    coordinatorFingerprint: 'F00D',
    rounds: 7,
  };
  const data: WatchEventBody = {
    type: 'data',
    dataset: 'MNIST',
    examples: 60,
    mode: 'dealt',
    perClass: [30, 30],
  };
  const training = (examplesDone: number): WatchEventBody => ({
    type: 'training',
    round: 1,
    examplesDone,
    examplesTotal: 60,
    examplesPerSecond: 100,
  });

  it('knows the session once it has joined, and its own data', () => {
    const before = openWatched(opened('participant'));
    assert.deepEqual([before.title, before.own?.name, before.own?.data], ['', '', null]);
    const watched = seen('participant', { type: 'connected', address: 'x' }, joined, data);
    assert.deepEqual([watched.title, watched.rounds, watched.demonstration], ['Monday', 7, true]);
    assert.deepEqual(
      [watched.own?.name, watched.own?.coordinatorFingerprint, watched.own?.data?.perClass],
      ['Chloé', 'F00D', [30, 30]],
    );
    const listed = fold(watched, timed([{ type: 'roster-list', epoch: 1, names, locked: true }]));
    assert.deepEqual([listed.stage, listed.lobby.names, listed.lobby.locked], ['lobby', names, true]);
  });

  it('is asked for the words and, once it has answered, no longer', () => {
    const asked = seen('participant', joined, roster(2), { type: 'question', question: 'words', round: 0 });
    assert.deepEqual([asked.stage, asked.question, asked.roster?.own], ['words', 'words', 2]);
    const answered = fold(asked, timed([{ type: 'answered', question: 'words', agreed: false }]));
    assert.deepEqual([answered.question, answered.roster?.answered], [null, false]);
    const repeat = seen('participant', roster(2), begins(1), {
      type: 'question',
      question: 'repeat',
      round: 1,
    });
    assert.deepEqual([repeat.stage, repeat.question], ['running', 'repeat']);
  });

  it('sees its own training on the ring, and of the others none', () => {
    const watched = seen('participant', joined, roster(2), begins(1), training(0), training(15));
    assert.deepEqual(
      watched.round?.spokes.map(({ phase, progress }) => [phase, progress]),
      [
        ['waiting', null],
        ['training', 0.25],
        ['waiting', null],
        ['waiting', null],
      ],
    );
    const since = watched.round.spokes[1]!.sinceMs;
    assert.equal(fold(watched, timed([training(60)])).round?.spokes[1]?.sinceMs, since);
    assert.equal(watched.training?.examplesPerSecond, 100);
  });

  it('counts what has left it, over all rounds', () => {
    const masked = (bytes: number): WatchEventBody => ({ type: 'masked', round: 1, attempt: 1, bytes });
    const watched = seen('participant', roster(2), begins(1), masked(500), begins(2), masked(700));
    assert.deepEqual(watched.own?.sent, { vectors: 2, bytes: 1_200 });
  });

  it('tells a lost connection and forgets it once it is back', () => {
    const lost = { type: 'disconnected', reason: 'timeout', retryInMs: 500 } as const;
    const away = seen('participant', { type: 'connected', address: 'x' }, lost);
    assert.deepEqual(
      [away.own?.connected, away.own?.lostBecause, away.own?.retryInMs],
      [false, 'timeout', 500],
    );
    const back = fold(away, timed([{ type: 'connected', address: 'x' }]));
    assert.deepEqual([back.own?.connected, back.own?.lostBecause, back.own?.retryInMs], [true, null, null]);
  });

  it('a problem stays until what it was about is mended', () => {
    const error = { type: 'error', code: 'not-let-in', message: 'Full.', hint: '' } as const;
    assert.equal(seen('participant', error).problem?.code, 'not-let-in');
    assert.equal(seen('participant', error, { type: 'connected', address: 'x' }).problem, null);
    assert.equal(seen('participant', error, roster(2)).problem, null);
  });
});

it('the log never grows beyond its length, and its numbers never begin again', () => {
  let watched = openWatched(opened('coordinator'));
  let last = 0;
  for (let index = 0; index < 3 * longestLog; index += 1) {
    watched = foldEvent(watched, { type: 'note', text: `${index}`, atMs: index });
    assert.ok(watched.log.length <= longestLog);
    assert.equal(watched.log.at(-1)!.id, last + 1);
    last += 1;
  }
  assert.equal(watched.log.length, longestLog);
  assert.equal(watched.log[0]!.id, 2 * longestLog + 1);
});
