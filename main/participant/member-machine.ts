/**
 * Drives the client machine of one epoch: carries out its effects in their order (what must be on disk first is on disk
 * first), trains when it asks, and feeds back what comes of it.
 */
import { toHex } from '../../core/bytes/bytes.ts';
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import type { FederationError } from '../../core/errors/federation-error.ts';
import { localTrainingTask, localUpdate, type NoisedTurn } from '../../core/fedavg/local-update.ts';
import { clientStep, createClient } from '../../core/secagg/client.ts';
import type {
  ClientEffect,
  ClientEnvironment,
  ClientEvent,
  InputVector,
} from '../../core/secagg/client-events.ts';
import type { ClientRecord, Sightings, StoredSession } from '../../core/secagg/client-session.ts';
import type { ClientState } from '../../core/secagg/client-state.ts';
import type { ClientStep } from '../../core/secagg/client-steps.ts';
import type { Floors } from '../../core/secagg/floors.ts';
import { isFederationError } from '../../core/errors/federation-error.ts';
import { peekType } from '../../core/wire/envelope.ts';
import { headerBytes, readHeader } from '../../core/wire/header.ts';
import type { ComputePool } from '../compute/pool.ts';
import type { SentVector } from './participant-options.ts';

type TrainEffect = Extract<ClientEffect, { kind: 'train' }>;

export interface MemberHost {
  send(bytes: Uint8Array): void;
  /** This masked vector has been handed over. */
  vectorSent(sent: SentVector): void;
  /** A message of the coordinator's that was not refused; called before what comes of it. */
  accepted(bytes: Uint8Array): void;
  /** Written and flushed before it returns. */
  persist(record: ClientRecord): void;
  /** Charged to the person's ledger, and on disk, when it returns true; false, and not charged, past the budget. */
  charge(charged: ChargedVector): boolean;
  keepVector(round: number, vector: InputVector): void;
  recallVector(round: number): InputVector | undefined;
  discardVector(round: number): void;
  report(event: ProtocolEvent): void;
  training(round: number, examplesDone: number, examplesTotal: number, examplesPerSecond: number): void;
  /** The weights of the model with this hash have come. */
  modelCame(round: number, hash: string, weights: Float32Array): void;
  /** This attempt is over for this member. */
  leftAttempt(error: FederationError): void;
  /** Training cannot go on on this machine. */
  failed(error: unknown): void;
}

/** A noised vector that is about to leave for the first time. */
export interface ChargedVector {
  readonly round: number;
  readonly attempt: number;
  /** Of the vector, hexadecimal. */
  readonly digest: string;
  /** L2 norm of the update in it; undefined where this member's coin left it out. */
  readonly updateNorm: number | undefined;
  /** C of this round. */
  readonly clippingNorm: number;
}

type Norms = Pick<ChargedVector, 'updateNorm' | 'clippingNorm'>;

interface MadeVector {
  readonly vector: InputVector;
  /** Under differential privacy. */
  readonly norms: Norms | undefined;
}

export interface MemberMachineOptions {
  readonly environment: ClientEnvironment;
  readonly floors: Floors;
  readonly stored: StoredSession;
  readonly sightings: Sightings | undefined;
  /** This member's training images. */
  readonly indices: Uint32Array;
  readonly pool: ComputePool;
  readonly host: MemberHost;
}

export class MemberMachine {
  readonly #environment: ClientEnvironment;
  readonly #indices: Uint32Array;
  readonly #pool: ComputePool;
  readonly #host: MemberHost;
  readonly #closing = new AbortController();
  #state: ClientState;
  #events: ClientEvent[] = [];
  #stepping = false;
  /** Of the round under way, by round and model: an attempt that failed meanwhile does not train again. */
  #trained: { readonly key: string; readonly made: Promise<MadeVector> } | undefined;
  /** Of the vector that was handed over last. */
  #norms: Norms | undefined;
  /** Of that training, until it has been shown. */
  #update: SentVector['trained'];
  /** What goes under the masks in the round under way. */
  #vector: InputVector | undefined;
  /** The round and attempt whose vector has left. */
  #sent = '';

  constructor(options: MemberMachineOptions) {
    const { environment, floors, stored, sightings } = options;
    this.#environment = environment;
    this.#indices = options.indices;
    this.#pool = options.pool;
    this.#host = options.host;
    const created: ClientStep = createClient(environment, floors, stored, sightings);
    this.#state = created.state;
    for (const effect of created.effects) this.#carryOut(effect);
  }

  /** Why this machine takes no part in the session; undefined when it does. */
  get barred(): FederationError | undefined {
    return this.#state.phase === 'barred' ? this.#state.error : undefined;
  }

