/**
 * Guess, compare, correct: images are changed until their gradient is the one that the update tells. It needs no layer of a
 * certain kind, which is its worth, and a step that the attacker can compute again, which is its limit: many local steps,
 * Adam, or a large batch leave it little.
 *
 * Two searches: DLG (Zhu, Liu, Han 2019), L-BFGS on the distance of the gradients; and Geiping et al. 2020, Adam on their angle
 * with total variation as the only knowledge of what pictures look like. Labels are read from the last layer's bias (Zhao et
 * al. 2020), or searched for together with the images. Gradients of gradients are differentiation/'s.
 *
 * Against masks, the same search on a mask over nothing is its baseline.
 */
import type { z } from 'zod';
import type { AttackStep } from '../contract/attacks/attack-report.ts';
import type { gradientMatchingSettings } from '../contract/attacks/gradient-matching.ts';
import { initialWeights } from '../model/initial-weights.ts';
import { randomStream } from '../random/stream.ts';
import type { Attack, AttackInput, AttackRun } from './attack.ts';
import { differentiableNetwork } from './differentiation/differentiable-network.ts';
import {
  expectedShares,
  labelCounts,
  labelRate,
  metricOfCounts,
  type LabelPlan,
} from './last-layer-labels.ts';
import { matchingTopology } from './matching/networks.ts';
import { MatchingObjective } from './matching/objective.ts';
import { searchByAdam, searchByLbfgs, type Guess } from './matching/search.ts';
import { recoveredFrom, type Results } from './measure.ts';
import { SearchLine } from './search-line.ts';
import { progressAt, type Stretch } from './told.ts';
import { gradientOf, openCase, SearchDisplay, type UpdateCase } from './update-case.ts';
import { modelDataOf } from './victim.ts';

type Input = AttackInput<z.infer<typeof gradientMatchingSettings>>;

const name = 'gradient-matching';
/** More images than these are not searched for: each makes every step longer, and the search harder. */
const most = 8;

/** What a search ends with. */
interface Found {
  readonly images: readonly Float32Array[];
  readonly labels: readonly number[];
  readonly loss: number;
}

export const gradientMatching: Attack<z.infer<typeof gradientMatchingSettings>> = async function* (
  input,
): AttackRun {
  const { settings, dataset, seed, engine } = input;
  yield progressAt({ stage: 'victim', from: 0, to: 0 }, 0);
  const topology = matchingTopology(settings.model, modelDataOf(dataset));
  const fresh = { topology, weights: initialWeights(topology, seed) };
  const victim = await openCase(input, { name, fresh, batch: settings.batch, most });
  const display = new SearchDisplay(input, name, victim);
  yield* display.targets();

  const count = victim.searched;
  const { optimiser, batchSize, epochs } = victim;
  const labelPlan: LabelPlan = {
    count,
    rate: labelRate(optimiser, { epochs, batchSize, count: Math.max(count, victim.examples) }),
    expected: await expectedShares(engine, dataset, victim),
  };
  const found = yield* watched(
    search(input, victim, victim.update, labelPlan),
    { stage: 'optimising', from: 0.05, to: 0.6 },
    display,
  );
  const noiseSearch = search(input, victim, victim.noise, labelPlan);
  const ofNoise = yield* watched(noiseSearch, { stage: 'baselines', from: 0.6, to: 0.9 });
  return yield* display.findings(
    found.images,
    ofNoise.images,
    recoveredFrom,
    { stage: 'baselines', from: 0.9, to: 1 },
    {
      results: labelResults(input, victim, found),
      facts: { variant: settings.variant, loss: found.loss, labels: settings.labels },
    },
  );
};

/** A search, one step at a time. */
function* search(
  { settings, seed }: Input,
  victim: UpdateCase,
  update: Float32Array,
  labelPlan: LabelPlan,
): Generator<{ readonly found: Found; readonly done: number }, Found, void> {
  const { count } = labelPlan;
  const network = differentiableNetwork(victim.topology, 'batch');
  const counts = settings.labels === 'read' ? labelCounts(update, victim.topology, labelPlan) : undefined;
  const labels = counts?.flatMap((times, label) => new Array<number>(times).fill(label));
  const objective = new MatchingObjective({
    network,
    weights: victim.weights,
    gradient: gradientOf(update, victim),
    count,
    labels,
    distance: settings.variant === 'dlg' ? 'squared' : 'cosine',
    variation: settings.variant === 'dlg' ? 0 : settings.variation,
  });
  const foundOf = ({ at, loss }: Guess): Found => ({
    images: imagesOf(at, objective.pixels, count),
    labels: labels ?? labelsOf(at.subarray(objective.pixels), count),
    loss,
  });
  const plan = { objective, steps: settings.steps, stream: randomStream(seed, 'attack', name, 'start') };
  const steps = settings.variant === 'dlg' ? searchByLbfgs(plan) : searchByAdam(plan, settings.signed);
  for (let step = 1; ; step += 1) {
    const next = steps.next();
    if (next.done === true) return foundOf(next.value);
    yield { found: foundOf(next.value), done: step / settings.steps };
  }
}

/** The search on screen, with its loss as a line; without a display, only how far it is. */
function* watched(
  steps: ReturnType<typeof search>,
  stretch: Stretch,
  display?: SearchDisplay,
): Generator<AttackStep, Found, void> {
  const lines = { loss: new SearchLine('loss'), psnr: new SearchLine('psnr') };
  for (let step = 0; ; step += 1) {
    const next = steps.next();
    const found = next.done === true ? next.value : next.value.found;
    const figures: Record<string, number> = { loss: found.loss };
    if (display !== undefined) {
      const psnr = yield* display.guesses(found.images, found.labels);
      yield* lines.loss.add(step, found.loss, next.done);
      if (psnr !== undefined) {
        figures['psnr'] = psnr;
        yield* lines.psnr.add(step, psnr, next.done);
      }
    }
    if (next.done === true) return found;
    yield progressAt({ ...stretch, figures }, next.value.done);
  }
}

function imagesOf(at: Float64Array, pixels: number, count: number): Float32Array[] {
  const each = pixels / count;
  return Array.from({ length: count }, (_, index) =>
    Float32Array.from(at.subarray(index * each, (index + 1) * each)),
  );
}

/** The likeliest class of each row. */
function labelsOf(logits: Float64Array, count: number): number[] {
  const classes = logits.length / count;
  return Array.from({ length: count }, (_, row) => {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}

/** labelAccuracy of the labels that the search was given or has found, beside chance. */
function labelResults({ seed, dataset }: Input, { truth }: UpdateCase, { labels }: Found): Results {
  if (truth === undefined) return {};
  const counts = dataset.classNames.map((_, label) => labels.filter((found) => found === label).length);
  const stream = randomStream(seed, 'attack', name, 'labels');
  return { labelAccuracy: metricOfCounts(counts, { labels: [...truth.labels], stream }) };
}
