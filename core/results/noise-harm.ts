/**
 * What differential privacy's noise does to learning. An output of the model with gradient g moves by at most |g| times the
 * update's norm, but by |g| times the deviation of a single coordinate of the noise, as most of the noise is at right
 * angles to g: to first order the model's size does not count. Over R rounds updates add up to R clipping norms at most, and
 * noise, which is random, to sqrt(R) times that of one round. What counts is therefore the deviation of a coordinate of
 * the mean over sqrt(R), in clipping norms. Neither a model with fewer parameters nor fewer rounds at the same epsilon
 * change it; beyond the first order, small models bear it better.
 *
 * Measured on MNIST by `npm run bench -- privacy` (docs/performance.md): up to 0.011 costs two to five points of accuracy in a
 * hundred, 0.02 about seven; at 0.05 nothing is learnt. Before that, with 20 clients, 5 rounds and one seed:
 *
 * | deviation / sqrt(R) | 0.001 | 0.004 | 0.011 | 0.035 |
 * | mlp (0.88 without)  | 0.86  | 0.86  | 0.83  | 0.46  |
 * | cnn-light (0.72)    |       | 0.69  | 0.54  | 0.11  |
 */

/** Up to so much of a clipping norm in each coordinate, over sqrt(R), noise costs little. */
export const LITTLE_NOISE = 0.0115;
/** From here on, next to nothing is learnt: the convolutional network at 0.035 guesses. */
const RUINOUS_NOISE = 0.03;

export type NoiseHarm = 'little' | 'much' | 'ruin';

/** perCoordinate: standard deviation of a coordinate of the noise in a round's mean update, in clipping norms. */
export function noiseBurden(perCoordinate: number, rounds: number): number {
  return perCoordinate / Math.sqrt(rounds);
}

/** burden: of noiseBurden(). */
export function noiseHarm(burden: number): NoiseHarm {
  if (burden <= LITTLE_NOISE) return 'little';
  return burden < RUINOUS_NOISE ? 'much' : 'ruin';
}
