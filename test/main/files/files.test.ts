import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { requireWritableFolder, writeWholeFile } from '../../../main/files/files.ts';

const root = mkdtempSync(join(tmpdir(), 'masquerade-files-'));
after(() => {
  rmSync(root, { recursive: true });
});

describe('requireWritableFolder()', () => {
  it('makes the folder and those above it, leaves nothing in it, and is content with one that is there', async () => {
    const folder = join(root, 'one', 'two', 'three');
    await requireWritableFolder(folder);
    await requireWritableFolder(folder);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('may be asked twice at once', async () => {
    const folder = join(root, 'at', 'once');
    await Promise.all([1, 2, 3, 4].map(() => requireWritableFolder(folder)));
    assert.deepEqual(readdirSync(folder), []);
  });

  it('refuses what lies below a file, and a link to nothing', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    await assert.rejects(requireWritableFolder(join(file, 'below')), { code: 'file-unreadable' });
    await assert.rejects(requireWritableFolder(file), { code: 'file-unreadable' });
    const link = join(root, 'link');
    symlinkSync(join(root, 'nowhere'), link);
    await assert.rejects(requireWritableFolder(link));
  });

  it(
    'refuses where folders cannot be made, at once',
    { skip: process.platform === 'linux' ? false : 'there is no /proc' },
    async () => {
      for (const folder of ['/proc/pictures', '/proc/pictures/below'])
        await assert.rejects(requireWritableFolder(folder), {
          code: 'file-unreadable',
          message: /\/proc\/pictures: no folder can be made there/,
        });
    },
  );
});

describe('writeWholeFile()', () => {
  it('makes the folder, and leaves nothing but the file', async () => {
    const file = join(root, 'made', 'here', 'a.txt');
    await writeWholeFile(file, 'first');
    await writeWholeFile(file, 'second');
    assert.equal(readFileSync(file, 'utf8'), 'second');
    assert.deepEqual(readdirSync(join(root, 'made', 'here')), ['a.txt']);
  });
});
