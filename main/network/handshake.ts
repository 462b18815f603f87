/** What both ends of a connection agree on before the first message. */
import type { TLSSocket } from 'node:tls';

export const PATH = '/masquerade/v1';
export const SUBPROTOCOL = 'masquerade.v1';
/** Of the upgrade request: the participant's public key, SPKI in base64url. A claim; its first message proves it. */
export const IDENTITY_HEADER = 'masquerade-identity';

const EXPORTER_LABEL = 'EXPORTER-masquerade-v1';
const EXPORTER_BYTES = 32;
const MOST_IDENTITY_BYTES = 1024;

/** TLS exporter of a finished handshake (RFC 8446, section 7.5), without context: 32 bytes. */
export function exporterOf(socket: TLSSocket): Uint8Array {
  return new Uint8Array(socket.exportKeyingMaterial(EXPORTER_BYTES, EXPORTER_LABEL, Buffer.alloc(0)));
}

export function identityHeader(spki: Uint8Array): string {
  return Buffer.from(spki).toString('base64url');
}

/** Undefined when it is missing, too long, or not what identityHeader() writes. */
export function identityFromHeader(header: string | readonly string[] | undefined): Uint8Array | undefined {
  if (typeof header !== 'string') return undefined;
  const bytes = Uint8Array.from(Buffer.from(header, 'base64url'));
  const isClaim = bytes.length > 0 && bytes.length <= MOST_IDENTITY_BYTES && identityHeader(bytes) === header;
  return isClaim ? bytes : undefined;
}
