import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatsOf } from '../../../renderer/messages/formats.ts';
import { roughTime } from '../../../renderer/wording/rough-time.ts';

describe('roughTime()', () => {
  it('has tenths below ten seconds only, and a unit that fits', () => {
    const [english, french] = [formatsOf('en'), formatsOf('fr')];
    assert.equal(roughTime(0.0004, english), '1\u00a0ms');
    assert.equal(roughTime(0.094, english), '94\u00a0ms');
    assert.equal(roughTime(0.1, french), '0,1\u00a0s');
    assert.equal(roughTime(2.44, english), '2.4\u00a0s');
    assert.equal(roughTime(9.96, english), '10\u00a0s');
    assert.equal(roughTime(46.2, french), '46\u00a0s');
    assert.equal(roughTime(59.6, english), '1:00\u00a0min');
    assert.equal(roughTime(277, english), '4:37\u00a0min');
  });
});
