/**
 * The key that the operating system keeps for this person: 32 random bytes in the data folder, sealed by Electron's
 * safeStorage (Keychain, DPAPI, libsecret, KWallet). Under it lies the master key of a folder that the window made.
 *
 * On Linux without a keyring, safeStorage seals under a password that everybody knows ('basic_text'): that counts as no
 * key at all, and so does a keyring that does not open.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, toHex } from '../../core/bytes/bytes.ts';
import { WRAPPING_KEY_BYTES } from '../../core/crypto/key-file.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { writeWholeFile } from '../files/files.ts';

/** Electron's safeStorage, as far as it is needed here. */
export interface SystemVault {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(text: string): Promise<Buffer>;
  decryptStringAsync(sealed: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
  getSelectedStorageBackend(): string;
}

export interface SystemKeyPlace {
  readonly folder: string;
  readonly vault: SystemVault;
  readonly platform: NodeJS.Platform;
}

/** The folder's system key, made where there is none; undefined where the system keeps none, or no longer opens it. */
export async function openSystemKey(place: SystemKeyPlace): Promise<Uint8Array | undefined> {
  const { folder, vault } = place;
  if (!(await isReal(place))) return undefined;
  const path = join(folder, 'system.key');
  let sealed: Buffer;
  try {
    sealed = await readFile(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing ? makeKey(path, vault) : undefined;
  }
  try {
    const { result, shouldReEncrypt } = await vault.decryptStringAsync(sealed);
    // the system has changed its own key
    if (shouldReEncrypt) await writeWholeFile(path, await vault.encryptStringAsync(result), 0o600);
    const key = fromHex(result);
    return key.length === WRAPPING_KEY_BYTES ? key : undefined;
  } catch {
    // never replaced: the folder's secrets may lie under it
    return undefined;
  }
}

async function makeKey(path: string, vault: SystemVault): Promise<Uint8Array | undefined> {
  const key = systemRandom.bytes(WRAPPING_KEY_BYTES);
  try {
    await writeWholeFile(path, await vault.encryptStringAsync(toHex(key)), 0o600);
    return key;
  } catch {
    return undefined;
  }
}

async function isReal({ vault, platform }: SystemKeyPlace): Promise<boolean> {
  try {
    if (!(await vault.isAsyncEncryptionAvailable())) return false;
    return platform !== 'linux' || !['basic_text', 'unknown'].includes(vault.getSelectedStorageBackend());
  } catch {
    return false;
  }
}
