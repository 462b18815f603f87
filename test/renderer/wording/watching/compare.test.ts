import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WatchEventBody } from '../../../../core/contract/watch-event.ts';
import type { Watched } from '../../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../../core/watching/fold.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import {
  comparedRows,
  comparisonHeadline,
  progressText,
} from '../../../../renderer/wording/watching/compare.ts';
import { openedBy, scriptedEvents } from '../../../support/watched-session.ts';

const texts = textsOf('en');
const script = { clients: 20, rounds: 3 };
const begun = openWatched(openedBy(script, 'comparison'));

function then(watched: Watched, ...bodies: readonly WatchEventBody[]): Watched {
  return bodies.reduce((state, body) => foldEvent(state, { ...body, atMs: state.ms + 10 }), watched);
}

function training(what: 'centralised' | 'single-client', examplesDone: number): WatchEventBody {
  return { type: 'training-total', what, examplesDone, examplesTotal: 1_000, examplesPerSecond: 50 };
}

const row = {
  name: 'centralised',
  accuracy: 0.98,
  f1Weighted: 0.98,
  seconds: 20,
  examples: 60_000,
  curve: [{ accuracy: 0.98, f1Weighted: 0.98, loss: 0.1 }],
} as const;

describe('comparedRows()', () => {
  it('has all three rows from the beginning, in one order', () => {
    assert.deepEqual(
      comparedRows(begun).map(({ name, state }) => [name, state]),
      [
        ['centralised', 'waiting'],
        ['single-client', 'waiting'],
        ['federated', 'waiting'],
      ],
    );
  });

  it('follows two rows that train side by side, with speed and time left', () => {
    const [centralised, alone] = comparedRows(
      then(begun, training('centralised', 250), training('single-client', 500)),
    );
    assert.deepEqual([centralised!.share, alone!.share], [0.25, 0.5]);
    assert.equal(progressText(centralised!, texts), '50 images a second, about 15\u00a0s left');
  });

  it('keeps a finished row with its curve while the others go on', () => {
    const [centralised, alone] = comparedRows(
      then(begun, training('single-client', 500), { type: 'row', row }),
    );
    assert.deepEqual([centralised!.state, centralised!.curve], ['done', [0.98]]);
    assert.equal(alone!.state, 'training');
  });

  it('counts the federated row by rounds, never backwards', () => {
    let watched = begun;
    let before = 0;
    for (const event of scriptedEvents(script)) {
      watched = foldEvent(watched, event);
      const federated = comparedRows(watched)[2]!;
      assert.ok(federated.share >= before - 1e-9, `${federated.share} after ${before}`);
      before = federated.share;
      assert.ok(federated.secondsLeft === null || federated.secondsLeft >= 0);
    }
    assert.equal(before, 1);
  });
});

describe('comparisonHeadline()', () => {
  it('names what is trained, and at the end the scores beside what no learning gets', () => {
    const both = then(begun, training('centralised', 1), training('single-client', 1));
    assert.match(comparisonHeadline(both, texts).head, /^All the data in one place, and one client alone/);
    const ended = scriptedEvents(script).reduce(foldEvent, then(begun, { type: 'row', row }));
    assert.match(
      comparisonHeadline(ended, texts).lead,
      /^All the data in one place: 98\u202f%\. Always answering/,
    );
  });
});
