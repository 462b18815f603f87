/**
 * A session as a participant's machine runs it: finds the coordinator and checks its key, reads the plan and refuses
 * what was not agreed to, waits in the lobby, has its person compare the words, trains and takes part in every round,
 * comes back after a lost connection or a restart, and ends with the model. The protocol itself is in the machines of
 * core/secagg.
 */
import { equalBytes } from '../../core/bytes/bytes.ts';
import { engineText } from '../../core/contract/engines.ts';
import type { FinalModel, SessionEventBody } from '../../core/contract/session-event.ts';
import { coordinatorKeyring, guestSigner } from '../../core/joining/credentials.ts';
import { openMessage, peekType, sealMessage } from '../../core/wire/envelope.ts';
import { joiningLimits } from '../../core/wire/limits.ts';
import type { Body, MessageType } from '../../core/wire/messages.ts';
import { openDialer } from '../network/dialer.ts';
import type { Connection, Dialer } from '../network/transport.ts';
import { Condition } from '../session/condition.ts';
import { checkMeeting, type Meeting, meetingOf, notLetIn, removed, saveMeeting } from './meeting.ts';
import { Membership } from './membership.ts';
import { ModelShelf } from './model-shelf.ts';
import type { ParticipantHost } from './participant-context.ts';
import type { ParticipantSessionOptions } from './participant-options.ts';
import { checkSamePlan, type Prepared, prepare, readPlan } from './preparation.ts';
import { joinedEvents } from './telling.ts';

export interface ParticipantOutcome {
  /** What the coordinator said at the end, or why this machine left. */
  readonly outcome: string;
  readonly final: FinalModel | null;
}

