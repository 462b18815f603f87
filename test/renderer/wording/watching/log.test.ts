import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProtocolEvent } from '../../../../core/contract/run-result.ts';
import { eventKinds } from '../../../../core/contract/run-result.ts';
import { faults, type WatchEventBody } from '../../../../core/contract/watch-event.ts';
import type { Watched } from '../../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../../core/watching/fold.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import { logSentence, plainSentence } from '../../../../renderer/wording/watching/log.ts';
import { openedBy, type Script, scriptedEvents } from '../../../support/watched-session.ts';

const english = textsOf('en');

function after(script: Script, ...bodies: readonly WatchEventBody[]): Watched {
  const events = scriptedEvents({ rounds: 1, ...script });
  const watched = events.reduce(foldEvent, openWatched(openedBy(script)));
  return bodies.reduce((state, body) => foldEvent(state, { ...body, atMs: state.ms + 10 }), watched);
}

function sentences(watched: Watched, texts = english): readonly string[] {
  return watched.log.map((entry) => plainSentence(entry, watched, texts));
}

function protocol(
  kind: ProtocolEvent['kind'],
  client: number,
  detail: ProtocolEvent['detail'],
): WatchEventBody {
  return { type: 'protocol', event: { round: 1, attempt: 1, phase: 'masked-input', client, kind, detail } };
}

describe('logSentence()', () => {
  it('explains a dropout and how its masks were rebuilt, with the numbers', () => {
    const said = sentences(after({ clients: 20, leaving: [7] }));
    const [left, rebuilt] = said.filter((sentence) => sentence.includes('Léo left'));
    assert.equal(
      left,
      'Léo left before sending. The pairwise masks can be rebuilt from the shares of any 14 others.',
    );
    assert.equal(
      rebuilt,
      'Léo left before sending; the pairwise masks were rebuilt: 19 shares came, 14 were needed.',
    );
  });

  it('does not say of somebody refused that they left', () => {
    const said = sentences(after({ clients: 20, refused: [9] })).filter((sentence) =>
      sentence.includes('Hugo'),
    );
    assert.ok(said.includes('The update of Hugo was refused: the signature is wrong.'), said.join('\n'));
    assert.ok(said.includes('Nothing valid has come from Hugo: treated as if gone.'));
    assert.ok(said.includes('You change one bit of the next message of Hugo, after signing.'));
  });

  it('makes names stand out, and lets no name pretend to be anything else', () => {
    const names = Array.from({ length: 20 }, (_, index) => `a\u0001b\u0002c ${index}`);
    const watched = after({ clients: 20, names, leaving: [7] });
    const entry = watched.log.find(({ code }) => code === 'dropped')!;
    const parts = logSentence(entry, watched, english);
    assert.deepEqual(
      parts.filter(({ strong }) => strong).map(({ text }) => text),
      ['abc 6'],
    );
  });

  it('has a sentence for every event, without leftovers, in both languages', () => {
    const watched = after(
      { clients: 20, leaving: [7] },
      ...eventKinds.map((kind) => protocol(kind, 3, { reason: 'bad-signature', dealer: 4 })),
      ...faults.map((fault): WatchEventBody => ({ type: 'fault', client: 3, fault, round: 1 })),
      { type: 'paused' },
      { type: 'resumed' },
      { type: 'connection', name: 'Mei', connected: false, reason: 'lost' },
      { type: 'connection', name: 'Mei', connected: true, reason: '' },
      { type: 'turned-away', address: '10.0.0.7', reason: 'unproven' },
      { type: 'repeat-asked', round: 1, answered: 0, needed: 20 },
      { type: 'budget-reached', round: 1, spent: 4, epsilon: 7.1, delta: 1e-5, budget: 5 },
      { type: 'note', text: 'as it came' },
      { type: 'note', text: '', code: 'waiting-for-members', detail: { present: 2, needed: 14 } },
      { type: 'error', code: 'words-differ', message: 'Differ.', hint: 'Find out who.' },
    );
    for (const texts of [english, textsOf('fr')])
      for (const [index, sentence] of sentences(watched, texts).entries()) {
        const { code } = watched.log[index]!;
        assert.doesNotMatch(sentence, /\{|\}|undefined|NaN|^\s*$/, code);
        // a code in place of words
        assert.notEqual(sentence, code);
      }
  });

  it('does not speak of good signatures where there are none', () => {
    const watched = after({ clients: 20 });
    const unsigned: Watched = { ...watched, settings: { ...watched.settings, signatures: false } };
    assert.match(sentences(watched).join('\n'), /signature of Mei is good/);
    assert.doesNotMatch(sentences(unsigned).join('\n'), /signatures? (of \S+ )?(is|are) good/);
  });
});
