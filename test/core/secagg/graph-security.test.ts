import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tolerances } from '../../../core/contract/run-settings.ts';
import {
  CORRECTNESS_LOG2,
  SECURITY_LOG2,
  type SparseParameters,
  type Tolerance,
  atLeast,
  graphFailures,
  sparseParameters,
  sparseTable,
  toleratedClients,
} from '../../../core/secagg/graph-security.ts';

/** The table as published in the protocol's description. */
const published = {
  300: { '10/10': '78/56', '10/20': '138/91', '20/10': '106/81', '33/10': '152/123' },
  500: { '10/10': '90/64', '10/20': '172/112', '20/10': '128/97', '33/10': '194/155' },
};

function choose(from: bigint, chosen: bigint): bigint {
  if (chosen < 0n || chosen > from) return 0n;
  let result = 1n;
  for (let factor = 1n; factor <= chosen; factor += 1n) result = (result * (from - chosen + factor)) / factor;
  return result;
}

/** Exact, but for the last division: counts of samples. */
function slowAtLeast(population: number, marked: number, sample: number, least: number): number {
  let favourable = 0n;
  for (let hits = Math.max(0, least); hits <= sample; hits += 1) {
    favourable +=
      choose(BigInt(marked), BigInt(hits)) * choose(BigInt(population - marked), BigInt(sample - hits));
  }
  const all = choose(BigInt(population), BigInt(sample));
  return Number((favourable << 1000n) / all) / 2 ** 1000;
}

function meetsAll(parameters: SparseParameters, tolerance: Tolerance, fewest: number, most: number): boolean {
  // From the top: that is where most candidates fail.
  for (let clients = most; clients >= fewest; clients -= 1) {
    const { secrets, disconnected, starved } = graphFailures(clients, parameters, tolerance);
    if (secrets > SECURITY_LOG2 || disconnected > SECURITY_LOG2 || starved > CORRECTNESS_LOG2) return false;
  }
  return true;
}

describe('atLeast()', () => {
  it('is the hypergeometric tail, against exact counting', () => {
    for (const [population, marked, sample] of [
      [10, 4, 5],
      [299, 30, 39],
      [499, 166, 97],
      [499, 166, 194],
      [200, 0, 30],
      [50, 50, 7],
    ] as const) {
      for (let least = 0; least <= sample + 1; least += 1) {
        const exact = slowAtLeast(population, marked, sample, least);
        const found = atLeast(population, marked, sample, least);
        assert.ok(
          Math.abs(found - exact) <= 1e-10 * exact + 1e-290,
          `${population} ${marked} ${sample} ${least}`,
        );
      }
    }
  });
});

describe('sparseParameters()', () => {
  it('gives the published pairs from 201 to 500 clients, and none outside', () => {
    for (const tolerance of tolerances) {
      for (let clients = 201; clients <= 500; clients += 1) {
        const { neighbours, threshold } = sparseParameters(clients, tolerance)!;
        assert.equal(`${neighbours}/${threshold}`, published[clients <= 300 ? 300 : 500][tolerance]);
      }
      assert.equal(sparseParameters(200, tolerance), undefined);
      assert.equal(sparseParameters(501, tolerance), undefined);
    }
  });

  for (const { fewest, most, parameters } of sparseTable) {
    for (const tolerance of tolerances) {
      const { neighbours, threshold } = parameters[tolerance];
      const name = `${fewest}-${most}, ${tolerance}`;

      it(`${name}: ${neighbours}/${threshold} meets both security bounds and correctness at every n`, () => {
        assert.ok(meetsAll(parameters[tolerance], tolerance, fewest, most));
      });

      it(`${name}: no smaller k meets them with any t, and no other t with this k`, () => {
        for (let k = 2; k <= neighbours; k += 2) {
          for (let t = k / 2 + 1; t <= k; t += 1) {
            if (k === neighbours && t === threshold) continue;
            assert.ok(
              !meetsAll({ neighbours: k, threshold: t }, tolerance, fewest, most),
              `${k}/${t} would do`,
            );
          }
        }
      });

      it(`${name}: both secrets of a client stay out of reach even if neighbours see different survivors`, () => {
        for (let clients = fewest; clients <= most; clients += 1) {
          assert.ok(graphFailures(clients, parameters[tolerance], tolerance).bothShares <= -61);
        }
      });

      it(`${name}: k is even, t above k/2, and x fits a byte`, () => {
        assert.equal(neighbours % 2, 0);
        assert.ok(threshold > neighbours / 2 && threshold <= neighbours && neighbours <= 255);
      });
    }
  }
});

describe('the argument for connectivity', () => {
  // A ring of 12, k = 4, t = 3, a third corrupt: every set of corrupt places, every set of survivors for which each
  // survivor has t neighbours among them.
  const [clients, neighbours, threshold] = [12, 4, 3];
  const side = neighbours / 2;
  const { corrupt } = toleratedClients(clients, '33/10');
  const places = Array.from({ length: clients }, (_, place) => place);
  const bit = (place: number): number => 1 << (place % clients);
  const bitsOf = (members: readonly number[]): number =>
    members.reduce((bits, place) => bits | bit(place), 0);
  const near = places.map((place) => bitsOf([1, 2, clients - 1, clients - 2].map((step) => place + step)));
  const window = (place: number): number => bitsOf([place + 1, place + 2]);
  const subsets = Array.from({ length: 2 ** clients }, (_, bits) => bits);
  const placements = subsets.filter((bits) => ones(bits) === corrupt);
  const survivorSets = subsets.filter((survivors) =>
    near.every((around, place) => !(survivors & bit(place)) || ones(around & survivors) >= threshold),
  );
  const isBad = (place: number, bad: number): boolean => ones(window(place) & bad) >= threshold - side;

  it('honest survivors fall apart only where two disjoint windows after honest clients hold t - k/2 corrupt (exhaustive)', () => {
    let broken = 0;
    for (const bad of placements) {
      if (!survivorSets.some((survivors) => fallsApart(survivors & ~bad, near))) continue;
      broken += 1;
      const starts = places.filter((place) => !(bad & bit(place)) && isBad(place, bad));
      const disjoint = starts.some((one) =>
        starts.some(
          (other) => Math.min((other - one + clients) % clients, (one - other + clients) % clients) > side,
        ),
      );
      assert.ok(disjoint, bad.toString(2));
    }
    assert.ok(broken > 0 && broken < placements.length, 'it happens at this size, but not always');
  });

  it('two disjoint windows are both bad at most with the square of the probability of one (exhaustive)', () => {
    const single = atLeast(clients - 1, corrupt, side, threshold - side);
    for (let other = side; other <= clients - side; other += 1) {
      const both = placements.filter((bad) => isBad(0, bad) && isBad(other, bad)).length / placements.length;
      assert.ok(both > 0 && both <= single ** 2, `${both} > ${single ** 2}`);
    }
  });
});

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** True when the places in `members` are not connected by `near`. */
function fallsApart(members: number, near: readonly number[]): boolean {
  let reached = members & -members;
  for (;;) {
    const next = near.reduce(
      (bits, around, place) => ((reached & (1 << place)) !== 0 ? bits | (around & members) : bits),
      reached,
    );
    if (next === reached) return reached !== members;
    reached = next;
  }
}
