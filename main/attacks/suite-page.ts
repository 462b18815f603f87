/** docs/attacks.md: what every attack measured, in English, as Markdown. */
import { exactPsnr } from '../../core/attacks/metrics/similarity.ts';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import {
  type AttackName,
  type BaselineName,
  type MetricName,
  metricNames,
} from '../../core/contract/attacks/names.ts';
import type { RunEnvironment } from '../../core/contract/run-result.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import {
  columnText,
  numberText,
  rowText,
  settingText,
  switchText,
} from '../../renderer/wording/attacks/attack-texts.ts';
import {
  baselineText,
  bestBaseline,
  metricText,
  metricValue,
  thresholdText,
} from '../../renderer/wording/attacks/figures.ts';
import { wordingOf } from '../../renderer/wording/attacks/wordings.ts';
import { cellValue, settingValueText } from './cell-words.ts';
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
  return `${[...opening, ...contents(attacks), ...(quick ? [] : aims(attacks)), ...attacks.flatMap(section)].join('\n').trimEnd()}\n`;
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
    `[${attackTitle(attack, texts)}](#${attack}), ${caseText(attack, comparison.switch)}`,
    figureName(attack, comparison),
    comparison.measured === undefined ? '–' : comparedValue(comparison, comparison.measured),
    elsewhere(comparison),
    comparison.source,
    verdictWords[comparison.verdict],
  ]);
  const weaker = all.filter(({ comparison: { verdict } }) => verdict === 'missed' || verdict === 'less');
  return [
    '## Beside figures from elsewhere',
    '',
    'What papers report was measured on other data, other models or other numbers of images, which "From" names: it tells the order of magnitude, and is not judged. An earlier measurement is this project’s own, of a prototype, mostly with one seed.',
    '',
    ...markdownTable(['Attack', 'Figure', 'Measured here', 'Elsewhere', 'From', ''], rows),
    '',
    '### Where reality is weaker',
    '',
    ...(weaker.length === 0
      ? ['Every aim was reached, and no attack gets less than elsewhere.']
      : weaker.map(({ attack, comparison }) => weakness(attack, comparison))),
    '',
  ];
}

const verdictWords: Readonly<Record<ComparisonSummary['verdict'], string>> = {
  reached: 'reached',
  missed: '**missed**',
  more: 'more here',
  less: '**less here**',
  alike: 'alike',
  unlike: 'another setting',
  'not-measured': 'not measured',
};

function elsewhere(comparison: ComparisonSummary): string {
  const bound = { least: 'at least ', most: 'at most ', about: '', unlike: '' }[comparison.kind];
  return bound + comparedValue(comparison, { mean: comparison.value, deviation: 0 });
}

function weakness(attack: AttackName, comparison: ComparisonSummary): string {
  const here = comparison.measured === undefined ? '–' : comparedValue(comparison, comparison.measured);
  return `- ${attackTitle(attack, texts)}, ${caseText(attack, comparison.switch)}: ${figureName(attack, comparison)} is ${here}, not ${elsewhere(comparison)} (${comparison.source}).`;
}

function section({ attack, cases }: AttackSummary): string[] {
  const { source, seat } = attackCatalogue[attack];
  const threshold = cases.find(({ first }) => first !== undefined)?.first?.threshold;
  const success = threshold === undefined ? '' : ` Success is ${thresholdText(threshold, texts)}.`;
  const { metric } = threshold ?? attackCatalogue[attack].axis;
  const heading = [
    'Switched on',
    metricText(metric, texts),
    'Without an attack',
    'Other figures, and the best without an attack',
    'Success',
    'Seconds',
  ];
  return [
    `<a id="${attack}"></a>`,
    '',
    `## ${attackTitle(attack, texts)}`,
    '',
    `${t(`attack.${attack}.question`)} ${t(`attack.${attack}.method`)} (${source}). Attacker: ${t(`lab.seat.${seat}`)}.${success}`,
    '',
    ...markdownTable(
      heading,
      cases.map((one) => caseRow(attack, metric, one)),
    ),
    '',
    ...cases.flatMap((one) => verdictLine(attack, one)),
    '',
    ...cases.flatMap((one) => caseTable(attack, one)),
    ...cases.flatMap(({ case: id, failures }) =>
      failures.length === 0
        ? []
        : [`**${caseText(attack, id)}: ${failures.length} of the runs failed.** ${failures[0]}`, ''],
    ),
  ];
}

