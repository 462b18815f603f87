/**
 * Writes down what happens in a session: the signed history and the events in batches, at every change of phase and
 * before anything that depends on them; what the protocol must not forget at once (records go straight to the store).
 */
import { equalBytes } from '../../core/bytes/bytes.ts';
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import { historyRow } from '../session/history.ts';
import type { EventRow, SignedMessageRow, Store } from '../storage/store.ts';

/** Buffered rows past which they are written even without a change of phase. */
const mostBuffered = 512;

export class Bookkeeper {
  readonly #store: Store;
  readonly #session: string;
  readonly #signatureBytes: (sender: number) => number | undefined;
  #events: EventRow[] = [];
  #messages: SignedMessageRow[] = [];
  #last: Uint8Array | undefined;
  epoch = 1;

  /** signatureBytes: length of the signatures of the current roster's senders. */
  constructor(store: Store, session: string, signatureBytes: (sender: number) => number | undefined) {
    this.#store = store;
    this.#session = session;
    this.#signatureBytes = signatureBytes;
  }

  note(event: ProtocolEvent): void {
    this.#events.push({ session: this.#session, at: new Date().toISOString(), event });
    this.#flushIfFull();
  }

  /** A sealed message that was sent or accepted; sender: its number in the roster. */
  keep(bytes: Uint8Array, sender: number): void {
    const signatureBytes = this.#signatureBytes(sender);
    if (signatureBytes !== undefined) this.keepSigned(bytes, signatureBytes);
  }

  /** The same, for a sender whose signatures have this length. */
  keepSigned(bytes: Uint8Array, signatureBytes: number): void {
    const row = historyRow(bytes, { session: this.#session, epoch: this.epoch, signatureBytes });
    // what is sent to each member with another attachment is signed once, and kept once
    if (row === undefined || (this.#last !== undefined && equalBytes(row.bytes, this.#last))) return;
    this.#last = row.bytes;
    this.#messages.push(row);
    this.#flushIfFull();
  }

  flush(): void {
    const [events, messages] = [this.#events, this.#messages];
    this.#events = [];
    this.#messages = [];
    if (events.length > 0) this.#store.appendEvents(events);
    if (messages.length > 0) this.#store.appendMessages(messages);
  }

  #flushIfFull(): void {
    if (this.#events.length + this.#messages.length >= mostBuffered) this.flush();
  }
}
