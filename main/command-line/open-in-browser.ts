/**
 * Opens the link of the browser host in the system's browser. Not as an argument, which every user of the machine can
 * read of every process: by a file for its owner alone that leads there, gone as soon as the page has connected.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { BrowserHost } from '../host/browser-host.ts';
import type { Terminal } from './terminal.ts';

/** A browser that has to be started first takes its time, ms. */
const patienceMs = 60_000;

export async function openInBrowser(
  { link, connected }: Pick<BrowserHost, 'link' | 'connected'>,
  dataFolder: string,
  terminal: Pick<Terminal, 'line'>,
): Promise<void> {
  const command = opener();
  if (command === undefined) {
    terminal.line('There is no display here: open the link on this machine.');
    return;
  }
  const path = join(visibleFolder(dataFolder), `masquerade-open-${randomBytes(4).toString('hex')}.html`);
  const remove = (): void => {
    rmSync(path, { force: true });
  };
  try {
    writeFileSync(path, leadingTo(link), { flag: 'wx', mode: 0o600 });
    process.once('exit', remove);
    await run(command, pathToFileURL(path).href);
    await Promise.race([
      connected,
      new Promise((resolve) => {
        setTimeout(resolve, patienceMs).unref();
      }),
    ]);
  } catch {
    terminal.line('The browser could not be opened: open the link in it.');
  } finally {
    remove();
    process.removeListener('exit', remove);
  }
}

/** undefined where no browser could show itself. */
function opener(): readonly [string, ...string[]] | undefined {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? ['xdg-open'] : undefined;
}

/** Where a browser in a sandbox of its own (snap) may read: in no folder whose name begins with a dot. */
function visibleFolder(dataFolder: string): string {
  const home = homedir();
  const isHidden = relative(home, dataFolder)
    .split(sep)
    .some((part) => part.startsWith('.'));
  return process.platform === 'linux' && isHidden ? home : dataFolder;
}

function run([command, ...args]: readonly [string, ...string[]], target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, target], { stdio: 'ignore', detached: true });
    child.once('error', reject);
    child.once('spawn', resolve);
    child.unref();
  });
}

/** link: of our own making, so that nothing in it needs escaping. */
function leadingTo(link: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${link}">
<title>Masquerade</title>
<a href="${link}">Masquerade</a>
`;
}
