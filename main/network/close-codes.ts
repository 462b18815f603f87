/** Close reasons as WebSocket close codes (RFC 6455, section 7.4.2: 4000 to 4999 are for private use), both ways. */
import type { CloseReason } from './transport.ts';

const codes: Readonly<Record<CloseReason, number>> = {
  lost: 4000,
  silent: 4001,
  unproven: 4002,
  misbehaved: 4003,
  congested: 4004,
  overcrowded: 4005,
  'identity-in-use': 4006,
  refused: 4007,
  'session-over': 4008,
  closing: 4009,
};

/** What the WebSocket library sends by itself: protocol error, bad data, bad text, policy, too large. */
const faults: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009]);
const reasons = new Map(Object.entries(codes).map(([reason, code]) => [code, reason as CloseReason]));

export function closeCode(reason: CloseReason): number {
  return codes[reason];
}

/** What a peer means by a code; 'lost' when it gives none or one of its own. */
export function closeReason(code: number): CloseReason {
  return reasons.get(code) ?? (faults.has(code) ? 'misbehaved' : 'lost');
}
