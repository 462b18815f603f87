/** Limits fit the largest honest message, and leave no room for twice as much. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageType } from '../../../core/wire/messages.ts';
import { TestRoom, typeOf } from '../../support/secagg-room.ts';

test('every message of a full round fits its limit, within a factor of two and 1 kB', () => {
  const room = new TestRoom({ clients: 30, parameterCount: 1000, settings: { signatures: true } });
  const largest = new Map<MessageType, number>();
  const seen = (bytes: Uint8Array): readonly Uint8Array[] => {
    const type = typeOf(bytes);
    largest.set(type, Math.max(largest.get(type) ?? 0, bytes.length));
    return [bytes];
  };
  room.tamper = { toClient: (_client, bytes) => seen(bytes), toCoordinator: (_client, bytes) => seen(bytes) };
  const { aggregate } = room.begin(1);
  assert.equal(aggregate?.u4.length, 30);
  assert.equal(largest.size, 10);
  for (const [type, bytes] of largest) {
    // on the complete graph no masked inputs are relayed
    if (type === 'statement-request') continue;
    assert.ok(bytes <= room.epoch.limits[type], type);
    assert.ok(room.epoch.limits[type] <= 2 * bytes + 1024, type);
  }
});
