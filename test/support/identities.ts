/** RSA identities for tests, made once: generating one takes 0.1 s. Their private keys are public. */
import { readFileSync } from 'node:fs';
import { type Identity, importIdentity } from '../../core/crypto/rsa.ts';

const stored = JSON.parse(
  readFileSync(new URL('../fixtures/test-identities.json', import.meta.url), 'utf8'),
) as { readonly keys: readonly string[] };
const imported = new Map<number, Identity>();

/** 0 is the coordinator, 1 .. 30 are clients. */
export function testIdentity(sender: number): Identity {
  const known = imported.get(sender);
  if (known !== undefined) return known;
  const key = stored.keys[sender];
  if (key === undefined) throw new RangeError(`there is no test identity ${sender}`);
  const identity = importIdentity(Uint8Array.from(Buffer.from(key, 'base64')));
  imported.set(sender, identity);
  return identity;
}
