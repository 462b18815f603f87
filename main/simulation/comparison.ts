/**
 * The results table: the same model trained on all the data in one place, by one client alone, and by all clients
 * together under every protection. All three see the same number of epochs and are judged on the same test images.
 */
import type { ComparisonResult, ComparisonRow } from '../../core/contract/run-result.ts';
import { taskLoss } from '../../core/fedavg/local-update.ts';
import { classificationMetrics } from '../../core/fedavg/metrics.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { streamState } from '../../core/random/stream.ts';
import { runFederated, type RunOptions } from './federated.ts';
import { CancelledError, TrainingMeter } from './progress.ts';
import type { Workbench } from './workbench.ts';

/** Number that keys the random streams of training in one place; clients are 1 .. n. */
const onePlace = 0;

/**
 * Cancelled, it returns the rows that are finished, and before any is, throws CancelledError. Throws FederationError when
 * training fails.
 */
export async function runComparison(bench: Workbench, options: RunOptions): Promise<ComparisonResult> {
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const all = Uint32Array.from(bench.parts.flatMap((part) => [...part])).sort();
  const rows = await trainAlone(bench, all, options);
  const simulation = await runFederated(bench, options, rows.length > 0);
  const federated: ComparisonRow = {
    name: 'federated',
    accuracy: simulation.final.accuracy,
    f1Weighted: simulation.final.f1Weighted,
    seconds: simulation.seconds,
    examples: all.length,
    curve: simulation.rounds.map(({ accuracy, f1Weighted, loss }) => ({ accuracy, f1Weighted, loss })),
  };
  if (simulation.rounds.length > 0) options.onProgress({ kind: 'row', row: federated });
  return {
    kind: 'comparison',
    startedAt,
    seconds: (performance.now() - began) / 1000,
    rows: simulation.rounds.length > 0 ? [...rows, federated] : rows,
    simulation,
  };
}

/** The rows that need no federation; when cancelled, those that were finished. */
async function trainAlone(
  bench: Workbench,
  all: Uint32Array,
  options: RunOptions,
): Promise<readonly ComparisonRow[]> {
  let centralised: ComparisonRow | undefined;
  let singleClient: ComparisonRow | undefined;
  try {
    // Each of them is one sequence of steps for one core, so that they can run side by side.
    await Promise.all([
      trainInOnePlace(bench, 'centralised', all, onePlace, options).then((row) => (centralised = row)),
      trainInOnePlace(bench, 'single-client', bench.parts[0]!, 1, options).then(
        (row) => (singleClient = row),
      ),
    ]);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    if (!centralised && !singleClient) throw new CancelledError('cancelled before anything was finished');
  }
  return [centralised, singleClient].filter((row) => row !== undefined);
}

/** stream: the number that keys shuffling and dropout. */
async function trainInOnePlace(
  bench: Workbench,
  name: 'centralised' | 'single-client',
  indices: Uint32Array,
  stream: number,
  { onProgress, signal }: RunOptions,
): Promise<ComparisonRow> {
  const { settings, pool, topology } = bench;
  const epochs = settings.rounds * settings.epochs;
  const meter = new TrainingMeter(name, indices.length * epochs, onProgress);
  const { result, seconds } = await pool.train(
    {
      weights: initialWeights(topology, settings.seed),
      indices,
      epochs,
      batchSize: settings.batch,
      optimiser: bench.parameters.optimiser,
      proximalMu: 0,
      ...taskLoss(bench.parameters),
      shuffleState: streamState(settings.seed, 'shuffle', stream, 0),
      dropoutState: streamState(settings.seed, 'dropout', stream, 0),
      everyEpoch: true,
    },
    { signal, onProgress: ({ examplesDone }) => meter.update(stream, examplesDone) },
  );
  const curve: ComparisonRow['curve'][number][] = [];
  for (const weights of result.epochWeights) {
    const { lossSum, confusion, count } = await pool.evaluate(weights, { signal });
    const { accuracy, f1Weighted } = classificationMetrics(confusion);
    curve.push({ accuracy, f1Weighted, loss: lossSum / count });
  }
  const { accuracy, f1Weighted } = curve.at(-1)!;
  const row: ComparisonRow = { name, accuracy, f1Weighted, seconds, examples: indices.length, curve };
  onProgress({ kind: 'row', row });
  return row;
}
