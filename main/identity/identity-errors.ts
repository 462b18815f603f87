/** What can be wrong with an identity on disk, each its own error that says what to do. */
import { KEY_FILE_VERSION, type KeyFileRefusal } from '../../core/crypto/key-file.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { PASSPHRASE_VARIABLE, type DescribedProtection } from './protection.ts';

export function refusalError(
  path: string,
  refusal: KeyFileRefusal,
  protection?: DescribedProtection,
): FederationError {
  switch (refusal.refused) {
    case 'damaged':
      return damaged(path, refusal.reason);
    case 'too-new':
      return tooNew(path, refusal.version, KEY_FILE_VERSION);
    case 'other-protection':
      return damaged(path, `its private key is protected by a ${refusal.protection}`);
    case 'not-authentic':
      if (protection?.kind === 'wrapping-key') {
        return damaged(protection.keyPath, `it is not the wrapping key of ${path}`);
      }
      return new FederationError(
        'passphrase-wrong',
        `Cannot open the identity ${path}: the passphrase is not the one it was created with.`,
        { details: { path }, blame: 'user', action: 'correct' },
      );
  }
}

export function damaged(path: string, reason: string): FederationError<'identity-damaged'> {
  return new FederationError(
    'identity-damaged',
    `Cannot use ${path}: ${reason}. Restore it from a copy, or create a new identity elsewhere.`,
    { details: { path, reason }, blame: 'user', action: 'correct' },
  );
}

export function tooNew(
  path: string,
  version: number,
  supported: number,
): FederationError<'identity-too-new'> {
  return new FederationError(
    'identity-too-new',
    `Cannot read ${path}, as its version must be at most ${supported}, and is ${version}. Use the newer Masquerade that wrote it.`,
    { details: { path, version, supported }, blame: 'user', action: 'correct' },
  );
}

export function passphraseNeeded(path: string): FederationError<'passphrase-needed'> {
  return new FederationError(
    'passphrase-needed',
    `Cannot open the identity ${path} without its passphrase. Give it with --passphrase-file or in ${PASSPHRASE_VARIABLE}.`,
    { details: { path }, blame: 'user', action: 'correct' },
  );
}

export function alreadyExists(path: string): FederationError<'file-exists'> {
  return new FederationError(
    'file-exists',
    `Cannot create ${path}, as it exists already and is never overwritten. Choose another path, or move it away first.`,
    { details: { path }, blame: 'user', action: 'correct' },
  );
}
