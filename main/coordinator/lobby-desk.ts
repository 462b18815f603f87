/** Drives the coordinator's side of closing a lobby, from the leader's list to a roster with everyone's nonces. */
import { toHex } from '../../core/bytes/bytes.ts';
import type { LobbyReason } from '../../core/secagg/lobby.ts';
import {
  closeLobby,
  type LobbyCoordinatorEnvironment,
  type LobbyCoordinatorEvent,
  type LobbyCoordinatorState,
  type LobbyCoordinatorStep,
  lobbyCoordinatorStep,
  type LobbyGuest,
} from '../../core/secagg/lobby-coordinator.ts';
import type { Member, Roster } from '../../core/secagg/roster.ts';

export interface LobbyDeskHost {
  /** To the member with this public key. */
  send(publicKey: Uint8Array, bytes: Uint8Array): void;
  /** A message that was sent (no sender), or accepted from the member with this public key. */
  keep(bytes: Uint8Array, sender?: Uint8Array): void;
  removed(members: readonly Member[]): void;
  refused(reason: string): void;
  failed(error: unknown): void;
}

export type LobbyOutcome =
  | { readonly kind: 'closed'; readonly roster: Roster; readonly nonces: readonly Uint8Array[] }
  | { readonly kind: 'failed'; readonly reason: LobbyReason }
  | { readonly kind: 'stopped' };

export class LobbyDesk {
  readonly #environment: LobbyCoordinatorEnvironment;
  readonly #host: LobbyDeskHost;
  /** How long a draw waits for everyone. */
  readonly #answerMs: number;
  #state: LobbyCoordinatorState | undefined;
  /** Public keys (hexadecimal) of the current draw, in the order of their numbers. */
  #present: readonly string[];
  #timer: NodeJS.Timeout | undefined;
  #settle: ((outcome: LobbyOutcome) => void) | undefined;

  constructor(environment: LobbyCoordinatorEnvironment, host: LobbyDeskHost, answerMs: number) {
    this.#environment = environment;
    this.#host = host;
    this.#answerMs = answerMs;
    this.#present = [];
  }

  close(guests: readonly LobbyGuest[]): Promise<LobbyOutcome> {
    this.#present = guests.map(({ publicKey }) => toHex(publicKey));
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#carryOut(closeLobby(guests, this.#environment));
    });
  }

  /** Ends the draw. */
  stop(): void {
    this.#finish({ kind: 'stopped' });
  }

  receive(publicKey: Uint8Array, bytes: Uint8Array): void {
    const from = this.#present.indexOf(toHex(publicKey)) + 1;
    if (from > 0) this.#step({ kind: 'message', from, bytes }, publicKey);
  }

  #step(event: LobbyCoordinatorEvent, sender?: Uint8Array): void {
    if (this.#state === undefined || this.#settle === undefined) return;
    const step = lobbyCoordinatorStep(this.#state, event, this.#environment);
    if (event.kind === 'message' && !step.effects.some(({ kind }) => kind === 'refused'))
      this.#host.keep(event.bytes, sender);
    this.#carryOut(step);
  }

  #carryOut({ state, effects }: LobbyCoordinatorStep): void {
    const isNewDraw = state.phase === 'acknowledging' && effects.length > 0;
    this.#state = state;
    if (isNewDraw) this.#present = state.current.guests.map(({ publicKey }) => toHex(publicKey));
    if (effects.some(({ kind }) => kind === 'send')) this.#waitAgain();
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#host.keep(effect.bytes);
          for (const key of this.#present)
            this.#host.send(Uint8Array.from(Buffer.from(key, 'hex')), effect.bytes);
          break;
        case 'removed':
          this.#host.removed(effect.members);
          break;
        case 'refused':
          this.#host.refused(effect.reason);
          break;
        case 'closed':
          this.#finish({ kind: 'closed', roster: effect.roster, nonces: effect.nonces });
          break;
        case 'failed':
          this.#finish({ kind: 'failed', reason: effect.reason });
          break;
      }
    }
  }

  #waitAgain(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      try {
        this.#step({ kind: 'timeout' });
      } catch (error) {
        this.#host.failed(error);
      }
    }, this.#answerMs);
  }

  #finish(outcome: LobbyOutcome): void {
    clearTimeout(this.#timer);
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }
}
