/** docs/attacks.md: what every attack measured, in English, as Markdown. */
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import type { AttackName, BaselineName, MetricName } from '../../core/contract/attacks/names.ts';
import type { RunEnvironment } from '../../core/contract/run-result.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import { columnText, numberText, rowText, switchText } from '../../renderer/wording/attacks/attack-texts.ts';
import {
  baselineText,
  metricText,
  metricValue,
  thresholdText,
} from '../../renderer/wording/attacks/figures.ts';
import { wordingOf } from '../../renderer/wording/attacks/wordings.ts';
import { attackTitle } from './picture-rows.ts';
import type {
  AttackSummary,
  CaseSummary,
  ComparisonSummary,
  FigureSummary,
  Spread,
} from './suite-figures.ts';

export interface SuitePage {
  readonly attacks: readonly AttackSummary[];
  readonly environment: RunEnvironment;
  readonly seeds: number;
  readonly quick: boolean;
  /** Side by side. */
  readonly jobs: number;
  /** The command that makes it again. */
  readonly command: string;
  /** ISO 8601 */
  readonly at: string;
}

const texts = textsOf('en', 'terminal');
const { t, formats } = texts;

export function suitePage(page: SuitePage): string {
  const { attacks, environment, seeds, quick, jobs, command, at } = page;
  const { masquerade, node, platform, processor, cores } = environment;
  const opening = [
    '# What the attacks measure',
    '',
    `Made by \`${command}\` on ${at.slice(0, 10)}: Masquerade ${masquerade}, Node ${node}, ${platform}, ${processor}, ${cores} cores, ${jobs === 1 ? 'one attack at a time' : `${jobs} attacks side by side`}. Nothing here is written by hand.`,
    '',
    `Every attack, every switch of it, ${seeds === 1 ? 'one seed' : `${seeds} seeds`} each${quick ? ', **with short settings that only tell whether it runs**' : ''}. Figures are means over the seeds, ± one standard deviation; beside each stands what needs no attack. "Success" counts the runs that reached the attack's own goal. That an attack stops says nothing about others: only a bound (epsilon) holds for every attack.`,
    '',
  ];
  return `${[...opening, ...contents(attacks), ...aims(attacks), ...attacks.flatMap(section)].join('\n').trimEnd()}\n`;
}

function contents(attacks: readonly AttackSummary[]): string[] {
  const heading = ['Attack', 'Question', 'Attacker', 'Seconds'];
  const rows = attacks.map(({ attack, cases }) => {
    const { seat } = attackCatalogue[attack];
    const seconds = cases[0] === undefined || cases[0].runs === 0 ? '–' : spread(cases[0].seconds, 1);
    return [
      `[${attackTitle(attack, texts)}](#${attack})`,
      t(`attack.${attack}.question`),
      t(`lab.seat.${seat}`),
      seconds,
    ];
  });
  return [...markdownTable(heading, rows), ''];
}

/** Figures from elsewhere beside those measured here; where reality is weaker, it says so. */
function aims(attacks: readonly AttackSummary[]): string[] {
  const all = attacks.flatMap(({ attack, comparisons }) =>
    comparisons.map((comparison) => ({ attack, comparison })),
  );
  if (all.length === 0) return [];
  const rows = all.map(({ attack, comparison }) => [
    `[${attackTitle(attack, texts)}](#${attack}), ${switchText(attack, comparison.switch, texts)}`,
    figureName(attack, comparison),
    comparison.measured === undefined ? '–' : comparedValue(attack, comparison, comparison.measured),
    `${{ least: 'at least ', most: 'at most ', about: '' }[comparison.kind]}${comparedValue(attack, comparison, { mean: comparison.value, deviation: 0 })}`,
    comparison.source,
    { reached: 'reached', missed: '**weaker**', compared: 'to compare', 'not-measured': 'not measured' }[
      comparison.verdict
    ],
  ]);
  const missed = all.filter(({ comparison }) => comparison.verdict === 'missed');
  const weaker =
    missed.length === 0
      ? ['Every aim was reached.']
      : missed.map(
          ({ attack, comparison }) =>
            `- ${attackTitle(attack, texts)}, ${switchText(attack, comparison.switch, texts)}: ${figureName(attack, comparison)} is ${comparedValue(attack, comparison, comparison.measured!)}, where ${comparison.source} gives ${comparison.kind === 'least' ? 'at least' : 'at most'} ${comparedValue(attack, comparison, { mean: comparison.value, deviation: 0 })}.`,
        );
  return [
    '## Beside figures from elsewhere',
    '',
    ...markdownTable(['Attack', 'Figure', 'Measured here', 'Elsewhere', 'From', ''], rows),
    '',
    '### Where reality is weaker',
    '',
    ...weaker,
    '',
  ];
}

