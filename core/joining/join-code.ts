/**
 * Join codes: 28 characters that a person can read out and type, "0G00-0107-..." in groups of four.
 *
 * | bits | content |
 * |---|---|
 * | 32 | IPv4 address; 0.0.0.0 when the coordinator has none, which only a link can make up for |
 * | 16 | TCP port |
 * | 80 | first 10 bytes of SHA-256 of the session's TLS public key |
 * | 2 | zero |
 * | 10 | two check characters (check-characters.ts) |
 *
 * A code is no secret and admits nobody: its holder appears in the lobby.
 */
import { base32Character, base32Value } from './base32.ts';
import { checkDigits, isChecked } from './check-characters.ts';

export interface JoinCode {
  /** "192.168.1.7"; undefined when the code names no address. */
  readonly host: string | undefined;
  /** 1 .. 65535. */
  readonly port: number;
  /** 10 bytes. */
  readonly transportKeyHash: Uint8Array;
}

export type JoinCodeRefusal =
  /** Not 28 characters. */
  | { readonly problem: 'length'; readonly found: number }
  /** A character that no code has, at this place (from 1, without spaces and hyphens). */
  | { readonly problem: 'character'; readonly character: string; readonly place: number }
  /** The check characters do not fit. */
  | { readonly problem: 'mistyped' }
  /** Well typed, but not made by a Masquerade that this one knows. */
  | { readonly problem: 'unknown-kind' };

export const JOIN_CODE_CHARACTERS = 28;
/** Of the hash of the TLS key: 80 bits, out of reach of a search for another key with the same beginning. */
const CODE_HASH_BYTES = 10;
const GROUP_CHARACTERS = 4;
const BITS_PER_CHARACTER = 5;
const HOST_BYTES = 4;
const PORT_BYTES = 2;
const CODE_BYTES = HOST_BYTES + PORT_BYTES + CODE_HASH_BYTES;
const DATA_CHARACTERS = Math.ceil((8 * CODE_BYTES) / BITS_PER_CHARACTER);
const SPARE_BITS = BigInt(DATA_CHARACTERS * BITS_PER_CHARACTER - 8 * CODE_BYTES);
const NO_HOST = '0.0.0.0';
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Whether text is an IPv4 address as codes and links write it: no leading zeros. */
export function isIPv4(text: string): boolean {
  return IPV4.test(text);
}

/**
 * The code of a coordinator. `transportKeyHash`: 10 bytes or more, of which 10 are used. RangeError for anything that
 * is not an IPv4 address, a port or such a hash: a programmer's mistake.
 */
export function encodeJoinCode(code: JoinCode): string {
  const { host = NO_HOST, port, transportKeyHash } = code;
  if (!isIPv4(host)) throw new RangeError(`a join code holds an IPv4 address, and not ${host}`);
  if (!isPort(port)) throw new RangeError(`a port must be in 1 .. 65535, and is ${port}`);
  if (transportKeyHash.length < CODE_HASH_BYTES) {
    throw new RangeError(
      `the hash of the TLS key must have ${CODE_HASH_BYTES} bytes, and has ${transportKeyHash.length}`,
    );
  }
  const bytes = [
    ...host.split('.').map(Number),
    port >> 8,
    port & 0xff,
    ...transportKeyHash.subarray(0, CODE_HASH_BYTES),
  ];
  let bits = bytes.reduce((joined, byte) => (joined << 8n) | BigInt(byte), 0n) << SPARE_BITS;
  const digits: number[] = [];
  for (let place = 0; place < DATA_CHARACTERS; place += 1) {
    digits.unshift(Number(bits & 31n));
    bits >>= BigInt(BITS_PER_CHARACTER);
  }
  return groups([...digits, ...checkDigits(digits)].map(base32Character).join(''));
}

/**
 * Reads a code as people type it: either case, O for 0, I and L for 1, spaces and hyphens anywhere. Never throws.
 */
export function decodeJoinCode(text: string): JoinCode | { readonly refused: JoinCodeRefusal } {
  const characters = Array.from(text.replace(/[\s\p{Pd}]/gu, ''));
  const digits: number[] = [];
  for (const [index, character] of characters.entries()) {
    const digit = base32Value(character);
    if (digit === undefined) return refuse({ problem: 'character', character, place: index + 1 });
    digits.push(digit);
  }
  if (digits.length !== JOIN_CODE_CHARACTERS) return refuse({ problem: 'length', found: digits.length });
  if (!isChecked(digits)) return refuse({ problem: 'mistyped' });

  const bits = digits
    .slice(0, DATA_CHARACTERS)
    .reduce((joined, digit) => (joined << BigInt(BITS_PER_CHARACTER)) | BigInt(digit), 0n);
  if (BigInt.asUintN(Number(SPARE_BITS), bits) !== 0n) return refuse({ problem: 'unknown-kind' });
  const bytes = new Uint8Array(CODE_BYTES);
  let rest = bits >> SPARE_BITS;
  for (let index = CODE_BYTES - 1; index >= 0; index -= 1) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  const host = bytes.subarray(0, HOST_BYTES).join('.');
  const port = (bytes[HOST_BYTES]! << 8) | bytes[HOST_BYTES + 1]!;
  if (!isPort(port)) return refuse({ problem: 'unknown-kind' });
  return {
    host: host === NO_HOST ? undefined : host,
    port,
    transportKeyHash: bytes.slice(HOST_BYTES + PORT_BYTES),
  };
}

/** What to say to the person who typed it; ends without a full stop. */
export function explainJoinCodeRefusal(refused: JoinCodeRefusal): string {
  switch (refused.problem) {
    case 'length':
      return `it must have ${JOIN_CODE_CHARACTERS} characters, and has ${refused.found}`;
    case 'character':
      return `it must be of digits and letters without U, and its character ${refused.place} is "${refused.character}"`;
    case 'mistyped':
      return 'a character is wrong, or two are swapped: compare it with the one on the coordinator’s screen';
    case 'unknown-kind':
      return 'it was made by another version of Masquerade';
  }
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function refuse(refused: JoinCodeRefusal): { readonly refused: JoinCodeRefusal } {
  return { refused };
}

function groups(characters: string): string {
  return (characters.match(new RegExp(`.{${GROUP_CHARACTERS}}`, 'g')) ?? []).join('-');
}
