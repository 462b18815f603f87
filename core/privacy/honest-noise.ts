/**
 * h: how many clients' noise is certain to be in a sum that anyone can unmask, whoever drops out and whoever colludes. Each
 * client adds 1/h of the variance that privacy takes; what more than h of them add is the price of not trusting the rest.
 *
 * Complete graph: at least T clients are in the sum, c of them add nothing, or know what they added: h = T - c.
 *
 * Sparse graph: a client checks that every v in U3 has t neighbours in U3. At most c_max of them are corrupt, so that v's
 * noise is inseparable from that of t - c_max others: h = t - c_max + 1, even if the honest clients did not hang
 * together. c_max is the least number that the corrupt neighbours of no client exceed, but with probability 2^-41
 * (hypergeometric, as in core/secagg/graph-security.ts, and summed over the clients).
 */
import { SECURITY_LOG2, atLeast } from '../secagg/graph-security.ts';
import { invalidSetting } from '../errors/federation-error.ts';

export interface NoiseGraph {
  /** n */
  readonly clients: number;
  /** T */
  readonly threshold: number;
  /** c */
  readonly colluders: number;
  readonly graph: 'complete' | 'sparse';
  /** k and t; n and T on the complete graph. */
  readonly neighbours: number;
  readonly neighbourThreshold: number;
}

/** h >= 1. Throws 'invalid-setting' when nobody's noise is certain. */
export function honestNoise(graph: NoiseGraph): number {
  const { threshold, colluders, neighbourThreshold } = graph;
  const certain =
    graph.graph === 'complete'
      ? threshold - colluders
      : neighbourThreshold - mostCorruptNeighbours(graph) + 1;
  if (!(certain >= 1)) {
    throw invalidSetting('colluders', colluders, `below what leaves an honest client in every sum`);
  }
  return certain;
}

/** c_max */
export function mostCorruptNeighbours({ clients, colluders, neighbours }: NoiseGraph): number {
  let most = 0;
  while (clients * atLeast(clients - 1, colluders, neighbours, most + 1) > 2 ** SECURITY_LOG2) most += 1;
  return most;
}
