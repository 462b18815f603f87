/**
 * What every trick is played on: sessions of the same people under the same protections, over the live machines, whose
 * updates are known to whoever judges the trick and to nobody else.
 */
import { runSettingsSchema } from '../../contract/run-settings.ts';
import type { Protection } from '../../contract/attacks/attack-request.ts';
import { utf8 } from '../../bytes/bytes.ts';
import type { RandomSource } from '../../crypto/random.ts';
import type { Identity } from '../../crypto/rsa.ts';
import { randomStream } from '../../random/stream.ts';
import type { InputVector } from '../../secagg/client-events.ts';
import { modelHash } from '../../secagg/context.ts';
import type { Aggregate, Model } from '../../secagg/coordinator-events.ts';
import { unpackBits } from '../../secagg/packing.ts';
import type { RoundParameters } from '../../secagg/parameters.ts';
import { planParameters } from '../../secagg/plan-parameters.ts';
import { aggregateFault, centredLift, clientWeight, dequantise, quantise } from '../../secagg/quantise.ts';
import type { Signer } from '../../wire/envelope.ts';
import { openParty } from '../live-protocol/people.ts';
import type { LiveRoom, Objection } from '../live-protocol/room.ts';
import { readMessage } from '../live-protocol/rewriting.ts';

/** d: tricks do not depend on it, and messages stay small. */
const parameterCount = 256;
/** Images of each client. */
const examples = 100;
/** Of a model that nobody trains: messages only carry its weights. */
export const architecture = utf8('{"input":[256],"steps":[]}');

/** Who is tricked. */
export const victim = 1;

export interface StageOptions {
  readonly clients: number;
  readonly protection: Pick<Protection, 'signature' | 'masks'>;
  /** The coordinator's first. */
  readonly identities: readonly Identity[];
  readonly random: RandomSource;
  readonly seed: number;
}

/** The vectors that clients put in, where a trick has one of them lie. */
export type Vectors = (client: number, round: number) => InputVector;

export interface Session {
  readonly room: LiveRoom;
  readonly signerOf: (sender: number) => Signer;
  readonly vectors: Vectors;
}

export class Stage {
  readonly #options: StageOptions;
  readonly parameters: RoundParameters;

  constructor(options: StageOptions) {
    this.#options = options;
    const { clients, protection } = options;
    const settings = runSettingsSchema.parse({
      clients,
      masks: protection.masks,
      signatures: protection.signature,
    });
    this.parameters = planParameters(settings, { parameterCount, largestCount: examples });
  }

  get masks(): boolean {
    return this.#options.protection.masks;
  }

  get clients(): number {
    return this.#options.clients;
  }

  /** Not the last one, with whose message a phase ends. */
  get cheater(): number {
    return this.#options.clients - 1;
  }

  /** A new session of the same people. */
  open(
    changes: { readonly parameters?: Partial<RoundParameters>; readonly vectors?: Vectors } = {},
  ): Session {
    const { identities, random } = this.#options;
    const parameters = { ...this.parameters, ...changes.parameters };
    const vectors = changes.vectors ?? this.honestVector;
    const party = openParty({
      parameters,
      identities,
      architecture,
      random,
      vector: (client, { round }) => vectors(client, round),
    });
    return { ...party, vectors };
  }

  /** [d + slots] what an honest client puts in: numbers of the size that updates have. */
  readonly honestVector = (client: number, round: number): Uint32Array<ArrayBuffer> => {
    const stream = randomStream(this.#options.seed, 'attack', 'forgery', 'update', client, round);
    const { clipBound } = this.parameters;
    const update = Float32Array.from(
      { length: parameterCount },
      () => (0.1 * clipBound * (stream.nextFloat() - 0.5)) / 0.5,
    );
    return this.vectorOf(update, client, round);
  };

  /** update: [d] within the clip bound. */
  vectorOf(update: Float32Array, client: number, round: number): Uint32Array<ArrayBuffer> {
    const { weights, weightCap } = this.parameters;
    const stream = randomStream(this.#options.seed, 'attack', 'forgery', 'rounding', client, round);
    const contribution = {
      update,
      weight: clientWeight(examples, weights, weightCap),
      loss: 1,
      accuracy: 0.5,
    };
    return quantise(contribution, this.parameters, stream).vector;
  }

  model(name: number): Model {
    const weights = new Uint8Array(new Float32Array(parameterCount).fill(name).buffer);
    return { hash: modelHash(architecture, weights), weights };
  }

  /** What the sum over these clients must be, [d + slots]. */
  exactSum(vectors: Vectors, clients: readonly number[], round: number): Int32Array {
    const sum = new Int32Array(this.parameters.vectorLength);
    for (const client of clients) {
      const lifted = centredLift(vectors(client, round) as Uint32Array, this.parameters.bits);
      for (let index = 0; index < sum.length; index += 1) sum[index]! += lifted[index]!;
    }
    return sum;
  }

  /** A sum of other numbers than its clients put in. */
  isWrong({ sum, u3, round }: Aggregate, vectors: Vectors): boolean {
    const expected = this.exactSum(vectors, u3, round);
    return !expected.every((value, index) => value === sum[index]);
  }

  /** As a coordinator does before it uses a sum; ends the round by name where the sum cannot be one. */
  examine({ room }: Session, aggregate: Aggregate): number | undefined {
    if (!(aggregate.sum instanceof Int32Array)) throw new TypeError('a sum of quantised vectors is whole');
    const update = dequantise(aggregate.sum, this.parameters);
    const fault = aggregateFault(update, aggregate.u3.length, this.parameters);
    if (fault !== undefined) {
      room.stepCoordinator({ kind: 'reject', fault });
      return undefined;
    }
    return update.meanUpdate?.reduce((sum, value) => sum + value, 0) ?? 0;
  }

  /** Whether these bytes of a client are its vector, in the clear. */
  liesOpen({ room, vectors }: Session, bytes: Uint8Array, client: number, round: number): boolean {
    const { attachment } = readMessage(room.epoch, 'masked-input', bytes);
    const { vectorLength, bits } = this.parameters;
    return isSame(unpackBits(attachment, vectorLength, bits), vectors(client, round));
  }
}

export function isSame(one: InputVector | undefined, other: InputVector): boolean {
  return one?.length === other.length && one.every((value, index) => value === other[index]);
}

/** How a trick went. */
export interface Played {
  /** open: nothing had to be tricked, as what the trick was after lay open. */
  readonly outcome: 'refused' | 'passed' | 'open';
  /** What was raised first; undefined where nobody objected. */
  readonly objection: Objection | undefined;
  /** What became of the round: the sum is that of the clients in it, is not, or never was. */
  readonly sum: 'right' | 'wrong' | 'none';
}

/** Judges by what the trick was after, not by whether somebody complained. */
export function played(
  stage: Stage,
  { room, vectors }: Session,
  passed: boolean,
  objections: readonly Objection[] = room.objections,
): Played {
  const { aggregate } = room.outcome;
  const sum = aggregate === undefined ? 'none' : stage.isWrong(aggregate, vectors) ? 'wrong' : 'right';
  return { outcome: passed ? 'passed' : 'refused', objection: objections[0], sum };
}
