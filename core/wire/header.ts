/**
 * The fixed-length header before every body: 37 bytes, integers little-endian.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 4 | magic "MASQ" |
 * | 4 | 1 | version |
 * | 5 | 1 | message type |
 * | 6 | 16 | session |
 * | 22 | 4 | round |
 * | 26 | 4 | attempt |
 * | 30 | 1 | phase |
 * | 31 | 2 | sender: 0 is the coordinator, 1 .. n are the roster's clients |
 * | 33 | 4 | body length |
 */
import { type Checked, accepted, refused } from './refusal.ts';

export const protocolVersion = 1;
export const headerBytes = 37;
export const sessionBytes = 16;

const magic = Uint8Array.of(0x4d, 0x41, 0x53, 0x51);

export interface Header {
  /** Code of the message type, 1 .. 255 (core/wire/messages.ts). */
  readonly type: number;
  /** 16 bytes, drawn when the session is created. */
  readonly session: Uint8Array;
  /** 1, 2, ...; 0 before the first round. */
  readonly round: number;
  /** 1, 2, ... within a round; 0 before the first round. */
  readonly attempt: number;
  /** Code of the phase (core/wire/messages.ts). */
  readonly phase: number;
  readonly sender: number;
  readonly bodyBytes: number;
}

/** Throws RangeError when a field does not fit: a programmer's mistake. */
export function encodeHeader(header: Header): Uint8Array<ArrayBuffer> {
  if (header.session.length !== sessionBytes) throw new RangeError('a session is 16 bytes');
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint8(4, protocolVersion);
  view.setUint8(5, header.type);
  bytes.set(header.session, 6);
  view.setUint32(22, checkedField(header.round, 0xffffffff), true);
  view.setUint32(26, checkedField(header.attempt, 0xffffffff), true);
  view.setUint8(30, header.phase);
  view.setUint16(31, checkedField(header.sender, 0xffff), true);
  view.setUint32(33, checkedField(header.bodyBytes, 0xffffffff), true);
  return bytes;
}

function checkedField(value: number, maximum: number): number {
  if (!Number.isInteger(value) || value < 0 || value > maximum) {
    throw new RangeError(`a header field must be an integer in 0 .. ${maximum}, and is ${value}`);
  }
  return value;
}

/** Reads the header; says nothing about who wrote it. `session` is a view. */
export function readHeader(bytes: Uint8Array): Checked<Header> {
  if (bytes.length < headerBytes) return refused('truncated');
  if (!magic.every((byte, index) => bytes[index] === byte)) return refused('bad-magic');
  if (bytes[4] !== protocolVersion) return refused('unknown-version');
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  return accepted({
    type: view.getUint8(5),
    session: bytes.subarray(6, 6 + sessionBytes),
    round: view.getUint32(22, true),
    attempt: view.getUint32(26, true),
    phase: view.getUint8(30),
    sender: view.getUint16(31, true),
    bodyBytes: view.getUint32(33, true),
  });
}
