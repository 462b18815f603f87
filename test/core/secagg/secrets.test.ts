/** Secrets live in one attempt only: however it ends, their bytes are overwritten. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageType } from '../../../core/wire/messages.ts';
import { secretsIn } from '../../support/attack.ts';
import { TestRoom, testModel } from '../../support/secagg-room.ts';

function roomAt(blocked: MessageType | 'vector'): TestRoom {
  const room = new TestRoom({ clients: 4, withholdVectors: blocked === 'vector' });
  room.tamper = { toClient: (client, bytes, type) => (type === blocked && client === 1 ? [] : [bytes]) };
  room.stepCoordinator({ kind: 'begin', round: 1, model: testModel(room.epoch, 1) });
  room.deliver();
  room.tamper = {};
  return room;
}

const stops = ['key-adverts', 'relayed-shares', 'vector', 'statement-request', 'signed-statements'] as const;

function assertErased(secrets: readonly Uint8Array[], label: string): void {
  assert.ok(
    secrets.every((secret) => secret.every((byte) => byte === 0)),
    label,
  );
}

for (const stop of stops) {
  test(`secrets held while waiting for ${stop} are erased however the attempt ends`, () => {
    const endings: readonly ((room: TestRoom) => void)[] = [
      (room) => room.stepClient(1, { kind: 'cancel' }),
      (room) => room.run({ kind: 'cancel' }),
      (room) => {
        room.run({ kind: 'cancel' });
        room.run({ kind: 'retry' });
      },
    ];
    endings.forEach((end, index) => {
      const room = roomAt(stop);
      const secrets = secretsIn(room.desk(1).state);
      assert.ok(secrets.length > 0 && secrets.some((secret) => secret.some((byte) => byte !== 0)));
      end(room);
      assertErased(secrets, `ending ${index}`);
    });
  });
}

test('secrets are erased as soon as they are used up in a round that ends well', () => {
  const room = new TestRoom({ clients: 4 });
  const seen: Uint8Array[] = [];
  room.tamper = {
    toCoordinator: (client, bytes) => {
      seen.push(...secretsIn(room.desk(client).state));
      return [bytes];
    },
  };
  room.begin(1);
  assert.ok(seen.length > 50);
  assertErased(seen, 'after the reveal');
  assert.deepEqual(room.inPhase('unmask'), [1, 2, 3, 4]);
});

test('a mask key and a self mask are gone once the vector is sent', () => {
  const room = roomAt('vector');
  const state = room.desk(1).state;
  assert.ok(state.phase === 'train' && state.masking !== undefined);
  const vector = new Uint32Array(room.epoch.parameters.vectorLength);
  room.stepClient(1, { kind: 'vector', round: 1, vector });
  assertErased([state.masking.maskKeys.secretKey, state.masking.selfMask], 'masking secrets');
});
