/** What was sealed once must be sealed and opened alike for ever, or the protocol's version must change. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { concatBytes, fromHex, toHex } from '../../../core/bytes/bytes.ts';
import { rosterKeyring, unsignedSigner } from '../../../core/secagg/roster.ts';
import { openMessage, signedPartOf } from '../../../core/wire/envelope.ts';
import { messageTypeNames, samplePosition, samples, sealSample, senderOf } from '../../support/messages.ts';
import { testEpoch } from '../../support/secagg-room.ts';

interface Frozen {
  readonly signedPart: string;
  readonly signature: string;
  readonly attachment: string;
}

const { messages } = JSON.parse(
  readFileSync(new URL('../../vectors/messages.json', import.meta.url), 'utf8'),
) as { readonly messages: Readonly<Record<string, Frozen>> };
const keyring = rosterKeyring(testEpoch({ clients: 3, settings: { signatures: true } }).roster);

test('every message type has frozen bytes', () => {
  assert.deepEqual(Object.keys(messages).sort(), [...messageTypeNames].sort());
});

for (const type of messageTypeNames) {
  test(`sealMessage() gives the frozen bytes of a ${type}`, () => {
    const sealed = sealSample(type, unsignedSigner(senderOf(type)));
    assert.equal(toHex(signedPartOf(sealed)), messages[type]?.signedPart);
  });

  test(`openMessage() verifies and reads the frozen ${type}`, () => {
    const { signedPart, signature, attachment } = messages[type]!;
    const bytes = concatBytes(
      fromHex(signedPart),
      Uint8Array.from(Buffer.from(signature, 'base64')),
      fromHex(attachment),
    );
    const opened = openMessage(bytes, { type, ...samplePosition, maxBytes: 10_000 }, keyring);
    assert.ok(opened.ok);
    assert.deepEqual({ ...opened.value.body }, samples[type].body);
  });
}
