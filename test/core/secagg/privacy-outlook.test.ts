import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSettingsSchema, type RunSettings, settledSettings } from '../../../core/contract/run-settings.ts';
import type { PrivacyOutlook } from '../../../core/contract/privacy-outlook.ts';
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

  it('says in which room, and with how little noise, it would cost little, and it does', () => {
    const settings = { clients: 20, noiseMultiplier: 0.5 } as const;
    const { harm, epsilon, helps } = outlookFor(settings);
    assert.equal(harm, 'much');
    const { participants, lessNoise } = helps!;
    assert.equal(outlookFor({ ...settings, clients: participants! }).harm, 'little');
    assert.notEqual(outlookFor({ ...settings, clients: participants! - 1 }).harm, 'little');
    const less = outlookFor({ ...settings, noiseMultiplier: lessNoise.noiseMultiplier });
    assert.equal(less.harm, 'little');
    assert.ok(Math.abs(less.epsilon - lessNoise.epsilon) < 1e-6 && less.epsilon > epsilon);
    // two digits, cut: a tenth more is too much
    const more = { ...settings, noiseMultiplier: 1.1 * lessNoise.noiseMultiplier };
    assert.notEqual(outlookFor(more).harm, 'little');
  });

  it('judges by the noise in each number, whatever the model is long, and speaks of a small model where it is none', () => {
    const settings = { clients: 100, rounds: 10, noiseMultiplier: 3.67 } as const;
    const [large, small] = [outlookFor(settings), outlookFor(settings, 5_258)];
    assert.ok(large.noiseNorm > 5 * small.noiseNorm);
    assert.ok(Math.abs(large.noiseBurden / small.noiseBurden - 1) < 0.02);
    assert.deepEqual([large.harm, small.harm], ['much', 'much']);
    assert.deepEqual([large.helps!.smallerModel, small.helps!.smallerModel], [true, false]);
  });

  it('does not take fewer rounds at the same epsilon for a help', () => {
    const { epsilon, noiseBurden } = outlookFor({ clients: 20, rounds: 8 });
    const noiseMultiplier = Math.SQRT1_2;
    const half = outlookFor({ clients: 20, rounds: 4, noiseMultiplier });
    assert.ok(Math.abs(half.epsilon - epsilon) < 1e-6);
    assert.ok(Math.abs(half.noiseBurden / noiseBurden - 1) < 0.01);
  });

  it('promises nothing where not even 500 participants are enough, and nothing where noise costs little', () => {
    assert.equal(outlookFor({ clients: 20, noiseMultiplier: 10 }).helps?.participants, null);
    assert.equal(outlookFor({ clients: 100, noiseMultiplier: 0.05 }).helps, null);
  });
});
