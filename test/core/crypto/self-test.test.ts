import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../../../core/crypto/random.ts';
import { selfTest } from '../../../core/crypto/self-test.ts';

test('selfTest() passes here, with either key agreement', () => {
  selfTest();
  selfTest('x25519');
  selfTest('modp14');
});

test('selfTest() names the primitive that fails', (context) => {
  // the one primitive that can be replaced from outside: a generator that repeats itself
  context.mock.method(systemRandom, 'bytes', (length: number) => new Uint8Array(length).fill(1));
  assert.throws(selfTest, {
    code: 'self-test-failed',
    details: { primitive: 'the random generator' },
    blame: 'machine',
  });
});

test('selfTest() reports an exception inside a primitive as its failure', (context) => {
  context.mock.method(systemRandom, 'bytes', () => {
    throw new Error('no entropy');
  });
  assert.throws(selfTest, { code: 'self-test-failed' });
});

test('systemRandom gives fresh bytes of the length asked for', () => {
  for (const length of [0, 1, 32, 100_000]) assert.equal(systemRandom.bytes(length).length, length);
  assert.notDeepEqual(systemRandom.bytes(32), systemRandom.bytes(32));
});
