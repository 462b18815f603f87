/**
 * Average pooling's gradient by its definition: what flows into an average is dealt out in equal parts to the pixels
 * that it was over, and under "same" padding a window at the border is over fewer than it has places.
 *
 * Stands in for tf.js's own in the reference: on every backend of tf.js but TensorFlow's, it divides by the places.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

interface PoolAttributes {
  readonly filterSize: [number, number];
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same';
}

let corrected = false;

/** Of plain JavaScript's backend, once. */
export function correctAveragePooling(): void {
  if (corrected) return;
  corrected = true;
  tf.unregisterKernel('AvgPoolGrad', 'cpu');
  tf.registerKernel({
    kernelName: 'AvgPoolGrad',
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs }) =>
      gradient(
        inputs['input'] as tf.Tensor4D,
        inputs['dy'] as tf.Tensor4D,
        attrs as unknown as PoolAttributes,
      ),
  });
}

function gradient(
  image: tf.Tensor4D,
  dy: tf.Tensor4D,
  { filterSize, strides, pad }: PoolAttributes,
): tf.Tensor {
  const info = tf.backend_util.computePool2DInfo(image.shape, filterSize, strides, 1, pad);
  const flowing = dy.arraySync();
  const parts = tf.buffer(image.shape);
  for (let item = 0; item < info.batchSize; item += 1)
    for (let row = 0; row < info.outHeight; row += 1)
      for (let column = 0; column < info.outWidth; column += 1) {
        const top = row * info.strideHeight - info.padInfo.top;
        const left = column * info.strideWidth - info.padInfo.left;
        const met: [number, number][] = [];
        for (let y = top; y < top + info.filterHeight; y += 1)
          for (let x = left; x < left + info.filterWidth; x += 1)
            if (y >= 0 && y < info.inHeight && x >= 0 && x < info.inWidth) met.push([y, x]);
        for (let channel = 0; channel < info.inChannels; channel += 1)
          for (const [y, x] of met)
            parts.set(
              parts.get(item, y, x, channel) + flowing[item]![row]![column]![channel]! / met.length,
              item,
              y,
              x,
              channel,
            );
      }
  return parts.toTensor();
}