  get sightings(): Sightings | undefined {
    return this.#state.phase === 'barred' ? undefined : this.#state.session.sightings;
  }

  step(event: ClientEvent): void {
    this.#events.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        const { state, effects } = clientStep(this.#state, next, this.#environment);
        this.#state = state;
        if (next.kind === 'message' && !effects.some(({ kind }) => kind === 'refused'))
          this.#host.accepted(next.bytes);
        for (const effect of effects) this.#carryOut(effect);
      }
    } finally {
      this.#stepping = false;
    }
  }

  close(): void {
    this.#closing.abort(new Error('the session has ended'));
  }

  #carryOut(effect: ClientEffect): void {
    const host = this.#host;
    switch (effect.kind) {
      case 'send':
        host.send(effect.bytes);
        this.#showVector(effect.bytes);
        return;
      case 'persist':
        host.persist(effect.record);
        return;
      case 'keep-vector':
        host.keepVector(effect.round, effect.vector);
        this.#vector = effect.vector;
        return;
      case 'discard-vector':
        host.discardVector(effect.round);
        this.#vector = undefined;
        this.#update = undefined;
        return;
      case 'recall-vector': {
        const { round } = effect;
        const vector = host.recallVector(round);
        this.#vector = vector;
        this.#events.push(vector ? { kind: 'vector', round, vector } : { kind: 'vector-lost', round });
        return;
      }
      case 'train':
        this.#train(effect);
        return;
      case 'charge': {
        const { round, attempt, digest } = effect;
        const charged = host.charge({ round, attempt, digest, ...this.#norms! });
        this.#events.push({ kind: charged ? 'charged' : 'budget-reached', round });
        return;
      }
      case 'report':
        host.report(effect.event);
        return;
      case 'abort':
        host.leftAttempt(effect.error);
        return;
      case 'refused':
      case 'finished':
        return;
    }
  }

  /** Once: a vector that is sent again after a lost connection is the same. */
  #showVector(bytes: Uint8Array): void {
    const type = peekType(bytes);
    const header = readHeader(bytes);
    if (this.#vector === undefined || !type.ok || type.value !== 'masked-input' || !header.ok) return;
    const { round, attempt, bodyBytes } = header.value;
    const place = `${round} ${attempt}`;
    if (place === this.#sent) return;
    this.#sent = place;
    const { client, epoch } = this.#environment;
    const { parameters, vectorBytes } = epoch;
    const packedAt = bytes.length - vectorBytes;
    this.#host.vectorSent({
      round,
      client,
      parameters,
      trained: this.#update,
      vector: this.#vector,
      packed: bytes.subarray(packedAt),
      signature: bytes.subarray(headerBytes + bodyBytes, packedAt),
    });
    this.#update = undefined;
  }

  /** Whether or not this member's coin chose it: how long it takes must tell nothing. */
  #train({ round, selected, model, weights: weightBytes, clippingNorm }: TrainEffect): void {
    const hash = toHex(model);
    const key = `${round} ${hash}`;
    if (this.#trained?.key !== key) {
      const weights = new Float32Array(weightBytes.slice().buffer);
      this.#host.modelCame(round, hash, weights);
      const turn =
        clippingNorm === undefined ? undefined : { selected, clippingNorm, random: this.#environment.random };
      this.#trained = { key, made: this.#makeVector(round, weights, turn) };
    }
    this.#trained.made.then(
      ({ vector, norms }) => {
        this.#norms = norms;
        this.step({ kind: 'vector', round, vector });
      },
      (error: unknown) => {
        if (this.#closing.signal.aborted) return;
        if (isFederationError(error)) this.step({ kind: 'cancel' });
        this.#host.failed(error);
      },
    );
  }

  async #makeVector(round: number, weights: Float32Array, turn: NoisedTurn | undefined): Promise<MadeVector> {
    const { epoch, client } = this.#environment;
    const task = localTrainingTask(epoch.parameters, weights, this.#indices, client, round);
    const startedAt = performance.now();
    const { result } = await this.#pool.train(task, {
      signal: this.#closing.signal,
      onProgress: ({ examplesDone, examplesTotal }) => {
        const seconds = (performance.now() - startedAt) / 1000;
        this.#host.training(round, examplesDone, examplesTotal, examplesDone / seconds);
      },
    });
    const made = localUpdate(epoch.parameters, weights, result, client, round, turn);
    const { update, vector, norm } = made;
    this.#update = { weights, update };
    if (turn === undefined) return { vector, norms: undefined };
    const { selected, clippingNorm } = turn;
    return { vector, norms: { updateNorm: selected ? norm : undefined, clippingNorm } };
  }
}
