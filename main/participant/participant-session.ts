/**
 * A session as a participant's machine runs it: finds the coordinator and checks its key, reads the plan and refuses
 * what was not agreed to, waits in the lobby, has its person compare the words, trains and takes part in every round,
 * comes back after a lost connection or a restart, and ends with the model. The protocol itself is in the machines of
 * core/secagg.
 */
import { equalBytes, toHex } from '../../core/bytes/bytes.ts';
import type {
  FinalModel,
  OnSessionEvent,
  SessionEventBody,
  SessionRound,
} from '../../core/contract/session-event.ts';
import { readSessionRound } from '../../core/contract/session-round.ts';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { type Identity, importPublicIdentity, type PublicIdentity, signPss } from '../../core/crypto/rsa.ts';
import { rosterWords } from '../../core/crypto/words.ts';
import { FederationError, isFederationError } from '../../core/errors/federation-error.ts';
import { coordinatorKeyring, guestSigner } from '../../core/joining/credentials.ts';
import type { Invitation } from '../../core/joining/join-link.ts';
import { sessionOf } from '../../core/joining/session-name.ts';
import type { EngineName } from '../../core/model/engine.ts';
import { nothingStored, startRecord, type Sightings } from '../../core/secagg/client-session.ts';
import { modelHash } from '../../core/secagg/context.ts';
import { createEpoch, type Epoch } from '../../core/secagg/epoch.ts';
import { defaultFloors } from '../../core/secagg/floors.ts';
import { drawNonces, nonceCommitments } from '../../core/secagg/lobby.ts';
import {
  type LobbyMemberEnvironment,
  lobbyMemberStep,
  type LobbyMemberState,
} from '../../core/secagg/lobby-member.ts';
import { parametersDigest } from '../../core/secagg/parameters.ts';
import { identitySigner, type Roster } from '../../core/secagg/roster.ts';
import { openMessage, peekType, sealMessage } from '../../core/wire/envelope.ts';
import { joiningLimits } from '../../core/wire/limits.ts';
import { type Body, type MessageType, messageTypes } from '../../core/wire/messages.ts';
import { openDialer } from '../network/dialer.ts';
import type { Connection, Dialer } from '../network/transport.ts';
import { Condition } from '../session/condition.ts';
import { historyRow } from '../session/history.ts';
import { dealtParts, memberParameters } from '../session/member-plan.ts';
import type { EpochRow, SessionRow, Store } from '../storage/store.ts';
import { MemberMachine } from './member-machine.ts';
import { type Prepared, prepare, readPlan } from './preparation.ts';

export interface WordsQuestion {
  readonly words: readonly string[];
  readonly participants: number;
}

/** What a person is asked. `compared`: true when a person really compared, false when the answer was given beforehand. */
export interface PersonAnswers {
  compareWords(
    question: WordsQuestion,
    signal: AbortSignal,
  ): Promise<{ readonly agreed: boolean; readonly compared: boolean }>;
  /** May one more sum over this model be made? False without a person. */
  allowRepeat(round: number, signal: AbortSignal): Promise<boolean>;
}

export interface ParticipantSessionOptions {
  readonly store: Store;
  readonly identity: Identity;
  readonly invitation: Invitation;
  /** As the person typed or chose it, to find the coordinator again. */
  readonly link: string;
  readonly name: string;
  /** 'mnist' or a folder; undefined where MNIST is dealt. */
  readonly data: string | undefined;
  readonly agreeToDemonstration: boolean;
  readonly engine: EngineName | undefined;
  readonly processes: number;
  readonly person: PersonAnswers;
  /** How long the coordinator may be gone. */
  readonly patienceMs: number;
  readonly onEvent: OnSessionEvent;
}

export interface ParticipantOutcome {
  /** What the coordinator said at the end, or why this machine left. */
  readonly outcome: string;
  readonly final: FinalModel | null;
}

/** Larger than any message of 500 members: what is larger is not even received. */
const mostMessageBytes = 512 * 2 ** 20;

