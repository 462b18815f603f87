/** An epoch as it is written down and shown: the same at the coordinator and at every participant. */
import { toHex } from '../../core/bytes/bytes.ts';
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import { rosterWords } from '../../core/crypto/words.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import { parametersDigest } from '../../core/secagg/parameters.ts';
import type { Roster } from '../../core/secagg/roster.ts';
import type { EpochRow } from '../storage/store.ts';
import { memberParameters, type PlanBasis } from './member-plan.ts';

/** The row of an epoch whose words nobody has answered yet. at: ISO 8601. */
export function freshEpochRow(
  { roster, rosterDigest, parameters }: Epoch,
  epoch: number,
  nonces: readonly Uint8Array[],
  at: string,
): EpochRow {
  return {
    session: toHex(roster.session),
    epoch,
    rosterDigest: toHex(rosterDigest),
    members: roster.members,
    nonces,
    parameters: JSON.stringify(parameters),
    startedAt: at,
    confirmedAt: null,
    compared: false,
  };
}

/** The roster that a row was made from, under the session's own keys and plan. */
export function rosterOfRow(
  { members }: Pick<EpochRow, 'members'>,
  keys: Pick<Roster, 'session' | 'coordinator' | 'transportKey'>,
  basis: PlanBasis,
): Roster {
  const { session, coordinator, transportKey } = keys;
  return {
    session,
    coordinator,
    transportKey,
    members,
    parametersDigest: parametersDigest(memberParameters(basis, members.length)),
    demonstration: basis.plan.demonstration,
  };
}

/**
 * What every screen shows for comparison. own: this machine's number; null at the coordinator. confirmed: before, by an
 * earlier process.
 */
export function rosterEvent(
  { roster, rosterDigest, parameters }: Epoch,
  epoch: number,
  nonces: readonly Uint8Array[],
  own: number | null,
  confirmed = false,
): Extract<SessionEventBody, { type: 'roster' }> {
  return {
    type: 'roster',
    epoch,
    words: rosterWords(rosterDigest, nonces, parameters.language),
    digest: toHex(rosterDigest),
    participants: roster.members.length,
    members: roster.members.map(({ name, publicKey }, index) => ({
      number: index + 1,
      name,
      fingerprint: formatFingerprint(fingerprint(publicKey)),
    })),
    own,
    ...(confirmed ? { confirmed } : {}),
  };
}