function caseRow(attack: AttackName, metric: MetricName, one: CaseSummary): string[] {
  const { results, succeeded, runs, seconds } = one;
  const figure = results[metric];
  const others = (Object.entries(results) as [MetricName, FigureSummary][])
    .filter(([name]) => name !== metric)
    .map(
      ([name, other]) => `${metricText(name, texts)} ${metricSpread(name, other)} (${bestText(name, other)})`,
    );
  return [
    caseText(attack, one.case),
    figure === undefined ? '–' : metricSpread(metric, figure),
    figure === undefined ? '' : baselinesText(metric, figure),
    others.join('; '),
    `${succeeded} of ${runs}`,
    runs === 0 ? '–' : spread(seconds, 1),
  ];
}

function baselinesText(metric: MetricName, { baselines }: FigureSummary): string {
  return (Object.entries(baselines) as [BaselineName, Spread][])
    .map(([name, value]) => `${baselineText(name, null, texts)} ${metricSpread(metric, value)}`)
    .join('; ');
}

function bestText(metric: MetricName, { mean, baselines }: FigureSummary): string {
  const means = Object.fromEntries(
    Object.entries(baselines).map(([name, { mean: figure }]) => [name, figure]),
  );
  const best = bestBaseline(metric, { value: mean, baselines: means });
  return best === undefined
    ? '–'
    : `${baselineText(best.name, null, texts)} ${metricSpread(metric, baselines[best.name]!)}`;
}

/** Cases that only a suite measures have no button, and go by what they set. */
function caseText(attack: AttackName, id: string): string {
  const text = switchText(attack, id, texts);
  const { cases = [] } = attackCatalogue[attack];
  const settings = cases.find((one) => one.id === id)?.settings;
  if (text !== id || settings === undefined) return text;
  return Object.entries(settings)
    .map(
      ([name, value]) =>
        `${settingText(attack, name, texts)}: ${settingValueText(attack, name, value, texts)}`,
    )
    .join(', ');
}

function verdictLine(attack: AttackName, { case: id, first }: CaseSummary): string[] {
  if (first === undefined) return [];
  const { sentence } = wordingOf(attack).verdict({ ...first, images: [], series: [] }, texts);
  return [`- ${caseText(attack, id)}, seed ${first.seed}: ${sentence}`];
}

function caseTable(attack: AttackName, { case: id, rows }: CaseSummary): string[] {
  if (rows.length === 0) return [];
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  const body = rows.map(({ name, cells }) => [
    rowText(attack, name, texts),
    ...columns.map((cell) => cellSpread(attack, cell, cells[cell])),
  ]);
  return [
    `${caseText(attack, id)}, one by one:`,
    '',
    ...markdownTable([t('lab.column.name'), ...columns.map((cell) => columnText(attack, cell, texts))], body),
    '',
  ];
}

function cellSpread(attack: AttackName, cell: string, value: Spread | string | boolean | undefined): string {
  if (typeof value !== 'object') return cellValue(attack, cell, value, texts);
  return isMetric(cell) ? metricSpread(cell, value) : plainSpread(value);
}

function isMetric(name: string): name is MetricName {
  return (metricNames as readonly string[]).includes(name);
}

function figureName(attack: AttackName, { figure }: ComparisonSummary): string {
  return typeof figure === 'string'
    ? metricText(figure, texts)
    : `${columnText(attack, figure.cell, texts)}, ${rowText(attack, figure.row, texts)}`;
}

function comparedValue({ figure }: ComparisonSummary, value: Spread): string {
  if (typeof figure === 'string') return metricSpread(figure, value);
  return isMetric(figure.cell) ? metricSpread(figure.cell, value) : plainSpread(value);
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
  // where nothing differs
  if (metric === 'psnr' && mean >= exactPsnr) return t('lab.value.exact');
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
