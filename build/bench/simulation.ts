/** One simulation of a bench, with nobody watching. */
import type { SimulationResult } from '../../core/contract/run-result.ts';
import type { RunSettings } from '../../core/contract/run-settings.ts';
import { runFederated } from '../../main/simulation/federated.ts';
import { openWorkbench } from '../../main/simulation/open-workbench.ts';

export async function runSimulation(settings: RunSettings, version: string): Promise<SimulationResult> {
  const bench = await openWorkbench(settings, () => undefined);
  try {
    const signal = new AbortController().signal;
    return await runFederated(bench, { version, onProgress: () => undefined, signal });
  } finally {
    await bench.pool.close();
  }
}
