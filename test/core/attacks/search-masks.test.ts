import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testEquivalence } from '../../../core/attacks/metrics/equivalence.ts';
import type { AttackSetting } from '../../../core/contract/attacks/attack-request.ts';
import type { AttackName } from '../../../core/contract/attacks/names.ts';
import { attackForTest } from '../../support/attack-run.ts';

/**
 * 1 dB is a fifteenth of what lies between noise and "recovered"; one test in a hundred calls means equivalent that differ by
 * as much.
 */
const plan = { margin: 1, falseAlarm: 0.01 };
/** The differences deviate by 0.2 to 0.8 dB from run to run: enough for a power of 90 % at the widest. */
const runs = 16;

/** Few steps: a search on noise goes nowhere, however long it is. */
const attacks: readonly (readonly [AttackName, Readonly<Record<string, AttackSetting>>])[] = [
  ['gradient-matching', { model: 'mlp-sigmoid', variant: 'dlg', steps: 15 }],
  ['two-stage', { model: 'cnn-light', steps: 30 }],
];

describe('attacks that search, under masks', () => {
  for (const [attack, settings] of attacks)
    it(`${attack} is equivalent to itself on noise, within 1 dB (false alarm 1 %, power above 90 %)`, async () => {
      const differences: number[] = [];
      for (let seed = 1; seed <= runs; seed += 1) {
        const { findings, images } = await attackForTest(attack, {
          settings,
          protection: { masks: true },
          seed,
        });
        const { value, baselines } = findings.results.psnr!;
        assert.notEqual(value, baselines.randomNoise);
        assert.deepEqual([findings.success, findings.facts['masked']], [false, true]);
        assert.ok(images.filter(({ role }) => role === 'rebuilt').every(({ masked }) => masked));
        differences.push(value - baselines.randomNoise!);
      }
      const found = testEquivalence(differences, plan);
      assert.ok(found.equivalent, JSON.stringify(found));
      assert.ok(found.power > 0.9, String(found.power));
    });

  it('what is not masked is not equivalent', async () => {
    const differences: number[] = [];
    for (let seed = 1; seed <= 3; seed += 1) {
      const { findings } = await attackForTest('gradient-matching', { settings: attacks[0]![1], seed });
      differences.push(findings.results.psnr!.value - findings.results.psnr!.baselines.randomNoise!);
    }
    assert.ok(!testEquivalence(differences, plan).equivalent);
  });
});
