/**
 * A backdoor by model replacement (Bagdasaryan et al. 2020, section 3): one client trains the global model on images
 * that carry a trigger and its own target class, and scales its update so that it outvotes the others in the mean. What
 * each rule of aggregation makes of the very same updates stands side by side.
 *
 * The cheater is a member whose signature is good, and has the global model; it sees nobody else's update. Under masks
 * only what needs no individual update is left: clipping by the clients' own programs, which a cheater's program leaves
 * out, and looking at the sum's model on held-out images.
 *
 * Departs from section 3.3: the cheater hides nothing (no constrain-and-scale), so that a rule that holds here may fall to
 * one that does.
 */
import type { z } from 'zod';
import type { AttackFindings, AttackRow, AttackStep, Metric } from '../contract/attacks/attack-report.ts';
import { backdoorRules, type backdoorSettings } from '../contract/attacks/backdoor.ts';
import { invalidSetting } from '../errors/federation-error.ts';
import { meanOf } from '../fedavg/robust-aggregation.ts';
import type { Attack, AttackInput, AttackRun } from './attack.ts';
import { BackdoorRoom, clientOptimiser, type Scores } from './backdoor-room.ts';
import {
  aggregated,
  type Candidate,
  candidates,
  individualRules,
  needsIndividualUpdates,
  rowOf,
  unmaskedMean,
} from './backdoor-rules.ts';
import { stoppedNeedle } from './gauges.ts';
import { wilson } from './metrics/intervals.ts';

type Input = AttackInput<z.infer<typeof backdoorSettings>>;

/** Share of the images with the trigger that must obey for the attack to have what it wants. */
const threshold = 0.5;
/** A coordinator that validates refuses a round that costs more accuracy: honest rounds differ by about as much. */
const toleratedDrop = 0.02;

interface Judged {
  readonly scores: Scores;
  readonly weights: Float32Array;
}

export const backdoor: Attack<z.infer<typeof backdoorSettings>> = async function* (input) {
  checkRequest(input);
  const room = await BackdoorRoom.open(input);
  try {
    return yield* attack(input, room);
  } finally {
    room.close();
  }
};

async function* attack(input: Input, room: BackdoorRoom): AttackRun {
  const { settings, protection } = input;
  const { rule, rounds, after } = settings;
  const { masks } = protection;
  const watch = new Watch(settings.clients * (rounds + after) + backdoorRules.length + 1);
  yield { kind: 'images', images: room.pictures() };

  let model = await judged(room, room.start);
  for (let round = 1; round < rounds; round += 1) {
    const updates = yield* honestUpdates(input, room, model, round, watch);
    model = await judged(room, moved(model.weights, meanOf(updates)));
    yield* watch.note(round, model.scores);
  }

  // the poisoned round: the very same updates for every rule
  const updates = yield* honestUpdates(input, room, model, rounds, watch);
  // what the rule makes of the round when nobody cheats: Krum, say, costs accuracy by itself
  const clean = await judged(room, moved(model.weights, honestly(input, updates)));
  yield { kind: 'rows', rows: [row('untouched', clean.scores)] };
  const poison = await room.poison(model.weights, rounds);
  const round = { honest: updates.slice(0, -1), poison: poison.map((value) => value * settings.scale) };
  const tried = new Map<string, Judged>();
  for (const candidate of candidates(round, masks)) {
    const update = yield* combined(input, candidate, watch);
    const result = await judged(room, moved(model.weights, update));
    tried.set(candidate.name, result);
    yield watch.step('rules', result.scores);
    yield { kind: 'rows', rows: [row(candidate.name, result.scores)] };
  }
  if (masks) yield { kind: 'rows', rows: individualRules.map(ruledOut) };
  const inMean = tried.get('mean')!;
  const accepted = model.scores.testAccuracy - inMean.scores.testAccuracy <= toleratedDrop;
  yield { kind: 'rows', rows: [validation(accepted ? inMean.scores : model.scores, accepted)] };

  const chosen = tried.get(rowOf(rule, masks))!;
  yield* watch.note(rounds, chosen.scores);
  yield { kind: 'images', images: await room.judgedPictures(chosen.weights) };
  let last = chosen;
  for (let later = rounds + 1; later <= rounds + after; later += 1) {
    const honest = yield* honestUpdates(input, room, last, later, watch);
    last = await judged(room, moved(last.weights, honestly(input, honest)));
    yield* watch.note(later, last.scores);
  }
  return findings(input, room.triggeredImages, {
    clean: clean.scores,
    chosen: chosen.scores,
    last: last.scores,
    accepted,
  });
}

function checkRequest({ settings, protection, dataset }: Input): void {
  const { rule, clients, examples, target } = settings;
  const classes = dataset.classNames.length;
  const most = Math.floor(dataset.train.count / clients);
  if (protection.masks && needsIndividualUpdates(rule)) {
    const allowed = 'mean or norm-clipping while masks are on: the others need every single update';
    throw invalidSetting('rule', rule, allowed);
  }
  if (protection.noise > 0) {
    const allowed = '0 in this demonstration: whether a cheater adds noise is its own choice';
    throw invalidSetting('noise', protection.noise, allowed);
  }
  if (target >= classes)
    throw invalidSetting('target', target, `a class of the data set, 0 .. ${classes - 1}`);
  if (examples > most)
    throw invalidSetting('examples', examples, `at most ${most} for ${clients} clients of this data set`);
}

