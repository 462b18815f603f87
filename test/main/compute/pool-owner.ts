/** A process that trains without end in a pool of two, and tells their ids once both are at work: to be killed. */
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { streamState } from '../../../core/random/stream.ts';
import { loadEngine } from '../../../main/compute/engines.ts';
import { createComputePool } from '../../../main/compute/pool.ts';
import { smallData, testCount } from './small-data.ts';

const topology = presetTopology('cnn-light', smallData);
const pool = createComputePool({
  processes: 2,
  dataset: process.argv[2]!,
  testCount,
  topology,
  engine: await loadEngine('compiled'),
  batchSize: 32,
});
const atWork = new Set<number>();
const train = (client: number): Promise<unknown> =>
  pool.train(
    {
      weights: initialWeights(topology, 1),
      indices: Uint32Array.from({ length: 100 }, (_, index) => index),
      epochs: 1_000_000,
      batchSize: 32,
      optimiser: { kind: 'adam', learningRate: 0.001 },
      proximalMu: 0,
      shuffleState: streamState(1, 'shuffle', client, 1),
      dropoutState: streamState(1, 'dropout', client, 1),
    },
    {
      onProgress: () => {
        atWork.add(client);
        if (atWork.size === 2) process.send?.(pool.pids);
      },
    },
  );
await Promise.all([train(1), train(2)]);
