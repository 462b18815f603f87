/**
 * What protects the secrets of a data folder, as a person chooses it: a passphrase from a file or the environment, never
 * from an argument that other processes could read; or, without one, a wrapping key in a file of its own. That only
 * keeps the secrets out of copies of the database, so that whoever starts Masquerade with it is told every time.
 */
import { invalidSetting } from '../../core/errors/federation-error.ts';
import { readTextFile } from '../files/files.ts';

export type ChosenProtection =
  { readonly kind: 'passphrase'; readonly passphrase: string } | { readonly kind: 'wrapping-key' };

export const PASSPHRASE_VARIABLE = 'MASQUERADE_PASSPHRASE';

/**
 * The passphrase of `--passphrase-file` (its only line) or else of MASQUERADE_PASSPHRASE, or a wrapping key when
 * neither is given. Throws what readSecretLine() throws, 'invalid-setting' when the variable is empty.
 */
export async function chosenProtection(options: {
  readonly passphraseFile?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Promise<ChosenProtection> {
  const { passphraseFile, environment } = options;
  if (passphraseFile !== undefined) {
    return { kind: 'passphrase', passphrase: await readSecretLine(passphraseFile, '--passphrase-file') };
  }
  const passphrase = environment[PASSPHRASE_VARIABLE];
  if (passphrase === '') {
    throw invalidSetting(PASSPHRASE_VARIABLE, 'empty', 'a passphrase, or not set at all');
  }
  return passphrase === undefined ? { kind: 'wrapping-key' } : { kind: 'passphrase', passphrase };
}

/**
 * The only line of a file, its spaces included. Throws 'file-not-found', 'file-unreadable'; 'invalid-setting', naming
 * the option, when the file is empty or holds more than one line.
 */
export async function readSecretLine(path: string, option: string): Promise<string> {
  const line = (await readTextFile(path)).replace(/\r?\n$/, '');
  if (line === '' || /[\r\n]/.test(line)) {
    throw invalidSetting(option, line === '' ? 'empty' : 'longer than one line', 'a file with one line');
  }
  return line;
}
