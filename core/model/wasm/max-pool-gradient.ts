/**
 * The gradient of max-pooling. tf.js's own kernel for WebAssembly is wrong where a window's maximum is not above zero
 * (it gives no gradient), and takes the last of several equal maxima; every other backend takes the first, as here.
 */
import * as tf from '@tensorflow/tfjs-core';

/** image: [batch, rows, columns, channels]; dy: what flows back into the pooled image. Gives dL/dimage. */
export function maxPoolGradient(
  image: tf.Tensor4D,
  dy: tf.Tensor4D,
  info: tf.backend_util.Conv2DInfo,
): tf.Tensor4D {
  const values = image.dataSync<'float32'>();
  const flowing = dy.dataSync<'float32'>();
  const gradient = new Float32Array(values.length);
  const { inHeight, inWidth, inChannels: channels, filterHeight, filterWidth } = info;
  let output = 0;
  for (let item = 0; item < info.batchSize; item += 1)
    for (let row = 0; row < info.outHeight; row += 1) {
      const top = row * info.strideHeight - info.padInfo.top;
      const firstRow = Math.max(top, 0);
      const endRow = Math.min(top + filterHeight, inHeight);
      for (let column = 0; column < info.outWidth; column += 1) {
        const left = column * info.strideWidth - info.padInfo.left;
        const firstColumn = Math.max(left, 0);
        const endColumn = Math.min(left + filterWidth, inWidth);
        for (let channel = 0; channel < channels; channel += 1) {
          let best = -1;
          let largest = -Infinity;
          for (let y = firstRow; y < endRow; y += 1) {
            let at = ((item * inHeight + y) * inWidth + firstColumn) * channels + channel;
            for (let x = firstColumn; x < endColumn; x += 1, at += channels)
              if (values[at]! > largest) {
                largest = values[at]!;
                best = at;
              }
          }
          if (best !== -1) gradient[best] = gradient[best]! + flowing[output]!;
          output += 1;
        }
      }
    }
  return tf.tensor(gradient, image.shape);
}
