/** What a participant would keep on disk, in memory: for rooms of hundreds in one process. Counts what is written. */
import type { InputVector } from '../../core/secagg/client-events.ts';
import type { ClientRecord } from '../../core/secagg/client-session.ts';
import type { LedgerEntry } from '../../core/privacy/ledger.ts';
import type { ParticipantStore } from '../../main/participant/participant-options.ts';
import type { EpochRow, SessionRow } from '../../main/storage/store.ts';

export interface MemoryStore extends ParticipantStore {
  /** Writes so far, of any kind. */
  readonly writes: number;
}

/** For one session. */
export function createMemoryStore(): MemoryStore {
  let row: SessionRow | undefined;
  let record: ClientRecord | undefined;
  let epochs: readonly EpochRow[] = [];
  const vectors = new Map<number, InputVector>();
  const charges: LedgerEntry[] = [];
  let writes = 0;
  const wrote = (): void => {
    writes += 1;
  };
  return {
    get writes() {
      return writes;
    },
    session: () => row,
    createSession(created) {
      row = created;
      wrote();
    },
    updateSession(_session, change) {
      row = { ...row!, ...change };
      wrote();
    },
    noteEngine: () => undefined,
    endSession(_session, state, endedReason, endedAt) {
      row = { ...row!, state, endedReason, endedAt };
      wrote();
    },
    epochs: () => epochs,
    saveEpoch(epoch) {
      epochs = [...epochs.filter((other) => other.epoch !== epoch.epoch), epoch];
      wrote();
    },
    confirmEpoch(_session, number, confirmedAt, compared) {
      epochs = epochs.map((epoch) => (epoch.epoch === number ? { ...epoch, confirmedAt, compared } : epoch));
      wrote();
    },
    saveClientRecord(saved) {
      record = saved;
      wrote();
    },
    clientSession: () => ({ record, mark: record?.token }),
    chargePrivacy(entries) {
      charges.push(...entries);
      wrote();
    },
    privacyCharges: (identity, dataset) =>
      charges.filter((entry) => entry.identity === identity && entry.dataset === dataset),
    keepVector(_session, round, vector) {
      vectors.set(round, vector.slice());
      wrote();
    },
    recallVector: (_session, round) => vectors.get(round)?.slice(),
    discardVector(_session, round) {
      vectors.delete(round);
      wrote();
    },
    completeRound: wrote,
    appendEvents: wrote,
    appendMessages: wrote,
  };
}
