/** Every field of a context, a statement and a commitment changes its digest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../core/bytes/bytes.ts';
import {
  advertDigest,
  advertsDigest,
  clientSetDigest,
  contextDigest,
  selfMaskCommitment,
  statementDigest,
} from '../../../core/secagg/context.ts';
import { graphSeed } from '../../../core/secagg/epoch.ts';
import { type Roster, rosterDigest } from '../../../core/secagg/roster.ts';
import { filler } from '../../support/messages.ts';

function assertAllDiffer(digests: readonly Uint8Array[]): void {
  assert.ok(digests.every((digest) => digest.length === 32));
  assert.equal(new Set(digests.map(toHex)).size, digests.length);
}

test('contextDigest() depends on session, roster, round, attempt, parameters and model', () => {
  const fields = {
    session: filler(1, 16),
    rosterDigest: filler(2, 32),
    round: 3,
    attempt: 4,
    parametersDigest: filler(5, 32),
    model: filler(6, 32),
  };
  assertAllDiffer([
    contextDigest(fields),
    contextDigest({ ...fields, session: filler(9, 16) }),
    contextDigest({ ...fields, rosterDigest: filler(9, 32) }),
    contextDigest({ ...fields, round: 4 }),
    contextDigest({ ...fields, attempt: 3 }),
    contextDigest({ ...fields, parametersDigest: filler(9, 32) }),
    contextDigest({ ...fields, model: filler(9, 32) }),
  ]);
});

test("statementDigest() depends on context, U1's adverts, U2, U3 and n", () => {
  const [context, u1] = [filler(1, 32), filler(2, 32)];
  assertAllDiffer([
    statementDigest(context, u1, [1, 2, 3], [1, 2], 8),
    statementDigest(u1, u1, [1, 2, 3], [1, 2], 8),
    statementDigest(context, context, [1, 2, 3], [1, 2], 8),
    statementDigest(context, u1, [1, 2], [1, 2], 8),
    statementDigest(context, u1, [1, 2, 3], [1, 2, 3], 8),
    statementDigest(context, u1, [1, 2, 3], [1, 2], 7),
  ]);
});

test('digests of different things never stand for each other', () => {
  const bytes = filler(1, 32);
  assertAllDiffer([
    advertDigest(bytes),
    advertsDigest([bytes]),
    advertsDigest([bytes, bytes]),
    advertsDigest([]),
    clientSetDigest([1], 8),
    clientSetDigest([1], 9),
    selfMaskCommitment(bytes, 1, bytes),
    selfMaskCommitment(bytes, 2, bytes),
    selfMaskCommitment(filler(2, 32), 1, bytes),
    selfMaskCommitment(bytes, 1, filler(2, 32)),
    graphSeed(bytes, [bytes]),
    graphSeed(bytes, [filler(2, 32)]),
    graphSeed(filler(2, 32), [bytes]),
  ]);
});

test('rosterDigest() depends on everything in the roster, and on the order of its members', () => {
  const [one, other] = [
    { name: 'Ada', publicKey: filler(1, 60) },
    { name: 'Grace', publicKey: filler(2, 60) },
  ];
  const roster: Roster = {
    session: filler(3, 16),
    coordinator: filler(4, 60),
    transportKey: filler(5, 32),
    members: [one, other],
    parametersDigest: filler(6, 32),
    demonstration: false,
  };
  assertAllDiffer([
    rosterDigest(roster),
    rosterDigest({ ...roster, session: filler(9, 16) }),
    rosterDigest({ ...roster, coordinator: filler(9, 60) }),
    rosterDigest({ ...roster, transportKey: new Uint8Array(0) }),
    rosterDigest({ ...roster, members: [other, one] }),
    rosterDigest({ ...roster, members: [one] }),
    rosterDigest({ ...roster, members: [one, { ...other, name: 'Eve' }] }),
    rosterDigest({ ...roster, members: [one, { ...other, publicKey: filler(9, 60) }] }),
    rosterDigest({ ...roster, parametersDigest: filler(9, 32) }),
    rosterDigest({ ...roster, demonstration: true }),
  ]);
});
