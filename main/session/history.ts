/** The session's signed history: every message as its sender signed it, without what is attached to it. */
import { headerBytes, readHeader } from '../../core/wire/header.ts';
import { messageTypeOf, type MessageType } from '../../core/wire/messages.ts';
import type { SignedMessageRow } from '../storage/store.ts';

/**
 * Hold shares or their ciphertexts within what is signed, or are for one member alone: no part of what is kept. (Relayed
 * shares are kept without the ciphertexts that are attached to them: they alone say who is in U2.)
 */
const leftOut: ReadonlySet<MessageType> = new Set<MessageType>([
  'encrypted-shares',
  'reveal',
  'hello',
  'entry',
  'welcome',
  'lobby-list',
  'epoch-call',
  'sighting',
  'final-model',
  'round-report',
]);

/** The row of a message that was sent or accepted; undefined for one that is not kept. */
export function historyRow(
  bytes: Uint8Array,
  place: { readonly session: string; readonly epoch: number; readonly signatureBytes: number },
): SignedMessageRow | undefined {
  const header = readHeader(bytes);
  if (!header.ok) return undefined;
  const type = messageTypeOf(header.value.type);
  if (type === undefined || leftOut.has(type)) return undefined;
  const { round, attempt, sender, bodyBytes } = header.value;
  const signedBytes = headerBytes + bodyBytes + place.signatureBytes;
  return {
    session: place.session,
    epoch: place.epoch,
    round,
    attempt,
    type,
    sender,
    bytes: bytes.slice(0, signedBytes),
  };
}
