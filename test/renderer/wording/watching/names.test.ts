import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shortenName } from '../../../../renderer/wording/watching/names.ts';

describe('shortenName()', () => {
  it('cuts what is longer than 14 characters as people count them', () => {
    assert.equal(shortenName('Inès', 'fr', 14), 'Inès');
    assert.equal(shortenName('n'.repeat(300), 'en', 14), `${'n'.repeat(13)}…`);
    const family = '👩‍👩‍👧‍👦';
    assert.equal(shortenName(family.repeat(14), 'en', 14), family.repeat(14));
    assert.equal(shortenName(family.repeat(15), 'en', 14), `${family.repeat(13)}…`);
  });
});
