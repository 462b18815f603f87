/**
 * Whom a participant has reached: whether this machine can be in that coordinator's session, what it writes down of it
 * first, and why it is not let in.
 */
import { equalBytes, toHex } from '../../core/bytes/bytes.ts';
import type { SessionPlan } from '../../core/contract/session-plan.ts';
import { fingerprint } from '../../core/crypto/fingerprint.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { importPublicIdentity, type PublicIdentity } from '../../core/crypto/rsa.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { sessionOf } from '../../core/joining/session-name.ts';
import { nothingStored, startRecord } from '../../core/secagg/client-session.ts';
import type { SessionRow } from '../storage/store.ts';
import type { ParticipantSessionOptions, ParticipantStore } from './participant-options.ts';

/** What is known of the session once the coordinator's key has been checked. */
export interface Meeting {
  readonly session: Uint8Array;
  /** The session, hexadecimal. */
  readonly id: string;
  readonly coordinator: PublicIdentity;
  readonly transportKey: Uint8Array;
}

/** Both keys as the connection proved them. Throws 'identity-key-refused' for a key that is not a sound identity's. */
export function meetingOf(coordinatorKey: Uint8Array, transportKey: Uint8Array): Meeting {
  const session = sessionOf(transportKey);
  return { session, id: toHex(session), coordinator: importPublicIdentity(coordinatorKey), transportKey };
}

/** Throws 'not-let-in' for another coordinator than the one that this machine has met, 'session-over' for its end here. */
export function checkMeeting({ id, coordinator }: Meeting, store: Pick<ParticipantStore, 'session'>): void {
  const known = store.session(id);
  if (known === undefined) return;
  // the TLS key alone does not make somebody the coordinator whom this machine has met
  if (!equalBytes(known.coordinatorKey, coordinator.spki)) throw notLetIn('another-coordinator');
  if (known.state === 'lobby' || known.state === 'running') return;
  const outcome = known.endedReason ?? known.state;
  throw new FederationError(
    'session-over',
    `Cannot join: on this machine that session has ended (${outcome}).`,
    { details: { session: id, outcome }, blame: 'user', action: 'correct' },
  );
}

/** The session's first row, before this machine asks to be let in. plan: read from planText. */
export function saveMeeting(
  { session, id, coordinator, transportKey }: Meeting,
  { planText, plan }: { readonly planText: string; readonly plan: SessionPlan },
  { store, identity, link }: Pick<ParticipantSessionOptions, 'store' | 'identity' | 'link'>,
): void {
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
    link,
    port: null,
    coordinatorKey: coordinator.spki,
    transportKey,
    identity: toHex(fingerprint(identity.publicKey.spki)),
  };
  store.createSession(row, { transportPrivateKey: null });
  // from now on a record that is missing is a record that was lost
  const start = startRecord(session, nothingStored, systemRandom);
  if ('record' in start) store.saveClientRecord(start.record);
}

/** reason: why the connection is not, or no longer, to be had. */
export function notLetIn(reason: string): FederationError<'not-let-in'> {
  const explained: Readonly<Record<string, string>> = {
    'another-coordinator':
      'whoever answers at this address does not have the key that the code or link names. Check the code; if it is right, somebody is in between',
    'identity-in-use': 'this identity is already connected from another place',
    refused: 'the coordinator lets nobody in any more, or has removed you',
    misbehaved: 'the coordinator refused what this machine sent',
  };
  return new FederationError('not-let-in', `Cannot take part: ${explained[reason] ?? reason}.`, {
    details: { reason },
    blame: reason === 'another-coordinator' ? 'network' : 'coordinator',
    action: 'abort',
  });
}

/** By the leader, while this machine was in the session. */
export function removed(): FederationError<'not-let-in'> {
  return new FederationError('not-let-in', 'The leader has removed you from the session.', {
    details: { reason: 'removed' },
    blame: 'coordinator',
    action: 'abort',
  });
}
