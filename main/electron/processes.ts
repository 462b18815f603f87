/** The host and the compute processes, as Electron starts them. */
import process from 'node:process';
import { app, MessageChannelMain, type MessagePortMain, utilityProcess } from 'electron';
import type { Machinery } from './machinery.ts';
import { places } from './places.ts';

export const electronMachinery: Machinery<MessagePortMain> = {
  forkHost: () => fork(places.host, 'Masquerade host'),
  forkCompute: () => fork(places.compute, 'Masquerade compute'),
  openChannel: () => new MessageChannelMain(),
  killHard(pid) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  },
};

function fork(path: string, serviceName: string): Electron.UtilityProcess {
  // a package has nobody who reads what is printed
  return utilityProcess.fork(path, [], { serviceName, stdio: app.isPackaged ? 'ignore' : 'inherit' });
}
