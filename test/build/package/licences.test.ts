import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { packageFolderOf, readLicence, thirdPartyLicences } from '../../../build/package/licences.ts';

describe('packageFolderOf()', () => {
  it('finds the package of a module, scoped, nested, virtual or on Windows', () => {
    for (const [id, folder] of [
      ['/app/node_modules/zod/v4/index.js', '/app/node_modules/zod'],
      ['/app/node_modules/@scure/bip39/index.js', '/app/node_modules/@scure/bip39'],
      ['/app/node_modules/a/node_modules/b/x.js', '/app/node_modules/a/node_modules/b'],
      ['\0/app/node_modules/ws/lib/ws.js?commonjs-module', '/app/node_modules/ws'],
      ['C:\\app\\node_modules\\ws\\index.js', 'C:/app/node_modules/ws'],
    ] as const)
      assert.equal(packageFolderOf(id), folder);
  });

  it('knows what is our own', () => {
    for (const id of ['/app/core/bytes/bytes.ts', '\0rolldown/runtime.js', 'node:fs'])
      assert.equal(packageFolderOf(id), undefined, id);
  });
});

describe('thirdPartyLicences()', () => {
  let folder = '';
  async function addPackage(name: string, manifest: object, files: Readonly<Record<string, string>> = {}) {
    const path = join(folder, name);
    await mkdir(path);
    await writeFile(join(path, 'package.json'), JSON.stringify({ name, version: '1.2.3', ...manifest }));
    for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
    return path;
  }
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-licences-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('lists each package once, by name, with all its texts in full', async () => {
    const b = await addPackage('b', { license: 'MIT' }, { 'LICENSE.md': 'B’s terms', NOTICE: 'B’s notice' });
    const a = await addPackage('a', { license: { type: 'ISC' } }, { licence: 'A’s terms' });
    const text = await thirdPartyLicences([b, a, b]);
    assert.equal(text.split('b 1.2.3 (MIT)').length, 2);
    assert.ok(text.indexOf('a 1.2.3 (ISC)') < text.indexOf('b 1.2.3 (MIT)'));
    for (const part of ['A’s terms', 'B’s terms', 'B’s notice', 'MNIST', 'Creative Commons', 'Chromium'])
      assert.ok(text.includes(part), part);
  });

  it('takes a licence from its text where it is not named, and refuses a package that has neither', async () => {
    const silent = await addPackage('silent', {}, { LICENSE: 'terms' });
    assert.equal((await readLicence(silent)).licence, 'see below');
    const nothing = await addPackage('nothing', {});
    await assert.rejects(readLicence(nothing), /cannot tell the licence of nothing/);
  });
});
