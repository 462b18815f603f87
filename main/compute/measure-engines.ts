/**
 * How fast engines train a model here, each alone, in this process: for whoever must choose one. Images are made up,
 * with mostly black pixels as digits have them; an engine's time hardly depends on what is in them.
 */
import process from 'node:process';
import type { EngineSpeed } from '../../core/contract/engines.ts';
import type { LabelledImages } from '../../core/datasets/dataset.ts';
import { readArchitecture } from '../../core/model/architecture.ts';
import type { EngineName, ModelTopology, TrainableModel } from '../../core/model/engine.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { randomStream, streamState } from '../../core/random/stream.ts';
import { loadEngine } from './engines.ts';

export interface MeasureQuestion {
  readonly topology: ModelTopology;
  readonly batchSize: number;
  /** Measured one after the other. */
  readonly engines: readonly EngineName[];
}

/** A measurement that took so long counts, ms; shorter ones are followed by a longer one. */
const enoughMs = 250;
/** A first step, which compiles and allocates, counts where it takes so long that a second would cost too much; so does any by the clock, ms. */
const slowMs = 1_000;
/** Images of the first step, and the least after which an engine is given up as slower than another. */
const fewImages = 8;
const someImages = 32;
/** An engine that is so many times slower than one before is not measured any further: it will not be chosen. */
const hopeless = 3;
/** How much longer a measurement is than the one before, at most. */
const growth = 8;
const mostImages = 512;
/** Pixels of a digit that are not black. */
const inkShare = 0.2;

/** Tells each engine's speed once it is known. One that throws is left out. */
export async function measureEngines(
  { topology, batchSize, engines }: MeasureQuestion,
  tell: (speed: EngineSpeed) => void,
): Promise<void> {
  const images = madeUpImages(topology, Math.min(mostImages, Math.max(someImages, batchSize)));
  let best = 0;
  for (const name of engines) {
    try {
      const engine = await loadEngine(name);
      const model = await engine.plan(topology, { train: images, test: images }, { batchSize });
      const imagesPerSecond = await speedOf(model, { topology, batchSize, count: images.count, best });
      best = Math.max(best, imagesPerSecond);
      model.dispose();
      tell({ engine: name, variant: engine.variant, imagesPerSecond });
    } catch {
      // what cannot be measured is not chosen
    }
  }
}

interface Time {
  readonly wallMs: number;
  /** Without what other programs took of the processor meanwhile: on a busy machine, that of this process. */
  readonly ms: number;
}

async function speedOf(
  model: TrainableModel,
  about: {
    readonly topology: ModelTopology;
    readonly batchSize: number;
    /** Images that there are. */
    readonly count: number;
    /** Images a second of the fastest engine so far. */
    readonly best: number;
  },
): Promise<number> {
  const { topology, batchSize, count, best } = about;
  const weights = initialWeights(topology, 1);
  const timeOf = async (images: number): Promise<Time> => {
    const began = performance.now();
    const before = process.cpuUsage();
    await model.train({
      weights,
      indices: Uint32Array.from({ length: images }, (_, index) => index % count),
      epochs: 1,
      batchSize,
      optimiser: { kind: 'adam', learningRate: 1e-6 },
      proximalMu: 0,
      shuffleState: streamState(1, 'measure', 'shuffle'),
      dropoutState: streamState(1, 'measure', 'dropout'),
    });
    const { user, system } = process.cpuUsage(before);
    const wallMs = performance.now() - began;
    return { wallMs, ms: Math.min(wallMs, (user + system) / 1000) };
  };
  const few = Math.min(fewImages, batchSize);
  const first = await timeOf(few);
  if (first.ms > slowMs) return (few / first.ms) * 1000;
  for (let images = few; ;) {
    const { ms, wallMs } = await timeOf(images);
    const speed = (images / ms) * 1000;
    if (ms >= enoughMs || wallMs >= slowMs) return speed;
    if (images >= Math.min(batchSize, someImages) && speed * hopeless < best) return speed;
    const next = Math.min(images * growth, Math.ceil((images * enoughMs * 1.2) / ms));
    images = next <= batchSize ? next : Math.ceil(next / batchSize) * batchSize;
  }
}

function madeUpImages(topology: ModelTopology, count: number): LabelledImages {
  const { input, classes } = readArchitecture(topology);
  const [height = 1, width = 1, channels = 1] = input;
  const stream = randomStream(1, 'measure', 'images');
  const images = Uint8Array.from({ length: count * height * width * channels }, () =>
    stream.nextFloat() < inkShare ? stream.nextBelow(256) : 0,
  );
  const labels = Uint8Array.from({ length: count }, (_, index) => index % classes);
  return { images, labels, count, height, width, channels };
}
