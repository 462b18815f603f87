/** Electron's ports and utility processes, stood in for by those of Node's worker threads. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Port } from '../../main/compute/owner.ts';

/** A worker thread's port as Electron has them: its messages come as events. */
export function asElectronPort(port: MessagePort): Port {
  return {
    postMessage(message) {
      port.postMessage(message);
    },
    on(event: 'message' | 'close', listener: (event: { readonly data: unknown }) => void) {
      if (event === 'close') port.on('close', listener as () => void);
      else
        port.on('message', (data: unknown) => {
          listener({ data });
        });
    },
    start() {
      port.start();
    },
    close() {
      port.close();
    },
  };
}

/** A thread with process.parentPort, as a utility process has it; what it is sent may bring ports along. */
export function startUtilityThread(path: string | URL): Worker {
  return new Worker(path, {
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      '--import',
      new URL('electron-parent-port.ts', import.meta.url).href,
    ],
  });
}

export function postWithPorts(thread: Worker, data: unknown, ports: readonly MessagePort[]): void {
  thread.postMessage({ data, ports }, [...ports]);
}

export function openChannel(): { readonly port1: MessagePort; readonly port2: MessagePort } {
  return new MessageChannel();
}
