/**
 * Training steps a second: the mission's CNN on MNIST, batch 32, whole local epochs. Baseline: the wasm engine in one
 * process, in the same run. Repeats of the engines alternate, so that a busy moment hits both.
 */
import { availableParallelism } from 'node:os';
import type { EngineName } from '../../core/model/engine.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { presetTopology } from '../../core/model/presets.ts';
import { streamState } from '../../core/random/stream.ts';
import { loadEngine } from '../../main/compute/engines.ts';
import { createComputePool } from '../../main/compute/pool.ts';
import { median, type BenchPart, type BenchRow } from './table.ts';

const batch = 32;
const topology = presetTopology('cnn', { height: 28, width: 28, channels: 1, classes: 10 });

interface Contender {
  readonly engine: EngineName;
  readonly processes: number;
  /** Images of one repeat in each process: about a second or two. */
  readonly images: number;
}

export interface TrainingOptions {
  readonly repeat: number;
  readonly onProgress: (text: string) => void;
}

export async function benchTraining({ repeat, onProgress }: TrainingOptions): Promise<BenchPart> {
  const cores = availableParallelism();
  const contenders: readonly Contender[] = [
    { engine: 'wasm', processes: 1, images: 640 },
    { engine: 'compiled', processes: 1, images: 6_400 },
    ...(cores > 1 ? [{ engine: 'compiled', processes: cores, images: 6_400 } as const] : []),
  ];
  const rates = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < repeat; round += 1)
    for (const contender of contenders) {
      onProgress(
        `training: ${contender.engine}, ${contender.processes} processes, ${round + 1} of ${repeat}`,
      );
      rates.get(contender)!.push(await samplesPerSecond(contender));
    }
  const baseline = median(rates.get(contenders[0]!)!);
  const rows = contenders.map((contender): BenchRow => {
    const measured = rates.get(contender)!;
    const rate = median(measured);
    return {
      engine: contender.engine,
      processes: contender.processes,
      batch,
      samplesPerSecond: Math.round(rate),
      slowest: Math.round(Math.min(...measured)),
      fastest: Math.round(Math.max(...measured)),
      ratioToBaseline: rate / baseline,
    };
  });
  return {
    name: 'training',
    about: `CNN of 241,546 parameters, medians of ${repeat} runs; baseline: wasm.`,
    rows,
  };
}

async function samplesPerSecond({ engine, processes, images }: Contender): Promise<number> {
  const pool = createComputePool({
    processes,
    dataset: 'mnist',
    testCount: 10_000,
    topology,
    engine: await loadEngine(engine),
    batchSize: batch,
  });
  const weights = initialWeights(topology, 1);
  const train = (index: number, count: number) =>
    pool.train({
      weights,
      indices: Uint32Array.from({ length: count }, (_, position) => index * count + position),
      epochs: 1,
      batchSize: batch,
      optimiser: { kind: 'adam', learningRate: 0.001 },
      proximalMu: 0,
      shuffleState: streamState(1, 'shuffle', index, 1),
      dropoutState: streamState(1, 'dropout', index, 1),
    });
  const everywhere = (count: number) =>
    Promise.all(Array.from({ length: processes }, (_, index) => train(index, count)));
  try {
    await everywhere(2 * batch); // loads the data and compiles
    const startedAt = performance.now();
    await everywhere(images);
    return (processes * images * 1000) / (performance.now() - startedAt);
  } finally {
    await pool.close();
  }
}
