/** What every command gets from the entry point: where to write, how to be cancelled, which version this is. */
import { createTerminal, type Terminal } from './terminal.ts';

export interface CommandContext {
  /** Prints the result: the only thing on standard output. */
  readonly print: (text: string) => void;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** The process's exit code, unless an error sets another. */
  setExitCode(code: number): void;
}

export function createContext(version: string, signal: AbortSignal): CommandContext {
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    terminal: createTerminal(),
    signal,
    version,
    setExitCode(code) {
      process.exitCode = code;
    },
  };
}

/** The JSON of a result, for standard output and files. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
