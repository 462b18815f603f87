/** From what an attack showed and found to what is kept of it. */
import type {
  AttackFindings,
  AttackReport,
  AttackReportSummary,
  AttackSeries,
} from '../../core/contract/attacks/attack-report.ts';
import type { AttackRequest } from '../../core/contract/attacks/attack-request.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import type { AttackView } from '../../core/watching/attack-view.ts';
import type { AttackDone } from '../compute/channel.ts';

export interface ReportedRun {
  readonly request: AttackRequest;
  /** With defaults filled in. */
  readonly settings: AttackReport['settings'];
  /** Of the target. */
  readonly description: string;
  readonly version: string;
  readonly startedAt: string;
}

/** Throws FederationError 'internal' for a figure that is no number: it could be written nowhere. */
export function attackReport(
  { request, settings, description, version, startedAt }: ReportedRun,
  { images, series, rows }: Pick<AttackView, 'images' | 'series' | 'rows'>,
  { findings, seconds, engine }: Omit<AttackDone, 'kind'>,
): AttackReport {
  requireNumbers(findings);
  return {
    ...findings,
    version,
    attack: request.attack,
    target: { ...request.target, description },
    protection: request.protection,
    settings,
    seed: request.seed,
    startedAt,
    seconds,
    engine,
    images: images.map((image) => ({ ...image, value: finite(image.value) })),
    series: series.map(withNumbers),
    rows,
  };
}

export function summaryOf(
  id: string,
  report: Omit<AttackReport, 'images'>,
  inReport: boolean,
): AttackReportSummary {
  const { attack, startedAt, seconds, protection, settings, outcome, results, threshold, facts } = report;
  return {
    id,
    attack,
    startedAt,
    seconds,
    protection,
    settings,
    outcome,
    results,
    threshold,
    facts,
    inReport,
  };
}

function requireNumbers({ results, threshold, gauges }: AttackFindings): void {
  const figures: [string, number | null][] = [
    ['threshold', threshold.value],
    ...Object.entries(gauges).map(([name, value]): [string, number | null] => [`gauges.${name}`, value]),
    ...Object.entries(results).flatMap(([name, { value, interval = [], baselines }]): [string, number][] => [
      [name, value],
      ...interval.map((bound): [string, number] => [`${name}.interval`, bound]),
      ...Object.entries(baselines).map(([baseline, figure]): [string, number] => [
        `${name}.${baseline}`,
        figure,
      ]),
    ]),
  ];
  const wrong = figures.find(([, value]) => value !== null && !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new FederationError(
    'internal',
    `Cannot report the attack, as ${wrong[0]} must be a number, and is ${String(wrong[1])}.`,
    { details: { what: `figure ${wrong[0]}` }, blame: 'bug', action: 'report' },
  );
}

function finite(value: number | null): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Points that an attack which diverged has no numbers for are left out. */
function withNumbers({ name, points }: AttackSeries): AttackSeries {
  return { name, points: points.filter((point) => point.every(Number.isFinite)) };
}
