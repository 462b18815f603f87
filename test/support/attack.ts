/** What scripted attackers share: reading, rewriting and signing messages as the coordinator or as corrupt clients. */
import assert from 'node:assert/strict';
import type { ClientState } from '../../core/secagg/client-state.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import { type Keyring, type Opened, openMessage, sealMessage } from '../../core/wire/envelope.ts';
import { readHeader } from '../../core/wire/header.ts';
import { type Body, type MessageType, messageTypes } from '../../core/wire/messages.ts';
import { type TestRoom, testSigner } from './secagg-room.ts';

/** Reads any message of the epoch, whoever signed it. */
export function read<Type extends MessageType>(epoch: Epoch, type: Type, bytes: Uint8Array): Opened<Type> {
  const header = readHeader(bytes);
  assert.ok(header.ok);
  const { round, attempt, session } = header.value;
  const believing: Keyring = {
    signatureBytes: (sender) => epoch.keyring.signatureBytes(sender),
    verify: () => true,
  };
  const expected = { type, session, round, attempt, maxBytes: 1e8 };
  const whole = openMessage(bytes, expected, believing);
  // a relayed masked input comes without its vector
  const opened = whole.ok ? whole : openMessage(bytes, { ...expected, detached: true }, believing);
  assert.ok(opened.ok, opened.ok ? '' : opened.reason);
  return opened.value;
}

/** The message with another body, attachment or place, validly signed by its sender (or by another one). */
export function reseal<Type extends MessageType>(
  epoch: Epoch,
  type: Type,
  bytes: Uint8Array,
  changes: {
    readonly body?: (body: Body<Type>) => Body<Type>;
    readonly attachment?: (attachment: Uint8Array) => Uint8Array;
    readonly signer?: number;
    readonly attempt?: number;
    readonly round?: number;
  },
): Uint8Array {
  const { header, body, attachment } = read(epoch, type, bytes);
  const position = {
    session: header.session,
    round: changes.round ?? header.round,
    attempt: changes.attempt ?? header.attempt,
  };
  return sealMessage(
    type,
    position,
    changes.body?.(body) ?? body,
    testSigner(epoch, changes.signer ?? header.sender),
    changes.attachment?.(attachment) ?? attachment,
  );
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
