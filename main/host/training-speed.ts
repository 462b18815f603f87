/** How fast this machine trains a model: measured for about a second, in processes of its own, once for each model. */
import { architectureSha256 } from '../../core/model/model-hash.ts';
import type { Engine, ModelTopology } from '../../core/model/engine.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { streamState } from '../../core/random/stream.ts';
import { createComputePool } from '../compute/pool.ts';

export interface TrainingSpeed {
  /** Images a second of all processes, while all of them train. */
  readonly together: number;
  readonly processes: number;
}

export interface SpeedQuestion {
  readonly topology: ModelTopology;
  readonly engine: Engine;
  /** As the settings name it. */
  readonly dataset: string;
  readonly trainCount: number;
  readonly testCount: number;
  readonly batch: number;
  readonly processes: number;
}

/** Images to train on; more would change nothing about the speed. */
const mostImages = 2_000;
/** Far more than can be trained in the time. */
const epochs = 1_000_000;
/** From the first news of each process on, ms. */
const measureMs = 1_000;
/** A machine that has said nothing until then is too busy to be measured, ms. */
const giveUpMs = 20_000;

interface Progress {
  readonly firstAt: number;
  readonly firstDone: number;
  readonly at: number;
  readonly done: number;
}

export class SpeedMeter {
  readonly #known = new Map<string, Promise<TrainingSpeed | null>>();
  readonly #closing = new AbortController();

  /** null where it could not be measured; then it is tried again when it is next asked for. */
  measure(question: SpeedQuestion): Promise<TrainingSpeed | null> {
    const { topology, engine, batch, processes } = question;
    const name = [architectureSha256(topology), engine.name, batch, processes].join(' ');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const measured = measure(question, this.#closing.signal).catch(() => null);
    this.#known.set(name, measured);
    void measured.then((speed) => {
      if (speed === null) this.#known.delete(name);
    });
    return measured;
  }

  close(): void {
    this.#closing.abort();
  }
}

async function measure(question: SpeedQuestion, closing: AbortSignal): Promise<TrainingSpeed> {
  const { topology, engine, dataset, trainCount, testCount, batch, processes } = question;
  const pool = createComputePool({
    processes,
    dataset,
    testCount,
    topology,
    engine,
    batchSize: batch,
    background: true,
  });
  const enough = new AbortController();
  const signal = AbortSignal.any([closing, enough.signal, AbortSignal.timeout(giveUpMs)]);
  const seen = new Map<number, Progress>();
  const note = (process: number, done: number): void => {
    const at = performance.now();
    const before = seen.get(process);
    seen.set(process, { firstAt: before?.firstAt ?? at, firstDone: before?.firstDone ?? done, at, done });
    const all = [...seen.values()];
    if (all.length === processes && all.every((known) => known.at - known.firstAt >= measureMs))
      enough.abort();
  };
  try {
    const weights = initialWeights(topology, 1);
    const indices = Uint32Array.from({ length: Math.min(mostImages, trainCount) }, (_, index) => index);
    await Promise.all(
      Array.from({ length: processes }, (_, process) =>
        pool.train(
          {
            weights,
            indices,
            epochs,
            batchSize: batch,
            optimiser: { kind: 'adam', learningRate: 1e-6 },
            proximalMu: 0,
            shuffleState: streamState(1, 'shuffle', process, 1),
            dropoutState: streamState(1, 'dropout', process, 1),
          },
          {
            signal,
            onProgress: ({ examplesDone }) => {
              note(process, examplesDone);
            },
          },
        ),
      ),
    );
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  } finally {
    await pool.close();
  }
  const together = [...seen.values()].reduce(
    (sum, { firstAt, firstDone, at, done }) => sum + ((done - firstDone) / (at - firstAt)) * 1000,
    0,
  );
  return { together, processes };
}
