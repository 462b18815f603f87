/**
 * What a coordinator reads of an update that a client has protected. Every protection here is the real one: the
 * quantisation, keystream and signature of real sessions, on the update of a real training.
 *
 * - Nothing: the floats, as in a demonstration without quantisation.
 * - Signature: RSA-PSS over the bytes, checked. It says whose they are and that nobody changed them; it hides nothing.
 * - Noise: clipped to a norm C, then normal noise of deviation noise x C on every coordinate (McMahan et al. 2018),
 *   added by the client itself. C is the update's own norm unless another is given: the best choice in hindsight, at
 *   which clipping costs nothing. Nobody who has not seen the update can choose it so, which favours the attack.
 *   Real sessions add less on each client, as noise of many sums up (distributed discrete Gaussian).
 * - Masks: quantised as a round of 20 clients would, masked, read modulo 2^bits and lifted: all that there is for somebody who
 *   has one vector alone.
 *
 * Keys, noise and rounding come from streams of the run's seed, as an experiment must be repeatable: never so in sessions.
 * What is modelled is one vector on its own. That masks cancel in a sum is MaskedSum's.
 */
import type { Protection } from '../contract/attacks/attack-request.ts';
import { runSettingsSchema } from '../contract/run-settings.ts';
import { generateIdentity, type Identity, signPss, verifyPss } from '../crypto/rsa.ts';
import { FederationError } from '../errors/federation-error.ts';
import { euclideanNorm } from '../fedavg/euclidean-norm.ts';
import type { ClientOptimiser } from '../model/engine.ts';
import type { RandomStream } from '../random/generator.ts';
import { standardNormal } from '../random/normal.ts';
import { randomStream } from '../random/stream.ts';
import { addMask, reduce } from '../secagg/masks.ts';
import type { RoundParameters } from '../secagg/parameters.ts';
import { planParameters } from '../secagg/plan-parameters.ts';
import { centredLift, dequantise, quantise } from '../secagg/quantise.ts';

/** How the client trained: decides scale and width of its quantised vector. */
export interface ReadingConditions {
  readonly optimiser: ClientOptimiser;
  readonly batchSize: number;
  readonly epochs: number;
  /** Images of each client. */
  readonly examples: number;
  readonly seed: number;
  /** Labels of the random streams: the attack's name, and what tells several readings apart. */
  readonly labels: readonly (string | number)[];
  /** C; the update's own norm where it is left out. */
  readonly clippingNorm?: number;
}

export interface Reading {
  /** [parameters] */
  readonly update: Float32Array;
  /** True while masks are on it: then the numbers are noise. */
  readonly masked: boolean;
  /** C, where noise was added. */
  readonly clippingNorm: number | null;
  /** Its signature was checked, and is the client's. */
  readonly signed: boolean;
}

/** As many as a simulation has unless told otherwise. */
const clientsOfARound = 20;
/** A protocol of fewer is refused; a vector of fewer is laid out as for three. */
const fewestClients = 3;

/** update: [parameters], finite. Throws FederationError 'update-refused' when it is not. */
export async function readUpdate(
  update: Float32Array,
  protection: Protection,
  conditions: ReadingConditions,
): Promise<Reading> {
  const stream = (label: string): RandomStream => streamFor(conditions, label);
  const clippingNorm = protection.noise > 0 ? (conditions.clippingNorm ?? euclideanNorm(update)) : null;
  const sent =
    clippingNorm === null
      ? update
      : withNoise(update, { clippingNorm, noise: protection.noise, stream: stream('noise') });
  const read = protection.masks ? underMask(sent, conditions) : sent.slice();
  const signed = protection.signature;
  if (signed) await checkSignature(new Uint8Array(read.buffer, read.byteOffset, read.byteLength));
  return { update: read, masked: protection.masks, clippingNorm, signed };
}

/**
 * The sum that secure aggregation opens: of each client's quantised update, masked and summed modulo 2^bits until the
 * masks cancel. Masks are self masks, taken off again by their seeds, and those of a ring, each client's with the next (Bell et
 * al. 2020, with the fewest neighbours): what cancels does so exactly.
 */
export class MaskedSum {
  readonly #conditions: ReadingConditions;
  readonly #parameters: RoundParameters;
  readonly #selfMasks: readonly Uint8Array[];
  readonly #pairMasks: readonly Uint8Array[];
  readonly #sum: Uint32Array;
  #added = 0;

  /** Of so many clients' updates of that length. */
  constructor(parameterCount: number, clients: number, conditions: ReadingConditions) {
    this.#conditions = conditions;
    this.#parameters = roundParameters(parameterCount, clients, conditions);
    const keys = streamFor(conditions, 'sum-masks', clients);
    this.#selfMasks = Array.from({ length: clients }, () => keyFrom(keys));
    this.#pairMasks = Array.from({ length: clients }, () => keyFrom(keys));
    this.#sum = new Uint32Array(this.#parameters.vectorLength);
  }

