/** What only simulations and comparisons tell: phases without deadlines, faults of a person's, rows side by side. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ComparisonRow, ProtocolEvent } from '../../../core/contract/run-result.ts';
import type { WatchEventBody } from '../../../core/contract/watch-event.ts';
import type { Watched } from '../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../core/watching/fold.ts';
import { openedBy } from '../../support/watched-session.ts';

const members = ['Inès', 'Marek', 'Yusuf'].map((name, index) => ({
  number: index + 1,
  name,
  fingerprint: `${index}`.repeat(64),
}));

/** A round of three that has just begun. */
function begun(...bodies: readonly WatchEventBody[]): Watched {
  return then(
    openWatched(openedBy({ clients: 3, rounds: 2 })),
    { type: 'roster', epoch: 1, words: [], digest: '', participants: 3, members, own: null },
    { type: 'round-started', round: 1, rounds: 2, attempt: 1 },
    ...bodies,
  );
}

function then(watched: Watched, ...bodies: readonly WatchEventBody[]): Watched {
  return bodies.reduce((state, body) => foldEvent(state, { ...body, atMs: state.ms + 10 }), watched);
}

const phase = (name: string): WatchEventBody => ({
  type: 'simulated-phase',
  round: 1,
  attempt: 1,
  phase: name,
  awaited: 3,
});

function protocol(
  kind: ProtocolEvent['kind'],
  of: string,
  client: number,
  detail: ProtocolEvent['detail'] = {},
): WatchEventBody {
  return { type: 'protocol', event: { round: 1, attempt: 1, phase: of, kind, client, detail } };
}

const phasesOf = ({ round }: Watched): readonly string[] => round!.spokes.map((spoke) => spoke.phase);

describe('foldEvent()', () => {
  it('begins a row without a deadline for a phase of a simulation, and ends the one before', () => {
    const { round } = begun(phase('advertise-keys'), phase('share-keys'));
    assert.deepEqual(
      round!.timeline.map((row) => [row.phase, row.startedMs, row.endedMs, row.awaited, row.deadlineMs]),
      [
        ['advertise-keys', 30, 40, 3, null],
        ['share-keys', 40, null, 3, null],
      ],
    );
  });

  it('has everybody train who has not left, without masks everybody at once', () => {
    assert.deepEqual(phasesOf(begun(phase('masked-input'))), ['training', 'training', 'training']);
    const masked = begun(
      phase('advertise-keys'),
      protocol('verified', 'advertise-keys', 1),
      protocol('dropped', 'advertise-keys', 3),
      phase('masked-input'),
    );
    assert.deepEqual(phasesOf(masked), ['training', 'training', 'dropped']);
  });

  it('shows a fault from the round on in which it strikes, and forgets it afterwards', () => {
    const now = begun({ type: 'fault', client: 2, fault: 'tamper', round: 1 });
    assert.deepEqual(
      now.round!.spokes.map(({ fault }) => fault),
      [null, 'tamper', null],
    );
    const later = then(now, { type: 'fault', client: 3, fault: 'drop', round: 2 });
    assert.equal(later.round!.spokes[2]!.fault, null);
    assert.equal(later.log.at(-1)?.code, 'fault-drop');
    assert.equal(later.log.at(-1)?.detail['round'], 2);
    const next = then(later, { type: 'round-started', round: 2, rounds: 2, attempt: 1 });
    assert.deepEqual(
      next.round!.spokes.map(({ fault }) => fault),
      [null, null, 'drop'],
    );
    const after = then(next, { type: 'fault', client: 1, fault: 'slow', round: 2 });
    assert.deepEqual(
      after.faults.map(({ client }) => client),
      [3, 1],
    );
  });

  it("shows as refused whose message of the phase is, not who was late or sent again unless by a person's fault", () => {
    const forged = begun(
      phase('share-keys'),
      protocol('refused', 'share-keys', 2, { reason: 'bad-signature' }),
    );
    assert.equal(phasesOf(forged)[1], 'refused');
    const late = begun(phase('share-keys'), protocol('refused', 'share-keys', 2, { reason: 'wrong-phase' }));
    assert.equal(phasesOf(late)[1], 'waiting');
    const replayed = begun(
      phase('share-keys'),
      { type: 'fault', client: 2, fault: 'replay', round: 1 },
      protocol('refused', 'share-keys', 2, { reason: 'wrong-phase' }),
      protocol('dropped', 'share-keys', 2),
    );
    assert.equal(phasesOf(replayed)[1], 'refused');
    assert.deepEqual(replayed.round!.spokes[1]!.reason, {
      kind: 'refused',
      phase: 'share-keys',
      reason: 'wrong-phase',
    });
    const answered = begun(
      phase('share-keys'),
      protocol('verified', 'share-keys', 2),
      protocol('refused', 'share-keys', 2, { reason: 'contradiction' }),
    );
    assert.equal(phasesOf(answered)[1], 'shares');
    const gone = begun(
      phase('share-keys'),
      protocol('dropped', 'share-keys', 2),
      protocol('refused', 'masked-input', 2, { reason: 'bad-signature' }),
    );
    assert.equal(phasesOf(gone)[1], 'dropped');
  });

  it('keeps the rows of a comparison that train side by side apart, until each is finished', () => {
    const training = (what: ComparisonRow['name'], examplesDone: number): WatchEventBody => ({
      type: 'training-total',
      what,
      examplesDone,
      examplesTotal: 100,
      examplesPerSecond: 10,
    });
    const row: ComparisonRow = {
      name: 'single-client',
      accuracy: 0.9,
      f1Weighted: 0.9,
      seconds: 1,
      examples: 100,
      curve: [],
    };
    const both = then(
      openWatched(openedBy({ clients: 3 }, 'comparison')),
      { type: 'preparing', step: 'data', done: 0, total: 1 },
      training('centralised', 10),
      training('single-client', 20),
      training('centralised', 30),
    );
    assert.deepEqual([both.stage, both.preparing], ['running', null]);
    assert.deepEqual(
      both.rowsTraining.map(({ what, examplesDone }) => [what, examplesDone]),
      [
        ['single-client', 20],
        ['centralised', 30],
      ],
    );
    const one = then(both, { type: 'row', row });
    assert.deepEqual(
      one.rowsTraining.map(({ what }) => what),
      ['centralised'],
    );
    assert.equal(one.training?.what, 'centralised');
    assert.deepEqual(one.rows, [row]);
  });
});
