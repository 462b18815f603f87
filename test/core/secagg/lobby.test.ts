import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rosterWords } from '../../../core/crypto/words.ts';
import { systemRandom } from '../../../core/crypto/random.ts';
import { drawNumber, draws, nonceCommitments } from '../../../core/secagg/lobby.ts';
import { type LobbyGuest, guestFault, lobbyCoordinatorStep } from '../../../core/secagg/lobby-coordinator.ts';
import { rosterDigest } from '../../../core/secagg/roster.ts';
import { readHeader } from '../../../core/wire/header.ts';
import { testIdentity } from '../../support/identities.ts';
import { LobbyRoom } from '../../support/lobby-room.ts';
import { testSession } from '../../support/secagg-room.ts';

test('a lobby of answering members closes in one draw, with the same words on every screen', () => {
  const room = new LobbyRoom(5);
  room.close();
  assert.equal(room.coordinator?.phase, 'closed');
  const words = room.seats.map(({ person }) => {
    const closed = room.closedOf(person)!;
    assert.equal(closed.client, person);
    return rosterWords(rosterDigest(closed.roster), closed.nonces, 'en').join(' ');
  });
  const own = room.effects.find((effect) => effect.kind === 'closed')!;
  assert.deepEqual(
    new Set(words),
    new Set([rosterWords(rosterDigest(own.roster), own.nonces, 'en').join(' ')]),
  );
});

test('two lobbies of the same people have different words', () => {
  const words = [1, 2].map(() => {
    const room = new LobbyRoom(3);
    room.close();
    const { roster, nonces } = room.closedOf(1)!;
    return rosterWords(rosterDigest(roster), nonces, 'fr').join(' ');
  });
  // by chance: 2^-44
  assert.notEqual(words[0], words[1]);
});

test('a withheld opening removes its member, and the others open the nonces of the next draw', () => {
  const room = new LobbyRoom(5);
  room.silent = (person, type) => person === 2 && type === 'nonce-opening';
  room.close();
  const removed = room.effects.filter((effect) => effect.kind === 'removed');
  assert.deepEqual(
    removed.map((effect) => effect.members.map((member) => member.name)),
    [['person 2']],
  );
  for (const person of [1, 3, 4, 5]) {
    const closed = room.closedOf(person)!;
    assert.equal(closed.roster.members.length, 4);
    const seat = room.seats[person - 1]!;
    assert.deepEqual(closed.nonces[closed.client], seat.environment.nonces[1]);
  }
  assert.equal(room.closedOf(2), undefined);
});

test('a missing acknowledgement removes its member before any nonce is opened', () => {
  const room = new LobbyRoom(4);
  room.silent = (person, type, draw) => person === 4 && type === 'lobby-acknowledgement' && draw === 1;
  room.close();
  assert.deepEqual(
    room.closedOf(1)?.roster.members.map((member) => member.name),
    ['person 1', 'person 2', 'person 3'],
  );
});

test('after three removals the lobby fails by name', () => {
  const room = new LobbyRoom(8);
  room.silent = (person, type, draw) => type === 'nonce-opening' && person === draw;
  room.close();
  assert.deepEqual(room.coordinator, { phase: 'failed', reason: 'draws-exhausted' });
  assert.ok(room.seats.every(({ person }) => room.closedOf(person) === undefined));
});

test('a lobby that falls below three members fails by name', () => {
  const room = new LobbyRoom(3);
  room.silent = (person) => person === 3;
  room.close();
  assert.deepEqual(room.coordinator, { phase: 'failed', reason: 'too-few-members' });
});

test('a closed or failed lobby expects nothing more', () => {
  const room = new LobbyRoom(3);
  room.close();
  const step = lobbyCoordinatorStep(room.coordinator!, { kind: 'timeout' }, room.environment);
  assert.deepEqual(step.effects, [{ kind: 'refused', reason: 'not-expected' }]);
  const before = room.seats[0]!.state;
  room.receive(1, systemRandom.bytes(100));
  assert.equal(room.seats[0]!.state, before);
});

test('arbitrary bytes are refused in every phase of the lobby', () => {
  const room = new LobbyRoom(3);
  room.toMember = (_person, bytes) => {
    for (let tries = 0; tries < 20; tries += 1) {
      const at = systemRandom.bytes(2);
      const place = (at[0]! * 256 + at[1]!) % bytes.length;
      const before = room.seats[0]!.state;
      room.receive(1, bytes.with(place, bytes[place]! ^ 1));
      assert.deepEqual(room.seats[0]!.state, before);
    }
    return bytes;
  };
  room.close();
  assert.equal(room.coordinator?.phase, 'closed');
});

