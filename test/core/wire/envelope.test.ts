/** Tampering with each field of each message, and bytes that are no message at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../../../core/bytes/bytes.ts';
import { encodeCanonical } from '../../../core/wire/canonical-cbor.ts';
import { type Expectation, openMessage, peekType, sealMessage } from '../../../core/wire/envelope.ts';
import { headerBytes } from '../../../core/wire/header.ts';
import { type MessageType, messageTypeOf, messageTypes } from '../../../core/wire/messages.ts';
import type { Refusal } from '../../../core/wire/refusal.ts';
import {
  identitySigner,
  rosterKeyring,
  unsignedKeyring,
  unsignedSigner,
} from '../../../core/secagg/roster.ts';
import { testIdentity } from '../../support/identities.ts';
import { messageTypeNames, samplePosition, samples, sealSample, senderOf } from '../../support/messages.ts';
import { testEpoch } from '../../support/secagg-room.ts';

const { roster } = testEpoch({ clients: 3, settings: { signatures: true } });
const keyring = rosterKeyring(roster);
const bytesOf = new Map(
  messageTypeNames.map((type) => {
    const sender = senderOf(type);
    return [type, sealSample(type, identitySigner(sender, testIdentity(sender)))];
  }),
);

function expectation(type: MessageType): Expectation<MessageType> {
  return { type, ...samplePosition, sender: senderOf(type), maxBytes: 100_000 };
}

function reasonFor(bytes: Uint8Array, expected: Expectation<MessageType>): Refusal | 'accepted' {
  const opened = openMessage(bytes, expected, keyring);
  return opened.ok ? 'accepted' : opened.reason;
}

/** The message with one byte changed. */
function altered(bytes: Uint8Array, at: number, change = 1): Uint8Array {
  return bytes.with(at, (bytes[at]! + change) & 0xff);
}

