/** What somebody types or pastes to join: judged while they type, as far as that can be done without the host. */
import { decodeJoinCode, JOIN_CODE_CHARACTERS } from '../../core/contract/join-codes.ts';

export type InvitationText =
  | { readonly kind: 'empty' }
  /** So far nothing is wrong with it. */
  | { readonly kind: 'unfinished'; readonly typed: number; readonly wanted: number }
  | { readonly kind: 'code'; readonly address: string }
  /** Only the host can judge it. */
  | { readonly kind: 'link' }
  | {
      readonly kind: 'wrong';
      readonly why: 'character' | 'long' | 'mistyped' | 'unknown-kind' | 'no-address' | 'other-link';
      /** Of a character that no code has. */
      readonly character?: string;
      /** From 1, without spaces and hyphens. */
      readonly place?: number;
      readonly typed?: number;
    };

export function readInvitationText(text: string): InvitationText {
  if (text.trim() === '') return { kind: 'empty' };
  if (/masquerade:\/\/join\//i.test(text)) return { kind: 'link' };
  if (/[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'wrong', why: 'other-link' };
  const code = decodeJoinCode(text);
  if (!('refused' in code)) {
    return code.host === undefined
      ? { kind: 'wrong', why: 'no-address' }
      : { kind: 'code', address: `${code.host}:${code.port}` };
  }
  const { refused } = code;
  switch (refused.problem) {
    case 'length':
      return refused.found < JOIN_CODE_CHARACTERS
        ? { kind: 'unfinished', typed: refused.found, wanted: JOIN_CODE_CHARACTERS }
        : { kind: 'wrong', why: 'long', typed: refused.found };
    case 'character':
      return { kind: 'wrong', why: 'character', character: refused.character, place: refused.place };
    case 'mistyped':
    case 'unknown-kind':
      return { kind: 'wrong', why: refused.problem };
  }
}
