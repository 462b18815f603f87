import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeInvitation } from '../../../core/joining/join-link.ts';
import { open, openingsIn } from '../../../main/electron/openings.ts';

const { link } = makeInvitation(
  [
    { host: '192.168.1.7', port: 7000 },
    { host: 'fd00::7', port: 7000 },
  ],
  Uint8Array.from({ length: 32 }, (_, index) => index),
);
const expected = `/join?link=${encodeURIComponent(link)}`;

describe('openingsIn()', () => {
  it('finds links and join files among the arguments of a start, and nothing else', () => {
    const args = ['--data-dir', '/data', '--inspect=0', '.', link, 'room.masquerade-join', 'notes.txt'];
    assert.deepEqual(openingsIn(args, '/home/me'), [link, resolve('/home/me', 'room.masquerade-join')]);
  });

  it('takes no switch for a file', () => {
    assert.deepEqual(openingsIn(['--renderer-cmd-prefix=x.masquerade-join', '-x.masquerade-join'], '/'), []);
  });
});

describe('open()', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-openings-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('shows a link on the screen for joining, where a person decides', async () => {
    assert.deepEqual(await open(link), { to: expected });
    assert.deepEqual(await open(link.replace('masquerade://', 'MASQUERADE://')), {
      to: expected.replace('masquerade', 'MASQUERADE'),
    });
  });

  it('reads the link in a join file, with a line end and a byte-order mark', async () => {
    const path = join(folder, 'room.masquerade-join');
    await writeFile(path, `\uFEFF${link}\r\n`);
    assert.deepEqual(await open(path), { to: expected });
  });

  it('refuses everything else, and says why', async () => {
    const code = link.slice('masquerade://join/'.length).split('?')[0]!;
    for (const other of [
      'masquerade://settings',
      'masquerade:join',
      'masquerade://join/',
      `masquerade://join/${code}`,
      `${link}&x=1`,
      `${link} --renderer-cmd-prefix=x`,
      `${link}\nsecond line`,
      `masquerade://join/../../results`,
      `masquerade://join/${'A'.repeat(5_000)}`,
    ]) {
      const opened = await open(other);
      assert.ok('refused' in opened && opened.refused.startsWith('Cannot '), other);
    }
  });

  it('refuses files that are missing, large, no files, or hold something else', async () => {
    const large = join(folder, 'large.masquerade-join');
    await writeFile(large, link.padEnd(20_000));
    const other = join(folder, 'other.masquerade-join');
    await writeFile(other, 'hello');
    const directory = join(folder, 'directory.masquerade-join');
    await mkdir(directory);
    for (const path of [large, other, directory, join(folder, 'missing.masquerade-join'), '/etc/passwd'])
      assert.ok('refused' in (await open(path)), path);
  });
});
