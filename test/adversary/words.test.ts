/** A coordinator, or members, that want the words to match where the rosters do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uint32Bytes } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { nonceCommitment, nonceCommitments } from '../../core/secagg/lobby.ts';
import { identitySigner } from '../../core/secagg/roster.ts';
import { openMessage, sealMessage } from '../../core/wire/envelope.ts';
import type { Body, MessageType } from '../../core/wire/messages.ts';
import { testIdentity } from '../support/identities.ts';
import { LobbyRoom } from '../support/lobby-room.ts';
import { testSession } from '../support/secagg-room.ts';

const coordinator = identitySigner(0, testIdentity(0));
const position = { session: testSession, round: 0, attempt: 1 };
const believing = { signatureBytes: () => 256, verify: () => true };

function bodyOf<Type extends MessageType>(type: Type, bytes: Uint8Array): Body<Type> {
  const opened = openMessage(bytes, { type, ...position, maxBytes: 1e6 }, believing);
  if (!opened.ok) throw new Error(opened.reason);
  return opened.value.body;
}

/** A lobby in which the coordinator rewrites what member 1 gets. */
function lobbyWith<Type extends MessageType>(
  type: Type,
  rewrite: (body: Body<Type>, room: LobbyRoom) => Body<Type>,
): LobbyRoom {
  const room = new LobbyRoom(4);
  room.toMember = (person, bytes, sent) =>
    person === 1 && sent === type
      ? sealMessage(type, position, rewrite(bodyOf(type, bytes), room), coordinator)
      : bytes;
  room.close();
  return room;
}

test('a member opens nothing while somebody has acknowledged another roster', () => {
  // member 1 is shown an invented member in place of member 4: its acknowledgement differs from the others'
  const room = lobbyWith('closed-lobby', (body) => ({
    ...body,
    publicKeys: [...body.publicKeys.slice(0, 3), testIdentity(9).publicKey.spki],
  }));
  assert.ok(!room.opened(1));
  assert.equal(room.closedOf(1), undefined);
});

test('relaying an acknowledgement made for another roster is noticed', () => {
  const room = lobbyWith('lobby-acknowledgements', (body) => ({
    acknowledgements: [
      ...body.acknowledgements.slice(0, 3),
      sealMessage(
        'lobby-acknowledgement',
        position,
        { lobby: systemRandom.bytes(32) },
        identitySigner(4, testIdentity(4)),
      ),
    ],
  }));
  assert.equal(room.reasonOf(1), 'acknowledgement-differs');
  assert.ok(!room.opened(1));
});

test('an acknowledgement left out, repeated or forged is noticed', () => {
  const forgeries: readonly ((list: readonly Uint8Array[]) => Uint8Array[])[] = [
    (list) => list.slice(0, 3),
    (list) => [...list.slice(0, 3), list[2]!],
    (list) => [
      ...list.slice(0, 3),
      sealMessage(
        'lobby-acknowledgement',
        position,
        bodyOf('lobby-acknowledgement', list[0]!),
        identitySigner(4, testIdentity(5)),
      ),
    ],
  ];
  for (const forge of forgeries) {
    const room = lobbyWith('lobby-acknowledgements', (body) => ({
      acknowledgements: forge(body.acknowledgements),
    }));
    assert.equal(room.reasonOf(1), 'acknowledgement-differs');
    assert.ok(!room.opened(1));
  }
});

