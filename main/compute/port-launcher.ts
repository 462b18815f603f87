/**
 * Compute processes that somebody else starts: under Electron only the main process can. It is asked over a channel of
 * its own, and hands over one port for each process, so that jobs and results never pass through it.
 */
import { withOwnBuffers } from '../../core/bytes/own-buffers.ts';
import type { FromProcess, ToProcess } from './channel.ts';
import type { ComputeProcess } from './compute-process.ts';
import type { Port } from './owner.ts';

export interface ComputeRequest {
  readonly kind: 'start-compute' | 'kill-compute';
  readonly id: number;
}

export type ComputeReport =
  /** The port comes with it. */
  | { readonly kind: 'compute-port'; readonly id: number }
  | { readonly kind: 'compute-spawned'; readonly id: number; readonly pid: number }
  /** Last of all; also when it never started. */
  | { readonly kind: 'compute-ended'; readonly id: number; readonly how: string };

export interface PortLauncher {
  /** For useComputeLauncher(). */
  readonly launch: (onMessage: (message: FromProcess) => void) => ComputeProcess;
  received(report: ComputeReport, port?: Port): void;
}

interface Launched {
  readonly onMessage: (message: FromProcess) => void;
  readonly onEnd: (how: string) => void;
  /** Said before the port came. */
  waiting: ToProcess[];
  port: Port | undefined;
  pid: number | undefined;
}

export function createPortLauncher(ask: (request: ComputeRequest) => void): PortLauncher {
  const launched = new Map<number, Launched>();
  let nextId = 1;
  return {
    launch(onMessage) {
      const id = nextId;
      nextId += 1;
      const { promise: ended, resolve: onEnd } = Promise.withResolvers<string>();
      const entry: Launched = { onMessage, onEnd, waiting: [], port: undefined, pid: undefined };
      launched.set(id, entry);
      ask({ kind: 'start-compute', id });
      return {
        ended,
        get pid() {
          return entry.pid;
        },
        send(message) {
          if (!launched.has(id)) return;
          if (entry.port === undefined) entry.waiting.push(message);
          else entry.port.postMessage(withOwnBuffers(message));
        },
        kill() {
          if (launched.has(id)) ask({ kind: 'kill-compute', id });
        },
      };
    },
    received(report, port) {
      const entry = launched.get(report.id);
      if (entry === undefined) return port?.close();
      switch (report.kind) {
        case 'compute-port':
          if (port !== undefined) connect(entry, port);
          return;
        case 'compute-spawned':
          entry.pid = report.pid;
          return;
        case 'compute-ended':
          launched.delete(report.id);
          entry.pid = undefined;
          entry.port?.close();
          entry.onEnd(report.how);
      }
    },
  };
}

function connect(entry: Launched, port: Port): void {
  entry.port = port;
  port.on('message', ({ data }) => {
    entry.onMessage(data as FromProcess);
  });
  port.start();
  for (const message of entry.waiting) port.postMessage(withOwnBuffers(message));
  entry.waiting = [];
}
