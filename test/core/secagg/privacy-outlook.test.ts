import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSettingsSchema, type RunSettings, settledSettings } from '../../../core/contract/run-settings.ts';
import type { PrivacyOutlook } from '../../../core/contract/privacy-outlook.ts';
import { epsilonOfGaussian } from '../../../core/privacy/accountant.ts';
import { planParameters } from '../../../core/secagg/plan-parameters.ts';
import { privacyOutlook } from '../../../core/secagg/privacy-outlook.ts';
import { privacyPlanOf } from '../../../core/secagg/privacy-plan.ts';

/** The CNN's. */
const cnn = 241_546;

function outlookFor(settings: Partial<RunSettings>, parameterCount = cnn): PrivacyOutlook {
  const settled = settledSettings(runSettingsSchema.parse({ noiseMultiplier: 1, ...settings }));
  return privacyOutlook(settled, privacyPlanOf(planParameters(settled, { parameterCount }))!);
}

describe('privacyOutlook()', () => {
  it('gives the figures that are known of z = 1 and 5 rounds of the CNN', () => {
    const few = outlookFor({ clients: 20 });
    assert.ok(Math.abs(few.epsilon - 12.3) < 0.05, String(few.epsilon));
    assert.ok(Math.abs(few.epsilonOfOneRound - 4.73) < 0.01, String(few.epsilonOfOneRound));
    // 39 clipping norms at n = 20, 8.5 at 100
    assert.ok(Math.abs(few.noiseNorm - 39) < 0.5, String(few.noiseNorm));
    assert.ok(Math.abs(outlookFor({ clients: 100 }).noiseNorm - 8.5) < 0.1);
    assert.deepEqual([few.honest, few.excess], [8, Math.sqrt(20 / 8)]);
    assert.equal(few.harm, 'ruin');
  });

  it('says from which room or model on the noise would cost little, and it does', () => {
    const settings = { clients: 20, noiseMultiplier: 0.3 } as const;
    const parameterCount = 20_000;
    const { harm, helps } = outlookFor(settings, parameterCount);
    assert.equal(harm, 'much');
    const { participants, parameters } = helps!;
    assert.equal(outlookFor({ ...settings, clients: participants! }, parameterCount).harm, 'little');
    assert.notEqual(outlookFor({ ...settings, clients: participants! - 1 }, parameterCount).harm, 'little');
    assert.equal(outlookFor(settings, parameters).harm, 'little');
    // to 5 %: what rounding adds to the sensitivity, 1 % of it at most, depends on the grid that fits the width
    assert.notEqual(outlookFor(settings, Math.ceil(1.05 * parameters)).harm, 'little');
  });

  it('says of fewer rounds how little noise gives the same epsilon', () => {
    const { epsilon, helps } = outlookFor({ clients: 20, rounds: 8 });
    const { rounds, noiseMultiplier } = helps!.fewerRounds!;
    assert.equal(rounds, 4);
    assert.ok(noiseMultiplier < 1);
    const same = epsilonOfGaussian({ samplingRate: 1, noiseMultiplier, rounds, delta: 1e-5 }).epsilon;
    assert.ok(same <= epsilon && same > epsilon - 1e-3);
    assert.equal(outlookFor({ clients: 20, rounds: 1 }).helps?.fewerRounds, null);
  });

  it('promises nothing where not even 500 participants are enough, and nothing where noise costs little', () => {
    assert.equal(outlookFor({ clients: 20, noiseMultiplier: 10 }).helps?.participants, null);
    assert.equal(outlookFor({ clients: 100, noiseMultiplier: 0.05 }).helps, null);
  });
});
