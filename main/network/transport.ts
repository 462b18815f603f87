/**
 * What the services see of the network: whole messages over authenticated connections. TLS 1.3 WebSocket (listener.ts,
 * dialer.ts); the coordinator proves the session's TLS key, a participant its identity in the first message it sends.
 */

export interface Traffic {
  /** Payload of messages, and what framing adds; TLS records and TCP headers are not counted. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Why a connection ended. The side that ends it tells the other (close-codes.ts). */
export type CloseReason =
  /** The other side closed it, or the network lost it. */
  | 'lost'
  /** No answer to heartbeats. */
  | 'silent'
  /** Has not proven its identity in time. */
  | 'unproven'
  /** Sent a message that is too large, not binary, or not acceptable. */
  | 'misbehaved'
  /** Reads more slowly than messages are made for it. */
  | 'congested'
  /** Too many connections, or too many from one address. */
  | 'overcrowded'
  /** Another connection of the same identity is alive. */
  | 'identity-in-use'
  /** Not admitted: the lobby is locked, the name or data do not fit, the person was removed. */
  | 'refused'
  /** The session has ended. */
  | 'session-over'
  /** The side that ends it is closing down: for good, or to start again. */
  | 'closing';

/** Who ended a connection; what the network did counts as the peer's. */
export type ClosedBy = 'here' | 'peer';

export interface Connection {
  /** Counts up within a listener or dialer. */
  readonly id: number;
  readonly remoteAddress: string;
  /** TLS exporter value (RFC 8446, section 7.5), 32 bytes: the same at both ends, another for every connection. */
  readonly exporter: Uint8Array;
  /** At the coordinator: the public key (SPKI, DER, at most 1,024 bytes) that the participant says it has. */
  readonly claimedIdentity: Uint8Array;
  readonly traffic: Traffic;
  /**
   * Queues a message; dropped when the connection has ended. The bytes are not copied, so that a broadcast is held
   * once: never alter them afterwards. Past the queue's limit the connection ends as 'congested'.
   */
  send(bytes: Uint8Array): void;
  /** The peer has proven its identity: the deadline and the limits for strangers no longer apply to it. No effect at
   * the participant. */
  admit(): void;
  /** Whether the peer answers a ping within that time. */
  isAlive(withinMs: number): Promise<boolean>;
  /**
   * Ends it: no handler gets a message of it any more, and closed() or disconnected() is called in a microtask. What is
   * queued is still sent, for some seconds, unless the peer is at fault or gone ('silent', 'misbehaved', 'congested',
   * 'unproven', 'overcrowded', 'lost').
   */
  close(reason: CloseReason): void;
}

export interface ListenerHandlers {
  connected(connection: Connection): void;
  /** `bytes` belong to the receiver. */
  message(connection: Connection, bytes: Uint8Array): void;
  /** Once for every connection that was connected(). By the peer: the reason is what it says, which may be false. */
  closed(connection: Connection, reason: CloseReason, by: ClosedBy): void;
  /**
   * A connection that was turned away before it became one. As often as strangers like: whoever keeps these must bound
   * them.
   */
  turnedAway(
    remoteAddress: string,
    reason: CloseReason | 'not-tls' | 'handshake-failed' | 'not-websocket',
  ): void;
}

export interface Listener {
  readonly port: number;
  /** Addresses of this machine at which participants may find it, most likely first. */
  readonly addresses: readonly Endpoint[];
  /** Connections that have not ended, admitted or not. */
  readonly connections: number;
  /** Sends what is queued, at most for that time, then closes everything. */
  close(withinMs?: number): Promise<void>;
}

/** host: an IPv4 or IPv6 address (without brackets) or a name. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The session's TLS key and its certificate, issued by the coordinator's identity. */
export interface TransportKeys {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
  /** PEM: the session's certificate, then the identity's self-signed one. */
  readonly certificateChain: string;
}

/** What a participant knows beforehand of the coordinator's TLS key: the first bytes of its SHA-256. */
export interface Pin {
  /** 10 bytes from a typed code, 32 from a link. */
  readonly transportKeyHash: Uint8Array;
  /** The coordinator's identity (SPKI), known from an earlier connection of this session. */
  readonly coordinatorKey?: Uint8Array;
}

export interface DialerHandlers {
  /** TLS key and identity of the coordinator have been checked against the pin. */
  connected(
    connection: Connection,
    peer: { readonly coordinatorKey: Uint8Array; readonly transportKey: Uint8Array },
  ): void;
  message(connection: Connection, bytes: Uint8Array): void;
  /**
   * A connection has ended, or an attempt to make one has failed at every endpoint. It tries again by itself after
   * `retryInMs`; undefined: it has given up for good, as trying again makes no sense. Not called after close().
   */
  disconnected(reason: DialFailure | CloseReason, retryInMs: number | undefined, by: ClosedBy): void;
}

export type DialFailure =
  /** Nobody answers at any address. */
  | 'unreachable'
  /** Another TLS key or identity than the pinned one: an impostor, or another session. */
  | 'another-coordinator'
  | 'handshake-failed';

export interface Dialer {
  /** Tries at once instead of waiting; no effect while connected, or after giving up. */
  retryNow(): void;
  /** Sends what is queued, at most for that time. */
  close(withinMs?: number): Promise<void>;
}
