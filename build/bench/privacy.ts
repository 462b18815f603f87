/**
 * What differential privacy costs in accuracy, and what it buys: the mechanism of real sessions (core/privacy/mechanism.ts:
 * clipping, rounding, every client's own noise, the sum, the public denominator) on MNIST, in one process and without
 * masks, which would change nothing in the sum. Baselines: the same training without clipping and noise, and chance, 0.1.
 *
 * Noise comes from the system's generator, so that accuracies differ a little from run to run; everything else is the
 * seed's.
 */
import { dealExamples, parsePartition } from '../../core/datasets/partition.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { parameterCount } from '../../core/model/architecture.ts';
import type { Engine, ModelTopology, TrainableModel } from '../../core/model/engine.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { type PresetName, presetTopology } from '../../core/model/presets.ts';
import { nextClippingNorm } from '../../core/privacy/adaptive-clipping.ts';
import {
  type PrivacyPlan,
  meanNoise,
  planPrivacy,
  plannedEpsilon,
  privatise,
  readPrivateSum,
} from '../../core/privacy/mechanism.ts';
import { streamState } from '../../core/random/stream.ts';
import { noiseBurden } from '../../core/results/noise-harm.ts';
import { colludersTolerated, leastThreshold } from '../../core/secagg/quorum.ts';
import { loadEngine } from '../../main/compute/engines.ts';
import { loadMnist } from '../../main/data/mnist.ts';
import { meanInterval, type BenchPart, type BenchRow } from './table.ts';

interface Setting {
  readonly model: PresetName;
  readonly clients: number;
  readonly rounds: number;
  /** z */
  readonly noise: number;
  /** C; of the first round where it adapts. */
  readonly clip: number;
  /** Of SGD, batch 32, one epoch. */
  readonly learningRate: number;
  readonly adaptive?: boolean;
}

/** What is trained once without noise for all settings that share it. */
type Training = Pick<Setting, 'model' | 'clients' | 'rounds' | 'learningRate'>;

const delta = 1e-5;
const batchSize = 32;

/** z of 2.02 (10 rounds) and 2.86 (20): epsilon 8; 3.67 and 5.19: 4; 6.81 and 9.62: 2. z = 1 and 5 rounds: 12.3. */
const grid: readonly Setting[] = [
  { model: 'linear', clients: 100, rounds: 20, noise: 9.62, clip: 0.3, learningRate: 0.5 },
  { model: 'linear', clients: 100, rounds: 20, noise: 5.19, clip: 0.3, learningRate: 0.5 },
  { model: 'linear', clients: 100, rounds: 10, noise: 2.02, clip: 1, learningRate: 0.5 },
  { model: 'linear', clients: 100, rounds: 10, noise: 2.02, clip: 1, learningRate: 0.5, adaptive: true },
  { model: 'linear', clients: 200, rounds: 10, noise: 6.81, clip: 0.5, learningRate: 0.5 },
  { model: 'linear', clients: 50, rounds: 10, noise: 2.02, clip: 0.5, learningRate: 0.5 },
  { model: 'linear', clients: 20, rounds: 10, noise: 2.02, clip: 0.5, learningRate: 0.5 },
  { model: 'cnn-small', clients: 100, rounds: 10, noise: 3.67, clip: 1, learningRate: 0.3 },
  { model: 'cnn-small', clients: 100, rounds: 10, noise: 2.02, clip: 1, learningRate: 0.3 },
  { model: 'cnn-small', clients: 50, rounds: 10, noise: 2.02, clip: 1, learningRate: 0.3 },
  { model: 'cnn-small', clients: 30, rounds: 10, noise: 2.02, clip: 1, learningRate: 0.3 },
  { model: 'cnn-small', clients: 20, rounds: 10, noise: 2.02, clip: 1, learningRate: 0.3 },
  { model: 'mlp', clients: 100, rounds: 10, noise: 2.02, clip: 1, learningRate: 0.3 },
  // what little noise does to the large model
  { model: 'cnn', clients: 100, rounds: 5, noise: 1, clip: 1, learningRate: 0.1 },
];

export interface PrivacyOptions {
  /** Seeds 1 .. n; one has no interval. */
  readonly seeds: number;
  /** Only settings of this model. */
  readonly model?: string | undefined;
  readonly onProgress: (text: string) => void;
}

