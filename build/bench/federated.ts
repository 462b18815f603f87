/**
 * The reference experiment's federated part: 20 clients with 3,000 images of MNIST each, 5 rounds of the CNN, every
 * protection on, by the clock. With PyTorch on this machine, held against Flower with PyTorch, which protects nothing:
 * its time is not measured here, but scaled from where it was by what PyTorch alone trains, before and after, in the
 * same minutes.
 */
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import type { SimulationResult } from '../../core/contract/run-result.ts';
import { runSimulation } from './simulation.ts';
import type { BenchPart } from './table.ts';
import { measurePytorch } from './training.ts';

export interface FederatedOptions {
  readonly version: string;
  readonly against: 'pytorch' | undefined;
  readonly onProgress: (text: string) => void;
}

/**
 * Flower in two worker processes on two cores, the same model, images and batches, no protection: measured once,
 * on a machine where PyTorch's defaults trained so many images a second in two pinned processes.
 */
const flower = { seconds: 206, pytorchImagesPerSecond: 2_100 };
const goalRatio = 0.25;

export async function benchFederated({ version, against, onProgress }: FederatedOptions): Promise<BenchPart> {
  const pytorchRate = (): Promise<number | undefined> =>
    against === undefined ? Promise.resolve(undefined) : measurePytorch(onProgress);
  const before = await pytorchRate();
  onProgress('federated: 20 clients, 5 rounds');
  const processorBefore = process.cpuUsage();
  const result = await run(version);
  const { user, system } = process.cpuUsage(processorBefore);
  const after = await pytorchRate();
  const { seconds, rounds, engine, final, trainingShare, environment } = result;
  const cores = environment.cores;
  const trainingSeconds = trainingShare * cores * seconds;
  const rate = before === undefined || after === undefined ? undefined : (before + after) / 2;
  const flowerSeconds = rate === undefined ? null : (flower.seconds * flower.pytorchImagesPerSecond) / rate;
  const milliseconds = (of: (round: SimulationResult['rounds'][number]) => number): number =>
    rounds.reduce((sum, round) => sum + of(round), 0) / 1000;
  return {
    name: 'federated',
    about:
      "The reference experiment's federated part, every protection on; baseline: Flower with PyTorch, unprotected, scaled by PyTorch's rate here.",
    rows: [
      {
        engine: `${engine.name} (${engine.variant})`,
        processes: engine.processes,
        seconds,
        trainingProcessorSeconds: trainingSeconds,
        protocolProcessorSeconds: (user + system) / 1e6,
        evaluationSeconds: milliseconds(({ ms }) => ms.evaluate),
        accuracy: final.accuracy,
        exactSums: rounds.every(({ exactSum }) => exactSum === true),
        pytorchImagesPerSecond: rate ?? null,
        baselineSeconds: flowerSeconds,
        ratio: flowerSeconds === null ? null : seconds / flowerSeconds,
        goalRatio,
      },
    ],
  };
}

function run(version: string): Promise<SimulationResult> {
  const settings = runSettingsSchema.parse({
    clients: 20,
    rounds: 5,
    examplesPerClient: 3_000,
    seed: 1,
    engine: 'compiled',
  });
  return runSimulation(settings, version);
}
