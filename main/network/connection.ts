/**
 * One WebSocket over TLS as a Connection, the same at both ends: its queue, its heartbeat, its end.
 *
 * Back-pressure. Messages wait in a queue of their own and go to the socket in pieces (fragments of one WebSocket
 * message), never more in flight than this connection's share of the budget, counted until the operating system has
 * taken them. So a broadcast costs its bytes once and the budget, however many receive it, and a peer that does not
 * read holds its own share and no other's.
 */
import type { TLSSocket } from 'node:tls';
import type { RawData, WebSocket } from 'ws';
import { closeCode, closeReason } from './close-codes.ts';
import type { CloseReason, ClosedBy, Connection, Traffic } from './transport.ts';

export interface ConnectionTiming {
  readonly pingEveryMs: number;
  /** Neither a byte from the peer nor progress of what it is sent. */
  readonly silentAfterMs: number;
  /** Bytes in flight, and the peer takes none. */
  readonly stalledAfterMs: number;
  /** For the last messages and the closing handshake after close(). */
  readonly closeWithinMs: number;
}

export const defaultConnectionTiming: ConnectionTiming = {
  pingEveryMs: 10_000,
  silentAfterMs: 30_000,
  stalledAfterMs: 30_000,
  closeWithinMs: 5_000,
};

export interface QueueLimits {
  /** One message larger than that may still wait alone. */
  readonly bytes: number;
  readonly messages: number;
}

export const defaultQueueLimits: QueueLimits = { bytes: 64 * 2 ** 20, messages: 1024 };

/** Of one connection's bytes in flight: below, pieces cost more than they carry; above, nothing gets faster. */
export const LEAST_WINDOW_BYTES = 16 * 1024;
export const LARGEST_WINDOW_BYTES = 64 * 1024;

export interface ConnectionParts {
  readonly id: number;
  /** Open, without automatic limits of its own but maxPayload. */
  readonly webSocket: WebSocket;
  readonly socket: TLSSocket;
  readonly remoteAddress: string;
  readonly exporter: Uint8Array;
  readonly claimedIdentity: Uint8Array;
  readonly timing: ConnectionTiming;
  readonly queue: QueueLimits;
  /** Bytes that may be in flight now. */
  window(): number;
  /** Bytes that may come before admit(); undefined at the participant, who knows whom it called. */
  readonly strangerBytes: number | undefined;
  readonly events: {
    message(connection: PeerConnection, bytes: Uint8Array): void;
    admitted?(): void;
    closed(connection: PeerConnection, reason: CloseReason, by: ClosedBy): void;
  };
}

/** Reasons after which what is queued is still worth sending. */
const peaceful: ReadonlySet<CloseReason> = new Set(['identity-in-use', 'refused', 'session-over', 'closing']);
/** A write that took longer had to wait for the peer, and so shows that it reads. */
const WAITED_MS = 100;
const PING_BYTES = 8;

export class PeerConnection implements Connection {
  readonly id: number;
  readonly remoteAddress: string;
  readonly exporter: Uint8Array;
  readonly claimedIdentity: Uint8Array;
  /** Resolves when the socket is closed too. */
  readonly gone: Promise<void>;

  readonly #parts: ConnectionParts;
  #closeCode = 0;
  #sent = 0;
  #received = 0;
  #stranger: boolean;
  #ended = false;
  #closing = false;

  readonly #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Of the first message in the queue, handed to the socket. */
  #handedOver = 0;
  #inFlight = 0;

  readonly #pulse: NodeJS.Timeout;
  #heardAt = performance.now();
  #progressAt = performance.now();
  #pingedAt = performance.now();
  #pulseAt = performance.now();
  #pings = 0;
  readonly #waiting = new Map<number, (alive: boolean) => void>();

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.remoteAddress = parts.remoteAddress;
    this.exporter = parts.exporter;
    this.claimedIdentity = parts.claimedIdentity;
    this.#stranger = parts.strangerBytes !== undefined;

