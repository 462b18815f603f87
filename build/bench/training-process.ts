/**
 * One process of `npm run bench -- training`: the engines of this machine, bound to a model and MNIST. Commands come as
 * lines of JSON (training-contender.ts).
 */
import { createInterface } from 'node:readline';
import type { Dataset, LabelledImages } from '../../core/datasets/dataset.ts';
import type { EngineName, InputGradientTask, TrainableModel } from '../../core/model/engine.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { streamState } from '../../core/random/stream.ts';
import { loadEngine } from '../../main/compute/engines.ts';
import { loadMnist } from '../../main/data/mnist.ts';
import { planPlainFit, type PlainFit } from './plain-fit.ts';
import { plainFit, type Answer, type Command } from './training-contender.ts';

/** Images of one call: as many as an evaluation takes at a time, which is also what an attack may ask for. */
const inputGradientImages = 100;

interface Prepared {
  readonly model: TrainableModel;
  readonly weights: Float32Array;
  readonly inputGradient: InputGradientTask;
}

const prepared = new Map<string, Prepared>();
let fitted: PlainFit | undefined;

async function prepare(
  { engine, topology, batch }: Extract<Command, { kind: 'prepare' }>,
  data: Dataset,
): Promise<Answer> {
  if (engine === plainFit) {
    fitted?.dispose();
    fitted = await planPlainFit(topology, data.train);
    return { done: engine, parameters: fitted.parameters, processorSeconds: 0 };
  }
  prepared.get(engine)?.model.dispose();
  prepared.delete(engine);
  const loaded = await loadEngine(engine as EngineName);
  const refusal = loaded.refusal(topology);
  if (refusal !== undefined) return { failed: refusal };
  const model = await loaded.plan(topology, data, { batchSize: batch });
  const weights = initialWeights(topology, 1);
  prepared.set(engine, { model, weights, inputGradient: inputGradientTask(weights, data.test) });
  return {
    done: `${loaded.name} (${loaded.variant})`,
    parameters: model.parameterCount,
    processorSeconds: 0,
  };
}

/** The first test images, a little unsure of their labels. */
function inputGradientTask(
  weights: Float32Array,
  { images, labels, ...shape }: LabelledImages,
): InputGradientTask {
  const classes = 10;
  const count = inputGradientImages;
  const pixels = shape.height * shape.width * shape.channels;
  const targets = new Float32Array(count * classes).fill(0.1 / classes);
  for (let image = 0; image < count; image += 1) targets[image * classes + labels[image]!]! += 0.9;
  return {
    weights,
    count,
    targets,
    images: Float32Array.from(images.subarray(0, count * pixels), (byte) => byte / 255),
  };
}

async function run(
  { engine, work, batch, images }: Extract<Command, { kind: 'run' }>,
  data: Dataset,
): Promise<void> {
  if (engine === plainFit) return fitted!.fit(images, batch);
  const { model, weights, inputGradient } = prepared.get(engine)!;
  switch (work) {
    case 'train':
      await model.train({
        weights,
        indices: Uint32Array.from({ length: images }, (_, index) => index % data.train.count),
        epochs: 1,
        batchSize: batch,
        optimiser: { kind: 'adam', learningRate: 0.001 },
        proximalMu: 0,
        shuffleState: streamState(1, 'shuffle', 1, 1),
        dropoutState: streamState(1, 'dropout', 1, 1),
      });
      return;
    case 'evaluate':
      for (let left = images; left > 0; left -= data.test.count)
        await model.evaluate({ weights, start: 0, end: Math.min(left, data.test.count) });
      return;
    case 'input-gradient':
      for (let done = 0; done < images; done += inputGradientImages) await model.inputGradient(inputGradient);
  }
}

const tell = (answer: Answer): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
const data = await loadMnist();
tell({ done: `Node ${process.version}`, parameters: 0, processorSeconds: 0 });
for await (const line of createInterface(process.stdin)) {
  const command = JSON.parse(line) as Command;
  try {
    if (command.kind === 'prepare') tell(await prepare(command, data));
    else {
      const before = process.cpuUsage();
      await run(command, data);
      const { user, system } = process.cpuUsage(before);
      tell({ done: command.work, parameters: 0, processorSeconds: (user + system) / 1e6 });
    }
  } catch (error) {
    tell({ failed: error instanceof Error ? error.message : String(error) });
  }
}
