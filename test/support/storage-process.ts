/**
 * A process of its own on a data folder, for tests of storage: `open` prints how opening it ended; `kill` does one piece
 * of work and ends itself with SIGKILL between two steps that reach the disk, as its owner chose.
 */
import process from 'node:process';
import type { ClientRecord } from '../../core/secagg/client-session.ts';
import { openStore } from '../../main/storage/open-store.ts';

const [task, folder = '', stateFolder = '', ...rest] = process.argv.slice(2);
const options = { folder, stateFolder, machine: 'this machine', secret: { kind: 'wrapping-key' } } as const;

if (task === 'open') {
  try {
    (await openStore(options)).close();
    process.stdout.write('opened');
  } catch (error) {
    process.stdout.write((error as { code?: string }).code ?? String(error));
  }
} else {
  const [step = '', record = ''] = rest;
  const store = await openStore({
    ...options,
    betweenSteps: (reached) => {
      if (reached === step) process.kill(process.pid, 'SIGKILL');
    },
  });
  if (task === 'kill-saving') {
    store.saveClientRecord(JSON.parse(record) as ClientRecord);
    process.stdout.write('saved');
    process.kill(process.pid, 'SIGKILL');
  } else {
    // rounds as fast as they can be written, until the owner ends this process
    const weights = new Float32Array(50_000);
    const template = JSON.parse(record) as object;
    for (let round = 1; ; round += 1) {
      weights.fill(round);
      store.completeRound({
        ...(template as Parameters<typeof store.completeRound>[0]),
        round,
        sum: new Int32Array(50_000).fill(round),
        model: { hash: `m${round}`, weights },
        serverState: { kind: 'momentum', velocity: new Float64Array(10_000).fill(round) },
      });
      if (round === 1) process.stdout.write('writing\n');
    }
  }
}
