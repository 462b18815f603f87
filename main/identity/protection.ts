/**
 * How an identity's private key is protected on disk: by a passphrase, from a file or the environment, never from an
 * argument that other processes could read; or, without one, by a wrapping key in a file of its own. That only keeps
 * the private key out of copies of the identity file, so that whoever starts Masquerade with it is told every time.
 */
import { readTextFile } from '../files/files.ts';
import { invalidSetting } from '../../core/errors/federation-error.ts';

export type IdentityProtection =
  { readonly kind: 'passphrase'; readonly passphrase: string } | { readonly kind: 'wrapping-key' };

/** How an identity found on disk is protected. */
export type DescribedProtection =
  | { readonly kind: 'passphrase' }
  /** Not protected by more than the file's permissions: to be said at every start. */
  | { readonly kind: 'wrapping-key'; readonly keyPath: string };

export const PASSPHRASE_VARIABLE = 'MASQUERADE_PASSPHRASE';

/**
 * The passphrase of `--passphrase-file` (its only line) or else of MASQUERADE_PASSPHRASE, or a wrapping key when
 * neither is given. Throws 'file-not-found' or 'file-unreadable' for the file, 'invalid-setting' when the passphrase
 * is empty or the file holds more than one line.
 */
export async function chosenProtection(options: {
  readonly passphraseFile?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Promise<IdentityProtection> {
  const { passphraseFile, environment } = options;
  if (passphraseFile !== undefined) {
    const passphrase = (await readTextFile(passphraseFile)).replace(/\r?\n$/, '');
    if (passphrase === '' || /[\r\n]/.test(passphrase)) {
      const found = passphrase === '' ? 'empty' : 'longer than one line';
      throw invalidSetting('--passphrase-file', found, 'a file with one line, the passphrase');
    }
    return { kind: 'passphrase', passphrase };
  }
  const passphrase = environment[PASSPHRASE_VARIABLE];
  if (passphrase === '')
    throw invalidSetting(PASSPHRASE_VARIABLE, 'empty', 'a passphrase, or not set at all');
  return passphrase === undefined ? { kind: 'wrapping-key' } : { kind: 'passphrase', passphrase };
}
