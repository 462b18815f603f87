/** What can be wrong with secrets and backups, each its own error that says what to do. */
import { FederationError } from '../../core/errors/federation-error.ts';
import { PASSPHRASE_VARIABLE } from './protection.ts';

export function passphraseNeeded(path: string): FederationError<'passphrase-needed'> {
  return new FederationError(
    'passphrase-needed',
    `Cannot open the secrets in ${path} without their passphrase. Give it with --passphrase-file or in ${PASSPHRASE_VARIABLE}.`,
    { details: { path }, blame: 'user', action: 'correct' },
  );
}

export function passphraseWrong(path: string): FederationError<'passphrase-wrong'> {
  return new FederationError(
    'passphrase-wrong',
    `Cannot open the secrets in ${path}: the passphrase is not the one they were protected with.`,
    { details: { path }, blame: 'user', action: 'correct' },
  );
}

export function backupDamaged(path: string, reason: string, cause?: unknown): FederationError {
  return new FederationError(
    'identity-damaged',
    `Cannot restore an identity from ${path}: ${reason}. Use another copy of the backup.`,
    { details: { path, reason }, blame: 'user', action: 'correct', cause },
  );
}

export function backupPasswordWrong(path: string): FederationError<'password-wrong'> {
  return new FederationError(
    'password-wrong',
    `Cannot open the backup ${path}: the password is not the one it was made with, or the file was altered.`,
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

/** `hint`: what makes sense instead. */
export function identityExists(fingerprint: string, hint: string): FederationError<'identity-exists'> {
  return new FederationError(
    'identity-exists',
    `Cannot add an identity, as this folder has one already, ${fingerprint}: ${hint}.`,
    { details: { fingerprint }, blame: 'user', action: 'correct' },
  );
}