async function judged(room: BackdoorRoom, weights: Float32Array): Promise<Judged> {
  return { weights, scores: await room.evaluate(weights) };
}

async function* honestUpdates(
  { settings }: Input,
  room: BackdoorRoom,
  { weights, scores }: Judged,
  round: number,
  watch: Watch,
): AsyncGenerator<AttackStep, readonly Float32Array[], void> {
  const updates: Float32Array[] = [];
  for (let client = 0; client < settings.clients; client += 1) {
    updates.push(await room.train(weights, client, round));
    yield watch.step(round > settings.rounds ? 'after' : 'honest', scores);
  }
  return updates;
}

/** The rule on honest updates; under masks, where no honest update is clipped, the mean. */
function honestly({ settings, protection }: Input, updates: readonly Float32Array[]): Float64Array {
  return protection.masks ? meanOf(updates) : aggregated(settings.rule, updates);
}

/** What the coordinator has in hand after the rule. */
function* combined(
  { settings, protection, seed }: Input,
  { name, sent }: Candidate,
  watch: Watch,
): Generator<AttackStep, Float64Array, void> {
  if (!protection.masks)
    return aggregated(
      backdoorRules.find((rule) => rule === name)!,
      sent,
    );
  const reading = unmaskedMean(sent, {
    optimiser: clientOptimiser,
    batchSize: settings.examples,
    epochs: 1,
    examples: settings.examples,
    seed,
    labels: ['backdoor', name],
  });
  for (let next = reading.next(); ; next = reading.next()) {
    if (next.done === true) return next.value;
    yield watch.now('masks');
  }
}

function moved(weights: Float32Array, update: Float64Array): Float32Array {
  return weights.map((value, index) => value + update[index]!);
}

/** How far the attack is, and its two lines. */
class Watch {
  readonly #steps: number;
  readonly #success: [number, number][] = [];
  readonly #accuracy: [number, number][] = [];
  #done = 0;

  constructor(steps: number) {
    this.#steps = steps;
  }

  step(stage: string, { backdoorSuccess, testAccuracy }: Scores): AttackStep {
    this.#done += 1;
    return { ...this.now(stage), figures: { backdoorSuccess, testAccuracy } };
  }

  now(stage: string): AttackStep & { readonly kind: 'progress' } {
    return { kind: 'progress', done: Math.min(this.#done / this.#steps, 1), stage, figures: {} };
  }

  *note(round: number, { backdoorSuccess, testAccuracy }: Scores): Generator<AttackStep, void> {
    this.#success.push([round, backdoorSuccess]);
    this.#accuracy.push([round, testAccuracy]);
    yield { kind: 'series', series: { name: 'backdoorSuccess', points: [...this.#success] } };
    yield { kind: 'series', series: { name: 'testAccuracy', points: [...this.#accuracy] } };
  }
}

// Rows: what a rule made of the round, or why it cannot be applied

function row(name: string, { backdoorSuccess, testAccuracy }: Scores): AttackRow {
  return { name, cells: { backdoorSuccess, testAccuracy, note: 'applied' } };
}

function ruledOut(name: string): AttackRow {
  return { name, cells: { note: 'needs-individual-updates' } };
}

/** The model that the round leaves: the one before it where the coordinator refuses what came out. */
function validation({ backdoorSuccess, testAccuracy }: Scores, accepted: boolean): AttackRow {
  const note = accepted ? 'accepted' : 'rejected';
  return { name: 'validation', cells: { backdoorSuccess, testAccuracy, note } };
}

interface Found {
  readonly clean: Scores;
  readonly chosen: Scores;
  readonly last: Scores;
  readonly accepted: boolean;
}

function findings({ settings, protection, dataset }: Input, images: number, found: Found): AttackFindings {
  const { clean, chosen, last, accepted } = found;
  const intervalOf = (share: number): readonly [number, number] => wilson(Math.round(share * images), images);
  const backdoorSuccess: Metric = {
    value: chosen.backdoorSuccess,
    interval: intervalOf(chosen.backdoorSuccess),
    baselines: { untouched: clean.backdoorSuccess },
  };
  const testAccuracy: Metric = {
    value: chosen.testAccuracy,
    baselines: { untouched: clean.testAccuracy },
  };
  const success = chosen.backdoorSuccess >= threshold;
  // more than an honest round does by chance: the intervals of both lie apart
  const more = intervalOf(chosen.backdoorSuccess)[0] > intervalOf(clean.backdoorSuccess)[1];
  return {
    results: { backdoorSuccess, testAccuracy },
    success,
    outcome: success ? 'leaks' : more ? 'partly' : 'stopped',
    threshold: { metric: 'backdoorSuccess', value: threshold, side: 'above' },
    gauges: {
      stopped: stoppedNeedle({ metric: backdoorSuccess, threshold, side: 'above' }),
      epsilon: null,
      delta: null,
    },
    facts: {
      rule: settings.rule,
      masks: protection.masks,
      clients: settings.clients,
      scale: settings.scale,
      target: dataset.classNames[settings.target]!,
      images,
      after: settings.after,
      lasting: last.backdoorSuccess,
      accepted,
      drop: toleratedDrop,
    },
  };
}
