/** Loaded first into a worker thread: gives it process.parentPort, as a utility process of Electron's has it. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { asElectronPort } from './electron-ports.ts';

interface Sent {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}

if (parentPort !== null) {
  const thread = parentPort;
  Object.assign(process, {
    parentPort: {
      postMessage(message: unknown) {
        thread.postMessage(message);
      },
      on(_event: 'message', listener: (event: { data: unknown; ports: readonly unknown[] }) => void) {
        thread.on('message', ({ data, ports }: Sent) => {
          listener({ data, ports: ports.map(asElectronPort) });
        });
      },
    },
  });
}
