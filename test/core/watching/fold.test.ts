import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProtocolEvent } from '../../../core/contract/run-result.ts';
import type { WatchEventBody } from '../../../core/contract/watch-event.ts';
import type { Watched } from '../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../core/watching/fold.ts';
import { longestLog } from '../../../core/watching/log.ts';
import { openedBy, type Script, scriptedEvents } from '../../support/watched-session.ts';

function watchedAfter(script: Script, until: (watched: Watched) => boolean = () => false): Watched {
  let watched = openWatched(openedBy(script));
  for (const event of scriptedEvents(script)) {
    watched = foldEvent(watched, event);
    if (until(watched)) return watched;
  }
  return watched;
}

function then(watched: Watched, ...bodies: readonly WatchEventBody[]): Watched {
  return bodies.reduce((state, body) => foldEvent(state, { ...body, atMs: state.ms + 10 }), watched);
}

function protocol(
  kind: ProtocolEvent['kind'],
  phase: string,
  client?: number,
  detail: ProtocolEvent['detail'] = {},
  attempt = 1,
): WatchEventBody {
  const event = { round: 1, attempt, phase, kind, detail };
  return { type: 'protocol', event: client === undefined ? event : { ...event, client } };
}

const inTraining = (watched: Watched): boolean => watched.round?.reached.shared === watched.settings.clients;

describe('foldEvent()', () => {
  it('keeps what noise comes to, what was charged last, and that the budget is reached', () => {
    const plan = {
      ...{ epsilon: 12.3, delta: 1e-5, honest: 8, noiseNorm: 38.9, harm: 'ruin' as const },
      ...{ spent: 0, budget: 10, roundsWithin: 3 },
    };
    const charged = {
      ...{ round: 1, epsilon: 4.73, delta: 1e-5, budget: 10 },
      ...{ updateNorm: 1.2, clippingNorm: 1, noiseNorm: 172 },
    };
    const reached = { round: 4, spent: 9.2, epsilon: 10.7, delta: 1e-5, budget: 10 };
    const before = watchedAfter({ clients: 4, rounds: 1 });
    assert.deepEqual(before.privacy, { plan: null, charged: null, reached: null });
    const after = then(
      before,
      { type: 'privacy-plan', ...plan },
      { type: 'privacy-charged', ...charged },
      { type: 'budget-reached', ...reached },
    );
    assert.deepEqual(after.privacy, { plan, charged, reached });
    assert.deepEqual(after.log.at(-1)?.code === 'budget-reached' && after.log.at(-1)?.detail, {
      round: 4,
      epsilon: 10.7,
      budget: 10,
    });
  });

  it('tells what everyone does in every round in one line each, whatever their number', () => {
    for (const clients of [20, 100]) {
      const { log } = watchedAfter({ clients, rounds: 1 });
      for (const phase of ['advertise-keys', 'share-keys', 'statement', 'unmask']) {
        const lines = log.filter(({ code, detail }) => code === 'verified' && detail['phase'] === phase);
        assert.deepEqual(
          lines.map((line) => line.clients.length),
          [clients],
          phase,
        );
      }
      const added = log.filter(
        ({ code, detail }) => code === 'verified' && detail['phase'] === 'masked-input',
      );
      assert.equal(added.length, clients <= 28 ? clients : 1);
    }
  });

  it('keeps what is unusual in a log that is full of what is usual', () => {
    const watched = watchedAfter({ clients: 20, rounds: 12, leaving: [2] });
    assert.ok(watched.log.length <= longestLog);
    const last = watched.log.filter(({ code, round }) => code === 'dropped' && round === 12);
    assert.deepEqual(
      last.map(({ names }) => names),
      [['Marek']],
    );
  });

  it('joins what befalls several at once, and names three of them', () => {
    const { log } = watchedAfter({ clients: 20, rounds: 1, leaving: [2, 3, 4, 5] });
    const [dropped, ...others] = log.filter(({ code }) => code === 'dropped');
    assert.deepEqual(others, []);
    assert.deepEqual(dropped?.clients, [2, 3, 4, 5]);
    assert.deepEqual(dropped.names, ['Marek', 'Yusuf', 'Chloé']);
  });

  it('leaves somebody refused refused when the coordinator stops waiting, and rebuilt afterwards', () => {
    const script: Script = { clients: 20, rounds: 1, refused: [9] };
    const after = watchedAfter(script, (watched) => watched.log.at(-1)?.code === 'dropped');
    assert.equal(after.round?.spokes[8]!.phase, 'refused');
    const { round } = watchedAfter(script);
    assert.equal(round?.spokes[8]!.phase, 'recovered');
    assert.deepEqual(round.spokes[8].reason, {
      kind: 'refused',
      phase: 'masked-input',
      reason: 'bad-signature',
    });
    assert.deepEqual(round.rebuilt, { clients: [9], needed: 14, shares: 19 });
  });

  it('does not refuse somebody whose first message counts because a second one comes', () => {
    const verified = then(
      watchedAfter({ clients: 3, rounds: 1 }, inTraining),
      protocol('verified', 'masked-input', 1),
      protocol('refused', 'masked-input', 1, { reason: 'replayed' }),
    );
    assert.equal(verified.round?.spokes[0]!.phase, 'verified');
    assert.equal(verified.log.at(-1)?.code, 'refused');
  });

  it('tells an abort once, though the machine and the service both do, and keeps why', () => {
    const aborted = then(
      watchedAfter({ clients: 3, rounds: 1 }, inTraining),
      protocol('aborted', 'masked-input', undefined, {
        reason: 'below-threshold',
        retry: 'allowed',
        needed: 3,
        got: 2,
      }),
      { type: 'attempt-aborted', round: 1, attempt: 1, reason: 'below-threshold', retry: 'allowed' },
    );
    assert.equal(aborted.log.filter(({ code }) => code === 'aborted').length, 1);
    const { reason, needed, got } = aborted.round?.aborted ?? {};
    assert.deepEqual({ reason, needed, got }, { reason: 'below-threshold', needed: 3, got: 2 });
  });

  it('begins anew with an attempt that nobody announced', () => {
    const retried = then(
      watchedAfter({ clients: 3, rounds: 1 }, inTraining),
      protocol('retried', 'advertise-keys', undefined, {}, 2),
    );
    assert.equal(retried.round?.attempt, 2);
    assert.deepEqual(
      retried.round.spokes.map(({ phase }) => phase),
      ['waiting', 'waiting', 'waiting'],
    );
  });

  it('shares what has not changed, so that a screen redraws only who has moved', () => {
    const before = watchedAfter({ clients: 3, rounds: 1 }, inTraining);
    const after = then(before, protocol('masked', 'masked-input', 1));
    assert.notEqual(after.round?.spokes[0], before.round?.spokes[0]);
    assert.equal(after.round?.spokes[1], before.round?.spokes[1]);
  });
});
