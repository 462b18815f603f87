/** Simulated rounds under differential privacy: the same machines, noise in every vector, and what a run tells of it. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { SimulationResult } from '../../../core/contract/run-result.ts';
import { runSettingsSchema, type RunSettings } from '../../../core/contract/run-settings.ts';
import type { RandomSource } from '../../../core/crypto/random.ts';
import { nextClippingNorm } from '../../../core/privacy/adaptive-clipping.ts';
import { epsilonOfGaussian } from '../../../core/privacy/accountant.ts';
import { runFederated } from '../../../main/simulation/federated.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import { repeatableRandom } from '../../support/secagg-room.ts';
import { writeSmallMnist } from '../compute/small-data.ts';

const small: Partial<RunSettings> = {
  clients: 4,
  rounds: 2,
  model: 'cnn-light',
  examplesPerClient: 40,
  processes: 1,
  noiseMultiplier: 0.5,
};
let dataset = '';

before(async () => {
  dataset = await writeSmallMnist();
});
after(() => rm(dataset, { recursive: true }));

async function run(
  settings: Partial<RunSettings>,
  noise?: (client: number, round: number) => RandomSource,
): Promise<SimulationResult> {
  const bench = await openWorkbench(
    runSettingsSchema.parse({ ...small, dataset, ...settings }),
    () => undefined,
  );
  try {
    return await runFederated(bench, {
      version: 'test',
      signal: new AbortController().signal,
      onProgress: () => undefined,
      ...(noise && { noise }),
    });
  } finally {
    await bench.pool.close();
  }
}

const epsilonAfter = (rounds: number, samplingRate = 1): number =>
  epsilonOfGaussian({ samplingRate, noiseMultiplier: 0.5, excess: 0, rounds, delta: 1e-5 }).epsilon;

describe('runFederated() under differential privacy', () => {
  it('sums noised vectors exactly, and tells epsilon and noise but nothing of the clients', async () => {
    const { rounds, settings, resolved } = await run({ clippingNorm: 0.25 });
    // counts would be in the sum
    assert.equal(settings.weights, 'uniform');
    assert.equal(resolved.clipBound, 0.25);
    for (const { round, exactSum, quantisationError, clippedRate, reported, privacy } of rounds) {
      assert.equal(exactSum, true);
      assert.deepEqual([quantisationError, clippedRate, reported], [null, null, null]);
      assert.ok(Math.abs(privacy!.epsilon - epsilonAfter(round)) < 1e-6);
      const { noiseNorm, updateNorm, clippingNorm, honest, excess, withinNorm, delta } = privacy!;
      assert.deepEqual([clippingNorm, honest, excess, withinNorm, delta], [0.25, 2, Math.SQRT2, null, 1e-5]);
      // z C sqrt(n / h) sqrt(d) / n; 1.02 for what rounding costs, and the sensitivity's own 1 %
      const expected = (0.5 * 0.25 * Math.SQRT2 * Math.sqrt(34_826)) / 4;
      assert.ok(noiseNorm > expected && noiseNorm < 1.02 * expected, `${noiseNorm} ${expected}`);
      // 34,826 coordinates: 3 % is 8 deviations
      assert.ok(Math.abs(updateNorm / Math.hypot(noiseNorm, 0.1) - 1) < 0.03, `${updateNorm} ${noiseNorm}`);
    }
  });

  it('draws noise that no seed decides, and repeats a run only where the noise is given', async () => {
    const seeded = (client: number, round: number): RandomSource => repeatableRandom(client, round);
    const [one, other] = [await run({ rounds: 1 }, seeded), await run({ rounds: 1 }, seeded)];
    assert.equal(one.final.modelSha256, other.final.modelSha256);
    const [free, again] = [await run({ rounds: 1 }), await run({ rounds: 1 })];
    assert.notEqual(free.final.modelSha256, again.final.modelSha256);
  });

  it('sends the same vector in a retry, charged once: epsilon counts rounds, not attempts', async () => {
    const { rounds } = await run({ clients: 5, rounds: 1, drop: 0.2, dropAt: 'statement' });
    assert.equal(rounds[0]?.exactSum, true);
    assert.ok(Math.abs(rounds[0].privacy!.epsilon - epsilonAfter(1)) < 1e-6);
  });

  it('lets the unselected add noise alike, and counts on who may have been left out', async () => {
    const settings = { clients: 20, fraction: 0.8, rounds: 1, examplesPerClient: 5 } as const;
    const { rounds } = await run(settings);
    const [round] = rounds;
    assert.deepEqual([round?.exactSum, round?.clients.masked], [true, 20]);
    const { epsilon, excess } = round!.privacy!;
    assert.ok(Math.abs(epsilon - epsilonAfter(1, 0.8)) < 1e-6 && epsilon < epsilonAfter(1));
    // h = 14 - 6
    assert.ok(Math.abs(excess - Math.sqrt(20 / 8)) < 1e-12);
  });

  it('moves an adaptive clipping norm by what the noised share says', async () => {
    const { rounds } = await run({ adaptiveClipping: true, clippingQuantile: 0.9, rounds: 3 });
    const told = rounds.map(({ privacy }) => privacy!);
    assert.equal(told[0]?.clippingNorm, 1);
    for (const [index, { clippingNorm, withinNorm }] of told.slice(0, -1).entries()) {
      const next = nextClippingNorm(clippingNorm, withinNorm!, { quantile: 0.9, learningRate: 0.2 });
      assert.equal(told[index + 1]?.clippingNorm, next);
      assert.notEqual(next, clippingNorm);
    }
  });

  it('ends by its name when too few clients have any budget left', async () => {
    const budget = epsilonAfter(1) * 1.001;
    const { rounds, ended, aborted, final } = await run({ rounds: 3, privacyBudget: budget });
    assert.equal(rounds.length, 1);
    assert.equal(ended, 'privacy-budget');
    assert.deepEqual([aborted?.round, aborted?.attempt, aborted?.reason], [2, 1, 'below-threshold']);
    assert.equal(final.accuracy, rounds[0]?.accuracy);
  });

  it('is refused without masks or signatures, and with noise that is none', async () => {
    const refused = { code: 'invalid-setting' } as const;
    await assert.rejects(run({ masks: false }), {
      ...refused,
      message: /masks.*on with differential privacy/,
    });
    await assert.rejects(run({ signatures: false }), { ...refused, message: /signatures.*on with/ });
    await assert.rejects(run({ noiseMultiplier: 1e-4 }), { ...refused, message: /noiseMultiplier/ });
  });
});
