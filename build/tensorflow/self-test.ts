/**
 * One training step by TensorFlow, out of the folder that is named, against the same step by tf.js's WebAssembly
 * kernels: what was set up loads, trains, and trains right. Exits 1 otherwise.
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import type { Engine } from '../../core/model/engine.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { presetTopology } from '../../core/model/presets.ts';
import { createWasmEngine } from '../../core/model/wasm/engine.ts';
import { randomStream, streamState } from '../../core/random/stream.ts';
import { tensorflowEngine } from '../../main/compute/tensorflow.ts';

/** Of the largest change that the step made to a weight: float32 sums in other orders stay far below. */
const allowed = 1e-3;
const batch = 8;

const stream = randomStream(1, 'self-test');
const images: LabelledImages = {
  height: 14,
  width: 14,
  channels: 1,
  count: batch,
  images: Uint8Array.from({ length: batch * 14 * 14 }, () => stream.nextBelow(256)),
  labels: Uint8Array.from({ length: batch }, (_, index) => index % 10),
};
const topology = presetTopology('cnn-small', { height: 14, width: 14, channels: 1, classes: 10 });
const start = initialWeights(topology, 1);

async function step(engine: Engine): Promise<Float32Array> {
  const model = await engine.plan(topology, { train: images, test: images }, { batchSize: batch });
  const { weights } = await model.train({
    weights: start,
    indices: Uint32Array.from({ length: batch }, (_, index) => index),
    epochs: 1,
    batchSize: batch,
    // not Adam, whose first step is of one length wherever the gradient is not zero
    optimiser: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
    proximalMu: 0,
    shuffleState: streamState(1, 'shuffle'),
    dropoutState: streamState(1, 'dropout'),
  });
  model.dispose();
  return weights;
}

const folder = pathToFileURL(`${process.argv[2] ?? ''}/`);
const found = await step(await tensorflowEngine(folder));
const expected = await step(createWasmEngine());
let difference = 0;
let change = 0;
for (const [index, weight] of expected.entries()) {
  difference = Math.max(difference, Math.abs(found[index]! - weight));
  change = Math.max(change, Math.abs(start[index]! - weight));
}
if (!(difference <= allowed * change)) {
  process.stderr.write(`Its step differs from the WebAssembly engine's by ${difference}, of ${change}.\n`);
  process.exitCode = 1;
}
