/**
 * Honest machines around an in-memory transport, for tests: every message can be watched, changed, dropped or made up,
 * every stored record lost or restored.
 */
import {
  LiveRoom,
  type LiveRoomOptions,
  type Outcome,
  typeOf,
} from '../../core/attacks/live-protocol/room.ts';
import { uint32Bytes, utf8 } from '../../core/bytes/bytes.ts';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { type RandomSource, systemRandom } from '../../core/crypto/random.ts';
import type { InputVector } from '../../core/secagg/client-events.ts';
import type { ClientState } from '../../core/secagg/client-state.ts';
import { modelHash } from '../../core/secagg/context.ts';
import type { Model } from '../../core/secagg/coordinator-events.ts';
import { type Epoch, createEpoch } from '../../core/secagg/epoch.ts';
import { type RoundParameters, parametersDigest } from '../../core/secagg/parameters.ts';
import { type PlannedSettings, planParameters } from '../../core/secagg/plan-parameters.ts';
import { type Roster, identitySigner, unsignedSigner } from '../../core/secagg/roster.ts';
import type { Signer } from '../../core/wire/envelope.ts';
import { testIdentity } from './identities.ts';

export { type Outcome, typeOf };

export const testSession = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
export const architecture = utf8('{"test":"architecture"}');

/** The model of a round: weights that say which. */
export function testModel(epoch: Epoch, name: number): Model {
  const weights = new Uint8Array(new Float32Array(epoch.parameters.parameterCount).fill(name).buffer);
  return { hash: modelHash(architecture, weights), weights };
}

/** Bytes that depend on the labels alone: for tests that must be able to repeat a run. */
export function repeatableRandom(...labels: readonly number[]): RandomSource {
  let drawn = 0;
  return {
    bytes: (length) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) {
        drawn += 1;
        const block = sha256(...labels.map(uint32Bytes), uint32Bytes(drawn));
        bytes.set(block.subarray(0, Math.min(32, length - at)), at);
      }
      return bytes;
    },
  };
}

export interface EpochOptions {
  readonly clients: number;
  /** Number of each member's test identity, for another epoch's roster; 1, 2, ... when left out. */
  readonly people?: readonly number[];
  readonly settings?: Partial<PlannedSettings>;
  readonly parameterCount?: number;
  /** Replaces parameters after they were planned. */
  readonly parameters?: Partial<RoundParameters>;
  readonly session?: Uint8Array;
}

export function testEpoch(options: EpochOptions): Epoch {
  const { clients, settings = {}, parameterCount = 3 } = options;
  const planned = planParameters(
    runSettingsSchema.parse({ signatures: false, rounds: 10_000, ...settings, clients }),
    {
      parameterCount,
      largestCount: 10,
      datasetDigest: '',
    },
  );
  const parameters = { ...planned, ...options.parameters };
  const { signatures } = parameters;
  const publicKey = (sender: number): Uint8Array =>
    signatures ? testIdentity(sender).publicKey.spki : new Uint8Array(0);
  const roster: Roster = {
    session: options.session ?? testSession,
    coordinator: publicKey(0),
    transportKey: new Uint8Array(0),
    members: Array.from({ length: clients }, (_, index) => options.people?.[index] ?? index + 1).map(
      (person) => ({ name: `client ${person}`, publicKey: publicKey(person) }),
    ),
    parametersDigest: parametersDigest(parameters),
    demonstration: parameters.demonstration,
  };
  return createEpoch(roster, parameters, [new Uint8Array(32)]);
}

export function testSigner(epoch: Epoch, sender: number): Signer {
  if (!epoch.parameters.signatures) return unsignedSigner(sender);
  const { name } = epoch.roster.members[sender - 1] ?? { name: 'client 0' };
  return identitySigner(sender, testIdentity(Number(name.slice('client '.length))));
}

/** A client's vector, known from its number: any values below 2^bits whose sum stays within. */
export function testVector(epoch: Epoch, client: number, salt = 0): Uint32Array {
  const { bits, vectorLength, clients } = epoch.parameters;
  const largest = Math.floor((2 ** bits - 1) / (2 * clients));
  const modulus = 2 ** bits;
  return Uint32Array.from({ length: vectorLength }, (_, index) => {
    const value = ((client * 7919 + index * 104729 + salt * 31) % (2 * largest + 1)) - largest;
    return (value + modulus) % modulus;
  });
}

/** The exact signed sum of these clients' vectors. */
export function exactSum(epoch: Epoch, clients: readonly number[], salt = 0): number[] {
  const { bits, vectorLength } = epoch.parameters;
  const sum = new Array<number>(vectorLength).fill(0);
  for (const client of clients) {
    testVector(epoch, client, salt).forEach((value, index) => {
      sum[index]! += value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
    });
  }
  return sum;
}

export interface RoomOptions
  extends
    EpochOptions,
    Partial<
      Pick<
        LiveRoomOptions,
        'random' | 'floors' | 'addMask' | 'keepsVectors' | 'charge' | 'stored' | 'sightings'
      >
    > {
  readonly vector?: (client: number, epoch: Epoch) => InputVector;
  readonly coordinatorSigner?: Signer;
  /** Nobody's training ever ends. */
  readonly withholdVectors?: boolean;
}

/** A live room of test identities, whose vectors are known from their clients' numbers. */
export class TestRoom extends LiveRoom {
  constructor(options: RoomOptions) {
    const { random, floors, addMask, stored, sightings, vector, coordinatorSigner, withholdVectors } =
      options;
    const epoch = testEpoch(options);
    super({
      epoch,
      signerOf: (sender) => (sender === 0 ? coordinatorSigner : undefined) ?? testSigner(epoch, sender),
      architecture,
      random: (client) => random?.(client) ?? systemRandom,
      vector: (client) =>
        withholdVectors === true ? undefined : (vector?.(client, epoch) ?? testVector(epoch, client)),
      ...(floors === undefined ? {} : { floors }),
      ...(addMask === undefined ? {} : { addMask }),
      keepsVectors: options.keepsVectors ?? false,
      ...(options.charge === undefined ? {} : { charge: options.charge }),
      ...(stored === undefined ? {} : { stored }),
      ...(sightings === undefined ? {} : { sightings }),
    });
  }

  begin(round: number, model: Model = testModel(this.epoch, round)): Outcome {
    return this.run({ kind: 'begin', round, model });
  }

  /** The clients that are in this phase. */
  inPhase(phase: ClientState['phase']): number[] {
    return this.epoch.everyone.filter((client) => this.desk(client).state.phase === phase);
  }

  /** The clients whose own coins have them train in the round under way. */
  selected(): number[] {
    return this.epoch.everyone.filter((client) => this.desk(client).record?.selected === true);
  }
}
