/** Stores in a folder of their own, and a session with something in every table. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { toHex } from '../../../core/bytes/bytes.ts';
import { fingerprint } from '../../../core/crypto/fingerprint.ts';
import { startRecord, nothingStored, type ClientRecord } from '../../../core/secagg/client-session.ts';
import { freshCoordinatorRecord } from '../../../core/secagg/coordinator-state.ts';
import { openStore, type StoreOptions } from '../../../main/storage/open-store.ts';
import type { CompletedRound, SessionRow, Store, StoredIdentity } from '../../../main/storage/store.ts';
import { testIdentity } from '../../support/identities.ts';

export interface StoreFolder {
  readonly data: string;
  readonly state: string;
  readonly database: string;
}

const roots: string[] = [];
process.on('exit', () => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** Removed when the file's tests are over. */
export function newFolder(): StoreFolder {
  const root = mkdtempSync(join(tmpdir(), 'masquerade-store-'));
  roots.push(root);
  return folderAt(root);
}

export function folderAt(root: string): StoreFolder {
  const data = join(root, 'data');
  return { data, state: join(root, 'state'), database: join(data, 'masquerade.sqlite') };
}

export function open(folder: StoreFolder, options: Partial<StoreOptions> = {}): Promise<Store> {
  return openStore({
    folder: folder.data,
    stateFolder: folder.state,
    machine: 'this machine',
    secret: { kind: 'wrapping-key' },
    ...options,
  });
}

/** The identity of a fixture, without the time that making one takes. */
export function addTestIdentity(store: Store, number = 1): StoredIdentity {
  const identity = testIdentity(number);
  return { identity, row: store.addIdentity(identity, Uint8Array.of(1, 2, 3), true) };
}

export const sessionId = '0123456789abcdef0123456789abcdef';
export const at = '2026-11-25T21:00:00.000Z';
export const transportPrivateKey = Uint8Array.from({ length: 121 }, (_, index) => (index * 37 + 11) % 256);

export function sessionRow(change: Partial<SessionRow> = {}): SessionRow {
  return {
    session: sessionId,
    role: 'coordinator',
    state: 'lobby',
    title: 'Room 12 🎭',
    startedAt: at,
    endedAt: null,
    endedReason: null,
    plan: '{"rounds":5}',
    demonstration: false,
    identitiesCompared: true,
    link: 'masquerade://somewhere',
    port: 40_123,
    coordinatorKey: testIdentity(0).publicKey.spki,
    transportKey: Uint8Array.of(1, 2, 3),
    identity: toHex(fingerprint(testIdentity(1).publicKey.spki)),
    ...change,
  };
}

export function clientRecord(change: Partial<ClientRecord> = {}): ClientRecord {
  const random = { bytes: (length: number) => new Uint8Array(length).fill(9) };
  const started = startRecord(Buffer.from(sessionId, 'hex'), nothingStored, random);
  if (!('record' in started)) throw new Error('a first start is never barred');
  return { ...started.record, ...change };
}

export function completedRound(round: number, change: Partial<CompletedRound> = {}): CompletedRound {
  return {
    session: sessionId,
    epoch: 1,
    round,
    finishedAt: at,
    result: roundResult(round),
    sum: Int32Array.of(-5, 2_000_000_000, -2_000_000_000, round),
    model: { hash: `a${round}`.padEnd(64, '0'), weights: Float32Array.of(0.5, -1.25, round) },
    serverState: {
      kind: 'adam',
      firstMoment: Float64Array.of(0.1, 0.2, round),
      secondMoment: Float64Array.of(1e-300, 5, -0),
    },
    ...change,
  };
}

function roundResult(round: number): CompletedRound['result'] {
  return {
    round,
    attempts: 1,
    accuracy: 0.9,
    f1Weighted: 0.89,
    loss: 0.31,
    clients: { advertised: 3, shared: 3, masked: 3, unmasked: 3 },
    dropped: [2],
    refused: [{ client: 2, phase: 'unmask', reason: 'late' }],
    clippedRate: 0,
    bytesUpPerClient: { mean: 1, max: 2 },
    bytesDownPerClient: { mean: 3, max: 4 },
    ms: { coordinator: 5, evaluate: 6, total: 7 },
    confusion: [1, 0, 0, 1],
    reported: { loss: 0.4, accuracy: 0.8, examples: 300, selected: 3 },
  };
}

/** A row or more in every table that belongs to a session, in a store with a test identity. */
export function fillSession(store: Store, change: Partial<SessionRow> = {}): void {
  const session = change.session ?? sessionId;
  store.createSession(sessionRow(change), { transportPrivateKey });
  store.saveEpoch({
    session,
    epoch: 1,
    rosterDigest: 'ab'.repeat(32),
    members: [1, 2].map((number) => ({
      name: `M${number}`,
      publicKey: testIdentity(number).publicKey.spki,
    })),
    nonces: [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)],
    parameters: '{"n":2}',
    startedAt: at,
    confirmedAt: null,
    compared: false,
  });
  const signed = [{ round: 1, model: 'aa', survivors: 'bb', vector: 'cc' }];
  store.saveClientRecord(clientRecord({ session, signed }));
  store.saveDeparture(session, 'ab'.repeat(32), 'left');
  store.saveChoices(session, { role: 'coordinator', dataset: 'mnist' });
  store.saveCoordinatorRecord(session, freshCoordinatorRecord);
  store.keepVector(session, 1, Uint32Array.of(1, 2, 4_294_967_295));
  store.saveAttempt({ session, epoch: 1, round: 1, attempt: 1, startedAt: at, endedAt: null, outcome: null });
  store.savePhase({
    session,
    round: 1,
    attempt: 1,
    phase: 'share-keys',
    startedAt: at,
    ms: 1.5,
    awaited: 3,
    answered: 2,
    deadlineMs: 1_000,
  });
  store.completeRound(completedRound(1, { session }));
  const event = { round: 1, attempt: 1, phase: 'unmask', kind: 'revealed', detail: { shares: 2 } } as const;
  store.appendEvents([{ session, at, event }]);
  store.appendMessages([
    { session, epoch: 1, round: 1, attempt: 1, type: 'advert', sender: 1, bytes: Uint8Array.of(7) },
  ]);
}

/** All bytes of all files below folders. */
export function bytesBelow(...folders: readonly string[]): Buffer {
  const all: Buffer[] = [];
  const visit = (path: string): void => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    else all.push(readFileSync(path));
  };
  for (const folder of folders) visit(folder);
  return Buffer.concat(all);
}
