/**
 * What each client sent last, as its coordinator had it in hand: for the attack lab. Kept for simulations and for
 * sessions that were openly started as demonstrations, and for no others; in memory alone.
 */
import { readAggregate } from '../../core/fedavg/global-update.ts';
import { unpackBits } from '../../core/secagg/packing.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { centredLift } from '../../core/secagg/quantise.ts';

/**
 * All vectors of a session together, bytes: 33 clients of the largest preset. Those of clients beyond it are not kept; some
 * ended simulations can still be looked at, and each has its own.
 */
const mostBytes = 24_000_000;

interface Start {
  readonly round: number;
  readonly parameters: RoundParameters;
  /** [d] */
  readonly weights: Float32Array;
}

interface Kept extends Start {
  readonly packed: Uint8Array;
}

/** One client's latest vector, read. */
export interface ReadUpdate extends Start {
  /** [d] what the numbers say; under masks they say nothing. */
  readonly update: Float32Array;
  readonly masked: boolean;
  /** As the client says; undefined where it is masked, or no number of images. */
  readonly examples: number | undefined;
}

export class SentUpdates {
  readonly #kept = new Map<number, Kept>();
  #start: Start | undefined;
  #bytes = 0;

  /** weights: [d] lent. Numbers of clients are others' where the parameters have changed. */
  attemptStarts(round: number, parameters: RoundParameters, weights: Float32Array): void {
    if (this.#start?.parameters !== parameters) {
      this.#kept.clear();
      this.#bytes = 0;
    }
    // of a further attempt they are the same
    if (this.#start?.parameters === parameters && this.#start.round === round) return;
    this.#start = { round, parameters, weights: weights.slice() };
  }

  /** packed: lent, as it went over the wire. */
  sent(client: number, packed: Uint8Array): void {
    if (this.#start === undefined) return;
    const bytes = this.#bytes + packed.length - (this.#kept.get(client)?.packed.length ?? 0);
    if (bytes > mostBytes) return;
    this.#bytes = bytes;
    this.#kept.set(client, { ...this.#start, packed: packed.slice() });
  }

  /** Whose vectors there are, by number. */
  get clients(): readonly number[] {
    return [...this.#kept.keys()].sort((one, other) => one - other);
  }

  get masked(): boolean {
    return this.#start?.parameters.masks ?? false;
  }

  /** undefined where there is none, or it is none of training: of a client that sat the round out. */
  read(client: number): ReadUpdate | undefined {
    const kept = this.#kept.get(client);
    if (kept === undefined) return undefined;
    const { packed, ...start } = kept;
    const { masks, quantisation, bits, vectorLength, parameterCount, scale, weights } = start.parameters;
    const words = quantisation ? unpackBits(packed, vectorLength, bits) : undefined;
    if (masks) {
      if (words === undefined) return undefined;
      // the weight is masked like everything else: read as if it were the largest
      const noise = centredLift(words.subarray(0, parameterCount), bits);
      const update = Float32Array.from(noise, (unit) => unit / scale);
      return { ...start, update, masked: true, examples: undefined };
    }
    const sent = words === undefined ? floatsOf(packed) : centredLift(words, bits);
    const { meanUpdate, weightSum } = readAggregate(sent, start.parameters);
    if (meanUpdate === undefined) return undefined;
    const examples = weights === 'exact' ? weightSum : undefined;
    return { ...start, update: Float32Array.from(meanUpdate), masked: false, examples };
  }
}

function floatsOf(packed: Uint8Array): Float64Array {
  return Float64Array.from(new Float32Array(packed.slice().buffer));
}
