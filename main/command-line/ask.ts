/**
 * What a person types while a session runs: lines from standard input, on a terminal or from a pipe. Whoever waits for
 * an answer gets the next line; lines that nobody waits for are commands.
 */
import { createInterface, type Interface } from 'node:readline';

export interface Typist {
  /** The next line that is one of the answers (by its first letter); undefined when input has ended. */
  ask(answers: Readonly<Record<string, boolean>>, signal: AbortSignal): Promise<boolean | undefined>;
  /** Lines that answer nothing. */
  onCommand(handle: (line: string) => void): void;
  close(): void;
}

export function createTypist(input: NodeJS.ReadStream = process.stdin): Typist {
  const lines: Interface = createInterface({ input });
  let waiting:
    | { answers: Readonly<Record<string, boolean>>; resolve: (answer: boolean | undefined) => void }
    | undefined;
  let command: (line: string) => void = () => undefined;
  let ended = false;
  lines.on('line', (line) => {
    const text = line.trim().toLowerCase();
    const answer = waiting?.answers[text.slice(0, 1)];
    if (waiting === undefined || answer === undefined) {
      command(text);
      return;
    }
    const { resolve } = waiting;
    waiting = undefined;
    resolve(answer);
  });
  lines.on('close', () => {
    ended = true;
    waiting?.resolve(undefined);
  });
  return {
    ask: (answers, signal) =>
      new Promise((resolve, reject) => {
        if (ended) {
          resolve(undefined);
          return;
        }
        waiting = { answers, resolve };
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
      }),
    onCommand(handle) {
      command = handle;
    },
    close() {
      lines.close();
      // a file as standard input has no such method
      (input as Partial<Pick<NodeJS.ReadStream, 'unref'>>).unref?.();
    },
  };
}
