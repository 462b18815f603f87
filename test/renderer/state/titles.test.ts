import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { interfaceEnglish } from '../../../renderer/messages/interface-en.ts';
import { createTexts } from '../../../renderer/messages/texts.ts';
import { textsOf } from '../../../renderer/messages/translate.ts';
import { titleOf } from '../../../renderer/state/titles.ts';

const texts = textsOf('en');
const activities = [{ activity: 'simulation-01234567', title: 'Six leave in every round' }];

function titleAt(path: string): string {
  const parts = path.split('/').slice(1);
  return titleOf({ place: parts[0] ?? '', parts }, activities, texts);
}

describe('titleOf()', () => {
  it('names every place differently, and home Masquerade alone', () => {
    const places = [
      '',
      'activity',
      'coordinate',
      'simulate',
      'join',
      'draw',
      'lab',
      'results',
      'settings',
      '?',
    ];
    const titles = places.map((place) => titleAt(`/${place}`));
    assert.equal(new Set(titles).size, places.length);
    assert.equal(titles[0], 'Masquerade');
    assert.ok(titles.every((title) => title.includes('Masquerade')));
  });

  it('calls an activity by its own name, and one that is gone a session', () => {
    assert.equal(titleAt('/activity/simulation-01234567'), 'Six leave in every round – Masquerade');
    assert.equal(titleAt('/activity/simulation-ffffffff'), 'Session – Masquerade');
  });

  it('calls the attack lab so until its own texts are there', () => {
    const parts = ['lab', 'closed-form'];
    const before = createTexts('en', interfaceEnglish);
    assert.equal(titleOf({ place: 'lab', parts }, [], before), titleAt('/lab'));
  });

  it('names the demonstration of the attack lab, presented too', () => {
    assert.equal(titleAt('/lab/closed-form'), titleAt('/lab/present/closed-form'));
    assert.notEqual(titleAt('/lab/closed-form'), titleAt('/lab'));
    assert.equal(titleAt('/lab/no-such-attack'), titleAt('/lab'));
  });
});
