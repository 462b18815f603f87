/** Members and a coordinator closing a lobby in memory, for tests. */
import { toHex } from '../../core/bytes/bytes.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { drawNonces, nonceCommitments } from '../../core/secagg/lobby.ts';
import {
  type LobbyCoordinatorEffect,
  type LobbyCoordinatorEnvironment,
  type LobbyCoordinatorEvent,
  type LobbyCoordinatorState,
  type LobbyGuest,
  closeLobby,
  lobbyCoordinatorStep,
} from '../../core/secagg/lobby-coordinator.ts';
import {
  type LobbyMemberEffect,
  type LobbyMemberEnvironment,
  type LobbyMemberState,
  lobbyMemberStep,
} from '../../core/secagg/lobby-member.ts';
import { identitySigner } from '../../core/secagg/roster.ts';
import type { MessageType } from '../../core/wire/messages.ts';
import { testIdentity } from './identities.ts';
import { testSession, typeOf } from './secagg-room.ts';

const parametersOf = (members: number): Uint8Array => new Uint8Array(32).fill(members);

export interface LobbySeat {
  /** Number of the test identity, whatever the number in the roster. */
  readonly person: number;
  readonly environment: LobbyMemberEnvironment;
  readonly guest: LobbyGuest;
  state: LobbyMemberState;
  readonly effects: LobbyMemberEffect[];
}

export interface LobbyRoomOptions {
  readonly epoch?: number;
  parametersDigest?(members: number): Uint8Array;
}

export class LobbyRoom {
  readonly seats: readonly LobbySeat[];
  readonly environment: LobbyCoordinatorEnvironment;
  coordinator: LobbyCoordinatorState | undefined;
  readonly effects: LobbyCoordinatorEffect[] = [];
  /** Members that send nothing of a type: silent. */
  silent: (person: number, type: MessageType, draw: number) => boolean = () => false;
  /** What a member gets instead of what the coordinator sent. */
  toMember: (person: number, bytes: Uint8Array, type: MessageType) => Uint8Array = (_person, bytes) => bytes;
  toCoordinator: (person: number, bytes: Uint8Array, type: MessageType) => Uint8Array = (_person, bytes) =>
    bytes;
  #queue: (() => void)[] = [];
  /** Persons in the order of the current roster. */
  #present: number[];

  constructor(people: number, options: LobbyRoomOptions = {}) {
    const { epoch = 1, parametersDigest = parametersOf } = options;
    const coordinator = testIdentity(0).publicKey.spki;
    const common = {
      session: testSession,
      epoch,
      transportKey: new Uint8Array(0),
      parametersDigest,
      demonstration: false,
    };
    this.environment = {
      ...common,
      publicKey: coordinator,
      signer: identitySigner(0, testIdentity(0)),
      nonces: drawNonces(systemRandom),
    };
    this.seats = Array.from({ length: people }, (_, index) => {
      const person = index + 1;
      const identity = testIdentity(person);
      const nonces = drawNonces(systemRandom);
      const publicKey = identity.publicKey.spki;
      return {
        person,
        environment: {
          ...common,
          coordinator,
          publicKey,
          sign: (...parts: readonly Uint8Array[]) => identitySigner(person, identity).sign(...parts),
          nonces,
        },
        guest: {
          name: `person ${person}`,
          publicKey,
          commitments: nonceCommitments(testSession, publicKey, epoch, nonces),
        },
        state: { phase: 'joined' },
        effects: [],
      };
    });
    this.#present = this.seats.map((seat) => seat.person);
  }

  close(guests: readonly LobbyGuest[] = this.seats.map((seat) => seat.guest)): void {
    this.#carryOut(closeLobby(guests, this.environment));
    for (let turns = 0; turns < 20; turns += 1) {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
      if (this.coordinator?.phase === 'closed' || this.coordinator?.phase === 'failed') return;
      this.#step({ kind: 'timeout' });
    }
  }

  #step(event: LobbyCoordinatorEvent): void {
    this.#carryOut(lobbyCoordinatorStep(this.coordinator!, event, this.environment));
  }

  #carryOut(step: { state: LobbyCoordinatorState; effects: readonly LobbyCoordinatorEffect[] }): void {
    this.coordinator = step.state;
    for (const effect of step.effects) {
      this.effects.push(effect);
      if (effect.kind === 'removed') {
        const kept = new Set(effect.roster.members.map((member) => toHex(member.publicKey)));
        this.#present = this.#present.filter((person) =>
          kept.has(toHex(this.seats[person - 1]!.environment.publicKey)),
        );
      }
      if (effect.kind !== 'send') continue;
      const type = typeOf(effect.bytes);
      for (const person of this.#present) {
        this.#queue.push(() => {
          this.receive(person, this.toMember(person, effect.bytes, type));
        });
      }
    }
  }

  receive(person: number, bytes: Uint8Array): void {
    const seat = this.seats[person - 1]!;
    const step = lobbyMemberStep(seat.state, bytes, seat.environment);
    seat.state = step.state;
    for (const effect of step.effects) {
      seat.effects.push(effect);
      if (effect.kind !== 'send') continue;
      const type = typeOf(effect.bytes);
      const draw =
        this.coordinator?.phase === 'acknowledging' || this.coordinator?.phase === 'opening'
          ? this.coordinator.current.draw
          : 0;
      if (this.silent(person, type, draw)) continue;
      const sent = this.toCoordinator(person, effect.bytes, type);
      const from = this.#present.indexOf(person) + 1;
      this.#queue.push(() => {
        this.#step({ kind: 'message', from, bytes: sent });
      });
    }
  }

  /** What a member ended with. */
  closedOf(person: number): Extract<LobbyMemberEffect, { kind: 'closed' }> | undefined {
    return this.seats[person - 1]!.effects.find((effect) => effect.kind === 'closed');
  }

  reasonOf(person: number): string | undefined {
    const { state } = this.seats[person - 1]!;
    return state.phase === 'left' ? state.reason : undefined;
  }

  opened(person: number): boolean {
    return this.seats[person - 1]!.effects.some(
      (effect) => effect.kind === 'send' && typeOf(effect.bytes) === 'nonce-opening',
    );
  }
}
