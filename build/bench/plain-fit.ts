/**
 * tfjs-node as its manual has it: a layers model, compiled, trained by model.fit with tf.js's own Adam. What the engine
 * 'tensorflow' is compared with; for a process of its own, in which that engine has not been loaded.
 */
import * as tf from '@tensorflow/tfjs-core';
import { models } from '@tensorflow/tfjs-layers';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import { backendName } from '../../core/model/tensorflow/native.ts';
import { adamConstants } from '../../core/model/tfjs/optimisers.ts';
import { loadTfjsNode } from '../../main/compute/tensorflow.ts';

export interface PlainFit {
  readonly parameters: number;
  /** One epoch over so many images, over and over where there are not as many. */
  fit(images: number, batchSize: number): Promise<void>;
  dispose(): void;
}

let loaded = false;

/** Throws FederationError 'engine-missing' where TensorFlow was not set up. */
export async function planPlainFit(topology: ModelTopology, data: LabelledImages): Promise<PlainFit> {
  if (!loaded) {
    const backend = loadTfjsNode();
    tf.registerBackend(backendName, () => backend);
    loaded = true;
  }
  await tf.setBackend(backendName);
  const model = await models.modelFromJSON({ modelTopology: topology } as never);
  const { beta1, beta2, epsilon } = adamConstants;
  model.compile({
    optimizer: tf.train.adam(0.001, beta1, beta2, epsilon),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  const classes = model.outputs[0]!.shape[1]!;
  const { height, width, channels } = data;
  const pixels = height * width * channels;
  return {
    parameters: model.countParams(),
    async fit(images, batchSize) {
      const rows = Uint32Array.from({ length: images }, (_, index) => index % data.count);
      const values = new Float32Array(images * pixels);
      for (const [index, row] of rows.entries())
        for (let pixel = 0; pixel < pixels; pixel += 1)
          values[index * pixels + pixel] = data.images[row * pixels + pixel]! / 255;
      const x = tf.tensor4d(values, [images, height, width, channels]);
      const y = tf.oneHot(
        tf.tensor1d(
          Int32Array.from(rows, (row) => data.labels[row]!),
          'int32',
        ),
        classes,
      );
      await model.fit(x, y, { batchSize, epochs: 1, shuffle: true });
      tf.dispose([x, y]);
    },
    dispose: () => void model.dispose(),
  };
}
