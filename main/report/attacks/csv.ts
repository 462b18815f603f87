/** Attacks as a table, RFC 4180: comma, CRLF, a header line; one line per figure of each run, its baselines beside it. */
import type { AttackReport, Metric } from '../../../core/contract/attacks/attack-report.ts';
import { type BaselineName, baselineNames, type MetricName } from '../../../core/contract/attacks/names.ts';
import { csvCell } from '../csv.ts';

type Cell = string | number | undefined;

interface Line {
  /** 1, 2, ... */
  readonly run: number;
  readonly report: AttackReport;
  readonly metric: MetricName;
  readonly figure: Metric;
}

const columns: readonly (readonly [name: string, of: (line: Line) => Cell])[] = [
  ['run', ({ run }) => run],
  ['attack', ({ report }) => report.attack],
  ['target', ({ report }) => report.target.description],
  ['signature', ({ report }) => String(report.protection.signature)],
  ['masks', ({ report }) => String(report.protection.masks)],
  ['noise', ({ report }) => report.protection.noise],
  ['settings', ({ report }) => JSON.stringify(report.settings)],
  ['seed', ({ report }) => report.seed],
  ['startedAt', ({ report }) => report.startedAt],
  ['seconds', ({ report }) => report.seconds],
  ['engine', ({ report }) => report.engine],
  ['outcome', ({ report }) => report.outcome],
  ['success', ({ report }) => String(report.success)],
  ['epsilon', ({ report }) => report.gauges.epsilon ?? undefined],
  ['metric', ({ metric }) => metric],
  ['value', ({ figure }) => figure.value],
  ['from', ({ figure }) => figure.interval?.[0]],
  ['to', ({ figure }) => figure.interval?.[1]],
  ...baselineNames.map(
    (name: BaselineName) => [name, ({ figure }: Line): Cell => figure.baselines[name]] as const,
  ),
  [
    'threshold',
    ({ report: { threshold }, metric }) => (threshold.metric === metric ? threshold.value : undefined),
  ],
  ['side', ({ report: { threshold }, metric }) => (threshold.metric === metric ? threshold.side : undefined)],
];

export function attacksCsv(reports: readonly AttackReport[]): string {
  const lines = reports.flatMap((report, index) =>
    (Object.entries(report.results) as [MetricName, Metric][]).map(([metric, figure]) => ({
      run: index + 1,
      report,
      metric,
      figure,
    })),
  );
  const rows = [columns.map(([name]) => name), ...lines.map((line) => columns.map(([, of]) => of(line)))];
  return rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}
