/**
 * A coordinator that sends another model than everybody believes. All that clients send it is masked, all masks cancel, the
 * sum is exact: what leaks, leaks from the sum.
 *
 * - imprint: a layer is slipped in that writes down each image (dishonest/imprint.ts).
 * - inconsistency: everybody but the victim trains on a model with a dead layer, so that the sum there is the victim's own
 *   update (dishonest/dead-layer.ts), from which its images are read as from any single update (first-layer.ts).
 * - weights: the architecture is the agreed one, and only its weights are set up to leak (Boenisch et al. 2023, section 6, by
 *   trap weights; here by an imprint, which leaks more).
 *
 * Checked, as real clients do, the live machines refuse the first two by name (dishonest/tries.ts). Nothing refuses the third:
 * which weights training would have given, nobody can know who has not seen every update. And a layer that stands in the plan
 * from the beginning has been agreed to. What remains is a plan that people read, a large crowd, and noise.
 */
import type { z } from 'zod';
import type { AttackFindings, AttackRow } from '../contract/attacks/attack-report.ts';
import type { dishonestCoordinatorSettings } from '../contract/attacks/dishonest-coordinator.ts';
import type { Identity } from '../crypto/rsa.ts';
import type { Attack, AttackRun } from './attack.ts';
import type { OpenedSum } from './dishonest/round.ts';
import { tried, victim } from './dishonest/tries.ts';
import { type DishonestInput, DishonestWork } from './dishonest/work.ts';
import type { FoundImage } from './first-layer.ts';
import { victimImages } from './first-layer-case.ts';
import { conclusionOf, privacyBound } from './gauges.ts';
import { makePeople } from './live-protocol/people.ts';
import { Measurement, medianOf, type Pairing, pairUp, recoveredFrom, type Results } from './measure.ts';
import { plainImages, type PlainImage, selectImages } from './pictures.ts';
import { progressAt, told } from './told.ts';

const name = 'dishonest-coordinator';

export const dishonestCoordinator: Attack<z.infer<typeof dishonestCoordinatorSettings>> = async function* (
  input,
): AttackRun {
  const { settings, protection, dataset, seed } = input;
  const { clients, batch, variant } = settings;
  yield progressAt({ stage: 'victim', from: 0, to: 0 }, 0);
  const { data, own, drawings } = victimImages(input, name, clients * batch);
  const attacked = variant === 'inconsistency' ? batch : clients * batch;
  const targets = plainImages(selectImages(data, [...Array(attacked).keys()]));
  const measurement = new Measurement({ targets, data: dataset.train, own, seed, labels: [name] });
  yield { kind: 'images', images: measurement.targetPictures() };

  let identities: readonly Identity[] = [];
  if (protection.signature) {
    const people = makePeople(clients + 1);
    let made = await people.next();
    for (; made.done !== true; made = await people.next())
      yield progressAt({ stage: 'identities', from: 0, to: 0.15 }, made.value / (clients + 1));
    identities = made.value;
  }
  const work = await DishonestWork.open(input, data, identities);
  try {
    return yield* attack(input, work, { measurement, targets, drawings });
  } finally {
    work.close();
  }
};

interface Case {
  readonly measurement: Measurement;
  readonly targets: readonly PlainImage[];
  readonly drawings: number;
}

async function* attack(
  input: DishonestInput,
  work: DishonestWork,
  { measurement, targets, drawings }: Case,
): AttackRun {
  const { settings, protection } = input;
  const { clients, batch, variant, checked } = settings;
  const rows: AttackRow[] = [];
  for (const each of checked ? work.tries() : []) {
    rows.push(tried(each, work.agreed));
    yield { kind: 'rows', rows };
    yield progressAt({ stage: 'tries', from: 0.15, to: 0.2 }, 0.5);
  }
  const stopped = rows.length > 0 && rows.every(({ cells }) => cells['outcome'] === 'refused');
  const opened = stopped ? undefined : yield* work.sum({ from: 0.2, to: 0.6 });
  if (!stopped) {
    rows.push(acceptedRow(checked ? 'trap-weights' : 'unchecked', opened));
    yield { kind: 'rows', rows };
  }

  const found = opened === undefined ? [] : yield* work.read(opened.sum, targets.length, 0.6);
  const pairing = yield* paired(targets, found);
  const labelOf = (image: Float32Array): number | null =>
    found.find(({ pixels }) => pixels === image)?.label ?? null;
  yield { kind: 'images', images: measurement.rebuiltPictures(pairing, { masked: false, labelOf }) };
  const fromNoise = yield* paired(targets, yield* work.readNoise(targets.length, 0.65));
  const untouched = yield* paired(targets, yield* work.readHonestSum(clients * batch, 0.7));
  yield* told(measurement.prepare(), { stage: 'baselines', from: 0.75, to: 1 });
  yield { kind: 'images', images: measurement.baselinePictures(fromNoise) };

  const results = withUntouched(measurement.figures(pairing, fromNoise), untouched);
  const aim = { metric: 'psnr', from: recoveredFrom, also: 'recovered' } as const;
  return {
    results,
    ...conclusionOf(results, aim, privacyBound(protection.noise)),
    facts: {
      variant,
      checked,
      refused: stopped,
      clients,
      batch,
      images: targets.length,
      came: hits(pairing),
      untouchedCame: hits(untouched),
      drawings,
      units: work.first.units,
      victimsOwn: opened === undefined ? 0 : victimsShare(opened, work),
      ...refusal(rows),
    },
  };
}

function* paired(
  targets: readonly PlainImage[],
  found: readonly FoundImage[],
): Generator<ReturnType<typeof progressAt>, Pairing, void> {
  const images = found.map(({ pixels }) => pixels);
  return yield* told(pairUp(targets, images), { stage: 'reading', from: 0.65, to: 0.65 });
}

const hits = ({ psnr }: Pairing): number => psnr.filter((value) => value >= recoveredFrom).length;

function acceptedRow(row: string, opened: OpenedSum | undefined): AttackRow {
  const outcome = opened === undefined ? 'refused' : 'accepted';
  return { name: row, cells: { outcome, refusers: 0 } };
}

/** Of the first try: which rule it broke, and how many clients said so. */
function refusal([first]: readonly AttackRow[]): AttackFindings['facts'] {
  const { code = '', refusers = 0 } = first?.cells ?? {};
  return { code, refusers };
}

/** The same sum of the same people under an honest model, read as well as it can be. */
function withUntouched(results: Results, untouched: Pairing): Results {
  const { recovered, psnr } = results;
  const share = hits(untouched) / untouched.psnr.length;
  return {
    ...results,
    recovered: { ...recovered!, baselines: { ...recovered!.baselines, untouched: share } },
    psnr: { ...psnr!, baselines: { ...psnr!.baselines, untouched: medianOf(untouched.psnr) } },
  };
}

/** Share of the layer's numbers in the sum that are the victim's own, to the last bit; clients who moved nothing there add nothing. */
function victimsShare({ whole, vectors }: OpenedSum, { first }: DishonestWork): number {
  const { kernelAt, inputs, units } = first;
  const vector = vectors.get(victim)!;
  let same = 0;
  for (let place = kernelAt; place < kernelAt + inputs * units; place += 1)
    same += whole[place] === vector[place] ? 1 : 0;
  return same / (inputs * units);
}
