/** Where training starts: every weight as the topology's initialisers say, from the run's seed alone. */
import { randomStream } from '../random/stream.ts';
import { readArchitecture, weightsOf } from './architecture.ts';
import type { ModelTopology } from './engine.ts';
import { drawInitial } from './layers/initialisers.ts';

/** [parameters] float32, in layer order; the same on every engine and machine. */
export function initialWeights(topology: ModelTopology, seed: number): Float32Array {
  const stream = randomStream(seed, 'initialise');
  const drawn = weightsOf(readArchitecture(topology)).map(({ weight }) =>
    drawInitial(weight.initialiser, weight.shape, stream),
  );
  const weights = new Float32Array(drawn.reduce((total, values) => total + values.length, 0));
  let at = 0;
  for (const values of drawn) {
    weights.set(values, at);
    at += values.length;
  }
  return weights;
}
