/**
 * The sparse graph's parameters (k, t), and the computation that justifies them, after Bell et al. 2020, sections 3 and
 * 4.
 *
 * n clients lie in random order on a ring, N(v) being the k/2 on each side of v. The order is drawn after the corrupt
 * clients are fixed (they are committed to their nonces), so that any places hold a random sample of clients. But it is
 * public: the coordinator may choose who drops out with the order before its eyes. Departs in this from the paper, where
 * the dropouts are fixed before the graph is drawn, too. What holds instead is each honest client's check that EVERY v
 * in U3 has t neighbours in U3.
 *
 * H(N, K, m): how many of K marked clients a random sample of m of N holds (hypergeometric).
 *
 * **(a) Secrets.** Honest neighbours reveal one share of v, all of the same secret, as at most one U3 per round gathers
 * T signatures. The other secret takes t corrupt neighbours, H(n - 1, c, k) >= t, for one of n clients (union bound).
 *
 * **(b) Connectivity.** If the honest clients of U3 do not hang together, the sum over each part is known. They fall
 * apart only if, going round the ring, two consecutive ones are more than k/2 places apart, and that in two places. Let
 * v be the one before such a gap. At most k/2 of its neighbours in U3 lie behind it, so that t - k/2 or more are in the
 * k/2 places after it, all of them corrupt. The probability of such a window is at most
 * p = P(H(n - 1, c, k/2) >= t - k/2). Two windows are disjoint, hence negatively associated (a corrupt client in one is
 * missing in the other): at most p^2 for both, and there are n (n - k - 1) / 2 pairs of disjoint windows.
 *
 * **Correctness.** A round fails when some v has fewer than t surviving neighbours: H(n - 1, D, k) > k - t for D
 * dropouts, for one of n clients. (Dropouts by chance: whoever chooses them can end a round anyway.)
 *
 * Each of (a) and (b) is to be at most 2^-41, failing at most 2^-20, for every n of a row's range, 33 % standing for
 * floor(n/3). The table holds the least k for which any t meets all three; that t is the only one. (b) against
 * correctness decides; (a) is below 2^-225. Even if each of the k - c_v honest neighbours of v could be led to reveal
 * whichever share is missing, both secrets of v would take c_v >= 2t - k corrupt ones: below 2^-61.
 */
import type { tolerances } from '../contract/run-settings.ts';

export type Tolerance = (typeof tolerances)[number];

/** Up to so many clients the graph is complete. */
export const COMPLETE_GRAPH_LIMIT = 200;
/** x of a share is a byte, and the table ends here. */
export const SPARSE_GRAPH_LIMIT = 500;

export const SECURITY_LOG2 = -41;
export const CORRECTNESS_LOG2 = -20;

export interface SparseParameters {
  /** k */
  readonly neighbours: number;
  /** t */
  readonly threshold: number;
}

interface SparseRow {
  readonly fewest: number;
  readonly most: number;
  readonly parameters: Readonly<Record<Tolerance, SparseParameters>>;
}

export const sparseTable: readonly SparseRow[] = [
  {
    fewest: COMPLETE_GRAPH_LIMIT + 1,
    most: 300,
    parameters: {
      '10/10': { neighbours: 78, threshold: 56 },
      '10/20': { neighbours: 138, threshold: 91 },
      '20/10': { neighbours: 106, threshold: 81 },
      '33/10': { neighbours: 152, threshold: 123 },
    },
  },
  {
    fewest: 301,
    most: SPARSE_GRAPH_LIMIT,
    parameters: {
      '10/10': { neighbours: 90, threshold: 64 },
      '10/20': { neighbours: 172, threshold: 112 },
      '20/10': { neighbours: 128, threshold: 97 },
      '33/10': { neighbours: 194, threshold: 155 },
    },
  },
];

/** (k, t) for n clients; undefined outside 201 .. 500. */
export function sparseParameters(clients: number, tolerance: Tolerance): SparseParameters | undefined {
  return sparseTable.find(({ fewest, most }) => clients >= fewest && clients <= most)?.parameters[tolerance];
}

/** Bounds on the probabilities of what must not happen, as logarithms to base 2; -Infinity: impossible. */
export interface GraphFailures {
  /** (a): the corrupt neighbours of some client can rebuild its secrets. */
  readonly secrets: number;
  /** (a), if each honest neighbour could be led to reveal whichever share is missing. */
  readonly bothShares: number;
  /** (b): the honest survivors do not hang together. */
  readonly disconnected: number;
  /** Correctness: some client has fewer than t surviving neighbours. */
  readonly starved: number;
}

/** The bounds for n clients, with the corrupt and the dropouts that a column of the table tolerates. */
export function graphFailures(
  clients: number,
  { neighbours, threshold }: SparseParameters,
  tolerance: Tolerance,
): GraphFailures {
  const { corrupt, dropouts } = toleratedClients(clients, tolerance);
  const others = clients - 1;
  const side = neighbours / 2;
  const pairs = (clients * (clients - neighbours - 1)) / 2;
  return {
    secrets: Math.log2(clients * atLeast(others, corrupt, neighbours, threshold)),
    bothShares: Math.log2(clients * atLeast(others, corrupt, neighbours, 2 * threshold - neighbours)),
    disconnected: Math.log2(pairs) + 2 * Math.log2(atLeast(others, corrupt, side, threshold - side)),
    starved: Math.log2(clients * atLeast(others, dropouts, neighbours, neighbours - threshold + 1)),
  };
}

/** How many of n clients may be corrupt, and how many may drop out. 33 % is a third, as on the complete graph. */
export function toleratedClients(
  clients: number,
  tolerance: Tolerance,
): { readonly corrupt: number; readonly dropouts: number } {
  const [corruptPercent = 0, dropoutPercent = 0] = tolerance.split('/').map(Number);
  const corrupt = corruptPercent === 33 ? clients / 3 : (clients * corruptPercent) / 100;
  return { corrupt: Math.floor(corrupt), dropouts: Math.floor((clients * dropoutPercent) / 100) };
}

/**
 * P(H(population, marked, sample) >= least). Every term is computed from logarithms, and all are positive: relative
 * error below 1e-11 down to 2^-1000.
 */
export function atLeast(population: number, marked: number, sample: number, least: number): number {
  const all = logChoose(population, sample);
  let probability = 0;
  for (let hits = Math.max(least, 0); hits <= Math.min(marked, sample); hits += 1) {
    probability += Math.exp(logChoose(marked, hits) + logChoose(population - marked, sample - hits) - all);
  }
  return probability;
}

/** Natural logarithm of a binomial coefficient; -Infinity when it is 0. */
function logChoose(from: number, chosen: number): number {
  if (chosen < 0 || chosen > from) return -Infinity;
  return logFactorials[from]! - logFactorials[chosen]! - logFactorials[from - chosen]!;
}

/** ln 0!, ln 1!, ... ln 500! */
const logFactorials: readonly number[] = (() => {
  const logarithms = [0];
  for (let value = 1; value <= SPARSE_GRAPH_LIMIT; value += 1)
    logarithms.push(logarithms[value - 1]! + Math.log(value));
  return logarithms;
})();
