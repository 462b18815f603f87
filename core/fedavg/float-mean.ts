/**
 * The weighted mean of float updates, for runs without quantisation (and so without masks). Float sums depend on their
 * order: updates are added in roster order, in float64, so that the same run gives the same bits.
 */

export interface FloatMean {
  /**
   * Adds weight x update [parameters]. Clients (1 .. n) come in rising order; weight is not negative and finite.
   * Throws RangeError otherwise, and when the update has another length or is not finite.
   */
  add(client: number, update: Float32Array, weight: number): void;
  /** [parameters] float64; undefined when the weights sum to 0: the model then stays. */
  mean(): Float64Array<ArrayBuffer> | undefined;
}

export function createFloatMean(parameters: number): FloatMean {
  const sum = new Float64Array(parameters);
  let weightSum = 0;
  let lastClient = 0;
  return {
    add(client, update, weight) {
      if (!(client > lastClient))
        throw new RangeError('cannot add an update: clients must come in roster order');
      if (update.length !== parameters) {
        throw new RangeError(
          `cannot add an update: it must have ${String(parameters)} coordinates, and has ${String(update.length)}`,
        );
      }
      if (!(weight >= 0 && Number.isFinite(weight)))
        throw new RangeError('cannot add an update: its weight must be >= 0');
      if (!update.every(Number.isFinite)) throw new RangeError('cannot add an update: it must be finite');
      lastClient = client;
      weightSum += weight;
      for (let index = 0; index < parameters; index += 1) sum[index]! += weight * update[index]!;
    },
    mean: () => (weightSum === 0 ? undefined : sum.map((value) => value / weightSum)),
  };
}