for (const type of messageTypeNames) {
  const bytes = bytesOf.get(type)!;
  const expected = expectation(type);
  const { attachment = new Uint8Array(0) } = samples[type];
  const bodyBytes = bytes.length - headerBytes - 256 - attachment.length;

  test(`openMessage() gives back a ${type} as it was sealed`, () => {
    const opened = openMessage(bytes, expected, keyring);
    assert.ok(opened.ok);
    assert.deepEqual({ ...opened.value.body }, samples[type].body);
    assert.deepEqual(opened.value.attachment, attachment);
    assert.equal(opened.value.signedPart.length, headerBytes + bodyBytes);
    assert.equal(opened.value.relayable.length, bytes.length - attachment.length);
  });

  test(`openMessage() refuses a ${type} with any one header field changed, by its reason`, () => {
    const cases: readonly (readonly [number, readonly Refusal[]])[] = [
      [0, ['bad-magic']],
      [3, ['bad-magic']],
      [4, ['unknown-version']],
      [5, ['wrong-phase', 'wrong-sender', 'unknown-type']],
      [6, ['wrong-session']],
      [21, ['wrong-session']],
      [22, ['future-round']],
      [26, ['future-round']],
      [30, ['wrong-phase']],
      [31, ['wrong-sender']],
      [32, ['unknown-sender']],
      [33, ['bad-signature', 'truncated']],
      [36, ['truncated']],
    ];
    for (const [at, reasons] of cases) {
      const reason = reasonFor(altered(bytes, at), expected);
      assert.ok(reasons.includes(reason as Refusal), `byte ${at}: ${reason}`);
    }
    assert.equal(reasonFor(altered(bytes, 22, -1), expected), 'stale-round');
    assert.equal(reasonFor(altered(bytes, 26, -1), expected), 'stale-round');
  });

  test(`openMessage() refuses a ${type} with any one bit of body or signature changed`, () => {
    const step = Math.max(1, Math.floor(bodyBytes / 40));
    for (let at = headerBytes; at < headerBytes + bodyBytes; at += step) {
      assert.equal(reasonFor(altered(bytes, at), expected), 'bad-signature');
    }
    for (const at of [0, 100, 255]) {
      assert.equal(reasonFor(altered(bytes, headerBytes + bodyBytes + at), expected), 'bad-signature');
    }
  });

  test(`openMessage() refuses a ${type} that is too large, cut short or longer than it says`, () => {
    assert.equal(reasonFor(bytes, { ...expected, maxBytes: bytes.length - 1 }), 'too-large');
    assert.equal(reasonFor(bytes.subarray(0, headerBytes - 1), expected), 'truncated');
    assert.equal(reasonFor(bytes.subarray(0, headerBytes + bodyBytes + 255), expected), 'truncated');
    if (type !== 'relayed-shares') {
      assert.equal(reasonFor(concatBytes(bytes, Uint8Array.of(0)), expected), 'bad-attachment');
    }
  });

  test(`openMessage() refuses a ${type} of another member, signed by another member, or for another phase`, () => {
    const other = senderOf(type) === 0 ? 0 : 2;
    const impostor = identitySigner(senderOf(type), testIdentity(3));
    assert.equal(reasonFor(sealSample(type, impostor), expected), 'bad-signature');
    if (other !== 0) {
      const stranger = identitySigner(other, testIdentity(other));
      assert.equal(reasonFor(sealSample(type, stranger), expected), 'wrong-sender');
    }
    const reversed = identitySigner(senderOf(type) === 0 ? 1 : 0, testIdentity(senderOf(type) === 0 ? 1 : 0));
    const { sender: _sender, ...anySender } = expected;
    assert.equal(reasonFor(sealSample(type, reversed), anySender), 'wrong-sender');
    const otherType = type === 'statement' ? 'reveal' : 'statement';
    assert.equal(reasonFor(bytes, { ...expected, type: otherType }), 'wrong-phase');
  });

  test(`openMessage() refuses a signed ${type} whose body is not of its schema`, () => {
    const signer = identitySigner(senderOf(type), testIdentity(senderOf(type)));
    const body = samples[type].body as Readonly<Record<string, unknown>>;
    const [firstField] = Object.keys(body);
    const { [firstField!]: _left, ...withoutFirst } = body;
    for (const wrong of [
      { ...body, surplus: 1 },
      withoutFirst,
      { ...body, [firstField!]: -1 },
      { ...body, [firstField!]: null },
      new Map([[1, 2]]),
      [body],
      7,
    ]) {
      const sealed = sealMessage(type, samplePosition, wrong as never, signer, samples[type].attachment);
      assert.equal(reasonFor(sealed, expected), 'malformed-body');
    }
  });

  test(`openMessage() refuses a signed ${type} whose body is not canonical`, () => {
    const signer = identitySigner(senderOf(type), testIdentity(senderOf(type)));
    const canonical = encodeCanonical(samples[type].body);
    // the map's head with its size in a byte of its own
    const overlong = concatBytes(Uint8Array.of(0xb8, canonical[0]! & 0x1f), canonical.subarray(1));
    const header = bytes.slice(0, headerBytes);
    new DataView(header.buffer).setUint32(33, overlong.length, true);
    const signature = signer.sign(new TextEncoder().encode('masquerade/message/v1'), header, overlong);
    assert.equal(reasonFor(concatBytes(header, overlong, signature, attachment), expected), 'malformed-body');
  });

  test(`openMessage() gives typed refusals only, whatever is done to a ${type}`, () => {
    const unsigned = sealSample(type, unsignedSigner(senderOf(type)));
    const edits = fc.array(fc.tuple(fc.nat(unsigned.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(edits, fc.nat(unsigned.length), (changes, length) => {
        const fuzzed = unsigned.slice();
        for (const [at, value] of changes) fuzzed[at] = value;
        const cut = fuzzed.subarray(0, length);
        for (const candidate of [fuzzed, cut]) {
          const opened = openMessage(candidate, expected, unsignedKeyring(roster));
          assert.ok(opened.ok || typeof opened.reason === 'string');
        }
      }),
      { numRuns: 300 },
    );
  });
}

test('openMessage() refuses an attachment that is not the one that was signed', () => {
  const bytes = bytesOf.get('masked-input')!;
  assert.equal(reasonFor(altered(bytes, bytes.length - 1), expectation('masked-input')), 'bad-attachment');
  assert.equal(reasonFor(bytes.subarray(0, -1), expectation('masked-input')), 'bad-attachment');
  assert.equal(
    reasonFor(bytesOf.get('announcement')!.subarray(0, -1), expectation('announcement')),
    'bad-attachment',
  );
});

test('openMessage() takes a masked input without its vector only where it is relayed', () => {
  const bytes = bytesOf.get('masked-input')!.subarray(0, -40);
  const expected = expectation('masked-input');
  assert.equal(reasonFor(bytes, expected), 'bad-attachment');
  assert.equal(reasonFor(bytes, { ...expected, detached: true }), 'accepted');
  assert.equal(reasonFor(bytesOf.get('masked-input')!, { ...expected, detached: true }), 'bad-attachment');
});

test('openMessage() gives typed refusals for arbitrary bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      for (const type of messageTypeNames) assert.ok(!openMessage(bytes, expectation(type), keyring).ok);
      const peeked = peekType(bytes);
      assert.ok(!peeked.ok || messageTypeOf(messageTypes[peeked.value].code) === peeked.value);
    }),
  );
});
