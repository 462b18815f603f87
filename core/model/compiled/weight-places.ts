/**
 * Flat weights (core/model/engine.ts, TensorFlow's layouts) to and from the stored parameter range of the module, where a
 * layer's weights are [channels][kernelFloats] with padded channels on both sides, and biases follow all weights.
 */
import type { FusedModel } from './fused-layers.ts';
import type { MemoryLayout } from './memory-layout.ts';

/** How many flat weights a model has. */
export function countWeights(model: FusedModel): number {
  return model.layers.reduce((total, { input, kernelHeight, kernelWidth, output, useBias }) => {
    const kernel = kernelHeight * kernelWidth * input.channels * output.channels;
    return total + kernel + (useBias ? output.channels : 0);
  }, 0);
}

/** For every flat weight, its place in the stored range, in floats. */
export function weightPlaces({ model, geometry, layers, weights }: MemoryLayout): Uint32Array {
  const places = new Uint32Array(countWeights(model));
  let flat = 0;
  for (const [index, { layer, storedChannels, kernelFloats }] of geometry.entries()) {
    const record = layers[index]!;
    const weightsAt = (record.weights - weights) / 4;
    const biasAt = (record.bias - weights) / 4;
    const kernelPixels = layer.kernelHeight * layer.kernelWidth;
    for (let pixel = 0; pixel < kernelPixels; pixel += 1)
      for (let channel = 0; channel < layer.input.channels; channel += 1)
        for (let output = 0; output < layer.output.channels; output += 1)
          places[flat++] = weightsAt + output * kernelFloats + pixel * storedChannels + channel;
    if (layer.useBias)
      for (let output = 0; output < layer.output.channels; output += 1) places[flat++] = biasAt + output;
  }
  return places;
}

/** Surplus places become and stay zero, whatever stood there. */
export function storeWeights(flat: Float32Array, places: Uint32Array, stored: Float32Array): void {
  stored.fill(0);
  for (let index = 0; index < places.length; index += 1) stored[places[index]!] = flat[index]!;
}

export function loadWeights(places: Uint32Array, stored: Float32Array): Float32Array {
  const flat = new Float32Array(places.length);
  for (let index = 0; index < places.length; index += 1) flat[index] = stored[places[index]!]!;
  return flat;
}
