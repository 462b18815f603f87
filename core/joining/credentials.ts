/**
 * Who signs and who verifies before there is a roster, and beside it: a guest by the identity that its connection
 * claims, the coordinator by the identity that the pinned TLS certificate names.
 */
import { type Identity, type PublicIdentity, signPss, verifyPss } from '../crypto/rsa.ts';
import type { Keyring, Signer } from '../wire/envelope.ts';
import { guestSender } from '../wire/messages.ts';

function oneKeyring(sender: number, identity: PublicIdentity): Keyring {
  return {
    signatureBytes: (from) => (from === sender ? identity.bits / 8 : undefined),
    verify: (from, signature, ...parts) => from === sender && verifyPss(identity, signature, ...parts),
  };
}

export const guestKeyring = (identity: PublicIdentity): Keyring => oneKeyring(guestSender, identity);
export const coordinatorKeyring = (identity: PublicIdentity): Keyring => oneKeyring(0, identity);

export function guestSigner(identity: Identity): Signer {
  return { sender: guestSender, sign: (...parts) => signPss(identity, ...parts) };
}