/** What is known of the session once the coordinator's key has been checked. */
interface Meeting {
  readonly session: Uint8Array;
  readonly id: string;
  readonly coordinator: PublicIdentity;
  readonly transportKey: Uint8Array;
}

interface CurrentEpoch {
  readonly number: number;
  readonly epoch: Epoch;
  readonly client: number;
  readonly machine: MemberMachine;
}

export class ParticipantSession {
  readonly #options: ParticipantSessionOptions;
  readonly #condition = new Condition();
  readonly #leaving = new AbortController();
  #dialer: Dialer | undefined;
  #connection: Connection | undefined;
  #fresh = true;
  #meeting: Meeting | undefined;
  #prepared: Prepared | undefined;
  #preparing = false;
  /** Messages that came while the data was being loaded. */
  #backlog: Uint8Array[] = [];
  #entry: { readonly epoch: number; readonly nonces: readonly Uint8Array[] } | undefined;
  #lobby: LobbyMemberState | undefined;
  #current: CurrentEpoch | undefined;
  #sightings: Sightings | undefined;
  #finalModel: FinalModel | null = null;
  #end: { readonly outcome: string } | { readonly error: unknown } | undefined;
  /** Of rounds whose model has not come yet. */
  readonly #reports = new Map<number, SessionRound>();

  constructor(options: ParticipantSessionOptions) {
    this.#options = options;
  }

