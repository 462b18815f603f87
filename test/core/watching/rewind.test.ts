import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Spoke, SpokePhase, TimelinePhase, WatchedRound } from '../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../core/watching/fold.ts';
import { rewind } from '../../../core/watching/rewind.ts';
import { openedBy, scriptedEvents } from '../../support/watched-session.ts';

const script = { clients: 20, rounds: 1, leaving: [2], refused: [9] };

/** The timeline has what arrived, not what was sent: keys and shares count from then on, as does a masked update. */
function told({ number, phase }: Spoke, { timeline }: WatchedRound): SpokePhase {
  const arrived = (of: TimelinePhase): boolean =>
    timeline.some((row) => row.phase === of && row.marks.some(({ client }) => client === number));
  if (phase === 'keys' && !arrived('advertise-keys')) return 'waiting';
  if (phase === 'shares' && !arrived('share-keys')) return 'keys';
  return phase === 'sending' || phase === 'signing' ? 'masking' : phase;
}

describe('rewind()', () => {
  it('gives the round back as it was at every moment', () => {
    let watched = openWatched(openedBy(script));
    const moments: WatchedRound[] = [];
    const times: number[] = [];
    for (const event of scriptedEvents(script)) {
      watched = foldEvent(watched, event);
      // of several events of one moment the last one counts
      if (times.at(-1) === event.atMs) [times, moments].forEach((list) => list.pop());
      if (watched.round !== null) {
        moments.push(watched.round);
        times.push(event.atMs);
      }
    }
    const { round } = watched;
    assert.ok(round !== null && moments.length > 100);
    for (const [index, moment] of moments.entries()) {
      const at = rewind(round, times[index]!);
      assert.deepEqual(at.reached, moment.reached);
      assert.equal(at.sum.state, moment.sum.state);
      // who trains counts as training from the moment on from which training is awaited
      const begun = at.timeline.some(({ phase }) => phase === 'masked-input');
      for (const [seat, spoke] of moment.spokes.entries()) {
        const expected = begun && spoke.phase === 'shares' ? 'training' : told(spoke, moment);
        assert.equal(at.spokes[seat]!.phase, expected, `client ${seat + 1} at ${times[index]} ms`);
      }
    }
  });

  it('is the round itself at its end', () => {
    const round = scriptedEvents(script).reduce(foldEvent, openWatched(openedBy(script))).round!;
    assert.equal(rewind(round, round.endedMs!), round);
  });
});
