/** An attacker who knows seed and configuration: no key, seed, share or coin can be computed from them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '../../core/crypto/hash.ts';
import { uint32Bytes } from '../../core/bytes/bytes.ts';
import { randomStream, streamState } from '../../core/random/stream.ts';
import { secretsIn, read } from '../support/attack.ts';
import { TestRoom, testModel } from '../support/secagg-room.ts';

const settings = { seed: 7, fraction: 0.5 };

/** Everything secret or public that a run's clients drew, as hexadecimal text. */
function drawnIn(room: TestRoom): Set<string> {
  const drawn = new Set<string>();
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      for (const secret of secretsIn(room.desk(client).state)) drawn.add(Buffer.from(secret).toString('hex'));
      if (type === 'key-advert') {
        const { body } = read(room.epoch, type, bytes);
        for (const key of [body.channelKey, body.maskKey]) drawn.add(Buffer.from(key).toString('hex'));
      }
      return [bytes];
    },
  };
  room.begin(1);
  return drawn;
}

test('two runs of one seed and configuration share no key, self mask, share or masked vector', () => {
  const [one, other] = [
    new TestRoom({ clients: 6, settings: { seed: 7 } }),
    new TestRoom({ clients: 6, settings: { seed: 7 } }),
  ];
  assert.deepEqual(one.epoch.rosterDigest, other.epoch.rosterDigest);
  const [first, second] = [drawnIn(one), drawnIn(other)];
  assert.ok(first.size > 100);
  // by chance: less than 2^-200
  assert.deepEqual(
    [...first].filter((value) => second.has(value)),
    [],
  );
  for (const client of one.epoch.everyone) {
    assert.notDeepEqual(one.sentBy(client, 'masked-input'), other.sentBy(client, 'masked-input'));
  }
});

test('no stream that the seed gives, under any label of the project, is a key or a self mask', () => {
  const room = new TestRoom({ clients: 6, settings: { seed: 7 } });
  const drawn = drawnIn(room);
  const labels = [
    'initialise',
    'deal',
    'shuffle',
    'dropout',
    'rounding',
    'drop',
    'key',
    'mask',
    'coin',
    'nonce',
  ];
  const guesses = new Set<string>();
  for (const label of labels) {
    for (let client = 0; client <= 6; client += 1) {
      for (const path of [[label], [label, client], [label, client, 1], [label, 1]]) {
        const state = Buffer.from(streamState(7, ...path).buffer);
        const stream = randomStream(7, ...path);
        const bytes = Buffer.concat(
          Array.from({ length: 8 }, () => Buffer.from(uint32Bytes(stream.nextUint32()))),
        );
        for (const guess of [bytes, Buffer.from(sha256(state)), Buffer.from(sha256(bytes))]) {
          guesses.add(guess.toString('hex'));
          guesses.add(Buffer.from(room.epoch.agreement.keyPairFromSecret(guess).publicKey).toString('hex'));
        }
      }
    }
  }
  // ten labels, 15 paths each, three ways to make bytes of a stream, each as it is and as a secret key
  assert.equal(guesses.size, 900);
  assert.deepEqual(
    [...guesses].filter((guess) => drawn.has(guess)),
    [],
  );
});

test("two runs of one seed toss different coins, and the coordinator's view does not tell who was selected", () => {
  const selections = [1, 2].map(() => {
    const room = new TestRoom({ clients: 30, settings });
    room.begin(1, testModel(room.epoch, 1));
    const lengths = new Set(
      room.epoch.everyone.map((client) => room.sentBy(client, 'masked-input')[0]!.length),
    );
    assert.equal(lengths.size, 1);
    return room.selected();
  });
  // equal by chance: 2^-30
  assert.notDeepEqual(selections[0], selections[1]);
});
