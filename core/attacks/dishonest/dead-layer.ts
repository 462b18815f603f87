/**
 * A model whose first layer never fires (Pasquini et al. 2022): whoever trains on it changes nothing in that layer, so that
 * the sum there is the update of the one who was sent another model, although every mask cancels.
 */
import type { DensePlace } from '../topologies.ts';

/** [parameters] the same but for the biases of the layer: below anything that its rows can add up to on pixels in 0 .. 1. */
export function withDeadLayer(weights: Float32Array, place: DensePlace): Float32Array {
  const dead = weights.slice();
  for (let unit = 0; unit < place.units; unit += 1) {
    let most = 0;
    for (let input = 0; input < place.inputs; input += 1)
      most += Math.max(0, weights[place.kernelAt + input * place.units + unit]!);
    dead[place.biasAt + unit] = -most - 1;
  }
  return dead;
}