/** Larger than any message of 500 members: what is larger is not even received. */
const mostMessageBytes = 512 * 2 ** 20;

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
  #shelf: ModelShelf | undefined;
  #membership: Membership | undefined;
  #end: { readonly outcome: string } | { readonly error: unknown } | undefined;

  constructor(options: ParticipantSessionOptions) {
    this.#options = options;
  }

  /** Takes part until the session ends, this person leaves, or it cannot go on. Throws what a person must correct. */
  async run(): Promise<ParticipantOutcome> {
    const { invitation, identity, dial = openDialer } = this.#options;
    this.#dialer = dial({
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
      this.#membership?.close();
      await this.#dialer.close(1_000);
      await this.#prepared?.pool.close();
    }
    const end = this.#end!;
    if ('error' in end) throw end.error;
    return { outcome: end.outcome, final: this.#shelf?.final ?? null };
  }

  /** Leaves, telling the coordinator: a member for good, a guest of the lobby may come back. */
  leave(): void {
    if (this.#end !== undefined) return;
    if (this.#meeting !== undefined && this.#connection !== undefined)
      this.#send('departure', { reason: 'leaving' });
    this.#membership?.step({ kind: 'cancel' });
    const wasMember = this.#options.store.epochs(this.#meeting?.id ?? '').length > 0;
    this.#finish('left', wasMember ? 'stopped' : undefined);
  }

  /** This person's answer to the room's question; false where there is no connection to send it over. */
  vote(ballot: number, choice: number): boolean {
    if (this.#end !== undefined || this.#connection === undefined || this.#meeting === undefined)
      return false;
    this.#send('vote', { ballot, choice });
    return true;
  }

  /** Leaves the connection only: joining again goes on, as after a crash. */
  leaveForNow(): void {
    this.#finish('unfinished', undefined);
  }

  // Connections

  #connected(connection: Connection, coordinatorKey: Uint8Array, transportKey: Uint8Array): void {
    this.#connection = connection;
    this.#condition.touch();
    if (this.#meeting === undefined) {
      this.#meeting = meetingOf(coordinatorKey, transportKey);
      checkMeeting(this.#meeting, this.#options.store);
    }
    this.#emit({ type: 'connected', address: connection.remoteAddress });
    this.#send('hello', {
      exporter: connection.exporter,
      fresh: this.#fresh,
    });
    this.#fresh = false;
  }

  #disconnected(reason: string, retryInMs: number | undefined): void {
    this.#connection = undefined;
    this.#emit({ type: 'disconnected', reason, retryInMs: retryInMs ?? null });
    if (this.#end !== undefined) return;
    if (retryInMs === undefined) {
      // the dialer sees no sense in trying again
      if (reason === 'session-over') this.#finish('session-over', 'stopped');
      else this.#fail(notLetIn(reason));
      return;
    }
    const lostAt = performance.now();
    void this.#condition
      .until(() => this.#connection !== undefined || this.#end !== undefined, this.#options.patienceMs)
      .then((back) => {
        const waited = performance.now() - lostAt;
        if (!back && this.#connection === undefined && waited >= this.#options.patienceMs)
          this.#finish('coordinator-lost', undefined);
      });
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
    const membership = this.#membership;
    if (membership === undefined) {
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
          membership.enter(epoch);
        });
      case 'closed-lobby':
      case 'lobby-acknowledgements':
      case 'opened-nonces':
        return membership.lobbyMessage(bytes);
      case 'notice':
        return this.#read('notice', bytes, (notice) => {
          this.#noticed(notice);
        });
      case 'repeat-request':
        return this.#read('repeat-request', bytes, (request) => {
          this.#askRepeat(request);
        });
      case 'ballot':
        return this.#read('ballot', bytes, (ballot) => {
          this.#asked(ballot);
        });
      case 'round-report':
        return this.#read('round-report', bytes, ({ round, result }) => {
          const told = this.#shelf?.reported(round, result);
          if (told !== undefined) this.#emit({ type: 'round', ...told });
        });
      case 'final-model':
        return this.#shelf?.finalCame(bytes);
      default:
        membership.receive(bytes);
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
      if (this.#membership !== undefined) return this.#membership.welcomed(epoch, standing);
      if (this.#preparing) return;
      this.#preparing = true;
      void this.#prepare(plan, epoch, standing).catch((error: unknown) => {
        this.#fail(error);
      });
    });
  }

  async #prepare(planText: string, epoch: number, standing: 'guest' | 'member'): Promise<void> {
    const { store, agreeToDemonstration, data, engine, processes, background } = this.#options;
    const { privacyBudget, engineSpeeds } = this.#options;
    const { prepare: prepareWith = prepare } = this.#options;
    const plan = readPlan(planText);
    const { id, coordinator } = this.#meeting!;
    const before = store.session(id);
    if (before !== undefined) checkSamePlan(before.plan, plan);
    const prepared = await prepareWith(plan, {
      data,
      agreeToDemonstration,
      privacyBudget,
      engine,
      engineSpeeds,
      processes,
      background: background ?? false,
      onReplaced: (reason) => {
        const text = `A compute process died (${reason}); another does its work again.`;
        this.#emit({ type: 'note', text, code: 'compute-replaced', detail: { reason } });
      },
    });
    if (this.#end !== undefined) return prepared.pool.close();
    // from here on, whatever goes wrong, run() closes its processes
    this.#prepared = prepared;
    if (before === undefined) saveMeeting(this.#meeting!, { planText, plan }, this.#options);
    store.noteEngine(id, engineText(prepared.engine));
    for (const event of joinedEvents(this.#options.name, coordinator, prepared)) this.#emit(event);
    const membership = this.#openMembership(prepared);
    if (standing === 'member') membership.restore(store.epochs(id).at(-1));
    membership.welcomed(epoch, standing);
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const bytes of backlog)
      this.#guard(() => {
        this.#receive(bytes);
      });
  }

  #openMembership(prepared: Prepared): Membership {
    const { store, observer } = this.#options;
    const meeting = this.#meeting!;
    const { architecture, basis } = prepared;
    this.#shelf = new ModelShelf({
      store,
      meeting,
      architecture,
      parameterCount: basis.parameterCount,
      epochNumber: () => this.#membership?.epochNumber ?? 1,
      observer,
    });
    const host: ParticipantHost = {
      leaving: this.#leaving.signal,
      send: (type, body) => {
        this.#send(type, body);
      },
      sendBytes: (bytes) => this.#connection?.send(bytes),
      emit: (event) => {
        this.#emit(event);
      },
      fail: (error) => {
        this.#fail(error);
      },
    };
    this.#membership = new Membership({
      options: this.#options,
      meeting,
      prepared,
      shelf: this.#shelf,
      host,
    });
    return this.#membership;
  }

  // What the coordinator tells

  #noticed({ kind, member, reason }: Body<'notice'>): void {
    switch (kind) {
      case 'paused':
      case 'resumed':
        return this.#emit({ type: kind });
      case 'removed':
        return this.#fail(removed());
      case 'waiting-for-next-epoch':
        return this.#emit({ type: 'waiting', reason });
      case 'member-returned':
        return this.#membership?.step({ kind: 'member-returned', member });
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
          code: 'coordinator-away',
        });
    }
  }

  #askRepeat({ model, round }: Body<'repeat-request'>): void {
    this.#emit({ type: 'repeat-question', round });
    void this.#options.person.allowRepeat(round, this.#leaving.signal).then(
      (allowed) => {
        if (this.#end !== undefined) return;
        // on disk before the coordinator is told
        if (allowed) this.#membership?.step({ kind: 'repeat-confirmed', model });
        this.#send('repeat-answer', { model, allowed });
      },
      () => undefined,
    );
  }

  #asked({ ballot, height, width, pictures }: Body<'ballot'>): void {
    if (pictures.length === 1 || pictures.some(({ length }) => length !== height * width)) return;
    if (pictures.length > 0)
      this.#options.observer?.ballotCame?.({
        height,
        width,
        pictures: pictures.map((bytes) => bytes.slice()),
      });
    this.#emit({ type: 'ballot', ballot, choices: pictures.length });
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
      final: this.#shelf?.final ?? null,
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

  #emit(body: SessionEventBody): void {
    this.#options.onEvent({ at: new Date().toISOString(), session: this.#meeting?.id ?? '', ...body });
  }
}
