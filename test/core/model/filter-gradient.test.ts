/** The reference's gradient of a convolution's kernel against tf.js's own. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { randomStream } from '../../../core/random/stream.ts';
import { filterGradient, quickenFilterGradient } from './filter-gradient.ts';

it('quickenFilterGradient() changes no bit of a gradient', async () => {
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
  const own = tf.getKernel(filterGradient, 'cpu');
  quickenFilterGradient();
  const quick = tf.getKernel(filterGradient, 'cpu');
  const stream = randomStream(3, 'filter gradient');
  const random = (shape: [number, number, number, number]): tf.Tensor4D =>
    tf.tensor4d(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => stream.nextFloat() - 0.5),
      shape,
    );
  for (const pad of ['valid', 'same'] as const)
    for (let one = 0; one < 40; one += 1) {
      const below = (limit: number): number => 1 + stream.nextBelow(limit);
      const filterShape: [number, number, number, number] = [below(4), below(4), below(4), below(5)];
      const strides: [number, number] = [below(3), below(3)];
      const x = random([below(3), 3 + below(6), 3 + below(6), filterShape[2]]);
      const { outShape } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
      const dy = random(outShape);
      const [found, expected] = [quick, own].map(({ kernelFunc }) => {
        const attrs = { strides, pad, dataFormat: 'NHWC', filterShape };
        return kernelFunc({ inputs: { x, dy }, backend: tf.backend(), attrs }) as tf.TensorInfo;
      });
      const bits = (info: tf.TensorInfo | undefined): Uint32Array =>
        new Uint32Array((tf.backend().readSync(info!.dataId) as Float32Array).slice().buffer);
      assert.deepEqual(bits(found), bits(expected));
      assert.deepEqual(found!.shape, expected!.shape);
    }
});
