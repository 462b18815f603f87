import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttackReport } from '../../../../core/contract/attacks/attack-report.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import {
  everyAttack,
  middle,
  reasonableEpsilon,
  strongEpsilon,
  thisAttack,
  turnOfEpsilon,
} from '../../../../renderer/wording/attacks/gauges.ts';

const texts = textsOf('en');
const { t } = texts;

type Gauged = Parameters<typeof thisAttack>[0];

function report(changes: Partial<Gauged> = {}): Gauged {
  return {
    attack: 'closed-form',
    outcome: 'stopped',
    gauges: { stopped: 1, epsilon: null, delta: null },
    protection: { signature: false, masks: false, noise: 0 },
    results: { psnr: { value: 9.3, baselines: { black: 10.2, nearestOther: 16 } } },
    threshold: { metric: 'psnr', value: 25, side: 'above' },
    ...changes,
  };
}

function withEpsilon(epsilon: number, changes: Partial<AttackReport> = {}): Gauged {
  return report({ gauges: { stopped: 1, epsilon, delta: 1e-5 }, ...changes });
}

describe('thisAttack()', () => {
  it('says what was tried with its baseline, and never lies on its stop', () => {
    const stopped = thisAttack(report(), texts);
    assert.equal(stopped.answer, t('lab.gauge.this.yes'));
    assert.match(stopped.note, /^9\.3.dB, no better than without an attack$/);
    const leaked = thisAttack(
      report({
        outcome: 'leaks',
        gauges: { stopped: 0, epsilon: null, delta: null },
        results: { psnr: { value: 100, baselines: { nearestOther: 16 } } },
      }),
      texts,
    );
    assert.equal(leaked.answer, t('lab.gauge.this.no'));
    assert.match(leaked.note, /^exact; without an attack 16\.0.dB$/);
    assert.ok(leaked.turn > 0 && stopped.turn < 1);
  });
});

describe('everyAttack()', () => {
  it('is no without a bound, whatever this attack came to: what stopped one proves nothing', () => {
    const needle = everyAttack(report(), { seat: 'reads-update' }, texts);
    assert.equal(needle.answer, t('lab.gauge.every.no'));
    assert.equal(needle.note, t('lab.gauge.every.none'));
    assert.ok(needle.turn < middle[0]);
  });

  it('is yes for masks only to who reads one update, and says what they do not cover', () => {
    const masked = report({ protection: { signature: true, masks: true, noise: 0 } });
    const needle = everyAttack(masked, { seat: 'reads-update' }, texts);
    assert.equal(needle.note, t('lab.gauge.every.masks.note'));
    assert.ok(needle.turn > middle[1]);
    for (const seat of ['reads-sum', 'holds-model'] as const)
      assert.equal(everyAttack(masked, { seat }, texts).answer, t('lab.gauge.every.no'));
    assert.equal(
      everyAttack({ ...masked, outcome: 'leaks' }, { seat: 'reads-update' }, texts).answer,
      t('lab.gauge.every.no'),
    );
  });

  it('does not know of tricks that nobody has tried', () => {
    const cheat = { seat: 'cheats' } as const;
    assert.equal(everyAttack(report(), cheat, texts).answer, t('lab.gauge.every.untold'));
    const leaked = everyAttack(report({ outcome: 'leaks' }), cheat, texts);
    assert.equal(leaked.note, t('lab.gauge.every.leaked'));
  });

  it('says of an epsilon what it is worth, and a number that nobody can use is not given odds', () => {
    const answer = (epsilon: number): string =>
      everyAttack(withEpsilon(epsilon), { seat: 'reads-update' }, texts).answer;
    assert.equal(answer(strongEpsilon), t('lab.gauge.every.yes'));
    assert.equal(answer(reasonableEpsilon), t('lab.gauge.every.partly'));
    assert.equal(answer(715), t('lab.gauge.every.hardly'));
    const huge = everyAttack(withEpsilon(715), { seat: 'reads-update' }, texts).note;
    assert.equal(huge, t('lab.gauge.epsilon.huge', { epsilon: '715' }));
    const strong = everyAttack(withEpsilon(1), { seat: 'reads-update' }, texts).note;
    assert.equal(strong, t('lab.gauge.epsilon.odds', { epsilon: '1.0', factor: '2.7' }));
  });
});

describe('turnOfEpsilon()', () => {
  it('falls as epsilon grows: strong in the dial’s yes, reasonable in its middle, weak in its no', () => {
    assert.ok(Math.abs(turnOfEpsilon(strongEpsilon) - middle[1]) < 1e-9);
    assert.ok(Math.abs(turnOfEpsilon(reasonableEpsilon) - middle[0]) < 1e-9);
    const epsilons = [0, 1e-6, 0.1, 1, 4.7, 10, 100, 715, 5480, 1e9, Number.POSITIVE_INFINITY];
    const turns = epsilons.map(turnOfEpsilon);
    for (const [index, turn] of turns.entries()) {
      assert.ok(turn >= 0 && turn <= 1, `${epsilons[index]}: ${turn}`);
      assert.ok(index === 0 || turn <= turns[index - 1]!, `${epsilons[index]}`);
    }
  });
});
