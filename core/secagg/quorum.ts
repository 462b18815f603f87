/**
 * How many must answer. With T >= floor(2n/3) + 1 of n, and up to c = floor(n/3) colluders, any two sets of T share
 * more than c clients: 2T - n > c. So two different sets of survivors cannot both gather T signatures, as honest clients
 * sign one per round.
 */

/** The least T of n clients, and the default. */
export function leastThreshold(clients: number): number {
  return Math.floor((2 * clients) / 3) + 1;
}

/** c: colluders tolerated; a coordinator that takes part is one. */
export function colludersTolerated(clients: number): number {
  return Math.floor(clients / 3);
}

/**
 * Honest clients that must be expected to train when coins decide who does: with fewer, a round's sum could be one
 * client's.
 */
export const LEAST_EXPECTED_HONEST = 10;