    const { webSocket, socket, timing } = parts;
    // before the library reads it
    socket.prependListener('data', (chunk: Uint8Array) => {
      this.#heard(chunk.length);
    });
    webSocket.on('message', (data, isBinary) => {
      if (this.#ended) return;
      if (isBinary) parts.events.message(this, ownBytes(data));
      else this.close('misbehaved');
    });
    webSocket.on('ping', (data) => {
      this.#sent += this.#frameBytes(data.length);
    });
    webSocket.on('pong', (data) => {
      this.#ponged(data);
    });
    // the library's own errors are all of what the peer sent; those of the socket have other codes
    webSocket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('WS_ERR_') === true) this.close('misbehaved');
    });
    this.gone = new Promise((resolve) => {
      webSocket.once('close', (code) => {
        this.#end(closeReason(code), 'peer');
        resolve();
      });
    });
    const pulseMs = Math.min(timing.pingEveryMs, timing.silentAfterMs, timing.stalledAfterMs) / 2;
    this.#pulse = setInterval(() => {
      this.#beat(pulseMs);
    }, pulseMs);
  }

  get traffic(): Traffic {
    return { bytesSent: this.#sent, bytesReceived: this.#received };
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  admit(): void {
    if (!this.#stranger || this.#ended) return;
    this.#stranger = false;
    this.#parts.events.admitted?.();
  }

  send(bytes: Uint8Array): void {
    if (this.#ended) return;
    const { queue } = this.#parts;
    const isFull = this.#queuedBytes + bytes.length > queue.bytes || this.#queue.length >= queue.messages;
    if (this.#queue.length > 0 && isFull) {
      this.close('congested');
      return;
    }
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#pump();
  }

  /** Hands pieces to the socket while there is room for them. */
  #pump(): void {
    const { webSocket } = this.#parts;
    while (this.#queue.length > 0) {
      const window = this.#parts.window();
      const message = this.#queue[0]!;
      // two pieces fit, so that one is on its way while the next is made
      const piece = message.subarray(this.#handedOver, this.#handedOver + window / 2);
      if (this.#inFlight > 0 && this.#inFlight + piece.length > window) return;
      this.#handedOver += piece.length;
      const isLast = this.#handedOver === message.length;
      if (isLast) {
        this.#queue.shift();
        this.#queuedBytes -= message.length;
        this.#handedOver = 0;
      }
      if (this.#inFlight === 0) this.#progressAt = performance.now();
      this.#inFlight += piece.length;
      this.#sent += this.#frameBytes(piece.length);
      const handedOverAt = performance.now();
      webSocket.send(piece, { binary: true, fin: isLast }, (error) => {
        this.#inFlight -= piece.length;
        // null or undefined when it was written
        if (error instanceof Error) return;
        this.#progressAt = performance.now();
        if (this.#progressAt - handedOverAt > WAITED_MS) this.#heardAt = this.#progressAt;
        this.#pump();
      });
    }
    if (this.#closing && this.#inFlight === 0) this.#sendClose();
  }

  /** Of a frame with its header (RFC 6455, section 5.2); the participant, as the client, masks its own. */
  #frameBytes(payload: number): number {
    const header = payload < 126 ? 2 : payload < 65_536 ? 4 : 10;
    const isClient = this.#parts.strangerBytes === undefined;
    return payload + header + (isClient ? 4 : 0);
  }

  #heard(bytes: number): void {
    this.#received += bytes;
    this.#heardAt = performance.now();
    const { strangerBytes } = this.#parts;
    if (this.#stranger && strangerBytes !== undefined && this.#received > strangerBytes) {
      this.close('misbehaved');
    }
  }

  #beat(pulseMs: number): void {
    const { timing } = this.#parts;
    const now = performance.now();
    // this process, or the whole machine, was asleep or busy: what came meanwhile has not been read yet. A peer that is
    // still there shows it within a third of the time, one that was lost is not waited for in full
    if (now - this.#pulseAt > 2 * pulseMs + WAITED_MS) {
      this.#heardAt = Math.max(this.#heardAt, now - (timing.silentAfterMs * 2) / 3);
      this.#progressAt = Math.max(this.#progressAt, now - (timing.stalledAfterMs * 2) / 3);
    }
    this.#pulseAt = now;
    if (this.#inFlight > 0 && now - this.#progressAt >= timing.stalledAfterMs) this.close('congested');
    else if (now - this.#heardAt >= timing.silentAfterMs) this.close('silent');
    else if (now - this.#pingedAt >= timing.pingEveryMs - pulseMs / 2) this.#ping();
  }

  #ping(): number {
    this.#pings += 1;
    this.#pingedAt = performance.now();
    const data = new Uint8Array(PING_BYTES);
    new DataView(data.buffer).setUint32(0, this.#pings);
    this.#sent += this.#frameBytes(PING_BYTES);
    this.#parts.webSocket.ping(data, undefined, () => {});
    return this.#pings;
  }

  #ponged(data: Uint8Array): void {
    if (data.length !== PING_BYTES) return;
    const number = new DataView(data.buffer, data.byteOffset).getUint32(0);
    this.#waiting.get(number)?.(true);
  }

  isAlive(withinMs: number): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    return new Promise((resolve) => {
      const number = this.#ping();
      const answer = (alive: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(number);
        resolve(alive);
      };
      const timer = setTimeout(answer, withinMs, false);
      this.#waiting.set(number, answer);
    });
  }

  close(reason: CloseReason): void {
    void this.closeWithin(reason, this.#parts.timing.closeWithinMs);
  }

  /** Resolves when the socket is closed, at the latest soon after that time. */
  closeWithin(reason: CloseReason, withinMs: number): Promise<void> {
    if (!this.#ended) {
      if (!peaceful.has(reason)) this.#queue.length = 0;
      this.#end(reason, 'here');
      this.#closeCode = closeCode(reason);
      this.#closing = true;
      if (this.#queue.length === 0) this.#sendClose();
    }
    const timer = setTimeout(() => {
      this.#parts.webSocket.terminate();
    }, withinMs);
    void this.gone.then(() => {
      clearTimeout(timer);
    });
    return this.gone;
  }

  #sendClose(): void {
    this.#closing = false;
    this.#parts.webSocket.close(this.#closeCode);
  }

  /** Tells once that it is over. */
  #end(reason: CloseReason, by: ClosedBy): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#pulse);
    for (const answer of this.#waiting.values()) answer(false);
    queueMicrotask(() => {
      this.#parts.events.closed(this, reason, by);
    });
  }
}

/** A message alone in its memory: the library's buffers may be views of a chunk that holds others. */
function ownBytes(data: RawData): Uint8Array {
  const buffer = data as Buffer;
  return buffer.byteLength === buffer.buffer.byteLength
    ? new Uint8Array(buffer.buffer, 0, buffer.byteLength)
    : Uint8Array.from(buffer);
}

/** One connection's share of the bytes that may be in flight. */
export function windowOf(budgetBytes: number, connections: number): number {
  const share = Math.floor(budgetBytes / Math.max(1, connections));
  return Math.min(LARGEST_WINDOW_BYTES, Math.max(LEAST_WINDOW_BYTES, share));
}

/** What both ends tell the WebSocket library. */
export function webSocketOptions(
  maxMessageBytes: number,
  timing: ConnectionTiming,
): Readonly<Record<string, number | boolean>> {
  return {
    // all that is sent is random or small
    perMessageDeflate: false,
    skipUTF8Validation: true,
    // checked on a frame's header, before anything is buffered
    maxPayload: maxMessageBytes,
    // of the largest message at the smallest window
    maxFragments: Math.ceil(maxMessageBytes / (LEAST_WINDOW_BYTES / 2)) + 1,
    closeTimeout: timing.closeWithinMs,
  };
}
