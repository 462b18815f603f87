import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WatchEventBody } from '../../../../core/contract/watch-event.ts';
import type { Watched } from '../../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../../core/watching/fold.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import { betweenHeadline, headlineOf } from '../../../../renderer/wording/watching/headline.ts';
import { openedBy, type Script, scriptedEvents } from '../../../support/watched-session.ts';

const english = textsOf('en');
const french = textsOf('fr');
const script: Script = { clients: 20, rounds: 2, leaving: [2], refused: [9] };

function until(of: Script, stop: (watched: Watched) => boolean): Watched {
  let watched = openWatched(openedBy(of));
  for (const event of scriptedEvents(of)) {
    watched = foldEvent(watched, event);
    if (stop(watched)) return watched;
  }
  return watched;
}

function then(watched: Watched, ...bodies: readonly WatchEventBody[]): Watched {
  return bodies.reduce((state, body) => foldEvent(state, { ...body, atMs: state.ms + 10 }), watched);
}

/** Long enough afterwards that nothing is news. */
const calmMs = 60_000;
const calm = (watched: Watched, texts = english): string =>
  headlineOf(watched, watched.ms + calmMs, texts).head;
const now = (watched: Watched, texts = english): string => headlineOf(watched, watched.ms, texts).head;
const masked = (count: number) => (watched: Watched) => watched.round?.reached.masked === count;
const shared = (watched: Watched): boolean => watched.round?.timeline.at(-1)?.phase === 'masked-input';

