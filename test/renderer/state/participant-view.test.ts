import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProtocolEvent } from '../../../core/contract/run-result.ts';
import { runSettingsSchema, type RunSettings } from '../../../core/contract/run-settings.ts';
import type { WatchEventBody } from '../../../core/contract/watch-event.ts';
import type { Watched } from '../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../core/watching/fold.ts';
import {
  endOf,
  isWithheld,
  ownFingerprint,
  ownSpoke,
  ownSteps,
  participantMode,
  peersOf,
  secondsLeft,
} from '../../../renderer/state/participant-view.ts';

const members = [1, 2, 3].map((number) => ({ number, name: `N${number}`, fingerprint: `000${number} 0000` }));
const roster: WatchEventBody = {
  type: 'roster',
  epoch: 1,
  words: ['velvet', 'lantern', 'otter', 'harbour'],
  digest: '00',
  participants: 3,
  members,
  own: 2,
};
const words: WatchEventBody = { type: 'question', question: 'words', round: 0 };
const listed: WatchEventBody = { type: 'roster-list', epoch: 1, names: ['N1'], locked: false };
const began: WatchEventBody = { type: 'round-started', round: 1, rounds: 5, attempt: 1 };
const agreed = (yes: boolean): WatchEventBody => ({ type: 'answered', question: 'words', agreed: yes });

function said(kind: ProtocolEvent['kind'], phase: string): WatchEventBody {
  return { type: 'protocol', event: { round: 1, attempt: 1, phase, client: 2, kind, detail: {} } };
}

function training(examplesDone: number): WatchEventBody {
  return { type: 'training', round: 1, examplesDone, examplesTotal: 100, examplesPerSecond: 20 };
}

/** One event a tenth of a second. */
function after(events: readonly WatchEventBody[], settings: Partial<RunSettings> = {}): Watched {
  const opened = openWatched({
    type: 'opened',
    kind: 'participant',
    title: '',
    startedAt: '2026-11-26T10:00:00Z',
    settings: runSettingsSchema.parse(settings),
    demonstration: false,
    pace: 'full',
  });
  return events.reduce(
    (watched, event, index) => foldEvent(watched, { ...event, atMs: (index + 1) * 100 }),
    opened,
  );
}

const running = [listed, roster, words, agreed(true), began];

describe('participantMode()', () => {
  it('goes from finding over lobby, words and agreed to running and over', () => {
    assert.equal(participantMode(after([])), 'finding');
    assert.equal(participantMode(after([listed])), 'lobby');
    assert.equal(participantMode(after([listed, roster])), 'words');
    assert.equal(participantMode(after([listed, roster, words, agreed(true)])), 'agreed');
    assert.equal(participantMode(after(running)), 'running');
    const finished: WatchEventBody = {
      type: 'finished',
      outcome: 'finished',
      final: null,
      identitiesCompared: true,
    };
    assert.equal(participantMode(after([...running, finished])), 'over');
  });

  it('asks no words of a session that goes on', () => {
    const goingOn = after([listed, { ...roster, confirmed: true }]);
    assert.equal(participantMode(goingOn), 'running');
    assert.equal(goingOn.roster?.answered, true);
  });
});

describe('ownSteps()', () => {
  const states = (watched: Watched): readonly string[] =>
    ownSteps(watched).map(({ name, state }) => `${name} ${state}`);

  it('begins with keys, and has each step done, now or later, with its time in the round', () => {
    assert.deepEqual(states(after(running))[0], 'keys now');
    const shared = after([...running, said('advertised', 'advertise-keys'), said('shared', 'share-keys')]);
    assert.deepEqual(states(shared).slice(0, 4), [
      'keys done',
      'shares done',
      'training now',
      'masking later',
    ]);
    assert.deepEqual(
      ownSteps(shared).map(({ ms }) => ms),
      [100, 200, null, null, null, null, null],
    );
  });

  it('takes what was said of a later step for all before it', () => {
    const masked = after([...running, said('masked', 'masked-input')]);
    assert.deepEqual(states(masked).slice(0, 5), [
      'keys done',
      'shares done',
      'training done',
      'masking done',
      'statement now',
    ]);
  });

  it('knows no keys, shares and unmasking where nothing is masked', () => {
    const names = ownSteps(after(running, { masks: false, quantisation: false })).map(({ name }) => name);
    assert.deepEqual(names, ['training', 'sending', 'model']);
  });

  it('forgets the attempt before', () => {
    const again = after([...running, said('masked', 'masked-input'), { ...began, attempt: 2 }]);
    assert.equal(states(again)[0], 'keys now');
  });
});

describe('isWithheld()', () => {
  const reached: WatchEventBody = {
    ...{ type: 'budget-reached', round: 1, spent: 3, epsilon: 5.1, delta: 1e-5, budget: 4 },
  };

  it('is so in the round in which the budget is reached: nothing is done now, and the next round begins anew', () => {
    const shared = [...running, said('advertised', 'advertise-keys'), said('shared', 'share-keys')];
    assert.equal(isWithheld(after(shared)), false);
    const over = after([...shared, training(100), reached]);
    assert.equal(isWithheld(over), true);
    assert.ok(ownSteps(over).every(({ state }) => state !== 'now'));
    assert.equal(isWithheld(after([...shared, reached, { ...began, round: 2 }])), false);
    assert.equal(isWithheld(after([])), false);
  });
});

describe('peersOf()', () => {
  it('are the others; the lower number adds the mask that two share', () => {
    assert.deepEqual(
      peersOf(after(running)).map(({ number, sign }) => `${number}${sign}`),
      ['1\u2212', '3+'],
    );
  });
});

describe('own things', () => {
  it('are those of the own number', () => {
    const watched = after([...running, training(40)]);
    assert.equal(ownFingerprint(watched), '0002 0000');
    assert.equal(ownSpoke(watched)?.progress, 0.4);
    assert.equal(secondsLeft(watched), 3);
    assert.equal(secondsLeft(after(running)), null);
  });
});

describe('endOf()', () => {
  it('tells a whole model from a part and from none', () => {
    const end = (outcome: string, final: boolean): string =>
      endOf(
        after([
          ...running,
          {
            type: 'finished',
            outcome,
            final: final ? { round: 1, modelSha256: '', accuracy: 0.9, f1Weighted: 0.9 } : null,
            identitiesCompared: true,
          },
        ]),
      );
    assert.equal(end('finished', true), 'whole');
    assert.equal(end('target', true), 'whole');
    assert.equal(end('stopped', true), 'partial');
    assert.equal(end('left', false), 'none');
  });
});
