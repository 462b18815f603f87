/** An attack on the terminal: what it is about, how far it is, what it found. */
import type { AttackReport, AttackStep } from '../../core/contract/attacks/attack-report.ts';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import type { AttackName, BaselineName, MetricName } from '../../core/contract/attacks/names.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import type { AskedAttack } from '../../renderer/wording/attacks/attack-wording.ts';
import {
  columnText,
  rowText,
  settingText,
  stageText,
  watchedFigureText,
} from '../../renderer/wording/attacks/attack-texts.ts';
import {
  baselineText,
  metricText,
  metricValue,
  thresholdText,
} from '../../renderer/wording/attacks/figures.ts';
import { everyAttack } from '../../renderer/wording/attacks/gauges.ts';
import { wordingOf } from '../../renderer/wording/attacks/wordings.ts';
import { cellValue, figureValue, settingValueText } from '../attacks/cell-words.ts';
import { attackTitle } from '../attacks/picture-rows.ts';
import { protectionText } from '../attacks/protection-words.ts';
import { labelled, table, type Terminal } from './terminal.ts';

/** Figures beside the progress. */
const mostFigures = 3;

export function openingLines(asked: AskedAttack, description: string, texts: Texts): string[] {
  const { t } = texts;
  const wording = wordingOf(asked.attack);
  const settings = Object.entries(asked.settings).map(([name, value]) =>
    t('named-value', {
      name: settingText(asked.attack, name, texts),
      value: settingValueText(asked.attack, name, value, texts),
    }),
  );
  return [
    attackTitle(asked.attack, texts),
    ...labelled([
      [t('terminal.attack.attacker'), wording.attacker(asked, texts)],
      [t('lab.sees'), wording.sees(asked, texts)],
      [t('lab.may'), wording.may(asked, texts)],
      [t('lab.target'), `${wording.target(asked, texts)} (${description})`],
      [t('terminal.attack.protection'), protectionText(asked.protection, texts)],
      [t('terminal.attack.settings'), settings.join(', ')],
    ]).map((line) => `  ${line}`),
  ];
}

/** Redraws one line with what it is at, and figures worth watching. */
export function showAttack(terminal: Terminal, attack: AttackName, texts: Texts): (step: AttackStep) => void {
  const startedAt = performance.now();
  return (step) => {
    if (step.kind !== 'progress') return;
    const figures = Object.entries(step.figures)
      .slice(0, mostFigures)
      .map(([name, value]) => `${watchedFigureText(attack, name, texts)} ${figureValue(name, value, texts)}`);
    const seconds = (performance.now() - startedAt) / 1000;
    terminal.progress({
      label: stageText(attack, step.stage, texts),
      share: step.done,
      speed: figures.join(', '),
      secondsLeft: step.done > 0.02 ? (seconds * (1 - step.done)) / step.done : undefined,
      texts,
    });
  };
}

/** Verdict, evidence, every figure beside its baselines, its table, and what may not be forgotten about the guarantee. */
export function presentReport(report: AttackReport, texts: Texts): string[] {
  const { t, formats } = texts;
  const { sentence, evidence } = wordingOf(report.attack).verdict(report, texts);
  const { threshold, success, seconds, seed, engine } = report;
  return [
    sentence,
    evidence,
    '',
    ...figureLines(report, texts),
    '',
    ...labelled([
      [
        t('lab.page.success'),
        t(success ? 'lab.page.success.yes' : 'lab.page.success.no', {
          threshold: thresholdText(threshold, texts),
        }),
      ],
      [t('lab.gauge.every'), guaranteeText(report, texts)],
      [t('terminal.attack.took'), t('lab.timing', { time: formats.duration(seconds), seed, engine })],
    ]),
    ...rowLines(report, texts),
  ];
}

function figureLines({ results }: AttackReport, texts: Texts): string[] {
  const { t } = texts;
  const heading = [t('lab.figures.metric'), t('lab.figures.value'), t('terminal.attack.without')];
  const rows = (
    Object.entries(results) as [MetricName, NonNullable<AttackReport['results'][MetricName]>][]
  ).map(([metric, { value, interval, baselines }]) => {
    const shown = metricValue(metric, value, texts);
    const range =
      interval === undefined
        ? ''
        : ` (${metricValue(metric, interval[0], texts)} – ${metricValue(metric, interval[1], texts)})`;
    const others = (Object.entries(baselines) as [BaselineName, number][]).map(
      ([name, figure]) => `${baselineText(name, null, texts)} ${metricValue(metric, figure, texts)}`,
    );
    return [metricText(metric, texts), shown + range, others.join(', ')];
  });
  return table([heading, ...rows], ['left', 'right', 'left']);
}

/** What follows for other attacks. */
function guaranteeText(report: AttackReport, texts: Texts): string {
  const { answer, note } = everyAttack(report, attackCatalogue[report.attack], texts);
  const { epsilon, delta } = report.gauges;
  const bound =
    epsilon === null || delta === null
      ? note
      : texts.t('lab.page.guarantee.delta', { bound: note, delta: String(delta) });
  return bound === '' ? answer : `${answer} (${bound})`;
}

function rowLines({ attack, rows }: AttackReport, texts: Texts): string[] {
  if (rows.length === 0) return [];
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  const heading = [texts.t('lab.column.name'), ...columns.map((cell) => columnText(attack, cell, texts))];
  const body = rows.map(({ name, cells }) => [
    rowText(attack, name, texts),
    ...columns.map((cell) => cellValue(attack, cell, cells[cell], texts)),
  ]);
  return [
    '',
    ...table(
      [heading, ...body],
      heading.map((_, index) => (index === 0 ? 'left' : 'right')),
    ),
  ];
}
