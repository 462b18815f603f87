/** `masquerade start`, which is `npm start`: Masquerade's window, or where none can be opened, the same in a browser. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { callerPath } from '../files/caller-path.ts';
import { defaultDataFolder } from '../storage/data-folder.ts';
import { addServeOptions, serve, type ServeOptions } from './serve.ts';
import type { CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { openWindow } from './open-window.ts';

const examples = `
Examples:
  masquerade start               Masquerade's window, or the same in a browser
  masquerade start --data-dir .  with the sessions and keys of this folder`;

export function addStartCommand(program: Command, context: CommandContext): void {
  addServeOptions(program.command('start'))
    .description("Masquerade's window; where none can be opened, the same in a browser")
    .addHelpText('after', examples)
    .action(async (options: ServeOptions) => {
      const window = findWindow();
      if ('binary' in window && (await startElectron(window.binary, options, context))) return;
      const reason = 'reason' in window ? window.reason : 'it did not open';
      context.terminal.line(`No window here, as ${reason}: the same in a browser.`);
      return serve(options, context);
    });
}

/** What Electron runs, as build/electron/build.ts makes it. */
const application = fileURLToPath(new URL('../../build/out/electron', import.meta.url));

/** Electron's binary, or why no window can be opened. */
export function findWindow(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): { readonly binary: string } | { readonly reason: string } {
  const { platform } = process;
  if (platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY'])
    return { reason: 'there is no display' };
  const binary = electronBinary();
  if (binary === undefined) return { reason: "Electron's program is not installed" };
  return existsSync(application) ? { binary } : { reason: 'the application for it has not been built' };
}

/** The package holds the path of what its set-up has fetched in path.txt; undefined where it was not fetched. */
function electronBinary(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const binary = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** False where it did not open, after saying why. */
async function startElectron(
  binary: string,
  { dataDir, passphraseFile }: ServeOptions,
  { terminal, setExitCode }: CommandContext,
): Promise<boolean> {
  const folder = callerPath(dataDir ?? defaultDataFolder());
  const opened = await openWindow({
    binary,
    args: [
      application,
      '--data-dir',
      folder,
      ...(passphraseFile === undefined ? [] : ['--passphrase-file', callerPath(passphraseFile)]),
    ],
    outputPath: join(folder, 'masquerade-window-output.log'),
  });
  if (!opened.isOpen) {
    terminal.line(opened.output);
    return false;
  }
  terminal.line("Masquerade's window is open; this terminal is free.");
  setExitCode(exitCodes.success);
  return true;
}
