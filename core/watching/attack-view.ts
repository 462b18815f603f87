/** An attack as somebody sees it who has watched from the beginning: what foldAttack() makes of its events. */
import type {
  AttackImage,
  AttackProgress,
  AttackReport,
  AttackRow,
  AttackSeries,
  AttackStep,
} from '../contract/attacks/attack-report.ts';
import type { AttackRequest } from '../contract/attacks/attack-request.ts';

export type AttackEvent =
  | AttackStep
  /** Kept under that id among the reports. */
  | { readonly kind: 'done'; readonly id: string; readonly report: AttackReport }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

export interface AttackView {
  /** Of this run, for as long as the host lives. */
  readonly run: string;
  readonly request: AttackRequest;
  readonly stage: 'running' | 'done' | 'stopped' | 'failed';
  readonly progress: AttackProgress | null;
  readonly images: readonly AttackImage[];
  readonly series: readonly AttackSeries[];
  readonly rows: readonly AttackRow[];
  readonly finished: { readonly id: string; readonly report: AttackReport } | null;
  readonly problem: { readonly code: string; readonly message: string } | null;
}

export function openAttack(run: string, request: AttackRequest): AttackView {
  return {
    run,
    request,
    stage: 'running',
    progress: null,
    images: [],
    series: [],
    rows: [],
    finished: null,
    problem: null,
  };
}

export function foldAttack(view: AttackView, event: AttackEvent): AttackView {
  switch (event.kind) {
    case 'progress':
      return { ...view, progress: event };
    case 'images':
      return { ...view, images: replaced(view.images, event.images, ({ id }) => id) };
    case 'series':
      return { ...view, series: replaced(view.series, [event.series], ({ name }) => name) };
    case 'rows':
      return { ...view, rows: replaced(view.rows, event.rows, ({ name }) => name) };
    case 'done': {
      const { id, report } = event;
      const { images, series, rows } = report;
      return { ...view, stage: 'done', images, series, rows, finished: { id, report } };
    }
    case 'stopped':
      return { ...view, stage: 'stopped' };
    case 'failed':
      return { ...view, stage: 'failed', problem: { code: event.code, message: event.message } };
  }
}

/** In their first order; those that are new come last. */
function replaced<Item>(
  items: readonly Item[],
  changes: readonly Item[],
  key: (item: Item) => string,
): readonly Item[] {
  const all = new Map(items.map((item) => [key(item), item]));
  for (const change of changes) all.set(key(change), change);
  return [...all.values()];
}