  /** The next client's, [parameters], as it would be sent without masks. Throws 'update-refused' when it is not finite. */
  add(update: Float32Array): void {
    const client = this.#added;
    const { bits } = this.#parameters;
    const vector = quantised(update, this.#parameters, this.#conditions, client);
    addMask(vector, this.#selfMasks[client]!, 1);
    addMask(vector, this.#pairMasks[client]!, 1);
    addMask(vector, this.#pairMasks[(client + 1) % this.#pairMasks.length]!, -1);
    reduce(vector, bits);
    const sum = this.#sum;
    for (let index = 0; index < sum.length; index += 1) sum[index]! += vector[index]!;
    this.#added += 1;
  }

  /** [parameters] the sum, divided by nothing; once everybody is in. */
  open(): Float64Array {
    if (this.#added !== this.#selfMasks.length) throw internal('a sum that somebody is missing from');
    for (const mask of this.#selfMasks) addMask(this.#sum, mask, -1);
    const lifted = centredLift(this.#sum, this.#parameters.bits);
    const { meanUpdate } = dequantise(lifted, this.#parameters);
    if (meanUpdate === undefined) throw internal('a sum of clients without images');
    return meanUpdate.map((value) => value * this.#added);
  }
}

/**
 * What an attacker has who was sent nothing: a mask without an update beneath, read as a masked update is. The same attack
 * on it is the noise baseline of an attack on updates: under masks, nothing may do better.
 */
export function readNoise(length: number, conditions: ReadingConditions): Float32Array {
  const labels = [...conditions.labels, 'nothing'];
  return underMask(new Float32Array(length), { ...conditions, labels });
}

/** Scaled down to norm C where it is longer, then normal noise of deviation noise x C on every coordinate. */
export function withNoise(
  update: Float32Array,
  {
    clippingNorm,
    noise,
    stream,
  }: {
    readonly clippingNorm: number;
    readonly noise: number;
    readonly stream: RandomStream;
  },
): Float32Array {
  const norm = euclideanNorm(update);
  const factor = norm > clippingNorm ? clippingNorm / norm : 1;
  const deviation = noise * clippingNorm;
  return update.map((value) => factor * value + deviation * standardNormal(stream));
}

function underMask(update: Float32Array, conditions: ReadingConditions): Float32Array {
  const parameters = roundParameters(update.length, clientsOfARound, conditions);
  const vector = quantised(update, parameters, conditions, 0);
  // Of all masks on a vector, one that nobody else knows suffices: the others change nothing for who reads it alone.
  addMask(vector, keyFrom(streamFor(conditions, 'mask')), 1);
  reduce(vector, parameters.bits);
  const lifted = centredLift(vector, parameters.bits);
  return Float32Array.from(lifted.subarray(0, update.length), (value) => value / parameters.scale);
}

function quantised(
  update: Float32Array,
  parameters: RoundParameters,
  conditions: ReadingConditions,
  client: number,
): Uint32Array<ArrayBuffer> {
  const contribution = { update, weight: parameters.weightCap, loss: 0, accuracy: 0 };
  return quantise(contribution, parameters, streamFor(conditions, 'rounding', client)).vector;
}

/** All clients have as many images: each counts in full. */
function roundParameters(
  parameterCount: number,
  clients: number,
  { optimiser, batchSize, epochs, examples, seed }: ReadingConditions,
): RoundParameters {
  const settings = runSettingsSchema.parse({
    clients: Math.max(fewestClients, clients),
    epochs,
    batch: batchSize,
    learningRate: optimiser.learningRate,
    optimizer: optimiser.kind,
    momentum: optimiser.kind === 'sgd' ? optimiser.momentum : 0,
    seed,
  });
  return planParameters(settings, { parameterCount, largestCount: examples });
}

function streamFor({ seed, labels }: ReadingConditions, ...about: (string | number)[]): RandomStream {
  return randomStream(seed, 'attack', ...labels, ...about);
}

function keyFrom(stream: RandomStream): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => stream.nextBelow(256));
}

/** One key for as long as the process lives: making one takes a tenth of a second, and nothing that is read depends on it. */
let signer: Promise<Identity> | undefined;

async function checkSignature(bytes: Uint8Array): Promise<void> {
  const identity = await (signer ??= generateIdentity(2048));
  if (!verifyPss(identity.publicKey, signPss(identity, bytes), bytes))
    throw internal('a signature that does not hold for what was signed');
}

function internal(what: string): FederationError<'internal'> {
  return new FederationError('internal', `Cannot read an update, as there is ${what}.`, {
    details: { what },
    blame: 'bug',
    action: 'report',
  });
}
