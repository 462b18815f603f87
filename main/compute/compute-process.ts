/**
 * One compute process as the pool sees it: a child of Node's, unless whoever starts this program has chosen another
 * launcher (port-launcher.ts).
 */
import { fork } from 'node:child_process';
import type { FromProcess, ToProcess } from './channel.ts';

export interface ComputeProcess {
  readonly pid: number | undefined;
  /** To a process that is gone the message is lost; its end is told all the same. */
  send(message: ToProcess): void;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
  /** Resolves with how it ended, once it has: a signal's name or an exit code. */
  readonly ended: Promise<string>;
}

export type ComputeLauncher = (onMessage: (message: FromProcess) => void) => ComputeProcess;

let launcher: ComputeLauncher = startChild;

/** Chosen once, before the first pool is opened. */
export function useComputeLauncher(chosen: ComputeLauncher): void {
  launcher = chosen;
}

export function startComputeProcess(onMessage: (message: FromProcess) => void): ComputeProcess {
  return launcher(onMessage);
}

function startChild(onMessage: (message: FromProcess) => void): ComputeProcess {
  const child = fork(new URL('./worker.ts', import.meta.url), {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Standard output belongs to the parent's results alone.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (message) => {
    onMessage(message as FromProcess);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal ?? `exit code ${code ?? 'unknown'}`);
    });
    child.on('error', (error) => {
      // Never started: there will be no exit.
      if (child.pid === undefined) resolve(error.message);
    });
  });
  return {
    pid: child.pid,
    ended,
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
