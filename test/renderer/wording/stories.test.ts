import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textsOf } from '../../../renderer/messages/translate.ts';
import { happeningsOf, storiesOf, storySentence, whoLeft } from '../../../renderer/wording/stories.ts';
import { sampleSession, sampleSimulation } from '../../main/report/sample-results.ts';

const english = textsOf('en');

describe('storiesOf()', () => {
  it('has every round that left a result or an event, and what lay outside of them first', () => {
    assert.deepEqual(
      storiesOf(sampleSession()).map(({ round }) => round),
      [0, 1, 2, 3],
    );
  });

  it('has a round that was aborted and left no result', () => {
    const aborted = sampleSimulation({ roundsDone: 2, ended: 'too-few-clients' });
    const event = { round: 3, attempt: 1, phase: 'unmask', kind: 'aborted', detail: {} } as const;
    const stories = storiesOf({ ...aborted, events: [event] });
    assert.equal(stories.at(-1)?.result, undefined);
    assert.match(storySentence(stories.at(-1)!, aborted, english) ?? '', /^One attempt was aborted/);
  });
});

describe('storySentence()', () => {
  it('is nothing where everyone answered', () => {
    const run = sampleSimulation();
    assert.deepEqual(
      storiesOf(run).map((story) => storySentence(story, run, english)),
      Array.from({ length: 5 }, () => undefined),
    );
  });

  it('joins what happened, most important first', () => {
    const session = sampleSession();
    const story = storiesOf(session).find(({ round }) => round === 2)!;
    assert.equal(
      storySentence(story, session, english),
      '1 participant is missing from the sum; the masks of 1 were rebuilt from shares; 1 new attempt.',
    );
  });
});

describe('whoLeft()', () => {
  it('calls people by the name that they had in the roster of that round', () => {
    const session = sampleSession();
    const story = storiesOf(session).find(({ round }) => round === 2)!;
    assert.equal(whoLeft(story, session, english), 'Who left: Chloé.');
  });
});

describe('happeningsOf()', () => {
  it('names a stranger by what it was called, and members by name', () => {
    const session = sampleSession();
    const who = storiesOf(session).map((story) => happeningsOf(story, session, english)[0]?.who);
    assert.deepEqual(who, ['10.0.0.9', undefined, 'Chloé', 'Grace']);
  });

  it('lists a refusal that left no event of its own', () => {
    const session = { ...sampleSession(), events: [] };
    const story = storiesOf(session).find(({ round }) => round === 3)!;
    assert.deepEqual(happeningsOf(story, session, english), [
      {
        kind: 'refused',
        who: 'Grace',
        what: 'message refused',
        phase: 'Masked input',
        detail: 'bad-signature',
      },
    ]);
  });
});
