/** What scripted attackers share: reading, rewriting and signing messages as the coordinator or as corrupt clients. */
import assert from 'node:assert/strict';
import { readMessage, resealed, type Rewriting } from '../../core/attacks/live-protocol/rewriting.ts';
import type { ClientState } from '../../core/secagg/client-state.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import { type MessageType, messageTypes } from '../../core/wire/messages.ts';
import { type TestRoom, testSigner } from './secagg-room.ts';

export { readMessage as read };

/** The message with another body, attachment or place, validly signed by its sender (or by another one). */
export function reseal<Type extends MessageType>(
  epoch: Epoch,
  type: Type,
  bytes: Uint8Array,
  changes: Rewriting<Type> & { readonly signer?: number },
): Uint8Array {
  const signer = changes.signer ?? readMessage(epoch, type, bytes).header.sender;
  return resealed(epoch, type, bytes, testSigner(epoch, signer), changes);
}

/** A coordinator that rewrites one type of message for some clients. */
export function lie<Type extends MessageType>(
  room: TestRoom,
  type: Type,
  to: readonly number[],
  rewrite: (bytes: Uint8Array, client: number) => readonly Uint8Array[],
): void {
  assert.equal(messageTypes[type].from, 'coordinator');
  room.tamper = {
    ...room.tamper,
    toClient: (client, bytes, sent) =>
      sent === type && to.includes(client) ? rewrite(bytes, client) : [bytes],
  };
}

/** A corrupt client that rewrites one type of its messages. */
export function cheat<Type extends MessageType>(
  room: TestRoom,
  type: Type,
  from: readonly number[],
  rewrite: (bytes: Uint8Array, client: number) => readonly Uint8Array[],
): void {
  assert.equal(messageTypes[type].from, 'client');
  room.tamper = {
    ...room.tamper,
    toCoordinator: (client, bytes, sent) =>
      sent === type && from.includes(client) ? rewrite(bytes, client) : [bytes],
  };
}

/** Every secret that a client's state holds. */
export function secretsIn(state: ClientState): Uint8Array[] {
  switch (state.phase) {
    case 'barred':
    case 'idle':
    case 'unmask':
      return [];
    case 'advertise-keys':
      return [state.channelKeys.secretKey, state.maskKeys.secretKey];
    case 'share-keys':
      return [
        state.maskKeys.secretKey,
        state.selfMask,
        ...(state.ownShares === undefined ? [] : [state.ownShares.selfMask, state.ownShares.maskKey]),
        ...state.inboundKeys.values(),
      ];
    case 'train':
      return state.masking === undefined
        ? []
        : [
            state.masking.maskKeys.secretKey,
            state.masking.selfMask,
            ...[...state.masking.held.shares.values()].flatMap((pair) => [pair.selfMask, pair.maskKey]),
          ];
    case 'masked-input':
    case 'statement':
      return [...state.held.shares.values()].flatMap((pair) => [pair.selfMask, pair.maskKey]);
  }
}

/** These clients left by this rule, and have revealed nothing. */
export function assertLeft(room: TestRoom, clients: readonly number[], reason: string): void {
  for (const client of clients) {
    assert.equal(room.reasonOf(client), reason, `client ${client}`);
    assert.ok(['idle', 'barred'].includes(room.desk(client).state.phase));
    assert.equal(room.sentBy(client, 'reveal').length, 0, `client ${client} has revealed something`);
  }
}
