/** The entry of the host's process, which main forks with Electron's utilityProcess. */
import process from 'node:process';
import { useComputeLauncher } from '../compute/compute-process.ts';
import { createHost } from '../host/host.ts';
import { openStore } from '../storage/open-store.ts';
import { serveHost } from './host-service.ts';

/** Time for the last message to leave, ms. */
const partingMs = 50;

const { log } = serveHost({
  main: process.parentPort,
  async openHost({ folder, secret, withoutPassphrase, version }, shell) {
    const store = await openStore({ folder, secret });
    try {
      return createHost({ store, version, shell, withoutPassphrase });
    } catch (error) {
      store.close();
      throw error;
    }
  },
  useComputeLauncher,
  exit: () => void setTimeout(() => process.exit(0), partingMs),
});

process.on('uncaughtException', (error) => {
  log(`the host ends over a fault: ${error.stack ?? error.message}`);
  process.exit(70);
});
