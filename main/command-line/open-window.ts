/**
 * Starts the window as a program of its own: it outlives the terminal that it was started from, and npm with it, on
 * every system. What it prints goes into a file; a program that ends at once has failed, and says there why.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

/** A program that cannot start (a library is missing, or the rights for its sandbox) ends within this time, ms. */
const settlingMs = 2_500;
/** Characters of what it printed last. */
const shownOutput = 2_000;

export interface WindowProgram {
  readonly binary: string;
  readonly args: readonly string[];
  /** Made anew, for its owner alone. */
  readonly outputPath: string;
}

export type OpenedWindow =
  | { readonly isOpen: true; readonly pid: number }
  /** What it printed, or why it could not be started. */
  | { readonly isOpen: false; readonly output: string };

/** Resolves once the window has been running for a moment, or has handed over to one that was open already. */
export async function openWindow({ binary, args, outputPath }: WindowProgram): Promise<OpenedWindow> {
  mkdirSync(dirname(outputPath), { recursive: true, mode: 0o700 });
  const output = openSync(outputPath, 'w', 0o600);
  try {
    const child = spawn(binary, args, {
      detached: true,
      stdio: ['ignore', output, output],
      env: ownEnvironment(),
    });
    const failure = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => {
        resolve(undefined);
      }, settlingMs);
      child.once('error', ({ message }) => {
        clearTimeout(timer);
        resolve(message);
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        resolve(code === 0 ? undefined : readFileSync(outputPath, 'utf8').slice(-shownOutput).trim());
      });
    });
    child.unref();
    return failure === undefined ? { isOpen: true, pid: child.pid ?? 0 } : { isOpen: false, output: failure };
  } finally {
    closeSync(output);
  }
}

/** Without what would make Electron something else than itself: terminals inside of Electron's programs set it. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _asNode, NODE_OPTIONS: _options, ...environment } = process.env;
  return environment;
}
