import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../core/bytes/bytes.ts';
import { systemRandom } from '../../../core/crypto/random.ts';
import {
  type ClientRecord,
  isNewer,
  maySumModel,
  nothingStored,
  signedIn,
  startRecord,
} from '../../../core/secagg/client-session.ts';
import { testSession } from '../../support/secagg-room.ts';

function started(stored: Parameters<typeof startRecord>[1]): ClientRecord {
  const start = startRecord(testSession, stored, systemRandom);
  assert.ok('record' in start);
  return start.record;
}

const first = started(nothingStored);

test('startRecord() begins with nothing seen and nothing signed', () => {
  const { token, session, ...rest } = first;
  assert.deepEqual([token.length, session], [32, toHex(testSession)]);
  assert.deepEqual(rest, {
    round: 0,
    attempt: 0,
    roster: '',
    model: '',
    selected: true,
    closed: 0,
    signed: [],
    vector: null,
    repeatable: [],
  });
});

test('startRecord() keeps what a sound record says, under a fresh token', () => {
  const record = { ...first, round: 4, attempt: 2 };
  const next = started({ record, mark: record.token });
  assert.notEqual(next.token, record.token);
  assert.deepEqual({ ...next, token: record.token }, record);
});

test('startRecord() bars a session whose record or mark is missing, older, or of another session', () => {
  const later = started({ record: first, mark: first.token });
  for (const stored of [
    { record: undefined, mark: first.token },
    { record: first, mark: undefined },
    { record: first, mark: later.token },
    { record: { ...first, session: '00'.repeat(16) }, mark: first.token },
  ]) {
    assert.deepEqual(startRecord(testSession, stored, systemRandom), { barred: 'state-lost' });
  }
});

test('isNewer() orders rounds, then attempts, strictly', () => {
  const record = { ...first, round: 3, attempt: 2 };
  assert.ok(isNewer(record, 3, 3) && isNewer(record, 4, 1));
  assert.ok(!isNewer(record, 3, 2) && !isNewer(record, 3, 1) && !isNewer(record, 2, 9));
});

test('maySumModel() allows a model once, again in the round that signed it, and when the participant allowed it', () => {
  const entry = { round: 3, model: 'aa', survivors: '01', vector: '02' };
  const record = { ...first, signed: [entry] };
  assert.deepEqual(signedIn(record, 3), entry);
  assert.ok(maySumModel(first, 4, 'aa'));
  assert.ok(maySumModel(record, 3, 'aa'));
  assert.ok(maySumModel(record, 4, 'bb'));
  assert.ok(!maySumModel(record, 4, 'aa'));
  assert.ok(maySumModel({ ...record, repeatable: ['aa'] }, 4, 'aa'));
  // the permission is used up by the signature; further attempts at that round stay possible
  const again = { ...record, signed: [entry, { ...entry, round: 4 }] };
  assert.ok(maySumModel(again, 4, 'aa'));
  assert.ok(!maySumModel(again, 5, 'aa'));
});
