/** Whole runs on some of MNIST with a small model: what a seed decides, and what dropouts and cancelling leave. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { SimulationResult } from '../../../core/contract/run-result.ts';
import { dropPhases, runSettingsSchema, type RunSettings } from '../../../core/contract/run-settings.ts';
import { runFederated } from '../../../main/simulation/federated.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import { CancelledError } from '../../../main/simulation/progress.ts';
import { writeSmallMnist } from '../compute/small-data.ts';

const small: Partial<RunSettings> = {
  clients: 4,
  rounds: 2,
  model: 'cnn-light',
  examplesPerClient: 40,
  processes: 1,
};
let dataset = '';

before(async () => {
  dataset = await writeSmallMnist();
});
after(() => rm(dataset, { recursive: true }));

async function run(
  settings: Partial<RunSettings>,
  controller = new AbortController(),
  cancelAfterRound = Infinity,
): Promise<SimulationResult> {
  const bench = await openWorkbench(
    runSettingsSchema.parse({ ...small, dataset, ...settings }),
    () => undefined,
  );
  try {
    return await runFederated(bench, {
      version: 'test',
      signal: controller.signal,
      onProgress: (progress) => {
        if (progress.kind === 'round-finished' && progress.result.round >= cancelAfterRound)
          controller.abort();
      },
    });
  } finally {
    await bench.pool.close();
  }
}

describe('runFederated()', () => {
  it('gives one model for a seed, whatever the protections, the key agreement and the processes', async () => {
    const reference = await run({});
    assert.ok(reference.rounds.every(({ exactSum }) => exactSum === true));
    const variants: readonly Partial<RunSettings>[] = [
      { masks: false },
      { signatures: false },
      { masks: false, signatures: false },
      { keyAgreement: 'modp14' },
      { processes: 2 },
    ];
    for (const variant of variants) {
      const { final } = await run(variant);
      assert.equal(final.modelSha256, reference.final.modelSha256, JSON.stringify(variant));
    }
    const other = await run({ seed: 2 });
    assert.notEqual(other.final.modelSha256, reference.final.modelSha256);
  });

  it('makes of single updates what the rule says; the sum stays exact, and the mean is the default', async () => {
    const [mean, plain, median] = [
      await run({ masks: false }),
      await run({ masks: false, aggregation: 'mean' }),
      await run({ masks: false, aggregation: 'median' }),
    ];
    assert.equal(plain.final.modelSha256, mean.final.modelSha256);
    assert.notEqual(median.final.modelSha256, mean.final.modelSha256);
    for (const { exactSum, quantisationError } of median.rounds) {
      assert.equal(exactSum, true);
      assert.ok(quantisationError!.largest <= quantisationError!.bound);
    }
    assert.ok(Math.abs(median.final.accuracy - mean.final.accuracy) < 0.15);
    // without quantisation, too
    const floats = await run({ masks: false, quantisation: false, aggregation: 'krum', rounds: 1 });
    assert.ok(floats.final.accuracy > 0.1);
    await assert.rejects(run({ aggregation: 'median' }), { code: 'invalid-setting', message: /aggregation/ });
  });

  it('trains with the loss that was chosen, and judges the test images by the cross-entropy', async () => {
    const plain = await run({});
    const written = await run({ loss: 'cross-entropy', labelSmoothing: 0 });
    assert.equal(written.final.modelSha256, plain.final.modelSha256);
    const seen = new Set([plain.final.modelSha256]);
    for (const settings of [
      { labelSmoothing: 0.1 },
      { loss: 'squared-error' },
      { loss: 'focal' },
      { loss: 'focal', focalGamma: 1 },
    ] as const) {
      const { rounds, final } = await run(settings);
      assert.ok(!seen.has(final.modelSha256), JSON.stringify(settings));
      seen.add(final.modelSha256);
      // ten classes, hardly trained: ln 10 by the cross-entropy, 0.09 by the squared error
      assert.ok(Math.abs(rounds[0]!.loss - Math.log(10)) < 0.5, JSON.stringify(settings));
      assert.ok(rounds.every(({ exactSum }) => exactSum === true));
      // what clients report of their training is the loss that they trained with
      const reported = rounds[0]!.reported!.loss;
      if ('loss' in settings && settings.loss === 'squared-error')
        assert.ok(reported > 0.07 && reported < 0.1);
    }
    await assert.rejects(run({ loss: 'focal', labelSmoothing: 0.1 }), {
      code: 'invalid-setting',
      message: /labelSmoothing/,
    });
  });

  it('sums exactly who sent a vector, wherever a client vanishes', async () => {
    for (const dropAt of dropPhases) {
      const { rounds } = await run({ clients: 4, drop: 0.25, dropAt, rounds: 1 });
      const [round] = rounds;
      assert.equal(round!.exactSum, true, dropAt);
      assert.equal(round!.dropped.length, 1, dropAt);
      const sentFirst = dropAt === 'statement' || dropAt === 'unmask';
      assert.equal(round!.clients.masked, sentFirst ? 4 : 3, dropAt);
    }
  });

  it('keeps the aggregate within its proven bound of the float mean', async () => {
    const { rounds } = await run({ partition: 'dirichlet:0.3' });
    for (const { quantisationError } of rounds) {
      assert.ok(quantisationError !== null && quantisationError.largest > 0);
      assert.ok(quantisationError.largest <= quantisationError.bound);
    }
  });

  it('ends in a named abort, the model unchanged, when more vanish than the threshold allows', async () => {
    const { ended, aborted, rounds } = await run({ drop: 0.5 });
    assert.equal(ended, 'below-threshold');
    assert.deepEqual(aborted, {
      round: 1,
      attempt: 3,
      phase: 'masked-input',
      reason: 'below-threshold',
      needed: 3,
      got: 2,
    });
    assert.equal(rounds.length, 0);
  });

  it('tells bytes and times of those that finished: who vanished earlier would make them look cheap', async () => {
    const everyone = await run({ rounds: 1 });
    const fewer = await run({ rounds: 1, drop: 0.25, dropAt: 'advertise-keys' });
    const [whole, lost] = [everyone.rounds[0]!, fewer.rounds[0]!];
    // A vector of 34,826 coordinates is nearly all that a client sends.
    assert.ok(lost.bytesUpPerClient.mean > 0.98 * whole.bytesUpPerClient.mean);
    const up = lost.phases.reduce((sum, { bytesUp }) => sum + bytesUp, 0);
    assert.ok(Math.abs(up - lost.bytesUpPerClient.mean) < 1e-6);
  });

  it('tells when a compute process was replaced, and gives the same model', async () => {
    const bench = await openWorkbench(runSettingsSchema.parse({ ...small, dataset }), () => undefined);
    let killed = false;
    const { events, final } = await runFederated(bench, {
      version: 'test',
      signal: new AbortController().signal,
      onProgress: ({ kind }) => {
        if (kind !== 'training' || killed) return;
        killed = true;
        for (const pid of bench.pool.pids) process.kill(pid, 'SIGKILL');
      },
    });
    await bench.pool.close();
    assert.deepEqual(
      events.map(({ kind, round, detail }) => [kind, round, detail['reason']]),
      [['process-replaced', 1, 'SIGKILL']],
    );
    assert.equal(final.modelSha256, (await run({})).final.modelSha256);
  });

  it('sums without quantisation when masks are off', async () => {
    const { rounds } = await run({ masks: false, signatures: false, quantisation: false });
    assert.equal(rounds.at(-1)!.exactSum, null);
  });

  it('hides who took part behind coins, and counts the zeros of the others', async () => {
    const { rounds } = await run({ clients: 18, fraction: 0.9, rounds: 1, examplesPerClient: 8 });
    assert.equal(rounds[0]!.exactSum, true);
  });

  it('keeps the finished rounds when cancelled, and has nothing before the first', async () => {
    const { ended, rounds } = await run({ rounds: 50 }, new AbortController(), 1);
    assert.equal(ended, 'cancelled');
    assert.equal(rounds.length, 1);
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(run({}, controller), CancelledError);
  });

  it('stops at the target', async () => {
    const { ended, rounds } = await run({ target: 0.01 });
    assert.equal(ended, 'target');
    assert.equal(rounds.length, 1);
  });
});
