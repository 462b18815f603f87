/** The coordinator's model: applies each sum, or what a rule makes of single updates; evaluates; gives what is announced. */
import type { AggregationRule } from '../../core/contract/run-settings.ts';
import { ruledUpdate } from '../../core/fedavg/individual-updates.ts';
import { classificationMetrics } from '../../core/fedavg/metrics.ts';
import {
  applyAggregate,
  readAggregate,
  type SummedUpdate,
  sumFault,
} from '../../core/fedavg/global-update.ts';
import { initialServerState, type ServerOptimiserState } from '../../core/fedavg/server-optimiser.ts';
import { toHex } from '../../core/bytes/bytes.ts';
import type { StatisticRange } from '../../core/model/moving-statistics.ts';
import { modelHash } from '../../core/secagg/context.ts';
import type { Aggregate, Model } from '../../core/secagg/coordinator-events.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import type { AggregateFault } from '../../core/secagg/quantise.ts';
import type { ComputePool } from '../compute/pool.ts';

export interface Evaluation {
  readonly accuracy: number;
  readonly f1Weighted: number;
  readonly loss: number;
  readonly confusion: readonly number[];
  readonly ms: number;
}

export class ModelKeeper {
  readonly #architecture: Uint8Array;
  readonly #statistics: readonly StatisticRange[];
  readonly #pool: ComputePool;
  readonly #aggregation: AggregationRule;
  #weights: Float32Array<ArrayBuffer>;
  #serverState: ServerOptimiserState | undefined;

  constructor(options: {
    readonly architecture: Uint8Array;
    readonly statistics: readonly StatisticRange[];
    readonly pool: ComputePool;
    readonly aggregation: AggregationRule;
    readonly weights: Float32Array;
    readonly serverState: ServerOptimiserState | undefined;
  }) {
    this.#architecture = options.architecture;
    this.#statistics = options.statistics;
    this.#pool = options.pool;
    this.#aggregation = options.aggregation;
    this.#weights = Float32Array.from(options.weights);
    this.#serverState = options.serverState;
  }

  get weights(): Float32Array {
    return this.#weights;
  }

  get serverState(): ServerOptimiserState | null {
    return this.#serverState ?? null;
  }

  /** Hexadecimal. */
  get hash(): string {
    return toHex(this.model(false).hash);
  }

  model(withWeights: boolean): Model {
    const bytes = new Uint8Array(this.#weights.buffer);
    return {
      hash: modelHash(this.#architecture, bytes),
      weights: withWeights ? bytes : new Uint8Array(0),
    };
  }

  /**
   * Takes the sum of a round. A fault, with the model untouched, when a poisoned count puts it outside of what honest
   * clients could have sent, or when no weight came: the same model cannot be summed over again unasked. clippingNorm: C
   * of the round, under differential privacy.
   */
  take(
    { sum, u3, vectors }: Aggregate,
    parameters: RoundParameters,
    clippingNorm = 0,
  ): { readonly update: SummedUpdate } | { readonly fault: AggregateFault } {
    const survivors = u3.length;
    const update = readAggregate(sum, parameters, { survivors, clippingNorm });
    const fault = sum instanceof Int32Array ? sumFault(sum, update, survivors, parameters) : undefined;
    if (fault !== undefined) return { fault };
    this.#serverState ??= initialServerState(parameters.serverOptimiser, parameters.parameterCount);
    const ruled = ruledUpdate(this.#aggregation, update, vectors, parameters);
    const step = applyAggregate(ruled, parameters, this.#weights, this.#serverState, this.#statistics);
    this.#weights = step.weights;
    this.#serverState = step.state;
    return { update };
  }

  async evaluate(): Promise<Evaluation> {
    const startedAt = performance.now();
    const { lossSum, confusion, count } = await this.#pool.evaluate(this.#weights);
    const { accuracy, f1Weighted } = classificationMetrics(confusion);
    return {
      accuracy,
      f1Weighted,
      loss: lossSum / count,
      confusion: [...confusion],
      ms: performance.now() - startedAt,
    };
  }
}