test('drawNumber() numbers the draws of all epochs on', () => {
  const numbers = [1, 2, 3].flatMap((epoch) =>
    Array.from({ length: draws }, (_, index) => drawNumber(epoch, index + 1)),
  );
  assert.deepEqual(
    numbers,
    Array.from({ length: 3 * draws }, (_, index) => index + 1),
  );
});

test('a lobby closes again for a later epoch, with the numbers of that epoch', () => {
  const room = new LobbyRoom(4, { epoch: 3 });
  room.silent = (person, type, draw) => person === 4 && type === 'nonce-opening' && draw === 1;
  room.close();
  assert.equal(room.closedOf(1)?.roster.members.length, 3);
  const sent = room.effects.flatMap((effect) => (effect.kind === 'send' ? [readHeader(effect.bytes)] : []));
  const places = sent.map((header) => header.ok && [header.value.round, header.value.attempt].join('.'));
  assert.deepEqual([...new Set(places)], [`0.${drawNumber(3, 1)}`, `0.${drawNumber(3, 2)}`]);
});

const coordinatorKey = testIdentity(0).publicKey.spki;

function guest(person: number): LobbyGuest {
  const publicKey = testIdentity(person).publicKey.spki;
  const nonces = Array.from({ length: draws }, () => systemRandom.bytes(32));
  return {
    name: `person ${person}`,
    publicKey,
    commitments: nonceCommitments(testSession, publicKey, 1, nonces),
  };
}

const unfit: readonly (readonly [string, Partial<LobbyGuest>])[] = [
  ['name-refused', { name: '' }],
  ['name-refused', { name: 'x'.repeat(61) }],
  ['name-refused', { name: 'e\u0301' }],
  ['name-refused', { name: '\ud800' }],
  ['commitments-refused', { commitments: guest(2).commitments.slice(1) }],
  ['commitments-refused', { commitments: [...guest(2).commitments, new Uint8Array(32)] }],
  ['commitments-refused', { commitments: guest(2).commitments.with(2, new Uint8Array(31)) }],
  ['key-refused', { publicKey: new Uint8Array(0) }],
  ['key-refused', { publicKey: new Uint8Array(294) }],
  ['key-refused', { publicKey: new Uint8Array(5000) }],
  ['key-taken', { publicKey: coordinatorKey }],
  ['key-taken', { publicKey: testIdentity(1).publicKey.spki }],
];

test('guestFault() names what is wrong with a guest, and never throws', () => {
  assert.equal(guestFault(guest(2), coordinatorKey, [guest(1)]), undefined);
  assert.equal(guestFault({ ...guest(2), name: 'é'.repeat(60) }, coordinatorKey), undefined);
  for (const [fault, changes] of unfit) {
    assert.equal(guestFault({ ...guest(2), ...changes }, coordinatorKey, [guest(1)]), fault);
  }
});

test('unfit guests are left out, whatever is wrong with them, and the others close the lobby', () => {
  for (const [, changes] of unfit) {
    const room = new LobbyRoom(4);
    room.close(room.seats.map((seat) => (seat.person === 2 ? { ...seat.guest, ...changes } : seat.guest)));
    const [removed] = room.effects;
    assert.ok(removed?.kind === 'removed');
    assert.deepEqual(
      removed.members.map(({ name }) => name),
      [changes.name ?? 'person 2'],
    );
    const names = ['person 1', 'person 3', 'person 4'];
    assert.deepEqual(
      removed.roster.members.map(({ name }) => name),
      names,
    );
    for (const person of [1, 3, 4]) {
      assert.deepEqual(
        room.closedOf(person)?.roster.members.map(({ name }) => name),
        names,
      );
    }
  }
});

test('a number of members for which there are no parameters ends the lobby by name, on either side', () => {
  const impossible = (): Uint8Array => {
    throw new RangeError('no parameters');
  };
  const coordinator = new LobbyRoom(4, { parametersDigest: impossible });
  coordinator.close();
  assert.deepEqual(coordinator.effects, [{ kind: 'failed', reason: 'parameters-impossible' }]);
  assert.deepEqual(coordinator.coordinator, { phase: 'failed', reason: 'parameters-impossible' });

  const member = new LobbyRoom(4);
  const [first] = member.seats;
  Object.assign(first!.environment, { parametersDigest: impossible });
  member.close();
  assert.equal(member.reasonOf(1), 'roster-refused');
});
