/**
 * Pruning is no defence: clients send only the largest values of their update, zeros for the rest, which saves
 * transmission and is sometimes taken for protection (Zhu, Liu, Han 2019, section 5.2: gradient matching fails beyond
 * 20 % pruned). A rank-one fit over what was sent needs little of it (fitOne in first-layer.ts), as some unit has sent each pixel
 * that is not black.
 *
 * Every client has one image and sends its gradient from the same fresh model. The attacker reads each update by itself,
 * and knows that zeros were not sent.
 */
import type { z } from 'zod';
import type { AttackImage, AttackRow, AttackSeries } from '../contract/attacks/attack-report.ts';
import { keptShares, type pruningSettings } from '../contract/attacks/pruning.ts';
import type { Attack, AttackRun } from './attack.ts';
import { conclusionOf, privacyBound } from './gauges.ts';
import { LoneAttack, type LoneResult } from './lone-attack.ts';
import { medianOf, recoveredFrom } from './measure.ts';
import { pictureOf } from './pictures.ts';

const name = 'pruning';

export const pruning: Attack<z.infer<typeof pruningSettings>> = async function* (input): AttackRun {
  const { settings, protection, dataset } = input;
  yield { kind: 'progress', done: 0, stage: 'victim', figures: {} };
  const attack = await LoneAttack.open(name, input, { ...settings, field: 'clients' });
  const { measurement, targets } = attack;
  try {
    yield { kind: 'images', images: measurement.targetPictures() };
    const others = settings.series ? keptShares.filter((share) => share !== settings.keep) : [];
    /** How far it is after so many of the attacks, with the noise's as one more. */
    const at = (done: number): number => done / (others.length + 2);
    const attackKeeping = (keep: number, done: number): ReturnType<LoneAttack['attack']> =>
      attack.attack(protection, { stage: 'reading', from: at(done), to: at(done + 1) }, (update) =>
        pruned(update, keep),
      );
    const shown = yield* attackKeeping(settings.keep, 0);
    const { masks: masked } = protection;
    const pictures = measurement.rebuiltPictures(shown.pairing, { masked, labelOf: () => null });
    yield { kind: 'images', images: pictures };
    const fromNoise = yield* attack.attackNoise({ stage: 'baselines', from: at(1), to: at(2) });
    for (const done of measurement.prepare())
      yield { kind: 'progress', done: at(2), stage: 'baselines', figures: { done } };
    yield { kind: 'images', images: measurement.baselinePictures(fromNoise) };

    const tried = new Map<number, LoneResult>();
    let done = 2;
    // in order, as rows stay where they first were
    for (const keep of [settings.keep, ...others].sort((one, other) => other - one)) {
      if (keep === settings.keep) tried.set(keep, shown);
      else {
        tried.set(keep, yield* attackKeeping(keep, done));
        done += 1;
      }
      yield { kind: 'rows', rows: rowsOf(tried) };
      yield { kind: 'series', series: seriesOf(tried) };
      yield { kind: 'images', images: otherPictures(tried) };
    }

    const results = {
      ...measurement.figures(shown.pairing, fromNoise),
      labelAccuracy: { value: shown.labelAccuracy, baselines: { chance: 1 / dataset.classNames.length } },
    };
    const aim = { metric: 'psnr', from: recoveredFrom, also: 'recovered' } as const;
    return {
      results,
      ...conclusionOf(results, aim, privacyBound(protection.noise)),
      facts: {
        images: targets.length,
        came: shown.pairing.psnr.filter((value) => value >= recoveredFrom).length,
        drawings: attack.images.drawings,
        firstPsnr: shown.pairing.psnr[0]!,
        masked,
        sent: countOf(attack.model.weights.length, settings.keep),
        parameters: attack.model.weights.length,
        inputs: attack.model.first.inputs,
        units: attack.model.first.units,
      },
    };
  } finally {
    attack.close();
  }

  /** The first client's picture under every share, beside its private one. */
  function otherPictures(tried: ReadonlyMap<number, LoneResult>): readonly AttackImage[] {
    const named = [...tried].filter(([keep]) => isNamed(keep));
    return named.map(([keep, { pairing }]) => {
      const kept = nameOf(keep);
      const about = { id: kept, role: 'other', name: kept, index: 0, value: pairing.psnr[0]! } as const;
      return pictureOf({ ...about, masked: protection.masks }, pairing.images[0]!, dataset.train);
    });
  }
};

/** The share of largest absolute value, the rest zero; of several that are equally large at the border, the first. */
export function pruned(update: Float32Array, keep: number): Float32Array {
  const count = countOf(update.length, keep);
  if (count >= update.length) return update.slice();
  const sorted = Float32Array.from(update, Math.abs).sort();
  const least = sorted[update.length - count]!;
  let tied = count - (update.length - firstAbove(sorted, least));
  return update.map((value) => {
    const size = Math.abs(value);
    if (size > least) return value;
    if (size < least || tied === 0) return 0;
    tied -= 1;
    return value;
  });
}

function countOf(length: number, keep: number): number {
  return Math.max(1, Math.round(length * keep));
}

/** Where the values above begin, in sorted ones. */
function firstAbove(sorted: Float32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The fewest first. */
function bySize(tried: ReadonlyMap<number, LoneResult>): readonly [number, LoneResult][] {
  return [...tried].sort(([one], [other]) => one - other);
}

const isNamed = (share: number): boolean => keptShares.some((one) => one === share);

/** The shares of the chart have names; others are named by their per cent alone. */
function nameOf(share: number): string {
  return isNamed(share) ? `keep-${percentOf(share)}` : String(percentOf(share));
}

/** 10 of 0.1, without what binary fractions add. */
const percentOf = (share: number): number => Number((100 * share).toPrecision(6));

function rowsOf(tried: ReadonlyMap<number, LoneResult>): readonly AttackRow[] {
  return [...tried].map(([keep, { pairing, labelAccuracy }]) => {
    const recovered = pairing.psnr.filter((value) => value >= recoveredFrom).length / pairing.psnr.length;
    return {
      name: nameOf(keep),
      cells: { psnr: medianOf(pairing.psnr), recovered, labelAccuracy },
    };
  });
}

function seriesOf(tried: ReadonlyMap<number, LoneResult>): AttackSeries {
  const points = bySize(tried).map(
    ([keep, { pairing }]) => [percentOf(keep), medianOf(pairing.psnr)] as const,
  );
  return { name: 'psnr', points };
}