test('a late commitment, chosen after others opened, is refused: the next draw starts from those made on joining', () => {
  const room = new LobbyRoom(4);
  room.silent = (person, type, draw) => person === 4 && type === 'nonce-opening' && draw === 1;
  // in the second draw the coordinator swaps its commitment for one to a nonce of its choice, for member 1 only
  const nonce = systemRandom.bytes(32);
  room.toMember = (person, bytes, type) => {
    if (person !== 1 || type !== 'closed-lobby' || bytes[26] !== 2) return bytes;
    const second = { ...position, attempt: 2 };
    const opened = openMessage(bytes, { type: 'closed-lobby', ...second, maxBytes: 1e6 }, believing);
    assert.ok(opened.ok);
    const [, ...others] = opened.value.body.commitments;
    const late = nonceCommitment(testSession, testIdentity(0).publicKey.spki, 2, nonce);
    return sealMessage(
      'closed-lobby',
      second,
      { ...opened.value.body, commitments: [late, ...others] },
      coordinator,
    );
  };
  room.close();
  assert.equal(room.closedOf(1), undefined);
});

test('a changed opening is noticed by everyone who is shown it', () => {
  for (const index of [0, 2]) {
    const room = lobbyWith('opened-nonces', (body) => ({
      nonces: body.nonces.with(index, systemRandom.bytes(32)),
    }));
    assert.equal(room.reasonOf(1), 'opening-differs');
  }
});

test('a member whose opening does not fit its commitment is removed', () => {
  const room = new LobbyRoom(4);
  room.toCoordinator = (person, bytes, type) =>
    person === 3 && type === 'nonce-opening'
      ? sealMessage(
          'nonce-opening',
          position,
          { nonce: systemRandom.bytes(32) },
          identitySigner(3, testIdentity(3)),
        )
      : bytes;
  room.close();
  assert.deepEqual(
    room.closedOf(1)?.roster.members.map((member) => member.name),
    ['person 1', 'person 2', 'person 4'],
  );
  assert.ok(room.effects.some((effect) => effect.kind === 'refused' && effect.reason === 'contradiction'));
});

test("one member's commitment cannot be repeated by another, to repeat its opening", () => {
  const nonce = systemRandom.bytes(32);
  const [mine, theirs] = [1, 2].map((person) =>
    nonceCommitment(testSession, testIdentity(person).publicKey.spki, 1, nonce),
  );
  assert.notDeepEqual(mine, theirs);
  assert.notDeepEqual(mine, nonceCommitment(testSession, testIdentity(1).publicKey.spki, 2, nonce));
});

test('a roster without this member, with its key changed, one identity twice or other parameters is refused', () => {
  const stranger = testIdentity(9).publicKey.spki;
  const cases: readonly (readonly [string, (body: Body<'closed-lobby'>) => Body<'closed-lobby'>])[] = [
    ['not-included', (body) => ({ ...body, publicKeys: body.publicKeys.with(0, stranger) })],
    ['not-included', (body) => ({ ...body, commitments: body.commitments.with(1, new Uint8Array(32)) })],
    ['roster-refused', (body) => ({ ...body, publicKeys: body.publicKeys.with(3, body.publicKeys[1]!) })],
    ['roster-refused', (body) => ({ ...body, publicKeys: body.publicKeys.with(3, new Uint8Array(90)) })],
    ['roster-refused', (body) => ({ ...body, parameters: new Uint8Array(32) })],
    ['roster-refused', (body) => ({ ...body, coordinator: stranger })],
    ['roster-refused', (body) => ({ ...body, transportKey: stranger })],
    ['roster-refused', (body) => ({ ...body, demonstration: true })],
    ['roster-refused', (body) => ({ ...body, names: body.names.slice(1) })],
  ];
  for (const [reason, rewrite] of cases) {
    const room = lobbyWith('closed-lobby', rewrite);
    assert.equal(room.reasonOf(1), reason);
    assert.ok(!room.opened(1));
  }
});

