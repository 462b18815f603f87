/**
 * What the coordinator does with the mean update of a round (local weights minus global weights, averaged):
 * - average: adds it (FedAvg, McMahan et al. 2017).
 * - momentum: adds a running sum of updates (FedAvgM, Hsu, Qi, Brown 2019, section 4.3).
 * - adam: adaptive steps per coordinate (FedAdam, Reddi et al. 2021, algorithm 2), without bias correction as there.
 *
 * Pure functions: state and weights go in, new ones come out. Computed in float64, coordinate by coordinate in order;
 * the new weights are rounded to float32 once.
 */

export type ServerOptimiser =
  | { readonly kind: 'average' }
  | { readonly kind: 'momentum'; readonly learningRate: number; /** 0 .. <1 */ readonly momentum: number }
  | {
      readonly kind: 'adam';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      /** Degree of adaptivity: added to the root, and its square is where the second moment starts. */
      readonly tau: number;
    };

/** What an optimiser remembers between rounds. */
export type ServerOptimiserState =
  | { readonly kind: 'average' }
  | { readonly kind: 'momentum'; /** [parameters] */ readonly velocity: Float64Array }
  | {
      readonly kind: 'adam';
      /** [parameters] */
      readonly firstMoment: Float64Array;
      /** [parameters] */
      readonly secondMoment: Float64Array;
    };

export interface ServerStep {
  /** [parameters] */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly state: ServerOptimiserState;
}

/**
 * Optimisers by the names of the setting `serverOptimizer`, for runs of 5 to 10 rounds whose clients train with Adam
 * at 0.001. Measured with the CNN on MNIST, 10 clients, one seed, test accuracy after the last round:
 *
 * |                           | average | momentum 0.5 | 0.9   | adam 0.01 | 0.03  | 0.1   |
 * | iid, 300 each, 10 rounds  | 0.898   | 0.929        | 0.921 | 0.891     | 0.929 | 0.736 |
 * | dirichlet:1, likewise     | 0.617   | 0.693        | 0.714 | 0.589     | 0.787 | 0.378 |
 * | iid, 1,500 each, 5 rounds | 0.952   | 0.954        | 0.916 | 0.915     | 0.921 | 0.745 |
 *
 * Momentum: learning rate 1 as in the paper, so that the first round is plain averaging; 0.9, usual for hundreds of
 * rounds, multiplies a step by 10 in the long run and overshoots in a short one. Adam: beta1, beta2 and tau of the
 * paper (section 5); 0.03 (10^-1.5 of its grid) is the fastest that stays stable.
 */
export const DEFAULT_SERVER_OPTIMISERS = {
  average: { kind: 'average' },
  momentum: { kind: 'momentum', learningRate: 1, momentum: 0.5 },
  adam: { kind: 'adam', learningRate: 0.03, beta1: 0.9, beta2: 0.99, tau: 1e-3 },
} as const satisfies Record<ServerOptimiser['kind'], ServerOptimiser>;

/** The state before the first round. */
export function initialServerState(optimiser: ServerOptimiser, parameters: number): ServerOptimiserState {
  switch (optimiser.kind) {
    case 'average':
      return { kind: 'average' };
    case 'momentum':
      return { kind: 'momentum', velocity: new Float64Array(parameters) };
    case 'adam':
      // The paper asks for v_-1 >= tau^2.
      return {
        kind: 'adam',
        firstMoment: new Float64Array(parameters),
        secondMoment: new Float64Array(parameters).fill(optimiser.tau ** 2),
      };
  }
}

/**
 * One round: the weights after the mean update [parameters]. Throws RangeError when lengths differ or the state is
 * another optimiser's.
 */
export function applyMeanUpdate(
  optimiser: ServerOptimiser,
  state: ServerOptimiserState,
  weights: Float32Array,
  meanUpdate: Float64Array,
): ServerStep {
  if (weights.length !== meanUpdate.length) {
    throw new RangeError(
      `cannot apply an update: it must have ${String(weights.length)} coordinates, and has ${String(meanUpdate.length)}`,
    );
  }
  if (optimiser.kind === 'average') {
    return { weights: weights.map((weight, index) => weight + meanUpdate[index]!), state };
  }
  if (optimiser.kind === 'momentum' && state.kind === 'momentum') {
    const velocity = state.velocity.map((value, index) => optimiser.momentum * value + meanUpdate[index]!);
    const moved = weights.map((weight, index) => weight + optimiser.learningRate * velocity[index]!);
    return { weights: moved, state: { kind: 'momentum', velocity } };
  }
  if (optimiser.kind === 'adam' && state.kind === 'adam')
    return applyAdam(optimiser, state, weights, meanUpdate);
  throw new RangeError(
    `cannot apply an update: the state must be that of ${optimiser.kind}, and is that of ${state.kind}`,
  );
}

function applyAdam(
  { learningRate, beta1, beta2, tau }: ServerOptimiser & { kind: 'adam' },
  state: ServerOptimiserState & { kind: 'adam' },
  weights: Float32Array,
  meanUpdate: Float64Array,
): ServerStep {
  const firstMoment = state.firstMoment.map(
    (value, index) => beta1 * value + (1 - beta1) * meanUpdate[index]!,
  );
  const secondMoment = state.secondMoment.map(
    (value, index) => beta2 * value + (1 - beta2) * meanUpdate[index]! ** 2,
  );
  const moved = weights.map(
    (weight, index) =>
      weight + (learningRate * firstMoment[index]!) / (Math.sqrt(secondMoment[index]!) + tau),
  );
  return { weights: moved, state: { kind: 'adam', firstMoment, secondMoment } };
}
