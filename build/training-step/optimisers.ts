/**
 * Optimisers: one sweep over all parameters, which lie in one range. Each clears the gradient for the next step. The
 * formulas are those of tf.train.adam and tf.train.momentum.
 *
 * A moment that decays for hundreds of steps ends in denormal numbers, which cost x64 over a hundred cycles each; below
 * 1e-30 it is cut to zero, far below anything that moves a weight.
 */

const tiny = '1e-30';

/** firstCorrection: learning rate / (1 - beta1^t); secondCorrection: 1 / (1 - beta2^t). */
const adam = `
export function adam(weights: usize, gradient: usize, firstMoment: usize, secondMoment: usize, parameters: i32, firstCorrection: f32, secondCorrection: f32, beta1: f32, beta2: f32, newShare1: f32, newShare2: f32, epsilon: f32): void {
  const beta1s = f32x4.splat(beta1), newShares1 = f32x4.splat(newShare1), beta2s = f32x4.splat(beta2), newShares2 = f32x4.splat(newShare2);
  const epsilons = f32x4.splat(epsilon), firstCorrections = f32x4.splat(firstCorrection), secondCorrections = f32x4.splat(secondCorrection);
  const zero = f32x4.splat(0), tiny = f32x4.splat(${tiny});
  for (let parameter: i32 = 0; parameter < parameters; parameter += 4) {
    const slope = v128.load(gradient);
    let first = f32x4.add(f32x4.mul(beta1s, v128.load(firstMoment)), f32x4.mul(newShares1, slope));
    first = v128.and(first, f32x4.gt(f32x4.abs(first), tiny));
    const second = f32x4.add(f32x4.mul(beta2s, v128.load(secondMoment)), f32x4.mul(newShares2, f32x4.mul(slope, slope)));
    v128.store(firstMoment, first);
    v128.store(secondMoment, second);
    v128.store(gradient, zero);
    const move = f32x4.div(f32x4.mul(firstCorrections, first), f32x4.add(f32x4.sqrt(f32x4.mul(second, secondCorrections)), epsilons));
    v128.store(weights, f32x4.sub(v128.load(weights), move));
    weights += 16;
    gradient += 16;
    firstMoment += 16;
    secondMoment += 16;
  }
}`;

const momentum = `
export function momentum(weights: usize, gradient: usize, velocity: usize, parameters: i32, learningRate: f32, decay: f32): void {
  const learningRates = f32x4.splat(learningRate), decays = f32x4.splat(decay), zero = f32x4.splat(0), tiny = f32x4.splat(${tiny});
  for (let parameter: i32 = 0; parameter < parameters; parameter += 4) {
    let next = f32x4.add(f32x4.mul(decays, v128.load(velocity)), v128.load(gradient));
    next = v128.and(next, f32x4.gt(f32x4.abs(next), tiny));
    v128.store(velocity, next);
    v128.store(gradient, zero);
    v128.store(weights, f32x4.sub(v128.load(weights), f32x4.mul(learningRates, next)));
    weights += 16;
    gradient += 16;
    velocity += 16;
  }
}`;

/** FedProx (Li et al. 2020): the gradient of mu/2 |w - anchor|^2 is added. */
const addProximalGradient = `
export function addProximalGradient(weights: usize, anchor: usize, gradient: usize, parameters: i32, mu: f32): void {
  const mus = f32x4.splat(mu);
  for (let parameter: i32 = 0; parameter < parameters; parameter += 4) {
    const pull = f32x4.mul(mus, f32x4.sub(v128.load(weights), v128.load(anchor)));
    v128.store(gradient, f32x4.add(v128.load(gradient), pull));
    weights += 16;
    anchor += 16;
    gradient += 16;
  }
}`;

export const optimisers = [adam, momentum, addProximalGradient].join('\n');
