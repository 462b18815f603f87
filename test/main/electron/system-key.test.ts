import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openSystemKey, type SystemVault } from '../../../main/electron/system-key.ts';

/** Seals by turning the bits over, with a mark of whose it is. */
function vaultOf(owner: number, changes: Partial<SystemVault> = {}): SystemVault {
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    encryptStringAsync: (text) =>
      Promise.resolve(Buffer.from([owner, ...Buffer.from(text).map((byte) => byte ^ 255)])),
    decryptStringAsync: ([mark, ...bytes]) =>
      mark === owner
        ? Promise.resolve({
            result: Buffer.from(bytes.map((byte) => byte ^ 255)).toString(),
            shouldReEncrypt: false,
          })
        : Promise.reject(new Error('not this account')),
    getSelectedStorageBackend: () => 'gnome_libsecret',
    ...changes,
  };
}

describe('openSystemKey()', () => {
  let folder = '';
  const file = (): string => join(folder, 'system.key');
  const openWith = (vault: SystemVault, platform: NodeJS.Platform = 'linux') =>
    openSystemKey({ folder, vault, platform });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-key-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes a key of 32 bytes once, and opens the same one afterwards; on disk it is sealed', async () => {
    const key = await openWith(vaultOf(1));
    assert.equal(key?.length, 32);
    assert.deepEqual(await openWith(vaultOf(1)), key);
    const sealed = await readFile(file());
    assert.equal(sealed.includes(Buffer.from(key)), false);
    assert.equal(sealed.includes(Buffer.from(key).toString('hex')), false);
    if (process.platform !== 'win32') assert.equal((await stat(file())).mode & 0o777, 0o600);
  });

  it('counts a vault that everybody can open as none, and so one that is not there', async () => {
    for (const backend of ['basic_text', 'unknown'])
      assert.equal(
        await openWith(vaultOf(1, { getSelectedStorageBackend: () => backend })),
        undefined,
        backend,
      );
    assert.equal(
      await openWith(vaultOf(1, { isAsyncEncryptionAvailable: () => Promise.resolve(false) })),
      undefined,
    );
    assert.equal(
      await openWith(vaultOf(1, { isAsyncEncryptionAvailable: () => Promise.reject(new Error('no bus')) })),
      undefined,
    );
    await assert.rejects(stat(file()), { code: 'ENOENT' });
  });

  it('does not ask for a backend where there is no such question', async () => {
    const vault = vaultOf(1, {
      getSelectedStorageBackend: () => {
        throw new TypeError('only on Linux');
      },
    });
    assert.equal((await openWith(vault, 'darwin'))?.length, 32);
    assert.equal((await openWith(vault, 'win32'))?.length, 32);
  });

  it('never replaces a key that another account made, or that is damaged', async () => {
    await openWith(vaultOf(1));
    const before = await readFile(file());
    assert.equal(await openWith(vaultOf(2)), undefined);
    assert.deepEqual(await readFile(file()), before);
    await writeFile(file(), Buffer.from([1, 2, 3]));
    assert.equal(await openWith(vaultOf(1)), undefined);
    assert.deepEqual(await readFile(file()), Buffer.from([1, 2, 3]));
  });

  it('seals the key anew when the system has changed its own', async () => {
    const key = await openWith(vaultOf(1));
    const changed = vaultOf(1, {
      decryptStringAsync: async (sealed) => ({
        ...(await vaultOf(1).decryptStringAsync(sealed)),
        shouldReEncrypt: true,
      }),
      encryptStringAsync: (text) => vaultOf(3).encryptStringAsync(text),
    });
    assert.deepEqual(await openWith(changed), key);
    assert.deepEqual(await openWith(vaultOf(3)), key);
  });
});
