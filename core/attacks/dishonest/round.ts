/** One round of the live machines under a model that the coordinator has chosen, and what comes out of it. */
import type { Model } from '../../secagg/coordinator-events.ts';
import { centredLift } from '../../secagg/quantise.ts';
import type { DeceivedRoom } from './room.ts';

export interface Deception {
  /** Announced to everybody, with its weights or with its hash alone. */
  readonly model: Model;
  /** [parameters] what each client trains on. */
  readonly weightsFor: (client: number) => Float32Array;
}

export interface OpenedSum {
  /** [parameters] of all clients' updates, in their units. */
  readonly sum: Float64Array;
  /** The sum as it came out of the machines, exact. */
  readonly whole: Int32Array;
  /** Of each client, before it was masked: for the truth alone. */
  readonly vectors: ReadonlyMap<number, Int32Array>;
}

/** Yields how far it is, 0 .. 1. undefined: the machines have refused it. */
export async function* deceivedRound(
  deceived: DeceivedRoom,
  { model, weightsFor }: Deception,
): AsyncGenerator<number, OpenedSum | undefined, void> {
  const { room } = deceived.openParty();
  const { everyone } = room.epoch;
  const { bits, parameterCount, scale } = deceived.parameters;
  const vectors = new Map<number, Int32Array>();
  room.stepCoordinator({ kind: 'begin', round: 1, model });
  for (const _ of room.delivering()) yield 0.1;
  for (const client of everyone) {
    if (room.desk(client).state.phase !== 'train') continue;
    const vector = deceived.vectorOf(await deceived.update(client, weightsFor(client)), client);
    vectors.set(client, centredLift(vector, bits));
    room.stepClient(client, { kind: 'vector', round: 1, vector });
    yield 0.1 + (0.6 * client) / everyone.length;
  }
  for (const _ of room.settling()) yield 0.8;
  const { aggregate } = room.outcome;
  if (aggregate === undefined || !(aggregate.sum instanceof Int32Array)) return undefined;
  const whole = aggregate.sum;
  // every client counts in full: its update times the scale is what it has put in
  const sum = Float64Array.from({ length: parameterCount }, (_, index) => whole[index]! / scale);
  return { sum, whole, vectors };
}
