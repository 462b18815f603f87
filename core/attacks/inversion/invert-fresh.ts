/** Trains a small model on some images and inverts every class of it: what re-identification does twice. */
import type { AttackImage, AttackStep } from '../../contract/attacks/attack-report.ts';
import type { LabelledImages } from '../../datasets/dataset.ts';
import { presetTopology } from '../../model/presets.ts';
import { randomStream } from '../../random/stream.ts';
import type { AttackInput } from '../attack.ts';
import { elementsOf } from '../pictures.ts';
import { trainSteadily } from '../train-steadily.ts';
import { modelDataOf } from '../victim.ts';
import { PriorCanvas, type Priors } from './prior-canvas.ts';
import { searchImages } from './search.ts';
import { type TellStage } from '../stages.ts';
import { toldBy } from '../told.ts';
import { startWeights, streamLabel } from './subject.ts';

const preset = 'mlp';
const epochs = 10;
const optimiser = { kind: 'adam', learningRate: 0.001 } as const;
const batchSize = 32;
/** What somebody drew is looked for where it was drawn: neither moved nor blurred. */
const priors: Priors = { noise: 0.2, jitter: 0, totalVariation: 0.02, ink: 0.02, blur: 0 };
/** Content with a sure model, the search would leave drawings faint; ahead, it stops where ink costs more. */
const goal = { ahead: 0.2 };
const stepsBetweenPictures = 4;

export interface FreshPlan {
  /** Tells its random streams from those of others. */
  readonly label: string;
  readonly images: LabelledImages;
  readonly classes: number;
  readonly steps: number;
  readonly stages: { readonly training: string; readonly searching: string };
  readonly tell: TellStage;
  /** Pictures of what the classes look like so far. */
  readonly show: (images: readonly Float32Array[]) => readonly AttackImage[];
}

/** [classes] the image of each class. */
export async function* invertFresh(
  { dataset, engine, seed }: AttackInput<unknown>,
  { label, images, classes, steps, stages, tell, show }: FreshPlan,
): AsyncGenerator<AttackStep, readonly Float32Array[], void> {
  const topology = presetTopology(preset, { ...modelDataOf(dataset), classes });
  const model = await engine.plan(topology, { train: images, test: images }, { batchSize });
  try {
    const training = trainSteadily(model, {
      start: startWeights(topology, seed, label),
      indices: Uint32Array.from({ length: images.count }, (_, index) => index),
      epochs,
      batchSize,
      optimiser,
      seed,
      labels: [streamLabel, label],
    });
    const weights = yield* toldBy(training, ({ done, loss, accuracy }) =>
      tell(stages.training, done, { loss, accuracy }),
    );
    const canvas = new PriorCanvas(
      classes,
      images,
      priors,
      randomStream(seed, 'attack', streamLabel, label, 'search'),
    );
    const elements = elementsOf(images);
    const found = (): readonly Float32Array[] =>
      Array.from({ length: classes }, (_, index) =>
        canvas.images().slice(index * elements, (index + 1) * elements),
      );
    const searching = searchImages(
      {
        model,
        weights,
        classes,
        wanted: Uint8Array.from({ length: classes }, (_, index) => index),
        steps,
        learningRate: 0.05,
        rateAtEnd: 0.1,
        goal,
      },
      canvas,
    );
    for await (const { step, loss, confidence } of searching) {
      yield tell(stages.searching, step / steps, { loss, confidence });
      if (step % stepsBetweenPictures === 1) yield { kind: 'images', images: show(found()) };
    }
    return found();
  } finally {
    model.dispose();
  }
}
