/** openWindow() with Node itself as the program. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openWindow } from '../../../main/command-line/open-window.ts';

describe('openWindow()', () => {
  let folder = '';
  const program = (script: string) => ({
    binary: process.execPath,
    args: ['--eval', script],
    outputPath: join(folder, 'new', 'output.log'),
  });
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-open-window-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('leaves a program running that goes on, with its output in a file for its owner alone', async () => {
    const started = program("console.log('here'); setInterval(() => {}, 1000)");
    const opened = await openWindow(started);
    assert.ok(opened.isOpen);
    process.kill(opened.pid, 0);
    process.kill(opened.pid);
    assert.equal(await readFile(started.outputPath, 'utf8'), 'here\n');
    if (process.platform !== 'win32') assert.equal((await stat(started.outputPath)).mode & 0o777, 0o600);
  });

  it('takes a program that ends well for one that handed over to an open window', async () => {
    assert.ok((await openWindow(program('process.exit(0)'))).isOpen);
  });

  it('tells what a program printed that could not start', async () => {
    assert.deepEqual(
      await openWindow(
        program("console.error('libnss3.so: cannot open shared object file'); process.exit(127)"),
      ),
      { isOpen: false, output: 'libnss3.so: cannot open shared object file' },
    );
  });

  it('tells that there is no such program', async () => {
    const opened = await openWindow({ ...program(''), binary: join(folder, 'missing') });
    assert.ok(!opened.isOpen && opened.output.includes('ENOENT'));
  });

  it('does not hand on what would make Electron another program', async () => {
    process.env['ELECTRON_RUN_AS_NODE'] = '1';
    const started = program('console.log(process.env.ELECTRON_RUN_AS_NODE, process.env.PATH !== undefined)');
    await openWindow(started);
    delete process.env['ELECTRON_RUN_AS_NODE'];
    await wait(50);
    assert.equal(await readFile(started.outputPath, 'utf8'), 'undefined true\n');
  });
});
