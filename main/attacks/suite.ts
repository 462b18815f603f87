/**
 * Every attack, every switch of it and every case that only this measures, over several seeds: the figures of
 * docs/attacks.md. Runs that are in a file of earlier ones are not run again.
 */
import type { AttackReport } from '../../core/contract/attacks/attack-report.ts';
import type { AttackRequest } from '../../core/contract/attacks/attack-request.ts';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import {
  type AttackDescription,
  type AttackSwitch,
  switchedRequest,
} from '../../core/contract/attacks/description.ts';
import type { AttackName } from '../../core/contract/attacks/names.ts';
import { freshTarget } from './material.ts';
import { AttackStopped } from './run-attack-process.ts';
import { runAttackOnce } from './run-once.ts';

/** A run as it is kept: a report without pictures and lines, or why there is none. */
export type SuiteRun = SuiteItem & {
  readonly version: string;
} & (
    | { readonly report: Omit<AttackReport, 'images' | 'series'>; readonly failed?: never }
    | { readonly failed: string; readonly report?: never }
  );

export interface SuiteItem {
  readonly attack: AttackName;
  /** Id of the switch or case. */
  readonly case: string;
  readonly seed: number;
  readonly protection: AttackRequest['protection'];
  /** All of them. */
  readonly settings: AttackRequest['settings'];
}

export interface SuiteOptions {
  readonly items: readonly SuiteItem[];
  /** Of earlier. */
  readonly known: readonly SuiteRun[];
  /** Attacks side by side. */
  readonly jobs: number;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly onRun: (
    run: SuiteRun,
    progress: { readonly done: number; readonly total: number },
  ) => void | Promise<void>;
}

/** Switches, then cases. */
export function casesOf({ switches, cases = [] }: AttackDescription): readonly AttackSwitch[] {
  return [...switches, ...cases];
}

export function suiteItems(
  names: readonly AttackName[],
  seeds: number,
  quick: boolean,
): readonly SuiteItem[] {
  return names.flatMap((attack) => {
    const description = attackCatalogue[attack];
    return casesOf(description).flatMap((one) => {
      const { protection, settings } = switchedRequest(description, one);
      const given = { ...settings, ...(quick ? description.quick : {}) };
      const all = description.settings.parse(given) as SuiteItem['settings'];
      return Array.from({ length: seeds }, (_, index) => ({
        attack,
        case: one.id,
        seed: index + 1,
        protection,
        settings: all,
      }));
    });
  });
}

/** What must be the same for a run not to be run again. */
export function itemKey({ attack, case: id, seed, protection, settings }: SuiteItem): string {
  const sorted = (fields: object): unknown =>
    Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([attack, id, seed, sorted(protection), sorted(settings)]);
}

/** In the order of the items. Rejects with AttackStopped when it was cancelled. */
export async function runSuite(options: SuiteOptions): Promise<readonly SuiteRun[]> {
  const { items, known, jobs, version, signal, onRun } = options;
  const runs = new Map(
    known
      .filter((run) => run.version === version && run.report !== undefined)
      .map((run) => [itemKey(run), run] as const),
  );
  const waiting = items.filter((item) => !runs.has(itemKey(item)));
  const total = items.length;
  let done = total - waiting.length;
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const run = await runItem(item, version, signal);
      runs.set(itemKey(item), run);
      done += 1;
      await onRun(run, { done, total });
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return items.map((item) => runs.get(itemKey(item))!);
}

async function runItem(item: SuiteItem, version: string, signal: AbortSignal): Promise<SuiteRun> {
  const { attack, seed, protection, settings } = item;
  const request: AttackRequest = { attack, target: { kind: 'fresh' }, protection, settings, seed };
  if (signal.aborted) throw new AttackStopped('the suite was cancelled');
  try {
    const {
      images: _images,
      series: _series,
      ...report
    } = await runAttackOnce({
      request,
      settings,
      target: freshTarget,
      engine: undefined,
      // the same engines on every machine
      speeds: undefined,
      version,
      signal,
    });
    return { ...item, version, report };
  } catch (error) {
    if (error instanceof AttackStopped) throw error;
    return { ...item, version, failed: error instanceof Error ? error.message : String(error) };
  }
}
