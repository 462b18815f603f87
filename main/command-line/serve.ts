/** `masquerade serve`: the interface in a browser, served by this machine to this machine alone. */
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { callerPath } from '../files/caller-path.ts';
import { openBrowserHost } from '../host/browser-host.ts';
import { createHost } from '../host/host.ts';
import { browserShell } from '../host/shell.ts';
import { toJson, type CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { openInBrowser } from './open-in-browser.ts';
import { addStoreOptions, openCommandStore, type StoreOptions, wholeNumber } from './session-options.ts';
import { systemLanguage } from './system-language.ts';

export interface ServeOptions extends StoreOptions {
  readonly port?: number;
  readonly open?: boolean;
}

const examples = `
Whoever has the link can do what you can do here: give it to nobody. It works on this machine alone, until the command
ends. To take part from another machine, start Masquerade there.

Examples:
  masquerade serve                       opens the browser
  masquerade serve --no-open --port 8123 prints the link only, always under this port`;

export function addServeCommand(program: Command, context: CommandContext): void {
  addServeOptions(program.command('serve'))
    .description('the interface in a browser on this machine')
    .addHelpText('after', examples)
    .action((options: ServeOptions) => serve(options, context));
}

/** Shared with `start`, which serves where it finds no window. */
export function addServeOptions(command: Command): Command {
  return addStoreOptions(command, 'the link as one JSON object')
    .option('--port <port>', 'port of the page; any free one by default', wholeNumber(1, 65_535))
    .option('--no-open', 'leaves the browser alone');
}

/** Ends with Ctrl-C. */
export async function serve(options: ServeOptions, context: CommandContext): Promise<void> {
  const { print, terminal, signal, version, setExitCode } = context;
  const store = await openCommandStore(options, context);
  const host = createHost({ store, version, shell: browserShell(systemLanguage(process.env)) });
  void host.comeBack();
  const onFault = (error: Error): void => {
    host.log(`this process ends over a fault: ${error.stack ?? error.message}`);
  };
  process.on('uncaughtExceptionMonitor', onFault);
  try {
    const browser = await openBrowserHost({ host, folder: interfaceFolder(), port: options.port ?? 0 });
    try {
      const { link, port } = browser;
      print(options.json === true ? toJson({ link, port }) : link);
      if (options.json !== true)
        terminal.line('Masquerade runs until Ctrl-C. The link above is for you alone.');
      if (options.open !== false) void openInBrowser(browser, store.folder, terminal);
      await ended(signal);
      terminal.line('Closing: whoever is in a session is told ...');
      setExitCode(exitCodes.success);
    } finally {
      await browser.close();
    }
  } finally {
    await host.close();
    process.removeListener('uncaughtExceptionMonitor', onFault);
  }
}

/** MASQUERADE_INTERFACE: another one than the one built here, for its development. */
function interfaceFolder(): string {
  const chosen = process.env['MASQUERADE_INTERFACE'];
  if (chosen) return callerPath(chosen);
  return join(fileURLToPath(new URL('../../', import.meta.url)), 'build', 'out', 'interface');
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener('abort', () => {
        resolve();
      });
  });
}
