import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chosenProtection } from '../../../main/identity/protection.ts';

let passphraseFile: string;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masquerade-passphrase-'));
  passphraseFile = join(folder, 'passphrase');
});

after(() => rm(folder, { recursive: true }));

test('chosenProtection() reads the only line of --passphrase-file, its spaces included', async () => {
  for (const end of ['', '\n', '\r\n']) {
    await writeFile(passphraseFile, ` tout passe ${end}`);
    assert.deepEqual(
      await chosenProtection({ passphraseFile, environment: { MASQUERADE_PASSPHRASE: 'other' } }),
      {
        kind: 'passphrase',
        passphrase: ' tout passe ',
      },
    );
  }
});

test('chosenProtection() takes MASQUERADE_PASSPHRASE where there is no file, a wrapping key where there is neither', async () => {
  assert.deepEqual(await chosenProtection({ environment: { MASQUERADE_PASSPHRASE: 'secret' } }), {
    kind: 'passphrase',
    passphrase: 'secret',
  });
  assert.deepEqual(await chosenProtection({ environment: {} }), { kind: 'wrapping-key' });
});

test('chosenProtection() refuses an empty passphrase and one of several lines, naming where it came from', async () => {
  for (const content of ['', '\n', '\r\n', 'tout\npasse\n', 'tout\n\n']) {
    await writeFile(passphraseFile, content);
    await assert.rejects(chosenProtection({ passphraseFile, environment: {} }), (error: Error) => {
      assert.match(error.message, /--passphrase-file/);
      assert.doesNotMatch(error.message, /tout|passe/);
      return true;
    });
  }
  await assert.rejects(chosenProtection({ environment: { MASQUERADE_PASSPHRASE: '' } }), {
    code: 'invalid-setting',
    message: /MASQUERADE_PASSPHRASE/,
  });
});

test('chosenProtection() names a passphrase file that is missing', async () => {
  const path = join(folder, 'missing');
  await assert.rejects(chosenProtection({ passphraseFile: path, environment: {} }), {
    code: 'file-not-found',
    details: { path },
  });
});
