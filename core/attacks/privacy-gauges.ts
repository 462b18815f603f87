/**
 * Two gauges for differential privacy. Clients clip their update to C, the update's own norm, and add normal noise of deviation
 * z C on every coordinate (protect.ts); the attack of first-layer.ts reads each update by itself. For every z of a table: how
 * near the pictures come, whether the label can be read, what a model trained under that noise still learns
 * (noisy-training.ts), and the epsilon that so many rounds come to.
 *
 * The first gauge is the attack's and may say anything about the next attack: nothing. The second is the guarantee's:
 * (epsilon, delta) of so many Gaussian rounds in which everybody takes part (core/privacy/accountant.ts), neighbours being
 * with and without a client's update. It holds for each single update that is read, the noise being on every one.
 */
import type { z } from 'zod';
import type { AttackRow, AttackSeries, AttackStep } from '../contract/attacks/attack-report.ts';
import { noiseLevels, type privacyGaugesSettings } from '../contract/attacks/privacy-gauges.ts';
import type { Attack, AttackInput, AttackRun } from './attack.ts';
import { victimRange } from './first-layer-case.ts';
import { conclusionOf, privacyBound } from './gauges.ts';
import { LoneAttack, type LoneResult } from './lone-attack.ts';
import { medianOf, recoveredFrom } from './measure.ts';
import { NoisyTraining } from './noisy-training.ts';
import { toldLater, type Stretch } from './told.ts';

type Input = AttackInput<z.infer<typeof privacyGaugesSettings>>;

const name = 'privacy-gauges';

/** One line of the table. */
interface Level extends LoneResult {
  readonly noise: number;
  readonly testAccuracy: number;
  readonly epsilon: number | null;
}

export const privacyGauges: Attack<z.infer<typeof privacyGaugesSettings>> = async function* (
  input,
): AttackRun {
  const { settings, dataset } = input;
  yield { kind: 'progress', done: 0, stage: 'victim', figures: {} };
  const attack = await LoneAttack.open(name, input, {
    clients: settings.victims,
    hidden: settings.hidden,
    field: 'victims',
  });
  const { rounds, clients } = settings;
  const training = await NoisyTraining.open(input, attack.model, {
    ...victimRange(dataset),
    rounds,
    clients,
    label: name,
  });
  try {
    return yield* run(input, attack, training);
  } finally {
    attack.close();
    training.close();
  }
};

async function* run(input: Input, attack: LoneAttack, training: NoisyTraining): AttackRun {
  const { settings, protection, dataset } = input;
  const { measurement } = attack;
  const { masks: masked, noise } = protection;
  yield { kind: 'images', images: measurement.targetPictures() };

  // without noise first: it is the baseline of what a model learns; rows stay where they first were
  const levels = [...new Set([0, noise, ...(settings.series ? noiseLevels : [])])].sort(
    (one, other) => one - other,
  );
  const parts = levels.length + 1;
  const stretch = (stage: string, from: number, to: number): Stretch => ({
    stage,
    from: from / parts,
    to: to / parts,
  });
  const shown = yield* attack.attack(protection, stretch('reading', 0, 0.4));
  const pictures = measurement.rebuiltPictures(shown.pairing, { masked, labelOf: () => null });
  yield { kind: 'images', images: pictures };
  const fromNoise = yield* attack.attackNoise(stretch('baselines', 0.4, 0.6));
  for (const done of measurement.prepare())
    yield { kind: 'progress', done: (0.6 + 0.4 * done) / parts, stage: 'baselines', figures: {} };
  yield { kind: 'images', images: measurement.baselinePictures(fromNoise) };

  const table: Level[] = [];
  for (const [index, level] of levels.entries()) {
    const result = yield* attackAt(level, stretch('reading', 1 + index, 1.2 + index));
    const testAccuracy = yield* toldLater(
      training.accuracy(level),
      stretch('training', 1.2 + index, 2 + index),
    );
    table.push({
      ...result,
      noise: level,
      testAccuracy,
      epsilon: privacyBound(level, settings.rounds).epsilon,
    });
    yield { kind: 'rows', rows: rowsOf(table) };
    for (const series of seriesOf(table)) yield { kind: 'series', series };
  }

  const own = table.find((level) => level.noise === noise)!;
  const chance = 1 / dataset.classNames.length;
  const results = {
    ...measurement.figures(shown.pairing, fromNoise),
    labelAccuracy: { value: shown.labelAccuracy, baselines: { chance } },
    testAccuracy: { value: own.testAccuracy, baselines: { untouched: table[0]!.testAccuracy, chance } },
  };
  const aim = { metric: 'psnr', from: recoveredFrom, also: 'recovered' } as const;
  return {
    results,
    ...conclusionOf(results, aim, privacyBound(noise, settings.rounds)),
    facts: {
      images: attack.targets.length,
      came: shown.pairing.psnr.filter((value) => value >= recoveredFrom).length,
      drawings: attack.images.drawings,
      firstPsnr: shown.pairing.psnr[0]!,
      ranksTell: measurement.ranksTell(shown.pairing),
      masked,
      epsilon: privacyBound(noise, settings.rounds).epsilon ?? 0,
      examples: training.examplesEach,
      parameters: attack.model.weights.length,
      inputs: attack.model.first.inputs,
      units: attack.model.first.units,
    },
  };

  /** Masks aside, which the table is not about. */
  async function* attackAt(level: number, at: Stretch): AsyncGenerator<AttackStep, LoneResult, void> {
    if (level === noise && !masked) return shown;
    return yield* attack.attack({ ...protection, masks: false, noise: level }, at);
  }
}

function rowsOf(table: readonly Level[]): readonly AttackRow[] {
  return table.map(({ noise, pairing, labelAccuracy, testAccuracy, epsilon }) => ({
    name: String(noise),
    cells: { psnr: medianOf(pairing.psnr), labelAccuracy, testAccuracy, epsilon: epsilon ?? 'none' },
  }));
}

/** Over the noise multiplier. */
function seriesOf(table: readonly Level[]): readonly AttackSeries[] {
  const line = (figure: string, value: (level: Level) => number): AttackSeries => ({
    name: figure,
    points: table.map((level) => [level.noise, value(level)] as const),
  });
  return [
    line('psnr', ({ pairing }) => medianOf(pairing.psnr)),
    line('labelAccuracy', ({ labelAccuracy }) => labelAccuracy),
    line('testAccuracy', ({ testAccuracy }) => testAccuracy),
  ];
}
