/** Limits fit the largest honest message, and leave room for nothing but what the reasons below name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ciphertextBytes } from '../../../core/secagg/key-schedule.ts';
import type { MessageType } from '../../../core/wire/messages.ts';
import { TestRoom, typeOf } from '../../support/secagg-room.ts';

const clients = 30;
/** Identities may have 4096 bits; those of the tests have 2048. */
const longerSignature = 512 - 256;
/** What core/wire/limits.ts allows for the CBOR of any body, and for the length of an item in a list. */
const framing = 128;
const itemFraming = 8;
const signedMessage = longerSignature + framing;
const signedList = signedMessage + clients * (signedMessage + itemFraming);

test('messageLimits() fits every message of a full round, and leaves no more room than each kind needs', () => {
  const room = new TestRoom({ clients, parameterCount: 1000, settings: { signatures: true } });
  const largest = new Map<MessageType, number>();
  const seen = (bytes: Uint8Array): readonly Uint8Array[] => {
    const type = typeOf(bytes);
    largest.set(type, Math.max(largest.get(type) ?? 0, bytes.length));
    return [bytes];
  };
  room.tamper = { toClient: (_client, bytes) => seen(bytes), toCoordinator: (_client, bytes) => seen(bytes) };
  const { aggregate } = room.begin(1);
  assert.equal(aggregate?.u4.length, clients);
  assert.equal(largest.size, 10);

  const { threshold } = room.epoch.parameters;
  /** Messages that travel inside another as they were signed. */
  const relayed: Partial<Record<MessageType, number>> = {
    'key-adverts': clients,
    'signed-statements': threshold,
  };
  const spare: Partial<Record<MessageType, number>> = {
    'key-adverts': signedList,
    // all n statements would be as good; the coordinator stops at the T that a reveal needs
    'signed-statements': signedList + (clients - threshold) * largest.get('statement')!,
    // n ciphertexts have room, n - 1 are sent: a client keeps its share of its own secrets
    'encrypted-shares': signedMessage + ciphertextBytes,
    'relayed-shares': signedMessage + ciphertextBytes,
    // the sparse graph's relays the masked inputs of U3 without their vectors; the complete graph's relays none
    'statement-request': signedList + clients * (largest.get('masked-input')! - room.epoch.vectorBytes),
  };
  for (const [type, bytes] of largest) {
    const left = room.epoch.limits[type] - bytes;
    const needed = longerSignature * (1 + (relayed[type] ?? 0));
    assert.ok(left >= needed, `${type}: no room for signatures of 4096 bits`);
    assert.ok(left <= (spare[type] ?? signedMessage), `${type}: room for ${left} bytes more`);
  }
});