describe('headlineOf()', () => {
  it('tells the phases of a round one after the other, in both languages', () => {
    const heads = new Set<string>();
    let watched = openWatched(openedBy(script));
    for (const event of scriptedEvents(script)) {
      watched = foldEvent(watched, event);
      heads.add(calm(watched));
      assert.notEqual(calm(watched, french), '');
    }
    const expected = [
      'The data is being read.',
      '20 of 21 identities are made.',
      'Round 1: a new round begins.',
      'Round 1: everyone makes fresh keys.',
      'Round 1: every pair is agreeing on a mask.',
      'Round 1: everyone trains on their own data.',
      'Round 1: one masked update is in.',
      'Round 1: ten masked updates are in.',
      'Round 1: all sign the same list of who is in the sum.',
      'Round 1: shares are revealed, for the sum alone.',
      'Round 1: 89\u202f% of the test images are right.',
      'Round 2: 94.5\u202f% of the test images are right.',
      'All 2 rounds are done: 94.5\u202f% of the test images are right.',
    ];
    assert.deepEqual(
      expected.filter((head) => !heads.has(head)),
      [],
    );
  });

  it('says how many are needed before the sum can be read, and that nobody can be read alone', () => {
    const few = until(script, masked(10));
    assert.match(headlineOf(few, few.ms + calmMs, english).lead, /From 14 on it can unmask the sum/);
    const enough = until(script, masked(15));
    assert.match(headlineOf(enough, enough.ms + calmMs, english).lead, /never one of them alone/);
  });

  it('makes news of who leaves and who is refused, by name, and not for ever', () => {
    const refused = until(script, (watched) => watched.log.at(-1)?.code === 'refused');
    assert.equal(now(refused), 'Round 1: Hugo: update refused.');
    assert.match(headlineOf(refused, refused.ms, english).lead, /not one bit .* You injected this fault/);
    assert.match(now(refused, french), /^Tour 1\u202f: Hugo\u202f: mise à jour refusée/);
    const left = until({ ...script, refused: [] }, (watched) => watched.log.at(-1)?.code === 'dropped');
    assert.equal(now(left), 'Round 1: Marek left before sending.');
    assert.match(headlineOf(left, left.ms, english).lead, /19 remain, 14 are needed/);
    assert.doesNotMatch(calm(left), /Marek/);
  });

  it('says that an attempt must fail when too few remain', () => {
    const left = until(
      { clients: 3, rounds: 1, leaving: [2] },
      (watched) => watched.log.at(-1)?.code === 'dropped',
    );
    assert.match(
      headlineOf(left, left.ms, english).lead,
      /2 remain, and 3 are needed.*without anything being read/,
    );
  });

  it('tells from how many shares masks were rebuilt when the sum can be read', () => {
    const readable = until({ ...script, refused: [] }, (watched) => watched.round?.sum.state === 'readable');
    const { head, lead } = headlineOf(readable, readable.ms, english);
    assert.equal(head, 'Round 1: the masks cancel. The sum can be read.');
    assert.match(lead, /^Marek left.*19 shares came, 14 were needed. No single update was ever visible.$/);
    assert.equal(calm(readable), 'Round 1: the new model is tested.');
  });

  it('says why an attempt ended, that nothing was unmasked, and what is next', () => {
    const detail = { reason: 'below-threshold', retry: 'burnt', needed: 14, got: 9 };
    const event = { round: 1, attempt: 1, phase: 'unmask', kind: 'aborted' as const, detail };
    const aborted = then(until(script, shared), { type: 'protocol', event });
    assert.deepEqual(headlineOf(aborted, aborted.ms, english), {
      head: 'Round 1: this attempt has ended, and nothing was unmasked.',
      lead: '9 answered, 14 were needed. It is not tried again: a second sum could give somebody away.',
    });
  });

  it('never says that anything is masked or was invisible where masks are off', () => {
    const open: Script = { ...script, settings: { masks: false } };
    let watched = openWatched({
      ...openedBy(script),
      settings: { ...openedBy(script).settings, masks: false },
    });
    const said: string[] = [];
    for (const event of scriptedEvents(open)) {
      watched = foldEvent(watched, event);
      const row = watched.round?.timeline.at(-1)?.phase;
      // without masks there are no other phases
      if (row === undefined || row === 'masked-input' || watched.stage === 'ended')
        for (const later of [0, calmMs]) {
          const { head, lead } = headlineOf(watched, watched.ms + later, english);
          said.push(`${head} ${lead}`);
        }
    }
    assert.doesNotMatch(said.join('\n'), /masked update|masks cancel|ever visible|unmask/);
    assert.match(said.join('\n'), /ten updates are in, and can be read/);
  });

  it('explains what comes next while a phase is held', () => {
    const held = then(until(script, shared), { type: 'held', phase: 'masked-input' });
    assert.equal(calm(held), 'Round 1: next, everyone trains, masks and sends.');
    assert.notEqual(calm(then(held, { type: 'held', phase: null })), calm(held));
  });

  it('lets the sum be looked at, however fast the model is tested', () => {
    const finished = until(script, (watched) => watched.finished.length === 1);
    const soon: Watched = {
      ...finished,
      round: { ...finished.round!, sum: { ...finished.round!.sum, sinceMs: finished.ms - 500 } },
    };
    assert.match(now(soon), /the masks cancel/);
    assert.match(calm(soon), /of the test images are right/);
    assert.match(now({ ...soon, pace: 'full' }), /of the test images are right/);
  });

  it('says in step mode what a round has come to, and that the next one waits', () => {
    const second = until(script, (watched) => watched.round?.round === 2);
    assert.deepEqual(betweenHeadline(second, english), {
      head: 'Round 1: 89\u202f% of the test images are right.',
      lead: 'Always answering the most frequent class would get 10.1\u202f% right. Next: round 2.',
    });
  });

  it('says what pausing does: a simulation waits where it is, a session ends its round first', () => {
    const inRound = then(until(script, shared), { type: 'paused' });
    assert.equal(calm(inRound), 'Paused.');
    const session: Watched = { ...inRound, kind: 'coordinator' };
    const { head, lead } = headlineOf(session, session.ms + calmMs, english);
    assert.equal(head, 'Round 1: everyone trains on their own data.');
    assert.equal(lead, 'It pauses when this round is finished.');
  });

  it('never claims how far people are where the coordinator cannot know', () => {
    const session: Watched = { ...until(script, shared), kind: 'coordinator' };
    assert.match(headlineOf(session, session.ms, english).lead, /cannot see how far anyone is/);
  });

  it('cuts a name of 300 characters, and counts those that it does not name', () => {
    const names = Array.from({ length: 20 }, () => 'n'.repeat(300));
    const left = until({ ...script, names, refused: [], leaving: [1, 2, 3, 4, 5] }, (watched) =>
      watched.log.some(({ code, clients }) => code === 'dropped' && clients.length === 5),
    );
    assert.match(now(left), /^Round 1: n{27}…, n{27}… and 3 others left before sending\.$/);
  });

  it('tells how it ended: by a person, early, by an abort, with words that nobody compared', () => {
    const end = (outcome: string, compared = true): WatchEventBody => ({
      type: 'finished',
      outcome,
      final: null,
      identitiesCompared: compared,
    });
    const one = until(script, (watched) => watched.finished.length === 1);
    assert.equal(
      calm(then(one, end('stopped'))),
      'Stopped after 1 round, at 89\u202f% of the test images right.',
    );
    assert.equal(calm(then(until(script, shared), end('stopped'))), 'Stopped before a round was finished.');
    assert.equal(calm(then(one, end('below-threshold'))), 'It ended early: too few participants.');
    const session: Watched = { ...then(one, end('finished', false)), kind: 'coordinator' };
    assert.match(headlineOf(session, session.ms, english).lead, /words were not compared/);
  });
});
