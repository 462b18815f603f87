/**
 * Who looks on at the coordinator's machine: what is told here is all that the coordinator sees. Nothing of the protocol
 * depends on it, and it must not keep the protocol waiting.
 */
import type { RunningSum } from '../../core/secagg/coordinator-state.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';

export interface RoundObserver {
  /** weights: [d] the global model; sum: the coordinator's so far, which changes in place. */
  attemptStarts(
    round: number,
    parameters: RoundParameters,
    weights: Float32Array,
    sum: () => RunningSum | undefined,
  ): void;
  /** A verified vector is in the sum. packed: as it came over the wire. */
  vectorAdded(client: number, packed: Uint8Array): void;
  /** The masks have cancelled. mean: [d] of the updates; undefined when no weight came. */
  summed(mean: Float64Array | undefined): void;
}