  /** Takes part until the session ends, this person leaves, or it cannot go on. Throws what a person must correct. */
  async run(): Promise<ParticipantOutcome> {
    const { invitation, identity } = this.#options;
    this.#dialer = openDialer({
      endpoints: invitation.endpoints,
      pin: { transportKeyHash: invitation.transportKeyHash },
      identity: identity.publicKey.spki,
      maxMessageBytes: mostMessageBytes,
      handlers: {
        connected: (connection, peer) => {
          this.#guard(() => {
            this.#connected(connection, peer.coordinatorKey, peer.transportKey);
          });
        },
        message: (connection, bytes) => {
          if (connection === this.#connection)
            this.#guard(() => {
              this.#receive(bytes);
            });
        },
        disconnected: (reason, retryInMs) => {
          this.#disconnected(reason, retryInMs);
        },
      },
    });
    try {
      await this.#condition.until(() => this.#end !== undefined);
    } finally {
      this.#leaving.abort();
      this.#current?.machine.close();
      await this.#dialer.close(1_000);
      await this.#prepared?.pool.close();
    }
    const end = this.#end!;
    if ('error' in end) throw end.error;
    return { outcome: end.outcome, final: this.#finalModel };
  }

  /** Leaves for good, telling the coordinator. */
  leave(): void {
    if (this.#meeting !== undefined && this.#connection !== undefined) this.#send('departure', {});
    this.#current?.machine.step({ kind: 'cancel' });
    this.#finish('left', 'stopped');
  }

  // Connections

  #connected(connection: Connection, coordinatorKey: Uint8Array, transportKey: Uint8Array): void {
    this.#connection = connection;
    if (this.#meeting === undefined) {
      const session = sessionOf(transportKey);
      this.#meeting = {
        session,
        id: toHex(session),
        coordinator: importPublicIdentity(coordinatorKey),
        transportKey,
      };
      const known = this.#options.store.session(this.#meeting.id);
      if (known !== undefined && known.state !== 'lobby' && known.state !== 'running') {
        const outcome = known.endedReason ?? known.state;
        throw new FederationError(
          'session-over',
          `Cannot join: on this machine that session has ended (${outcome}).`,
          {
            details: { session: this.#meeting.id, outcome },
            blame: 'user',
            action: 'correct',
          },
        );
      }
    }
    this.#emit({ type: 'connected', address: connection.remoteAddress });
    this.#send('hello', {
      exporter: connection.exporter,
      fresh: this.#fresh,
      roster: this.#current?.epoch.rosterDigest ?? new Uint8Array(0),
    });
    this.#fresh = false;
  }

  #disconnected(reason: string, retryInMs: number | undefined): void {
    this.#connection = undefined;
    this.#emit({ type: 'disconnected', reason, retryInMs: retryInMs ?? null });
    if (this.#end !== undefined) return;
    if (retryInMs === undefined) return this.#givenUp(reason);
    const lostAt = performance.now();
    void this.#condition
      .until(() => this.#connection !== undefined || this.#end !== undefined, this.#options.patienceMs)
      .then((back) => {
        const waited = performance.now() - lostAt;
        if (!back && this.#connection === undefined && waited >= this.#options.patienceMs)
          this.#finish('coordinator-lost', undefined);
      });
  }

  /** The dialer sees no sense in trying again. */
  #givenUp(reason: string): void {
    if (reason === 'session-over') return this.#finish('session-over', 'stopped');
    const explained: Readonly<Record<string, string>> = {
      'another-coordinator':
        'whoever answers at this address does not have the key that the code or link names. Check the code; if it is right, somebody is in between',
      'identity-in-use': 'this identity is already connected from another place',
      refused: 'the coordinator lets nobody in any more, or has removed you',
      misbehaved: 'the coordinator refused what this machine sent',
    };
    this.#fail(
      new FederationError('not-let-in', `Cannot take part: ${explained[reason] ?? reason}.`, {
        details: { reason },
        blame: reason === 'another-coordinator' ? 'network' : 'coordinator',
        action: 'abort',
      }),
    );
  }

  #send<Type extends MessageType>(type: Type, body: Body<Type>): void {
    const { session } = this.#meeting!;
    const signer = guestSigner(this.#options.identity);
    this.#connection?.send(sealMessage(type, { session, round: 0, attempt: 0 }, body, signer));
  }

  // Messages

  #receive(bytes: Uint8Array): void {
    const type = peekType(bytes);
    if (!type.ok) return;
    if (type.value === 'welcome') return this.#welcomed(bytes);
    if (this.#prepared === undefined) {
      if (this.#backlog.length < 100) this.#backlog.push(bytes);
      return;
    }
    switch (type.value) {
      case 'lobby-list':
        return this.#read('lobby-list', bytes, ({ epoch, names, locked }) => {
          this.#emit({ type: 'roster-list', epoch, names, locked });
        });
      case 'epoch-call':
        return this.#read('epoch-call', bytes, ({ epoch }) => {
          this.#enter(epoch);
        });
      case 'closed-lobby':
      case 'lobby-acknowledgements':
      case 'opened-nonces':
        return this.#lobbyMessage(bytes);
      case 'notice':
        return this.#read('notice', bytes, (notice) => {
          this.#noticed(notice);
        });
      case 'repeat-request':
        return this.#read('repeat-request', bytes, (request) => {
          this.#askRepeat(request);
        });
      case 'round-report':
        return this.#read('round-report', bytes, ({ round, result }) => {
          this.#roundReported(round, result);
        });
      case 'final-model':
        return this.#finalModelCame(bytes);
      default:
        this.#keep(bytes, 0);
        this.#current?.machine.step({ kind: 'message', bytes });
    }
  }

  /** Opens a message that the coordinator signed, and drops any other. */
  #read<Type extends MessageType>(type: Type, bytes: Uint8Array, use: (body: Body<Type>) => void): void {
    const { session, coordinator } = this.#meeting!;
    const expected = { type, session, round: 0, attempt: 0, maxBytes: joiningLimits[type] };
    const opened = openMessage(bytes, expected, coordinatorKeyring(coordinator));
    if (opened.ok) use(opened.value.body);
  }

  // Joining

  #welcomed(bytes: Uint8Array): void {
    this.#read('welcome', bytes, ({ exporter, plan, epoch, standing }) => {
      if (this.#connection === undefined || !equalBytes(exporter, this.#connection.exporter)) return;
      if (this.#prepared !== undefined) return this.#welcomedBack(epoch, standing);
      if (this.#preparing) return;
      this.#preparing = true;
      void this.#prepare(plan, epoch, standing).catch((error: unknown) => {
        this.#fail(error);
      });
    });
  }

  async #prepare(planText: string, epoch: number, standing: 'guest' | 'member'): Promise<void> {
    const { store, agreeToDemonstration, data, engine, processes, identity } = this.#options;
    const plan = readPlan(planText);
    const prepared = await prepare(plan, {
      source: data,
      agreeToDemonstration,
      engine,
      processes,
      onNote: (text) => {
        this.#emit({ type: 'note', text });
      },
    });
    if (this.#end !== undefined) return prepared.pool.close();
    const { id, coordinator, transportKey } = this.#meeting!;
    const before = store.session(id);
    if (before === undefined) {
      const row: SessionRow = {
        session: id,
        role: 'participant',
        state: 'lobby',
        title: plan.title,
        startedAt: new Date().toISOString(),
        endedAt: null,
        endedReason: null,
        plan: planText,
        demonstration: plan.demonstration,
        identitiesCompared: true,
        link: this.#options.link,
        port: null,
        coordinatorKey: coordinator.spki,
        transportKey,
        identity: toHex(fingerprint(identity.publicKey.spki)),
      };
      store.createSession(row, { transportPrivateKey: null });
      // from now on a record that is missing is a record that was lost
      const start = startRecord(this.#meeting!.session, nothingStored, systemRandom);
      if ('record' in start) store.saveClientRecord(start.record);
    }
    this.#prepared = prepared;
    this.#emit({
      type: 'joined',
      title: plan.title,
      name: this.#options.name,
      demonstration: plan.demonstration,
      coordinatorFingerprint: formatFingerprint(fingerprint(coordinator.spki)),
      rounds: plan.settings.rounds,
    });
    this.#emit({ type: 'note', text: prepared.engineNote });
    this.#restoreEpoch(store.epochs(id).at(-1), standing);
    this.#welcomedBack(epoch, standing);
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const bytes of backlog)
      this.#guard(() => {
        this.#receive(bytes);
      });
  }

  /** After a welcome: takes up the attempt under way, or asks to be let in. */
  #welcomedBack(epoch: number, standing: 'guest' | 'member'): void {
    if (standing === 'member') {
      if (this.#current !== undefined) this.#current.machine.step({ kind: 'reconnected' });
      else if (this.#lobby === undefined) this.#fail(stateLost());
      return;
    }
    this.#enter(epoch);
  }

  /** Asks to be in the lobby of an epoch, committing to nonces once. */
  #enter(epoch: number): void {
    const { session } = this.#meeting!;
    const { identity, name } = this.#options;
    if (this.#entry?.epoch !== epoch) {
      this.#entry = { epoch, nonces: drawNonces(systemRandom) };
      this.#lobby = { phase: 'joined' };
    }
    const { nonces } = this.#entry;
    const commitments = nonceCommitments(session, identity.publicKey.spki, epoch, nonces);
    this.#send('entry', { name: name.slice(0, 60), epoch, commitments });
  }

  // The lobby's end

  #lobbyMessage(bytes: Uint8Array): void {
    if (this.#lobby === undefined || this.#entry === undefined) return;
    const { session, coordinator, transportKey } = this.#meeting!;
    const { identity } = this.#options;
    const { basis } = this.#prepared!;
    const environment: LobbyMemberEnvironment = {
      session,
      epoch: this.#entry.epoch,
      coordinator: coordinator.spki,
      transportKey,
      publicKey: identity.publicKey.spki,
      sign: (...parts) => signPss(identity, ...parts),
      nonces: this.#entry.nonces,
      parametersDigest: (members) => parametersDigest(memberParameters(basis, members)),
      demonstration: basis.plan.demonstration,
    };
    const { state, effects } = lobbyMemberStep(this.#lobby, bytes, environment);
    this.#lobby = state;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#connection?.send(effect.bytes);
          break;
        case 'closed':
          this.#lobbyClosed(effect.roster, effect.client, effect.nonces);
          break;
        case 'left':
          this.#emit({
            type: 'error',
            code: effect.reason,
            message: `Cannot be in this epoch: ${effect.reason}.`,
            hint: 'The list that the coordinator showed does not hold together. Ask the leader to close the lobby again.',
          });
          break;
        case 'refused':
          break;
      }
    }
  }

  #lobbyClosed(roster: Roster, client: number, nonces: readonly Uint8Array[]): void {
    const { store } = this.#options;
    const { id } = this.#meeting!;
    const { basis } = this.#prepared!;
    const number = this.#entry!.epoch;
    const parameters = memberParameters(basis, roster.members.length);
    const epoch = createEpoch(roster, parameters, nonces);
    const row: EpochRow = {
      session: id,
      epoch: number,
      rosterDigest: toHex(epoch.rosterDigest),
      members: roster.members,
      nonces,
      parameters: JSON.stringify(parameters),
      startedAt: new Date().toISOString(),
      confirmedAt: null,
      compared: false,
    };
    store.saveEpoch(row);
    this.#entry = undefined;
    this.#lobby = undefined;
    this.#leaveEpoch();
    void this.#askWords(epoch, client, number, nonces);
  }

  /** A restarted process is again the member that it was. */
  #restoreEpoch(row: EpochRow | undefined, standing: 'guest' | 'member'): void {
    if (row === undefined || standing === 'guest') return;
    const { session, coordinator, transportKey } = this.#meeting!;
    const { basis } = this.#prepared!;
    const parameters = memberParameters(basis, row.members.length);
    const roster: Roster = {
      session,
      coordinator: coordinator.spki,
      transportKey,
      members: row.members,
      parametersDigest: parametersDigest(parameters),
      demonstration: basis.plan.demonstration,
    };
    const epoch = createEpoch(roster, parameters, row.nonces);
    const own = this.#options.identity.publicKey.spki;
    const client = row.members.findIndex(({ publicKey }) => equalBytes(publicKey, own)) + 1;
    if (client === 0 || toHex(epoch.rosterDigest) !== row.rosterDigest) return;
    if (row.confirmedAt === null) void this.#askWords(epoch, client, row.epoch, row.nonces);
    else {
      this.#showRoster(epoch, client, row.epoch, row.nonces);
      this.#takeEpoch(epoch, client, row.epoch);
    }
    // until the person has answered there is no machine, and nothing is lost
    this.#lobby ??= { phase: 'closed' };
  }

  #showRoster(
    { roster, rosterDigest, parameters }: Epoch,
    client: number,
    number: number,
    nonces: readonly Uint8Array[],
  ): readonly string[] {
    const words = rosterWords(rosterDigest, nonces, parameters.language);
    this.#emit({
      type: 'roster',
      epoch: number,
      words,
      digest: toHex(rosterDigest),
      participants: roster.members.length,
      members: roster.members.map(({ name, publicKey }, index) => ({
        number: index + 1,
        name,
        fingerprint: formatFingerprint(fingerprint(publicKey)),
      })),
      own: client,
    });
    return words;
  }

  async #askWords(
    epoch: Epoch,
    client: number,
    number: number,
    nonces: readonly Uint8Array[],
  ): Promise<void> {
    const { store, person } = this.#options;
    const { id } = this.#meeting!;
    try {
      const words = this.#showRoster(epoch, client, number, nonces);
      const question = { words, participants: epoch.roster.members.length };
      const { agreed, compared } = await person.compareWords(question, this.#leaving.signal);
      if (this.#end !== undefined) return;
      if (agreed) {
        store.confirmEpoch(id, number, new Date().toISOString(), compared);
        store.updateSession(id, { state: 'running', ...(compared ? {} : { identitiesCompared: false }) });
        this.#takeEpoch(epoch, client, number);
      }
      this.#send('confirmation', { roster: epoch.rosterDigest, agreed, compared });
      if (!agreed) {
        this.#emit({
          type: 'error',
          code: 'words-differ',
          message:
            'You said that the words or the number of participants differ: this machine takes no part.',
          hint: 'Tell the leader. Somebody may be in between.',
        });
      }
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.#fail(error);
    }
  }

  #takeEpoch(epoch: Epoch, client: number, number: number): void {
    const { store, identity, agreeToDemonstration } = this.#options;
    const { id } = this.#meeting!;
    const { basis, architecture, pool, data } = this.#prepared!;
    const parts = dealtParts(basis, epoch.roster.members.length);
    const indices =
      parts?.[client - 1] ?? Uint32Array.from({ length: data.dataset.train.count }, (_, index) => index);
    this.#tellData(indices);
    const machine = new MemberMachine({
      environment: {
        epoch,
        client,
        signer: identitySigner(client, identity),
        random: systemRandom,
        architecture,
      },
      floors: {
        ...defaultFloors,
        demonstration: agreeToDemonstration && basis.plan.demonstration,
        tolerate: basis.plan.settings.tolerate,
      },
      stored: store.clientSession(id),
      sightings: this.#sightings,
      indices,
      pool,
      host: {
        send: (bytes) => {
          this.#keep(bytes, client);
          const type = peekType(bytes);
          if (type.ok && type.value === 'masked-input') this.#tellMasked(bytes);
          this.#connection?.send(bytes);
        },
        persist: (record) => {
          store.saveClientRecord(record);
        },
        keepVector: (round, vector) => {
          store.keepVector(id, round, vector);
        },
        recallVector: (round) => store.recallVector(id, round),
        discardVector: (round) => {
          store.discardVector(id, round);
        },
        report: (event) => {
          store.appendEvents([{ session: id, at: new Date().toISOString(), event }]);
          this.#emit({ type: 'protocol', event });
        },
        training: (round, examplesDone, examplesTotal, examplesPerSecond) => {
          this.#emit({ type: 'training', round, examplesDone, examplesTotal, examplesPerSecond });
        },
        modelCame: (round, hash, weights) => {
          this.#modelCame(round - 1, hash, weights);
        },
        leftAttempt: (error) => {
          this.#emit({ type: 'note', text: error.message });
        },
        failed: (error) => {
          this.#fail(error);
        },
      },
    });
    if (machine.barred !== undefined) {
      this.#fail(machine.barred);
      return;
    }
    this.#current = { number, epoch, client, machine };
  }

  #leaveEpoch(): void {
    this.#sightings = this.#current?.machine.sightings ?? this.#sightings;
    this.#current?.machine.close();
    this.#current = undefined;
  }

  // What the coordinator tells

  #noticed({ kind, member, reason }: Body<'notice'>): void {
    switch (kind) {
      case 'paused':
      case 'resumed':
        return this.#emit({ type: kind });
      case 'removed':
        return this.#fail(
          new FederationError('not-let-in', 'The leader has removed you from the session.', {
            details: { reason: 'removed' },
            blame: 'coordinator',
            action: 'abort',
          }),
        );
      case 'waiting-for-next-epoch':
        return this.#emit({ type: 'waiting', reason });
      case 'member-returned':
        return this.#current?.machine.step({ kind: 'member-returned', member });
      case 'session-finished':
        return this.#finish(reason, 'finished');
      case 'session-stopped':
        return this.#finish(reason, 'stopped');
      case 'session-aborted':
        return this.#finish(reason, 'aborted');
      case 'coordinator-leaves':
        return this.#emit({
          type: 'note',
          text: 'The coordinator has left for now; this machine waits for it.',
        });
    }
  }

  #askRepeat({ model, round }: Body<'repeat-request'>): void {
    this.#emit({ type: 'repeat-question', round });
    void this.#options.person.allowRepeat(round, this.#leaving.signal).then(
      (allowed) => {
        if (this.#end !== undefined) return;
        // on disk before the coordinator is told
        if (allowed) this.#current?.machine.step({ kind: 'repeat-confirmed', model });
        this.#send('repeat-answer', { model, allowed });
      },
      () => undefined,
    );
  }

  #roundReported(round: number, text: string): void {
    const result = readSessionRound(text);
    if (result?.round !== round) return;
    this.#reports.set(round, result);
    this.#emit({ type: 'round', ...result });
  }

  /** The model after this round has come, with the next announcement or at the end. */
  #modelCame(round: number, hash: string, weights: Float32Array): void {
    const result = this.#reports.get(round);
    if (round < 1 || result === undefined) return;
    this.#reports.delete(round);
    this.#options.store.completeRound({
      session: this.#meeting!.id,
      epoch: this.#current?.number ?? 1,
      round,
      finishedAt: new Date().toISOString(),
      result,
      sum: null,
      model: { hash, weights },
      serverState: null,
    });
  }

  #finalModelCame(bytes: Uint8Array): void {
    const { session, coordinator } = this.#meeting!;
    const { architecture, basis } = this.#prepared!;
    const maxBytes = joiningLimits['final-model'] + 4 * basis.parameterCount;
    const expected = { type: 'final-model', session, round: 0, attempt: 0, maxBytes } as const;
    const opened = openMessage(bytes, expected, coordinatorKeyring(coordinator));
    if (!opened.ok) return;
    const { body, attachment } = opened.value;
    if (attachment.length !== 4 * basis.parameterCount) return;
    if (!equalBytes(modelHash(architecture, attachment), body.model)) return;
    const result = this.#reports.get(body.round);
    const hash = toHex(body.model);
    this.#finalModel = {
      round: body.round,
      modelSha256: hash,
      accuracy: result?.accuracy ?? null,
      f1Weighted: result?.f1Weighted ?? null,
    };
    this.#modelCame(body.round, hash, new Float32Array(attachment.slice().buffer));
  }

  // The end

  #finish(outcome: string, state: 'finished' | 'stopped' | 'aborted' | undefined): void {
    if (this.#end !== undefined) return;
    const { store } = this.#options;
    this.#end = { outcome };
    const id = this.#meeting?.id ?? '';
    const row = store.session(id);
    if (state !== undefined && row !== undefined)
      store.endSession(id, state, outcome, new Date().toISOString());
    this.#emit({
      type: 'finished',
      outcome,
      final: this.#finalModel,
      identitiesCompared: row?.identitiesCompared ?? false,
    });
    this.#condition.touch();
  }

  #fail(error: unknown): void {
    this.#end ??= { error };
    this.#condition.touch();
  }

  /** A fault in a callback ends the session instead of the process. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  // Telling and keeping

  #keep(bytes: Uint8Array, sender: number): void {
    const { id } = this.#meeting!;
    const current = this.#current;
    const signatureBytes = current?.epoch.keyring.signatureBytes(sender);
    if (current === undefined || signatureBytes === undefined) return;
    const row = historyRow(bytes, { session: id, epoch: current.number, signatureBytes });
    if (row !== undefined) this.#options.store.appendMessages([row]);
  }

  #tellData(indices: Uint32Array): void {
    const { data, basis } = this.#prepared!;
    const perClass = new Array<number>(data.dataset.classNames.length).fill(0);
    for (const index of indices) perClass[data.dataset.train.labels[index]!]! += 1;
    this.#emit({
      type: 'data',
      dataset: data.dataset.name,
      examples: indices.length,
      mode: basis.plan.data.mode,
      perClass,
    });
  }

  #tellMasked(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    this.#emit({
      type: 'masked',
      round: view.getUint32(22, true),
      attempt: view.getUint32(26, true),
      bytes: bytes.length,
    });
  }

  #emit(body: SessionEventBody): void {
    this.#options.onEvent({ at: new Date().toISOString(), session: this.#meeting?.id ?? '', ...body });
  }
}

function stateLost(): FederationError<'client-barred'> {
  return new FederationError(
    'client-barred',
    'Cannot take part in this session any more: you are a member of it, but what this machine has signed in it is not on disk (lost, or restored from a copy).',
    { details: { reason: 'state-lost' }, blame: 'machine', action: 'abort' },
  );
}
