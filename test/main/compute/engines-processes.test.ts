/** Every engine of this machine: the same seed gives the same model, on any number of processes. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, it } from 'node:test';
import type { Engine } from '../../../core/model/engine.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { modelSha256 } from '../../../core/model/model-hash.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { streamState } from '../../../core/random/stream.ts';
import { createComputePool } from '../../../main/compute/pool.ts';
import { enginesByName, forEveryEngine } from '../../core/model/engines/present.ts';
import { smallData, testCount, writeSmallData } from './small-data.ts';

const topology = presetTopology('cnn-small', smallData);
const clients = 4;
let folder = '';

before(async () => {
  folder = await writeSmallData();
});
after(() => rm(folder, { recursive: true }));

const suite = (engine: Engine): void => {
  it('same seed, same models and evaluations on 1, 2 and 3 processes', async () => {
    const results = [];
    for (const processes of [1, 2, 3]) {
      const pool = createComputePool({
        processes,
        dataset: folder,
        testCount,
        topology,
        engine,
        batchSize: 32,
      });
      try {
        const weights = initialWeights(topology, 1);
        const trained = await Promise.all(
          Array.from({ length: clients }, (_, client) =>
            pool.train({
              weights,
              indices: Uint32Array.from({ length: 70 }, (_, index) => (client * 61 + index) % 400),
              epochs: 1,
              batchSize: 32,
              optimiser: { kind: 'adam', learningRate: 0.001 },
              proximalMu: 0.1,
              shuffleState: streamState(1, 'shuffle', client, 1),
              dropoutState: streamState(1, 'dropout', client, 1),
            }),
          ),
        );
        const models = trained.map(({ result }) => modelSha256(topology, result.weights));
        results.push({ models, evaluation: await pool.evaluate(trained[0]!.result.weights) });
      } finally {
        await pool.close();
      }
    }
    assert.equal(new Set(results[0]!.models).size, clients);
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
  });
};

forEveryEngine('processes', suite, enginesByName);