test('a later draw may only remove members', () => {
  const room = new LobbyRoom(5);
  room.silent = (person, type) => person === 5 && type === 'nonce-opening';
  room.toMember = (person, bytes, type) => {
    if (person !== 1 || type !== 'closed-lobby' || bytes[26] !== 2) return bytes;
    const second = { ...position, attempt: 2 };
    const opened = openMessage(bytes, { type: 'closed-lobby', ...second, maxBytes: 1e6 }, believing);
    assert.ok(opened.ok);
    const { body } = opened.value;
    const swapped = { ...body, publicKeys: body.publicKeys.with(3, testIdentity(9).publicKey.spki) };
    return sealMessage('closed-lobby', second, swapped, coordinator);
  };
  room.close();
  assert.equal(room.reasonOf(1), 'roster-refused');
});

test('rosters ground to collide, at 16 bits: a plain digest falls, committed nonces leave one try', () => {
  const short = (...parts: readonly Uint8Array[]): number => {
    const digest = sha256(...parts);
    return digest[0]! | (digest[1]! << 8);
  };
  const honest = systemRandom.bytes(32);

  // without nonces: the false roster is varied until its words are those of the true one
  let tries = 0;
  while (short(uint32Bytes(tries)) !== short(honest)) tries += 1;
  // more than 2^20 tries by chance: (1 - 2^-16)^(2^20) = 10^-7
  assert.ok(tries < 2 ** 20);

  // with nonces: both rosters and the cheater's nonce are fixed before the honest nonces are opened; a new roster then
  // needs a new draw, with honest nonces that are as unknown as before
  let collisions = 0;
  for (let draw = 0; draw < 2000; draw += 1) {
    const [trueRoster, falseRoster, cheater] = [honest, uint32Bytes(draw), systemRandom.bytes(32)] as const;
    const [one, other] = [systemRandom.bytes(32), systemRandom.bytes(32)] as const;
    // each victim is shown the cheater's nonce in place of the other victim's, as it cannot know that one
    if (short(trueRoster, one, cheater) === short(falseRoster, cheater, other)) collisions += 1;
  }
  // 0.03 are expected; 4 or more by chance: 3.5 x 10^-8
  assert.ok(collisions < 4);
});

test("nothing of one epoch's lobby is taken for another's", () => {
  const earlier = new LobbyRoom(4);
  const messages: Uint8Array[] = [];
  earlier.toMember = (person, bytes) => {
    if (person === 1) messages.push(bytes);
    return bytes;
  };
  earlier.close();
  assert.equal(messages.length, 3);

  // the same people, who kept their nonces against the rules: the messages fit but for their numbers
  const later = new LobbyRoom(4, { epoch: 2 });
  const [seat] = later.seats;
  Object.assign(seat!.environment, { nonces: earlier.seats[0]!.environment.nonces });
  for (const bytes of messages) later.receive(1, bytes);
  assert.equal(seat!.state.phase, 'joined');
  assert.deepEqual(
    seat!.effects.map((effect) => effect.kind === 'refused' && effect.reason),
    ['stale-round', 'wrong-phase', 'wrong-phase'],
  );

  // nor do the commitments of one epoch hold in another
  const nonce = systemRandom.bytes(32);
  const { spki } = testIdentity(1).publicKey;
  const [first] = nonceCommitments(testSession, spki, 1, [nonce]);
  const [second] = nonceCommitments(testSession, spki, 2, [nonce]);
  assert.notDeepEqual(first, second);
});

test("a fifth draw, whose number is that of the next epoch's first, is not answered", () => {
  const room = new LobbyRoom(8);
  room.silent = (person, type, draw) => type === 'nonce-opening' && person === draw;
  room.close();
  const { state } = room.seats[7]!;
  assert.ok(state.phase === 'opened' && state.seen.draw === 4);
  const next = new LobbyRoom(7, { epoch: 2 });
  let closing: Uint8Array | undefined;
  next.toMember = (_person, bytes, type) => {
    if (type === 'closed-lobby') closing = bytes;
    return bytes;
  };
  next.close();
  room.receive(8, closing!);
  assert.equal(room.seats[7]!.state, state);
  assert.deepEqual(room.seats[7]!.effects.at(-1), { kind: 'refused', reason: 'future-round' });
});
