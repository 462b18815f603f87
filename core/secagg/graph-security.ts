/** The sparse graph's parameters (k, t), and the computation that justifies them. */
import type { tolerances } from '../contract/run-settings.ts';

export type Tolerance = (typeof tolerances)[number];

export const COMPLETE_GRAPH_LIMIT = 200;
export const SPARSE_GRAPH_LIMIT = 500;

export interface SparseParameters {
  /** k */
  readonly neighbours: number;
  /** t */
  readonly threshold: number;
}

interface SparseRow extends Readonly<Record<Tolerance, SparseParameters>> {
  readonly fewest: number;
  readonly most: number;
}

const pair = (neighbours: number, threshold: number): SparseParameters => ({ neighbours, threshold });

export const sparseTable: readonly SparseRow[] = [
  {
    fewest: 201,
    most: 300,
    '10/10': pair(78, 56),
    '10/20': pair(138, 91),
    '20/10': pair(106, 81),
    '33/10': pair(152, 123),
  },
  {
    fewest: 301,
    most: 500,
    '10/10': pair(90, 64),
    '10/20': pair(172, 112),
    '20/10': pair(128, 97),
    '33/10': pair(194, 155),
  },
];

/** (k, t) for n clients; undefined outside 201 .. 500. */
export function sparseParameters(clients: number, tolerance: Tolerance): SparseParameters | undefined {
  return sparseTable.find(({ fewest, most }) => clients >= fewest && clients <= most)?.[tolerance];
}
