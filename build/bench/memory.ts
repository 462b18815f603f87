/**
 * What a compute process holds of the machine's memory while it trains and evaluates, and whether that grows. Baseline: a
 * Node process that does nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EngineName } from '../../core/model/engine.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { streamState } from '../../core/random/stream.ts';
import { loadEngine } from '../../main/compute/engines.ts';
import { createComputePool, type ComputePool } from '../../main/compute/pool.ts';
import { memoryOf } from '../process-memory.ts';
import type { BenchPart, BenchRow } from './table.ts';
import { presetModels } from './training-models.ts';

export interface MemoryOptions {
  /** Of batches of 32. */
  readonly steps: number;
  /** A preset's name. */
  readonly model: string;
  readonly onProgress: (text: string) => void;
}

const batch = 32;
/** A client's share of MNIST among twenty: each task has its own, as in a simulation. */
const images = 3_000;
const stepsOfTask = Math.ceil(images / batch);
const clients = 20;
const testCount = 10_000;
/** Of one process, with the compiled engine and the CNN. */
const goalMegabytes = 150;
/** After so many steps a row is taken, and at the end. */
const moments = [100, 1_000, 2_000, 5_000];

export async function benchMemory({ steps, model, onProgress }: MemoryOptions): Promise<BenchPart> {
  const { topology } = presetModels([model])[0]!;
  const baselineMegabytes = await idleNode();
  const engine: EngineName = 'compiled';
  const pool = createComputePool({
    processes: 1,
    dataset: 'mnist',
    testCount,
    topology,
    engine: await loadEngine(engine),
    batchSize: batch,
  });
  const weights = initialWeights(topology, 1);
  const rows: BenchRow[] = [];
  let waiting = [...moments.filter((moment) => moment < steps), steps];
  try {
    for (let task = 0; waiting.length > 0; task += 1) {
      await trainOnce(pool, weights, task);
      await pool.evaluate(weights);
      const done = (task + 1) * stepsOfTask;
      if (done < waiting[0]!) continue;
      waiting = waiting.filter((moment) => moment > done);
      const { megabytes, peakMegabytes } = memoryOf(pool.pids[0]!);
      rows.push({ engine, model, steps: done, megabytes, peakMegabytes, goalMegabytes, baselineMegabytes });
      onProgress(`memory: ${done} steps, ${Math.round(megabytes)} MB`);
    }
  } finally {
    await pool.close();
  }
  return {
    name: 'memory',
    about: `Resident memory of one compute process that trains on ${images} images of MNIST after others and evaluates after each; baseline: an idle Node process.`,
    rows,
  };
}

async function trainOnce(pool: ComputePool, weights: Float32Array, task: number): Promise<void> {
  const first = (task % clients) * images;
  await pool.train({
    weights,
    indices: Uint32Array.from({ length: images }, (_, index) => first + index),
    epochs: 1,
    batchSize: batch,
    optimiser: { kind: 'adam', learningRate: 0.001 },
    proximalMu: 0,
    shuffleState: streamState(1, 'shuffle', task, 1),
    dropoutState: streamState(1, 'dropout', task, 1),
  });
}

async function idleNode(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', 'console.log(1); setInterval(() => undefined, 1000)'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    return memoryOf(child.pid!).megabytes;
  } finally {
    child.kill('SIGKILL');
  }
}
