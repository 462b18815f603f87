/**
 * The roster of an epoch: who takes part, in which order, under which parameters. Its digest is what the words that
 * people compare are made from, and is part of every round's context.
 */
import { toHex, utf8 } from '../bytes/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { type Identity, importPublicIdentity, signPss, verifyPss } from '../crypto/rsa.ts';
import { encodeCanonical } from '../wire/canonical-cbor.ts';
import type { Keyring, Signer } from '../wire/envelope.ts';

const digestTag = utf8('masquerade/roster/v1');

export interface Member {
  readonly name: string;
  /** SubjectPublicKeyInfo, DER; empty only in a demonstration without signatures. */
  readonly publicKey: Uint8Array;
}

export interface Roster {
  /** 16 bytes. */
  readonly session: Uint8Array;
  /** SubjectPublicKeyInfo, DER; empty only in a demonstration without signatures. */
  readonly coordinator: Uint8Array;
  /** The session's TLS public key; empty where nothing travels over a network. */
  readonly transportKey: Uint8Array;
  /** Client v is member v - 1. */
  readonly members: readonly Member[];
  readonly parametersDigest: Uint8Array;
  /** True when protections may be off: everyone's words change with it. */
  readonly demonstration: boolean;
}

/** SHA-256 of everything in the roster, in order. */
export function rosterDigest(roster: Roster): Uint8Array<ArrayBuffer> {
  const { session, coordinator, transportKey, parametersDigest, demonstration } = roster;
  const members = roster.members.map(({ name, publicKey }) => ({ name, publicKey }));
  return sha256(
    digestTag,
    encodeCanonical({ session, coordinator, transportKey, parametersDigest, demonstration, members }),
  );
}

/**
 * What names a member in every epoch of a session: its public key as hexadecimal text. Without signatures
 * (demonstrations only) there is but its number.
 */
export function memberKey(roster: Roster, member: number): string | undefined {
  const publicKey = roster.members[member - 1]?.publicKey;
  if (publicKey === undefined) return undefined;
  return publicKey.length === 0 ? `member ${member}` : toHex(publicKey);
}

/** True when every identity, the coordinator's included, is there once. */
export function hasDistinctIdentities(roster: Roster): boolean {
  const keys = [roster.coordinator, ...roster.members.map((member) => member.publicKey)].map(toHex);
  return new Set(keys).size === keys.length;
}

/**
 * Verifies signatures of the roster's identities.
 * Throws FederationError 'identity-key-refused' for a public key that is not a sound RSA key.
 */
export function rosterKeyring(roster: Roster): Keyring {
  const identities = [roster.coordinator, ...roster.members.map((member) => member.publicKey)].map(
    importPublicIdentity,
  );
  return {
    signatureBytes: (sender) => {
      const identity = identities[sender];
      return identity === undefined ? undefined : identity.bits / 8;
    },
    verify: (sender, signature, ...parts) => {
      const identity = identities[sender];
      return identity !== undefined && verifyPss(identity, signature, ...parts);
    },
  };
}

/** Signs as the roster's client (or as the coordinator, 0). */
export function identitySigner(sender: number, identity: Identity): Signer {
  return { sender, sign: (...parts) => signPss(identity, ...parts) };
}

/** For demonstrations without signatures: any number in the roster is believed. */
export function unsignedKeyring(roster: Roster): Keyring {
  return {
    signatureBytes: (sender) => (sender <= roster.members.length ? 0 : undefined),
    verify: (_sender, signature) => signature.length === 0,
  };
}

/** For demonstrations without signatures. */
export function unsignedSigner(sender: number): Signer {
  return { sender, sign: () => new Uint8Array(0) };
}