function section({ attack, cases }: AttackSummary): string[] {
  const { source, seat } = attackCatalogue[attack];
  const threshold = cases.find(({ first }) => first !== undefined)?.first?.threshold;
  const success = threshold === undefined ? '' : ` Success is ${thresholdText(threshold, texts)}.`;
  const rows = cases.flatMap((one) => caseRows(attack, one));
  return [
    `<a id="${attack}"></a>`,
    '',
    `## ${attackTitle(attack, texts)}`,
    '',
    `${t(`attack.${attack}.question`)} ${t(`attack.${attack}.method`)} (${source}). Attacker: ${t(`lab.seat.${seat}`)}.${success}`,
    '',
    ...markdownTable(['Switched on', 'Figure', 'Measured', 'Without an attack', 'Success', 'Seconds'], rows),
    '',
    ...cases.flatMap((one) => verdictLine(attack, one)),
    '',
    ...cases.flatMap((one) => caseTable(attack, one)),
    ...cases.flatMap(({ case: id, failures }) =>
      failures.length === 0
        ? []
        : [`**${switchText(attack, id, texts)}: ${failures.length} runs failed.** ${failures[0]}`, ''],
    ),
  ];
}

function caseRows(attack: AttackName, one: CaseSummary): string[][] {
  const name = switchText(attack, one.case, texts);
  const figures = Object.entries(one.results) as [MetricName, FigureSummary][];
  return figures.map(([metric, figure], index) => [
    index === 0 ? name : '',
    metricText(metric, texts),
    metricSpread(metric, figure),
    (Object.entries(figure.baselines) as [BaselineName, Spread][])
      .map(([baseline, value]) => `${baselineText(baseline, null, texts)} ${metricSpread(metric, value)}`)
      .join('; '),
    index === 0 ? `${one.succeeded} of ${one.runs}` : '',
    index === 0 ? spread(one.seconds, 1) : '',
  ]);
}

function verdictLine(attack: AttackName, { case: id, first }: CaseSummary): string[] {
  if (first === undefined) return [];
  const { sentence } = wordingOf(attack).verdict({ ...first, images: [], series: [] }, texts);
  return [`- ${switchText(attack, id, texts)}, seed ${first.seed}: ${sentence}`];
}

function caseTable(attack: AttackName, { case: id, rows }: CaseSummary): string[] {
  if (rows.length === 0) return [];
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  const body = rows.map(({ name, cells }) => [
    rowText(attack, name, texts),
    ...columns.map((cell) => (cells[cell] === undefined ? '' : plainSpread(cells[cell]))),
  ]);
  return [
    `${switchText(attack, id, texts)}, one by one:`,
    '',
    ...markdownTable([t('lab.column.name'), ...columns.map((cell) => columnText(attack, cell, texts))], body),
    '',
  ];
}

function figureName(attack: AttackName, { figure }: ComparisonSummary): string {
  return typeof figure === 'string'
    ? metricText(figure, texts)
    : `${columnText(attack, figure.cell, texts)}, ${rowText(attack, figure.row, texts)}`;
}

function comparedValue(_attack: AttackName, { figure }: ComparisonSummary, value: Spread): string {
  return typeof figure === 'string' ? metricSpread(figure, value) : plainSpread(value);
}

const shares: ReadonlySet<MetricName> = new Set([
  'recovered',
  'rankedFirst',
  'judge',
  'judged',
  'labelAccuracy',
  'confidence',
  'truePositivesAt1',
  'backdoorSuccess',
  'testAccuracy',
]);

function metricSpread(metric: MetricName, { mean, deviation }: Spread): string {
  if (metric === 'psnr') return `${spread({ mean, deviation }, 1)} dB`;
  if (shares.has(metric)) return `${spread({ mean: 100 * mean, deviation: 100 * deviation }, 1)} %`;
  const value = metricValue(metric, mean, texts);
  return deviation === 0 ? value : `${value} ± ${metricValue(metric, deviation, texts)}`;
}

function plainSpread({ mean, deviation }: Spread): string {
  const value = numberText(mean, texts);
  return deviation === 0 ? value : `${value} ± ${numberText(deviation, texts)}`;
}

function spread({ mean, deviation }: Spread, decimals: number): string {
  const value = formats.fixed(mean, decimals);
  return deviation === 0 ? value : `${value} ± ${formats.fixed(deviation, decimals)}`;
}

function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)];
}
