/** What the client machine's steps have in common: sending, opening, refusing, and leaving an attempt. */
import { eraseBytes } from '../bytes/bytes.ts';
import type { ProtocolEvent } from '../contract/run-result.ts';
import { eraseSecretKeys } from '../crypto/key-agreement.ts';
import { FederationError } from '../errors/federation-error.ts';
import {
  type ClientAbortReason,
  type ClientBarReason,
  isOwnDoing,
  withdrawalReason,
} from '../errors/protocol-reasons.ts';
import { openMessage, sealMessage } from '../wire/envelope.ts';
import type { Body, MessageType, Phase } from '../wire/messages.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { ClientEffect, ClientEnvironment } from './client-events.ts';
import { eraseSharePair, eraseShares } from './client-keys.ts';
import type { ActiveState, ClientAttempt, ClientState } from './client-state.ts';

export interface ClientStep {
  readonly state: ClientState;
  /** To be carried out in order; a `persist` is on disk before any later one is begun. */
  readonly effects: readonly ClientEffect[];
}

export interface Sent {
  /** The attempt, with this message as its last. */
  readonly sent: ClientAttempt;
  readonly effect: Extract<ClientEffect, { kind: 'send' }>;
}

export function send<Type extends MessageType>(
  type: Type,
  body: Body<Type>,
  attempt: ClientAttempt,
  environment: ClientEnvironment,
  attachment?: Uint8Array,
): Sent {
  const bytes = sealMessage(type, attempt.position, body, environment.signer, attachment);
  return { sent: { ...attempt, lastSent: bytes }, effect: { kind: 'send', bytes } };
}

export function open<Type extends MessageType>(
  type: Type,
  bytes: Uint8Array,
  state: ActiveState,
  { epoch }: ClientEnvironment,
): ReturnType<typeof openMessage<Type>> {
  return openMessage(bytes, { type, ...state.attempt.position, maxBytes: epoch.limits[type] }, epoch.keyring);
}

export function ignored(state: ClientState, reason: Refusal | 'not-expected'): ClientStep {
  return { state, effects: [{ kind: 'refused', reason }] };
}

export function barred(reason: ClientBarReason, cause?: FederationError): ClientStep {
  const error = new FederationError('client-barred', `Cannot take part in this session: ${reason}.`, {
    details: { reason },
    blame: reason === 'floors-not-met' ? 'coordinator' : 'machine',
    action: 'abort',
    cause,
  });
  return { state: { phase: 'barred', error }, effects: [{ kind: 'abort', error }] };
}

/**
 * Ends the attempt and tells the coordinator which rule was broken, so that it need not wait. What has to do with the
 * client itself is told nobody but the client: a vector that could not be made would say that its coin had selected it.
 */
export function leave(
  state: ActiveState,
  reason: ClientAbortReason,
  environment: ClientEnvironment,
): ClientStep {
  const ended = end(state, reason);
  const { effect } = send('withdrawal', { reason: withdrawalReason(reason) }, state.attempt, environment);
  return { state: ended.state, effects: [effect, ...ended.effects] };
}

export function end(state: ActiveState, reason: ClientAbortReason): ClientStep {
  eraseSecrets(state);
  const error = new FederationError(
    'client-left-attempt',
    `Cannot go on with round ${state.attempt.position.round}, attempt ${state.attempt.position.attempt}: ${reason}.`,
    {
      details: { phase: state.phase, reason },
      blame: isOwnDoing(reason) ? 'user' : 'coordinator',
      action: 'abort',
    },
  );
  return { state: { phase: 'idle', session: state.session }, effects: [{ kind: 'abort', error }] };
}

/** Overwrites every secret that the state still holds. */
export function eraseSecrets(state: ActiveState): void {
  switch (state.phase) {
    case 'advertise-keys':
      eraseSecretKeys(state.channelKeys.secretKey, state.maskKeys.secretKey);
      return;
    case 'share-keys':
      eraseSecretKeys(state.maskKeys.secretKey);
      eraseBytes(state.selfMask, ...state.inboundKeys.values());
      eraseSharePair(state.ownShares);
      return;
    case 'train':
      if (state.masking === undefined) return;
      eraseSecretKeys(state.masking.maskKeys.secretKey);
      eraseBytes(state.masking.selfMask);
      eraseShares(state.masking.held.shares);
      return;
    case 'masked-input':
    case 'statement':
      eraseShares(state.held.shares);
      return;
    case 'unmask':
      return;
  }
}

/** What the observer is told: public facts about this client only. */
export function report(
  kind: ProtocolEvent['kind'],
  phase: Phase,
  attempt: ClientAttempt,
  { client }: ClientEnvironment,
  detail: ProtocolEvent['detail'] = {},
): ClientEffect {
  const { round, attempt: number } = attempt.position;
  return { kind: 'report', event: { round, attempt: number, phase, client, kind, detail } };
}
