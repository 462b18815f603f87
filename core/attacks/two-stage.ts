/**
 * Does a convolutional network give images away too? Its first dense layer gives away what it was fed, as any does; that is no image, but
 * what convolutions made of one. So the attack has two stages: the features by closed form (two-stage/dense-features.ts),
 * then the image that has them, by search (two-stage/feature-search.ts). Where the dense layer follows a convolution,
 * as in the preset 'cnn', the features also open that convolution's gradient, which gives its whole input: a layer
 * nearer to the image, with nothing lost to dropout (two-stage/convolution-input.ts).
 *
 * All of it is exact for one image and one step of plain SGD. Of several images the dense layer mostly gives mixtures, and
 * the search finds what has the features of a mixture. Against masks, the same on a mask over nothing is the baseline.
 */
import type { z } from 'zod';
import type { AttackStep } from '../contract/attacks/attack-report.ts';
import type { twoStageSettings } from '../contract/attacks/two-stage.ts';
import { invalidSetting } from '../errors/federation-error.ts';
import { initialWeights } from '../model/initial-weights.ts';
import { presetTopology } from '../model/presets.ts';
import { randomStream } from '../random/stream.ts';
import type { Attack, AttackInput, AttackRun } from './attack.ts';
import {
  differentiableNetwork,
  type DifferentiableNetwork,
} from './differentiation/differentiable-network.ts';
import { recoveredFrom } from './measure.ts';
import { SearchLine } from './search-line.ts';
import { progressAt, type Stretch } from './told.ts';
import { convolutionInput } from './two-stage/convolution-input.ts';
import {
  denseFeatures,
  featuresOfOne,
  featuresOfSome,
  type DenseFeatures,
  type KnownOutput,
} from './two-stage/dense-features.ts';
import { type FeatureGuess, isStuck, searchByFeatures } from './two-stage/feature-search.ts';
import { gradientOf, openCase, SearchDisplay, type UpdateCase } from './update-case.ts';
import { modelDataOf } from './victim.ts';

const name = 'two-stage';
/** Images that are searched for at most. */
const most = 4;
/** Of the time of a search, its first attempt: mostly there is no second. */
const firstShare = 0.7;

export const twoStage: Attack<z.infer<typeof twoStageSettings>> = async function* (input): AttackRun {
  const { settings, dataset, seed, material } = input;
  yield progressAt({ stage: 'victim', from: 0, to: 0 }, 0);
  const topology = presetTopology(settings.model, modelDataOf(dataset));
  const fresh = material.model ?? { topology, weights: initialWeights(topology, seed) };
  const network = differentiableNetwork((material.observed ?? fresh).topology, 'batch');
  const place = denseFeatures(network.architecture);
  if (place === undefined)
    throw invalidSetting(
      'target',
      'one without such a layer',
      'a network of layers in a row, of which one is dense, with a bias, on a row of features',
    );
  const victim = await openCase(input, { name, fresh, batch: settings.batch, most });
  const display = new SearchDisplay(input, name, victim);
  yield* display.targets();

  const count = victim.searched;
  yield progressAt({ stage: 'features', from: 0.05, to: 0.05 }, 0);
  const outputs = knownOutputs(network, place, victim, victim.update, count);
  const found = yield* search(input, network, victim, outputs, from(0.05, 0.55), display);
  const noise = knownOutputs(network, place, victim, victim.noise, count);
  const ofNoise = yield* search(input, network, victim, noise, from(0.55, 0.95));
  return yield* display.findings(found.images, ofNoise.images, recoveredFrom, from(0.95, 1), {
    results: {},
    facts: { ...factsOf(network, place, outputs), loss: found.loss },
  });
};

/** What is known of each image inside of the network, as near to the image as the update tells. */
function knownOutputs(
  { weights, architecture }: DifferentiableNetwork,
  place: DenseFeatures,
  victim: UpdateCase,
  update: Float32Array,
  count: number,
): readonly KnownOutput[] {
  const before = weights(victim.weights);
  const gradient = weights(gradientOf(update, victim));
  const [kernel, bias] = [gradient[place.kernel]!.data, gradient[place.kernel + 1]!.data];
  if (count > 1) return featuresOfSome(place, kernel, bias, count);
  const features = featuresOfOne(place, kernel, bias);
  const further =
    place.kernel < 2
      ? undefined
      : convolutionInput(architecture, place, features, {
          denseKernel: before[place.kernel]!.data,
          denseBias: bias,
          kernel: gradient[place.kernel - 2]!.data,
          bias: gradient[place.kernel - 1]!.data,
        });
  return [further ?? features];
}

/** Where in the whole a part of the work stands. */
const from = (start: number, to: number): Stretch => ({ stage: 'baselines', from: start, to });

/** The second stage, twice where it got stuck: what has more of the features counts. Without a display, only how far it is. */
function* search(
  { settings: { steps }, seed }: AttackInput<z.infer<typeof twoStageSettings>>,
  network: DifferentiableNetwork,
  { weights }: UpdateCase,
  outputs: readonly KnownOutput[],
  stretch: Stretch,
  display?: SearchDisplay,
): Generator<AttackStep, FeatureGuess, void> {
  const lines = display && { loss: new SearchLine('loss'), psnr: new SearchLine('psnr') };
  const start = (attempt: string): ReturnType<typeof searchByFeatures> => {
    const stream = randomStream(seed, 'attack', name, 'start', attempt);
    return searchByFeatures({ network, weights, outputs, steps, stream });
  };
  const middle = stretch.from + firstShare * (stretch.to - stretch.from);
  const stages = display === undefined ? [] : ['optimising', 'again'];
  const { stage } = stretch;
  const first = yield* watched(start('first'), { ...stretch, to: middle, stage: stages[0] ?? stage }, 0);
  if (!isStuck(first)) return first;
  const second = yield* watched(
    start('again'),
    { ...stretch, from: middle, stage: stages[1] ?? stage },
    steps + 1,
  );
  const best = second.misfit < first.misfit ? second : first;
  if (display !== undefined) yield* display.guesses(best.images, []);
  return best;

  function* watched(
    attempt: ReturnType<typeof searchByFeatures>,
    part: Stretch,
    before: number,
  ): Generator<AttackStep, FeatureGuess, void> {
    for (let step = 0; ; step += 1) {
      const next = attempt.next();
      const { images, loss } = next.value;
      const figures: Record<string, number> = { loss };
      if (display !== undefined && lines !== undefined) {
        const psnr = yield* display.guesses(images, []);
        yield* lines.loss.add(before + step, loss, next.done);
        if (psnr !== undefined) {
          figures['psnr'] = psnr;
          yield* lines.psnr.add(before + step, psnr, next.done);
        }
      }
      if (next.done === true) return next.value;
      yield progressAt({ ...part, figures }, step / steps);
    }
  }
}

function factsOf(
  { architecture }: DifferentiableNetwork,
  place: DenseFeatures,
  outputs: readonly KnownOutput[],
): Record<string, number | string | boolean> {
  const [first] = outputs;
  const { layers } = architecture;
  return {
    model: architecture.name,
    dropout: place.kept > 1,
    deeper: first!.source !== place.source,
    layer: first!.source === -1 ? '' : layers[first!.source]!.name,
    known: first!.known.reduce((sum, one) => sum + one, 0),
    features: first!.known.length,
  };
}
