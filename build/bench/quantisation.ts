/**
 * What quantisation costs in accuracy: for each seed the same short federated run twice, once as it is (quantised,
 * masked, signed), once with floats and nothing hidden, which is the baseline. Dealing, initial weights, shuffling and
 * dropout are the seed's in both. The runs are much shorter than the reference experiment: the figure holds for them.
 */
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { runFederated } from '../../main/simulation/federated.ts';
import { openWorkbench } from '../../main/simulation/open-workbench.ts';
import type { Workbench } from '../../main/simulation/workbench.ts';
import { meanInterval, type BenchPart, type BenchRow } from './table.ts';

const shortRun = { clients: 10, examplesPerClient: 1_000, rounds: 3, model: 'cnn' } as const;

export interface QuantisationOptions {
  /** Seeds 1 .. n, 2 or more. */
  readonly seeds: number;
  readonly version: string;
  readonly onProgress: (text: string) => void;
}

export async function benchQuantisation({
  seeds,
  version,
  onProgress,
}: QuantisationOptions): Promise<BenchPart> {
  const rows: BenchRow[] = [];
  const differences: number[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const bench = await openWorkbench(runSettingsSchema.parse({ ...shortRun, seed }), (reason) =>
      onProgress(`a compute process died (${reason})`),
    );
    try {
      onProgress(`quantisation: seed ${seed} of ${seeds}, quantised`);
      const quantised = await finalAccuracy(bench, version);
      onProgress(`quantisation: seed ${seed} of ${seeds}, floats`);
      const unprotected = { masks: false, signatures: false, quantisation: false };
      const float = await finalAccuracy(
        { ...bench, settings: { ...bench.settings, ...unprotected } },
        version,
      );
      const difference = quantised - float;
      differences.push(100 * difference);
      rows.push({ seed, quantised, float, difference });
    } finally {
      await bench.pool.close();
    }
  }
  const { mean, low, high } = meanInterval(differences);
  const { clients, examplesPerClient, rounds, model } = shortRun;
  return {
    name: 'quantisation',
    about:
      `Accuracy on the 10,000 test images after ${rounds} rounds of ${clients} clients with ${examplesPerClient} images, ${model}; ` +
      'baseline: floats. Summary: mean difference in percentage points, with its 95 % interval (Student).',
    rows,
    summary: { seeds, meanPoints: mean, lowPoints: low, highPoints: high },
  };
}

async function finalAccuracy(bench: Workbench, version: string): Promise<number> {
  const { ended, final, rounds } = await runFederated(bench, {
    version,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  if (ended !== undefined) throw new Error(`the run ended early: ${ended}`);
  if (rounds.some(({ exactSum }) => exactSum === false)) throw new Error('an unmasked sum is not exact');
  return final.accuracy;
}
