/**
 * Pictures of what goes through a round: every client's update, its mask, what leaves it, the coordinator's sum; of these,
 * what whoever looks on can know. Only pictures are kept, some 10 kB each, of the last rounds: the vectors themselves are a thousand times as large.
 */
import type { ClientPictures, SumPicture, VectorPicture } from '../../core/contract/pictures.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import { readAggregate } from '../../core/fedavg/global-update.ts';
import type { InputVector } from '../../core/secagg/client-events.ts';
import type { RunningSum } from '../../core/secagg/coordinator-state.ts';
import { readFloatSum } from '../../core/secagg/float-vector.ts';
import { unpackBits } from '../../core/secagg/packing.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { centredLift, dequantise } from '../../core/secagg/quantise.ts';
import { type PictureLayout, pictureLayout } from './picture-layout.ts';
import { maskedPicture, readablePicture, robustScale } from './vector-picture.ts';

const roundsKept = 5;

interface Kept {
  readonly layout: PictureLayout;
  /** Of all readable pictures of the round: that of the first update. */
  scale: number | undefined;
  readonly clients: Map<number, Pick<ClientPictures, 'update' | 'mask' | 'masked'>>;
  /** Masked vectors in the sum. */
  added: number;
  /** Set once the masks have cancelled. */
  mean: VectorPicture | undefined;
}

const nothingYet = { update: null, mask: null, masked: null };

export class RoundGallery {
  readonly #topology: ModelTopology;
  readonly #parameters: RoundParameters;
  readonly #rounds = new Map<number, Kept>();
  #round = 0;
  #sum: () => RunningSum | undefined = () => undefined;

  constructor(topology: ModelTopology, parameters: RoundParameters) {
    this.#topology = topology;
    this.#parameters = parameters;
  }

  /** weights: [d] the global model; sum: the coordinator's so far. In a further attempt updates stay. */
  attemptStarts(round: number, weights: Float32Array, sum: () => RunningSum | undefined): void {
    this.#round = round;
    this.#sum = sum;
    const before = this.#rounds.get(round);
    const clients = [...(before?.clients ?? [])].map(
      ([client, { update }]) => [client, { ...nothingYet, update }] as const,
    );
    this.#rounds.set(round, {
      layout: before?.layout ?? pictureLayout(this.#topology, weights),
      scale: before?.scale,
      clients: new Map(clients),
      added: 0,
      mean: undefined,
    });
    for (const known of this.#rounds.keys()) if (known <= round - roundsKept) this.#rounds.delete(known);
  }

  /** update: [d]. */
  trained(client: number, update: Float32Array): void {
    const kept = this.#rounds.get(this.#round);
    if (kept === undefined) return;
    kept.scale ??= scaleOf(update);
    this.#keep(kept, client, { update: readablePicture(update, kept.layout, kept.scale ?? 1) });
  }

  /** packed: as it goes over the wire; vector: the same before it was masked. */
  vectorSent(client: number, packed: Uint8Array, vector: InputVector): void {
    const kept = this.#rounds.get(this.#round);
    if (kept === undefined) return;
    const { masks, bits, vectorLength } = this.#parameters;
    if (!masks || !(vector instanceof Uint32Array)) {
      // whoever receives it can read it
      const update = kept.clients.get(client)?.update ?? null;
      this.#keep(kept, client, { masked: update });
      return;
    }
    const words = unpackBits(packed, vectorLength, bits);
    if (words === undefined) return;
    const mask = words.map((word, index) => word - vector[index]!);
    this.#keep(kept, client, {
      masked: maskedPicture(words, bits, kept.layout),
      mask: maskedPicture(mask, bits, kept.layout),
    });
  }

  /** All that a coordinator sees of a client. packed: as it came over the wire. */
  vectorCame(client: number, packed: Uint8Array): void {
    const kept = this.#rounds.get(this.#round);
    if (kept === undefined) return;
    const { masks, quantisation, bits, vectorLength } = this.#parameters;
    const words = quantisation ? unpackBits(packed, vectorLength, bits) : undefined;
    if (masks) {
      if (words !== undefined) this.#keep(kept, client, { masked: maskedPicture(words, bits, kept.layout) });
      return;
    }
    // nothing hides it
    const sent =
      words === undefined
        ? Float64Array.from(new Float32Array(packed.slice().buffer))
        : centredLift(words, bits);
    const update = readAggregate(sent, this.#parameters).meanUpdate ?? new Float64Array(kept.layout.of);
    kept.scale ??= scaleOf(update);
    const picture = readablePicture(update, kept.layout, kept.scale ?? 1);
    this.#keep(kept, client, { update: picture, masked: picture });
  }

  /** One more vector is in the coordinator's sum. */
  added(): void {
    const kept = this.#rounds.get(this.#round);
    if (kept !== undefined) kept.added += 1;
  }

  /** mean: [d] of the updates; undefined when no weight came. */
  summed(mean: Float64Array | undefined): void {
    const kept = this.#rounds.get(this.#round);
    if (kept === undefined) return;
    kept.mean = this.#meanPicture(kept, mean ?? new Float64Array(kept.layout.of));
  }

  /** round: null for the one under way. Null where nothing is kept. */
  pictures(client: number, round: number | null): ClientPictures | null {
    const number = round ?? this.#round;
    const kept = this.#rounds.get(number);
    if (kept === undefined || client > this.#parameters.clients) return null;
    const { kind, coordinates, of } = kept.layout;
    return {
      round: number,
      client,
      layer: { kind, coordinates, of },
      ...(kept.clients.get(client) ?? nothingYet),
    };
  }

  /** Null before anything has been added, and where nothing is kept. */
  sumPicture(round: number | null): SumPicture | null {
    const number = round ?? this.#round;
    const kept = this.#rounds.get(number);
    if (kept === undefined) return null;
    const { added, mean } = kept;
    if (mean !== undefined) return { round: number, added, readable: true, picture: mean };
    const sum = number === this.#round && added > 0 ? this.#sum() : undefined;
    if (sum === undefined) return null;
    const { masks, bits } = this.#parameters;
    if (masks && sum.kind === 'masked')
      return { round: number, added, readable: false, picture: maskedPicture(sum.vector, bits, kept.layout) };
    const soFar = this.#meanOf(sum) ?? new Float64Array(kept.layout.of);
    return { round: number, added, readable: true, picture: this.#meanPicture(kept, soFar) };
  }

  #meanPicture(kept: Kept, mean: Float64Array): VectorPicture {
    return readablePicture(mean, kept.layout, kept.scale ?? robustScale(mean));
  }

  /** Of a sum that nothing masks. */
  #meanOf(sum: RunningSum): Float64Array | undefined {
    const { parameterCount, weightCap, bits } = this.#parameters;
    if (sum.kind === 'masked') return dequantise(centredLift(sum.vector, bits), this.#parameters).meanUpdate;
    const total = new Float64Array(this.#parameters.vectorLength);
    for (const vector of sum.vectors.values())
      for (let index = 0; index < total.length; index += 1) total[index]! += vector[index]!;
    return readFloatSum(total, parameterCount, weightCap).meanUpdate;
  }

  #keep(
    kept: Kept,
    client: number,
    change: Partial<Pick<ClientPictures, 'update' | 'mask' | 'masked'>>,
  ): void {
    kept.clients.set(client, { ...(kept.clients.get(client) ?? nothingYet), ...change });
  }
}

/** undefined for an update of zeros, such as that of a client that sits a round out: it says nothing about the others. */
function scaleOf(update: Float32Array | Float64Array): number | undefined {
  return update.some((value) => value !== 0) ? robustScale(update) : undefined;
}
