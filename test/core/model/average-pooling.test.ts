/** Average pooling's gradient on every backend that trains, and the reference's, against finite differences. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
// with the gradients of tf.js's operations
import '@tensorflow/tfjs-layers';
import { useWasmBackend } from '../../../core/model/wasm/backend.ts';
import { randomStream } from '../../../core/random/stream.ts';
import { correctAveragePooling } from './average-pooling.ts';

const shape: [number, number, number, number] = [2, 5, 6, 2];

async function useReference(): Promise<void> {
  tf.env().set('PROD', true);
  correctAveragePooling();
  await tf.setBackend('cpu');
}

describe('the gradient of average pooling', () => {
  for (const [name, use] of [
    ['wasm', useWasmBackend],
    ['reference', useReference],
  ] as const)
    for (const [size, strides] of [
      [
        [3, 3],
        [1, 1],
      ],
      [
        [2, 3],
        [2, 2],
      ],
      [
        [4, 2],
        [3, 1],
      ],
    ] as [[number, number], [number, number]][])
      for (const padding of ['same', 'valid'] as const)
        it(`is what the average changes by: ${name}, ${size.join(' x ')} by ${strides.join(', ')}, ${padding}`, async () => {
          await use();
          tf.tidy(() => {
            const stream = randomStream(3, 'average pooling');
            const random = (count: number): Float32Array =>
              Float32Array.from({ length: count }, () => stream.nextFloat() - 0.5);
            const pool = (image: tf.Tensor4D): tf.Tensor4D => tf.avgPool(image, size, strides, padding);
            const values = random(shape.reduce((product, length) => product * length, 1));
            const image = tf.tensor4d(values, shape);
            const weights = tf.tensor4d(random(pool(image).size), pool(image).shape);
            const loss = (input: tf.Tensor4D): tf.Scalar => tf.sum(tf.mul(pool(input), weights));
            const found = tf
              .grad(loss as (input: tf.Tensor) => tf.Tensor)(image)
              .dataSync();
            // The loss is linear in every pixel: a step of 1 has no error but float32's.
            for (const [at, gradient] of found.entries()) {
              const stepped = loss(tf.tensor4d(values.with(at, values[at]! + 1), shape)).dataSync()[0]!;
              assert.ok(Math.abs(stepped - loss(image).dataSync()[0]! - gradient) < 1e-5, `pixel ${at}`);
            }
          });
        });
});
