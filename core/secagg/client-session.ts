/**
 * What a client must remember beyond one round, so that no second sum over one round's updates can ever be unmasked
 * with its help. A retry with other survivors would give away, by subtraction, the update of whoever is missing.
 *
 * The record is written and flushed before the message that depends on it is sent. A record that was lost, or restored
 * from a copy, cannot be relied on: its owner takes no part in that session any more. That is noticed by a token, drawn
 * anew at every start and kept in two places, and by adverts of this client's that other members kept. A restoration that
 * restores both places and that nobody can contradict goes unnoticed; it counts among the c colluders tolerated.
 */
import { toHex } from '../bytes/bytes.ts';
import type { RandomSource } from '../crypto/random.ts';
import type { ClientBarReason } from '../errors/protocol-reasons.ts';

/** Digests and tokens as lower-case hexadecimal text. */
export interface ClientRecord {
  readonly session: string;
  /** Kept a second time where a copy of the record does not take it along. */
  readonly token: string;
  /** The highest round and attempt in which this client advertised keys; 0 before the first. */
  readonly round: number;
  readonly attempt: number;
  /** Digest of the roster under which that round was first announced: it does not go on under another. */
  readonly roster: string;
  /** Hash of that round's model: a retry may not bring another. */
  readonly model: string;
  /** C that it was announced with: a retry may not bring another; left out unless it adapts. */
  readonly clippingNorm?: number;
  /** How this client's coin fell in that round, tossed once for all its attempts; true where no coins are tossed. */
  readonly selected: boolean;
  /** The highest round that a result has ended: no attempt at it, nor at an earlier one, is taken up again. */
  readonly closed: number;
  /** The statements signed, at most one set of survivors per round. */
  readonly signed: readonly SignedSurvivors[];
  /** The vector that this round's attempts send, kept by the driver. */
  readonly vector: { readonly round: number; readonly model: string; readonly digest: string } | null;
  /** Models over which the participant allowed one more sum. */
  readonly repeatable: readonly string[];
}

export interface SignedSurvivors {
  readonly round: number;
  readonly model: string;
  /** Digest of U3 and of the roster that its numbers belong to. */
  readonly survivors: string;
  /** Digest of the quantised vector that went into the sum. */
  readonly vector: string;
}

/** What a client knows between attempts: the record, and what it saw others sign (in memory only). */
export interface ClientSession {
  readonly record: ClientRecord;
  readonly sightings: Sightings;
}

/**
 * By member (memberKey in roster.ts): its latest advert, as it signed it. A member's number changes with the epoch, its
 * key does not: sightings are carried on from one epoch's machine to the next.
 */
export type Sightings = ReadonlyMap<string, Uint8Array>;

/** What a driver found at its start. */
export interface StoredSession {
  readonly record: ClientRecord | undefined;
  /** The token from the second place. */
  readonly mark: string | undefined;
}

export const nothingStored: StoredSession = { record: undefined, mark: undefined };

/**
 * The record to persist at every start, with a fresh token; or the reason why this client must sit the session out.
 * A first start finds neither record nor mark.
 */
export function startRecord(
  session: Uint8Array,
  stored: StoredSession,
  random: RandomSource,
): { readonly record: ClientRecord } | { readonly barred: ClientBarReason } {
  const token = toHex(random.bytes(16));
  const { record, mark } = stored;
  if (record === undefined && mark === undefined) {
    return {
      record: {
        session: toHex(session),
        token,
        round: 0,
        attempt: 0,
        roster: '',
        model: '',
        selected: true,
        closed: 0,
        signed: [],
        vector: null,
        repeatable: [],
      },
    };
  }
  if (record === undefined || record.token !== mark || record.session !== toHex(session)) {
    return { barred: 'state-lost' };
  }
  return { record: { ...record, token } };
}

/** Rounds count over the whole session, across epochs; (round, attempt) strictly increase. */
export function isNewer(record: ClientRecord, round: number, attempt: number): boolean {
  return round > record.round || (round === record.round && attempt > record.attempt);
}

/** False when a sum over the model may have been unmasked in another round, and nobody allowed one more. */
export function maySumModel(record: ClientRecord, round: number, model: string): boolean {
  const summed = record.signed.some((entry) => entry.model === model && entry.round !== round);
  return !summed || signedIn(record, round)?.model === model || record.repeatable.includes(model);
}

/** The set of survivors signed in this round, if any. */
export function signedIn(record: ClientRecord, round: number): SignedSurvivors | undefined {
  return record.signed.find((entry) => entry.round === round);
}
