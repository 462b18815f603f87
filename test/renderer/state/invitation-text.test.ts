import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeJoinCode } from '../../../core/joining/join-code.ts';
import { readInvitationText } from '../../../renderer/state/invitation-text.ts';

const transportKeyHash = Uint8Array.from({ length: 10 }, (_, index) => index * 23);
const code = encodeJoinCode({ host: '192.168.1.23', port: 4870, transportKeyHash });

describe('readInvitationText()', () => {
  it('is empty, unfinished, then a code that says where it leads', () => {
    assert.deepEqual(readInvitationText('  '), { kind: 'empty' });
    assert.deepEqual(readInvitationText(code.slice(0, 9)), { kind: 'unfinished', typed: 8, wanted: 28 });
    assert.deepEqual(readInvitationText(code), { kind: 'code', address: '192.168.1.23:4870' });
    assert.deepEqual(readInvitationText(code.toLowerCase().replaceAll('-', ' ')), {
      kind: 'code',
      address: '192.168.1.23:4870',
    });
  });

  it('finds every single wrong character and every swap by the two check characters', () => {
    const characters = Array.from(code.replaceAll('-', ''));
    for (const [place, character] of characters.entries()) {
      const wrong = characters.with(place, character === 'A' ? 'B' : 'A').join('');
      assert.deepEqual(readInvitationText(wrong), { kind: 'wrong', why: 'mistyped' }, wrong);
      const next = characters[place + 1];
      if (next === undefined || next === character) continue;
      const swapped = characters
        .with(place, next)
        .with(place + 1, character)
        .join('');
      assert.deepEqual(readInvitationText(swapped), { kind: 'wrong', why: 'mistyped' }, swapped);
    }
  });

  it('names a character that no code has, and its place', () => {
    assert.deepEqual(readInvitationText('AB-C*'), {
      kind: 'wrong',
      why: 'character',
      character: '*',
      place: 4,
    });
    assert.deepEqual(readInvitationText(`${code}A`), { kind: 'wrong', why: 'long', typed: 29 });
  });

  it('leaves links to the host, and knows those that are none of ours', () => {
    assert.deepEqual(readInvitationText('masquerade://join/whatever'), { kind: 'link' });
    assert.deepEqual(readInvitationText('Come: MASQUERADE://JOIN/x'), { kind: 'link' });
    assert.deepEqual(readInvitationText('https://example.org'), { kind: 'wrong', why: 'other-link' });
  });

  it('says that a code without an address is of no use alone', () => {
    const nowhere = encodeJoinCode({ host: undefined, port: 4870, transportKeyHash });
    assert.deepEqual(readInvitationText(nowhere), { kind: 'wrong', why: 'no-address' });
  });
});
