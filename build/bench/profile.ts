/**
 * Where a step of the compiled engine spends its time: microseconds an image of each node's forward and backward pass, of
 * the loss and of the optimiser, on MNIST with Adam. The phases of a step run one by one, as they do in training, after
 * some hundred steps, when gradients are as sparse as they mostly are; a row is the median of the repeats.
 */
import { readFileSync } from 'node:fs';
import { readArchitecture } from '../../core/model/architecture.ts';
import { readGraph } from '../../core/model/compiled/read-graph.ts';
import { TrainingStep } from '../../core/model/compiled/training-step.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { streamFromState } from '../../core/random/generator.ts';
import { streamState } from '../../core/random/stream.ts';
import { loadMnist } from '../../main/data/mnist.ts';
import { median, type BenchPart } from './table.ts';
import { presetModels } from './training-models.ts';

export interface ProfileOptions {
  /** A preset's name. */
  readonly model: string;
  readonly batch: number;
  readonly repeat: number;
  readonly onProgress: (text: string) => void;
}

const warmUpImages = 6_400;
const stepsOfRepeat = 20;

interface Phase {
  readonly name: string;
  readonly pass: string;
  readonly run: () => void;
}

export async function benchProfile({ model, batch, repeat, onProgress }: ProfileOptions): Promise<BenchPart> {
  const { topology } = presetModels([model])[0]!;
  const { train } = await loadMnist();
  const bytes = readFileSync(new URL('../out/training-step/relaxed.wasm', import.meta.url));
  const graph = readGraph(readArchitecture(topology));
  const module = await WebAssembly.compile(bytes);
  const step = await TrainingStep.create(module, graph, { batchSize: batch, purpose: 'training' });
  step.start(initialWeights(topology, 1), streamState(1, 'dropout', 0, 1));

  const stream = streamFromState(streamState(1, 'shuffle', 0, 1));
  const nodes = step.layout.nodes.map(({ node }, index) => ({ name: node.label, index }));
  const phases: readonly Phase[] = [
    {
      name: 'batch',
      pass: 'gather',
      run: () =>
        step.takeBatch(
          train,
          Uint32Array.from({ length: batch }, () => stream.nextBelow(train.count)),
        ),
    },
    ...nodes.map(({ name, index }) => ({ name, pass: 'forward', run: () => step.forward(true, index, 1) })),
    { name: 'cross-entropy', pass: 'loss', run: () => step.loss() },
    ...nodes
      .toReversed()
      .map(({ name, index }) => ({ name, pass: 'backward', run: () => step.backward(true, index, 1) })),
    {
      name: 'Adam, with packing',
      pass: 'optimiser',
      run: () => step.optimise({ kind: 'adam', learningRate: 0.001 }, 0),
    },
  ];

  for (let images = 0; images < warmUpImages; images += batch) for (const { run } of phases) run();
  const measured = new Map<Phase, number[]>(phases.map((phase) => [phase, []]));
  for (let round = 0; round < repeat; round += 1) {
    onProgress(`profile: ${model}, ${round + 1} of ${repeat}`);
    const sums = new Map<Phase, number>();
    for (let turn = 0; turn < stepsOfRepeat; turn += 1)
      for (const phase of phases) {
        const startedAt = performance.now();
        phase.run();
        sums.set(phase, (sums.get(phase) ?? 0) + performance.now() - startedAt);
      }
    for (const [phase, sum] of sums) measured.get(phase)!.push((sum * 1000) / (stepsOfRepeat * batch));
  }
  const times = phases.map((phase) => median(measured.get(phase)!));
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    name: 'profile',
    about: `The compiled engine, ${model}, batch ${batch}: microseconds an image, medians of ${repeat} times ${stepsOfRepeat} steps.`,
    rows: [
      ...phases.map(({ name, pass }, index) => ({
        phase: name,
        pass,
        microseconds: times[index]!,
        share: times[index]! / total,
      })),
      { phase: 'all', pass: '', microseconds: total, share: 1 },
    ],
  };
}
