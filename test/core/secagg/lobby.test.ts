import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rosterWords } from '../../../core/crypto/words.ts';
import { systemRandom } from '../../../core/crypto/random.ts';
import { lobbyCoordinatorStep } from '../../../core/secagg/lobby-coordinator.ts';
import { rosterDigest } from '../../../core/secagg/roster.ts';
import { LobbyRoom } from '../../support/lobby-room.ts';

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
