import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textsOf } from '../../../renderer/messages/translate.ts';
import { epsilonMeaning, mostRightGuesses, noiseChip } from '../../../renderer/wording/noise.ts';

type Chipped = Parameters<typeof noiseChip>[0];
const texts = textsOf('en');
const round = { privacy: { epsilon: 1.201, delta: 1e-5 } } as Chipped['finished'][number];
const plan = { type: 'privacy-plan', epsilon: 7.99, delta: 1e-5 } as unknown as Chipped['privacy']['plan'];
const none = { plan: null, charged: null, reached: null };

describe('mostRightGuesses()', () => {
  it('is a coin at epsilon 0, and (e^epsilon + delta) / (e^epsilon + 1)', () => {
    assert.equal(mostRightGuesses(0, 0), 0.5);
    assert.ok(Math.abs(mostRightGuesses(Math.log(3), 0) - 0.75) < 1e-12);
    assert.ok(Math.abs(mostRightGuesses(0, 0.5) - 0.75) < 1e-12);
  });

  it('never passes 1, and bears an epsilon without end', () => {
    assert.equal(mostRightGuesses(0, 1), 1);
    assert.equal(mostRightGuesses(1e9, 1e-5), 1);
  });
});

describe('epsilonMeaning()', () => {
  it('tells the bound with chance beside it, rounded up', () => {
    const text = epsilonMeaning(1, 1e-5, texts);
    assert.match(text, /73\.2/);
    assert.match(text, /50/);
  });

  it('says of a bound close to certainty that it is next to nothing', () => {
    assert.equal(
      epsilonMeaning(8, 1e-5, texts),
      texts.t('noise.means.little', { percent: texts.formats.percent(0.99) }),
    );
  });
});

describe('noiseChip()', () => {
  it('tells epsilon so far, rounded up, of what is planned', () => {
    const watched: Chipped = { kind: 'simulation', finished: [round], privacy: { ...none, plan } };
    assert.equal(noiseChip(watched, texts).shown, 'ε 1.21 of 7.99');
  });

  it('tells the end alone before a round, and no number where nothing is known', () => {
    const before: Chipped = { kind: 'coordinator', finished: [], privacy: { ...none, plan } };
    assert.equal(noiseChip(before, texts).shown, 'ε 7.99 in the end');
    assert.equal(noiseChip({ ...before, privacy: none }, texts).shown, texts.t('noise.chip.on'));
  });

  it('takes a participant’s own charge, not the epsilon of those who were always there', () => {
    const charged = { epsilon: 3.5 } as Chipped['privacy']['charged'];
    const watched: Chipped = {
      kind: 'participant',
      finished: [round],
      privacy: { plan, charged, reached: null },
    };
    assert.equal(noiseChip(watched, texts).shown, 'ε 3.50 of 7.99');
  });
});
