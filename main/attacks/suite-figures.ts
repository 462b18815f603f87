/** What the runs of a suite come to: means and spreads over the seeds, and figures from elsewhere beside them. */
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import type { AttackComparison } from '../../core/contract/attacks/description.ts';
import type { AttackOutcome } from '../../core/contract/attacks/attack-report.ts';
import {
  type AttackName,
  attackNames,
  type BaselineName,
  type MetricName,
} from '../../core/contract/attacks/names.ts';
import { isMore } from '../../renderer/wording/attacks/figures.ts';
import { casesOf, type SuiteRun } from './suite.ts';

export interface Spread {
  readonly mean: number;
  /** Standard deviation over the runs, n - 1 in the denominator; 0 for one run. */
  readonly deviation: number;
}

export interface FigureSummary extends Spread {
  readonly baselines: Readonly<Partial<Record<BaselineName, Spread>>>;
}

export interface CaseSummary {
  readonly case: string;
  readonly protection: SuiteRun['protection'];
  readonly settings: SuiteRun['settings'];
  readonly runs: number;
  readonly seconds: Spread;
  readonly results: Readonly<Partial<Record<MetricName, FigureSummary>>>;
  /** How many reached the attack's own goal. */
  readonly succeeded: number;
  readonly outcomes: Readonly<Partial<Record<AttackOutcome, number>>>;
  /** Its table, rows in their order: numbers as means, words and answers where all runs agree, answers else as shares. */
  readonly rows: readonly {
    readonly name: string;
    readonly cells: Readonly<Record<string, Spread | string | boolean>>;
  }[];
  /** Of the first run. */
  readonly first: NonNullable<SuiteRun['report']> | undefined;
  /** Why runs failed. */
  readonly failures: readonly string[];
}

export interface ComparisonSummary extends AttackComparison {
  /** undefined where it was not measured. */
  readonly measured: Spread | undefined;
  /** reached, missed: of an aim; unlike: not judged; else whether the attacker has more here than there, less, or as much. */
  readonly verdict: 'reached' | 'missed' | 'more' | 'less' | 'alike' | 'unlike' | 'not-measured';
}

export interface AttackSummary {
  readonly attack: AttackName;
  readonly cases: readonly CaseSummary[];
  readonly comparisons: readonly ComparisonSummary[];
}

export function summariseSuite(runs: readonly SuiteRun[]): readonly AttackSummary[] {
  return attackNames
    .filter((name) => runs.some(({ attack }) => attack === name))
    .map((attack) => {
      const own = runs.filter((run) => run.attack === attack);
      const description = attackCatalogue[attack];
      const cases = casesOf(description)
        .map(({ id }) => own.filter((run) => run.case === id))
        .flatMap((of) => (of[0] === undefined ? [] : [summariseCase(of[0], of)]));
      const comparisons = (description.comparisons ?? []).map((comparison) => compare(comparison, cases));
      return { attack, cases, comparisons };
    });
}

function summariseCase({ case: id, protection, settings }: SuiteRun, runs: readonly SuiteRun[]): CaseSummary {
  const reports = runs.flatMap(({ report }) => report ?? []);
  const failures = runs.flatMap(({ failed }) => failed ?? []);
  const metrics = [...new Set(reports.flatMap(({ results }) => Object.keys(results) as MetricName[]))];
  const outcomes: Partial<Record<AttackOutcome, number>> = {};
  for (const { outcome } of reports) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    case: id,
    protection,
    settings,
    runs: reports.length,
    seconds: spreadOf(reports.map(({ seconds }) => seconds)),
    results: Object.fromEntries(metrics.map((metric) => [metric, summariseFigure(metric, reports)])),
    succeeded: reports.filter(({ success }) => success).length,
    outcomes,
    rows: summariseRows(reports),
    first: reports[0],
    failures,
  };
}

function summariseFigure(
  metric: MetricName,
  reports: readonly NonNullable<SuiteRun['report']>[],
): FigureSummary {
  const figures = reports.flatMap(({ results }) => results[metric] ?? []);
  const names = [...new Set(figures.flatMap(({ baselines }) => Object.keys(baselines) as BaselineName[]))];
  return {
    ...spreadOf(figures.map(({ value }) => value)),
    baselines: Object.fromEntries(
      names.map((name) => [name, spreadOf(figures.flatMap(({ baselines }) => baselines[name] ?? []))]),
    ),
  };
}

function summariseRows(reports: readonly NonNullable<SuiteRun['report']>[]): CaseSummary['rows'] {
  const names = [...new Set(reports.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  return names.flatMap((name) => {
    const own = reports.flatMap(({ rows }) => rows.filter((row) => row.name === name));
    const cells = [...new Set(own.flatMap((row) => Object.keys(row.cells)))].flatMap((cell) => {
      const summary = summariseCell(own.flatMap((row) => row.cells[cell] ?? []));
      return summary === undefined ? [] : [[cell, summary] as const];
    });
    return cells.length === 0 ? [] : [{ name, cells: Object.fromEntries(cells) }];
  });
}

function summariseCell(
  values: readonly (number | string | boolean)[],
): Spread | string | boolean | undefined {
  const [first] = values;
  if (typeof first !== 'number' && values.every((value) => value === first)) return first;
  const numbers = values.flatMap((value) => (typeof value === 'string' ? [] : [Number(value)]));
  return numbers.length === values.length ? spreadOf(numbers) : undefined;
}

/** Of a figure from elsewhere, which says no digit more. */
const alikeWithin = 0.05;

function compare(comparison: AttackComparison, cases: readonly CaseSummary[]): ComparisonSummary {
  const { switch: id, figure, kind, value } = comparison;
  const of = cases.find((one) => one.case === id);
  const measured =
    typeof figure === 'string'
      ? of?.results[figure]
      : of?.rows.find(({ name }) => name === figure.row)?.cells[figure.cell];
  if (typeof measured !== 'object') return { ...comparison, measured: undefined, verdict: 'not-measured' };
  const { mean, deviation } = measured;
  const shown = { ...comparison, measured: { mean, deviation } };
  if (kind === 'unlike') return { ...shown, verdict: kind };
  if (kind === 'about') {
    const isAlike = Math.abs(mean - value) <= Math.max(deviation, alikeWithin * Math.abs(value));
    if (isAlike) return { ...shown, verdict: 'alike' };
    const metric = typeof figure === 'string' ? figure : figure.cell;
    return { ...shown, verdict: isMore(metric as MetricName, mean, value) ? 'more' : 'less' };
  }
  const isReached = kind === 'least' ? mean >= value : mean <= value;
  return { ...shown, verdict: isReached ? 'reached' : 'missed' };
}

export function spreadOf(values: readonly number[]): Spread {
  const { length } = values;
  if (length === 0) return { mean: 0, deviation: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: length < 2 ? 0 : Math.sqrt(squares / (length - 1)) };
}