export async function benchPrivacy({ seeds, model, onProgress }: PrivacyOptions): Promise<BenchPart> {
  const [dataset, engine] = await Promise.all([loadMnist(), loadEngine('compiled')]);
  const untouched = new Map<string, Promise<number>>();
  const rows: BenchRow[] = [];
  const chosen = grid.filter((setting) => model === undefined || setting.model === model);
  if (chosen.length === 0) throw new Error(`no setting of the privacy grid has the model ${model}`);
  for (const setting of chosen) {
    const { clients, rounds, learningRate } = setting;
    const topology = topologyOf(setting.model);
    const plan = planOf(setting, parameterCount(topology));
    const accuracies: number[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      onProgress(
        `privacy: ${setting.model}, ${clients} clients, ${rounds} rounds, z ${setting.noise}, seed ${seed} of ${seeds}`,
      );
      accuracies.push(await accuracyOf(setting, plan, seed, { dataset, engine }));
    }
    const key = `${setting.model} ${clients} ${rounds} ${learningRate}`;
    if (!untouched.has(key)) untouched.set(key, accuracyOf(setting, undefined, 1, { dataset, engine }));
    const { mean, low, high } =
      seeds === 1 ? { mean: accuracies[0]!, low: null, high: null } : meanInterval(accuracies);
    const { norm, perCoordinate, excess } = meanNoise(plan);
    rows.push({
      model: setting.model,
      parameters: plan.parameterCount,
      clients,
      rounds,
      z: setting.noise,
      clip: setting.clip,
      adaptive: setting.adaptive ?? false,
      learningRate,
      epsilon: plannedEpsilon(plan).epsilon,
      honest: plan.honest,
      excess,
      bits: plan.bits,
      noiseNorm: norm,
      noiseBurden: noiseBurden(perCoordinate, rounds),
      accuracy: mean,
      low,
      high,
      withoutNoise: await untouched.get(key)!,
    });
  }
  return {
    name: 'privacy',
    about:
      `Accuracy on the 10,000 test images after so many rounds of SGD (batch ${batchSize}, 1 epoch), all of MNIST dealt evenly; mean of ${seeds} seeds ` +
      `with its 95 % interval (Student). Epsilon at delta ${delta}, of all that a client contributes, if a third of the clients collude. noiseNorm: ` +
      'of the noise in the mean update, in clipping norms (the mean update is at most 1); noiseBurden: of one coordinate of it, over the root of the rounds. Baseline: without clipping and noise, seed 1; chance is 0.1.',
    rows,
  };
}

function topologyOf(model: PresetName): ModelTopology {
  return presetTopology(model, { height: 28, width: 28, channels: 1, classes: 10 });
}

function planOf(
  { clients, rounds, noise, clip, adaptive = false }: Setting,
  parameters: number,
): PrivacyPlan {
  const threshold = leastThreshold(clients);
  return planPrivacy({
    parameterCount: parameters,
    clients,
    threshold,
    colluders: colludersTolerated(clients),
    graph: 'complete',
    neighbours: clients,
    neighbourThreshold: threshold,
    noiseMultiplier: noise,
    clippingNorm: clip,
    delta,
    rounds,
    fraction: 1,
    adaptive,
  });
}

/** plan: undefined for the baseline, the plain mean of the updates. */
async function accuracyOf(
  { model, clients, rounds, learningRate }: Training,
  plan: PrivacyPlan | undefined,
  seed: number,
  { dataset, engine }: { readonly dataset: Dataset; readonly engine: Engine },
): Promise<number> {
  const topology = topologyOf(model);
  const parts = dealExamples(parsePartition('iid'), { labels: dataset.train.labels, clients, seed });
  const trainable = await engine.plan(topology, dataset, { batchSize });
  try {
    let weights = initialWeights(topology, seed);
    let clippingNorm = plan?.clippingNorm ?? Infinity;
    for (let round = 1; round <= rounds; round += 1) {
      const sum = plan === undefined ? new Float64Array(weights.length) : new Int32Array(plan.vectorLength);
      for (const [client, indices] of parts.entries()) {
        const update = await localUpdate(trainable, weights, indices, { learningRate, seed, client, round });
        add(sum, plan === undefined ? update : privatise(update, plan, systemRandom, clippingNorm).vector);
      }
      if (plan === undefined || sum instanceof Float64Array) {
        weights = weights.map((weight, index) => weight + sum[index]! / clients);
        continue;
      }
      const { meanUpdate, shareWithin } = readPrivateSum(sum, plan, clients, clippingNorm);
      weights = weights.map((weight, index) => weight + meanUpdate[index]!);
      if (plan.adaptive !== null && shareWithin !== undefined)
        clippingNorm = nextClippingNorm(clippingNorm, shareWithin, plan.adaptive);
    }
    return await testAccuracy(trainable, weights, dataset.test.count);
  } finally {
    trainable.dispose();
  }
}

async function localUpdate(
  trainable: TrainableModel,
  weights: Float32Array,
  indices: Uint32Array,
  { learningRate, seed, client, round }: Record<'learningRate' | 'seed' | 'client' | 'round', number>,
): Promise<Float32Array> {
  const trained = await trainable.train({
    weights,
    indices,
    epochs: 1,
    batchSize,
    optimiser: { kind: 'sgd', learningRate, momentum: 0 },
    proximalMu: 0,
    shuffleState: streamState(seed, 'shuffle', client + 1, round),
    dropoutState: streamState(seed, 'dropout', client + 1, round),
  });
  return trained.weights.map((value, index) => value - weights[index]!);
}

function add(sum: Int32Array | Float64Array, vector: Int32Array | Float32Array): void {
  for (let index = 0; index < sum.length; index += 1) sum[index]! += vector[index]!;
}

async function testAccuracy(
  trainable: TrainableModel,
  weights: Float32Array,
  count: number,
): Promise<number> {
  const { confusion } = await trainable.evaluate({ weights, start: 0, end: count });
  const classes = Math.sqrt(confusion.length);
  let right = 0;
  for (let index = 0; index < classes; index += 1) right += confusion[index * (classes + 1)]!;
  return right / count;
}
