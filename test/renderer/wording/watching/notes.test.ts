import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Spoke, WatchedRound } from '../../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../../core/watching/fold.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import { clock, noteOf } from '../../../../renderer/wording/watching/notes.ts';
import { openedBy, scriptedEvents } from '../../../support/watched-session.ts';

const texts = textsOf('en');
const script = { clients: 20, rounds: 1, leaving: [2], refused: [9] };
const round: WatchedRound = scriptedEvents(script).reduce(foldEvent, openWatched(openedBy(script))).round!;
const spoke: Spoke = round.spokes[0]!;

describe('noteOf()', () => {
  it('says why somebody is missing whose masks were rebuilt', () => {
    assert.equal(noteOf(round.spokes[1]!, round, texts), 'left, rebuilt');
    assert.equal(noteOf(round.spokes[8]!, round, texts), 'refused, rebuilt');
  });

  it('tells progress only where somebody can know it', () => {
    assert.equal(noteOf({ ...spoke, phase: 'training', progress: 0.276 }, round, texts), '28\u202f%');
    assert.equal(noteOf({ ...spoke, phase: 'training', progress: null }, round, texts), 'training');
    assert.equal(noteOf({ ...spoke, phase: 'training', progress: 0 }, round, texts), '');
  });

  it('saves its words where many do the same, but never what is unusual', () => {
    assert.equal(noteOf({ ...spoke, phase: 'sending' }, round, texts, false), '');
    assert.equal(noteOf({ ...spoke, phase: 'training', progress: null }, round, texts, false), '');
    assert.equal(noteOf(round.spokes[1]!, round, texts, false), 'left, rebuilt');
    assert.equal(noteOf({ ...spoke, connected: false }, round, texts, false), 'not connected');
  });

  it('says when somebody left, from the beginning of the round on', () => {
    const left = { ...spoke, phase: 'dropped' as const, sinceMs: round.startedMs + 71_400 };
    assert.equal(noteOf(left, round, texts), 'left at 1:11');
  });
});

describe('clock()', () => {
  it('counts minutes and hours, and never below zero', () => {
    assert.deepEqual([-5, 0, 59_999, 60_000, 3_723_000].map(clock), [
      '0:00',
      '0:00',
      '0:59',
      '1:00',
      '1:02:03',
    ]);
  });
});
