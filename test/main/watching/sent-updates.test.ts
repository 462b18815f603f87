/** What is kept of a real round's vectors, read as its coordinator could. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { type RunSettings, runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { runFederated } from '../../../main/simulation/federated.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import { SentUpdates } from '../../../main/watching/sent-updates.ts';
import { writeSmallMnist } from '../compute/small-data.ts';

interface Round {
  readonly sent: SentUpdates;
  readonly updates: ReadonlyMap<number, Float32Array>;
  readonly before: Float32Array;
  readonly step: number;
}

let dataset = '';
before(async () => {
  dataset = await writeSmallMnist();
});
after(() => rm(dataset, { recursive: true }));

async function lastRound(changes: Partial<RunSettings>): Promise<Round> {
  const settings = runSettingsSchema.parse({
    dataset,
    clients: 3,
    rounds: 2,
    model: 'mlp',
    examplesPerClient: 20,
    processes: 1,
    rsaBits: 2048,
    ...changes,
  });
  const bench = await openWorkbench(settings, () => undefined);
  const sent = new SentUpdates();
  const updates = new Map<number, Float32Array>();
  let before = new Float32Array(0);
  try {
    await runFederated(bench, {
      version: 'test',
      signal: new AbortController().signal,
      onProgress: () => undefined,
      witness: {
        attemptStarts(round, weights) {
          before = weights.slice();
          sent.attemptStarts(round, bench.parameters, weights);
        },
        trained(client, update) {
          updates.set(client, update.slice());
        },
        vectorSent(client, packed) {
          sent.sent(client, packed);
        },
        summed: () => undefined,
      },
    });
  } finally {
    await bench.pool.close();
  }
  const { scale, weightCap } = bench.parameters;
  // one unit of the quantised vector, of a client with 20 images
  return { sent, updates, before, step: weightCap / (scale * 20) };
}

function furthest(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, value, index) => Math.max(most, Math.abs(value - other[index]!)), 0);
}

function norm(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));
}

describe('SentUpdates', () => {
  it('reads what a client sent last where nothing masks it, to the width of rounding', async () => {
    const { sent, updates, before, step } = await lastRound({ masks: false, signatures: false });
    assert.deepEqual(sent.clients, [1, 2, 3]);
    for (const [client, update] of updates) {
      const read = sent.read(client)!;
      assert.deepEqual([read.round, read.masked, read.examples], [2, false, 20]);
      assert.deepEqual(read.weights, before);
      assert.ok(furthest(read.update, update) <= step * 1.001);
    }
    assert.equal(sent.read(4), undefined);
  });

  it('reads floats as they are where nothing is quantised', async () => {
    const { sent, updates } = await lastRound({ masks: false, signatures: false, quantisation: false });
    for (const [client, update] of updates) assert.ok(furthest(sent.read(client)!.update, update) < 1e-6);
  });

  for (const [what, changes] of [
    ['masks', { signatures: false }],
    ['masks and differential privacy', { noiseMultiplier: 0.1, clippingNorm: 1 }],
  ] as const)
    it(`reads noise of the whole width under ${what}`, async () => {
      const { sent, updates } = await lastRound(changes);
      assert.equal(sent.masked, true);
      for (const [client, update] of updates) {
        const read = sent.read(client)!;
        assert.deepEqual([read.masked, read.examples], [true, undefined]);
        const product = read.update.reduce((sum, value, index) => sum + value * update[index]!, 0);
        // independent: the cosine has mean 0 and deviation 1 / sqrt(d), of which six is passed once in 10^9 times
        assert.ok(Math.abs(product / (norm(read.update) * norm(update))) < 6 / Math.sqrt(update.length));
        const { bits, scale } = read.parameters;
        // as large as numbers are that are each equally likely
        const expected = (2 ** bits / scale) * Math.sqrt(update.length / 12);
        assert.ok(Math.abs(norm(read.update) / expected - 1) < 0.02);
      }
    });

  it('keeps no more than it may, and still the latest of those whom it keeps', async () => {
    const { sent } = await lastRound({ masks: false, signatures: false });
    sent.sent(4, new Uint8Array(24_000_000));
    assert.deepEqual(sent.clients, [1, 2, 3]);
    sent.sent(4, new Uint8Array(20_000_000));
    sent.sent(5, new Uint8Array(4_000_000));
    assert.deepEqual(sent.clients, [1, 2, 3, 4]);
    sent.sent(4, new Uint8Array(10));
    sent.sent(5, new Uint8Array(4_000_000));
    assert.deepEqual(sent.clients, [1, 2, 3, 4, 5]);
  });

  it('forgets the numbers of members that have changed', async () => {
    const { sent, before } = await lastRound({ masks: false, signatures: false });
    const parameters = { ...sent.read(1)!.parameters };
    sent.attemptStarts(3, parameters, before);
    assert.deepEqual(sent.clients, []);
  });
});
