/** How the lines of a chart differ: by dash and marker first, so that none is told by colour alone. */
import type { ComparisonRow } from '../../core/contract/run-result.ts';

export type Marker = 'square' | 'circle' | 'diamond' | 'triangle' | 'cross';

export interface LineStyle {
  /** A token. */
  readonly stroke: string;
  readonly width: number;
  /** As in stroke-dasharray; empty: solid. */
  readonly dash: string;
  readonly marker: Marker;
  readonly hollow: boolean;
}

/** The rows of a comparison: what can be read is vermilion, what is masked is blue. */
export const rowStyles: Readonly<Record<ComparisonRow['name'], LineStyle>> = {
  centralised: { stroke: 'var(--ink-2)', width: 2, dash: '', marker: 'square', hollow: false },
  'single-client': { stroke: 'var(--clear)', width: 2, dash: '5 4', marker: 'circle', hollow: true },
  federated: { stroke: 'var(--masked)', width: 2.5, dash: '', marker: 'diamond', hollow: false },
};

const runs: readonly LineStyle[] = [
  { stroke: 'var(--ink)', width: 2.25, dash: '', marker: 'diamond', hollow: false },
  { stroke: 'var(--ink-2)', width: 2, dash: '6 4', marker: 'circle', hollow: true },
  { stroke: 'var(--ink-3)', width: 2, dash: '', marker: 'square', hollow: false },
  { stroke: 'var(--ink)', width: 1.75, dash: '2 4', marker: 'triangle', hollow: true },
  { stroke: 'var(--ink-2)', width: 1.75, dash: '10 3 2 3', marker: 'cross', hollow: false },
  { stroke: 'var(--ink-3)', width: 1.75, dash: '4 2', marker: 'square', hollow: true },
];

/** Of the runs that are compared, in their order. */
export function runStyle(index: number): LineStyle {
  return runs[index % runs.length]!;
}

/** A, B, C: shorter than a title in a chart, and never twice the same. */
export function runLetter(index: number): string {
  return String.fromCharCode(65 + index);
}

/** A closed path around x, y. */
export function markerPath(marker: Marker, x: number, y: number): string {
  const at = `M${x.toFixed(1)} ${y.toFixed(1)}`;
  switch (marker) {
    case 'square':
      return `${at}m-3.4 -3.4h6.8v6.8h-6.8z`;
    case 'circle':
      return `${at}m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z`;
    case 'diamond':
      return `${at}m0 -5.8l4.4 5.8l-4.4 5.8l-4.4 -5.8z`;
    case 'triangle':
      return `${at}m0 -4.6l4.4 7.8h-8.8z`;
    case 'cross':
      return `${at}m-1.2 -4.2h2.4v3h3v2.4h-3v3h-2.4v-3h-3v-2.4h3z`;
  }
}
