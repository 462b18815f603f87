/**
 * Names that attacks give at run time (stages, rows, series, pictures), as texts. An attack's own text goes first, then
 * the one that all share, then the name as it is. For an attack NAME:
 *
 *   attack.NAME.stage.STAGE        lab.stage.STAGE        what it is at
 *   attack.NAME.switch.ID          lab.switch.ID          a button "now switch on"
 *   attack.NAME.setting.FIELD                             a field of its settings; of a choice, .VALUE after it
 *   attack.NAME.image.IMAGE        lab.baseline.BASELINE  a picture's name
 *   attack.NAME.series.SERIES      lab.series.SERIES      a line; its axes: .x and .y after it
 *   attack.NAME.label.BASELINE     lab.baseline.BASELINE  a baseline, where it has another name there
 *   attack.NAME.row.ROW            lab.baseline.BASELINE  a row of its table
 *   attack.NAME.column.CELL        lab.column.CELL        a column of its table; then lab.metric.CELL
 *   attack.NAME.cell.VALUE         lab.cell.VALUE         what stands in a cell
 *   attack.NAME.figure.FIGURE      lab.metric.METRIC      a figure worth watching while it works
 */
import type { AttackName } from '../../../core/contract/attacks/names.ts';
import type { Texts } from '../../messages/translate.ts';

/** A message without placeholders; undefined where there is none of that key. */
function textOf(key: string, { t, has }: Texts): string | undefined {
  return has(key) ? t(key as 'lab.title') : undefined;
}

/** What follows `attack.NAME.`, the attack's own or the shared one; undefined where nobody has given it a text. */
export function findAttackText(attack: AttackName, what: string, texts: Texts): string | undefined {
  return textOf(`attack.${attack}.${what}`, texts) ?? textOf(`lab.${what}`, texts);
}

export function stageText(attack: AttackName, stage: string, texts: Texts): string {
  return findAttackText(attack, `stage.${stage}`, texts) ?? stage;
}

export function switchText(attack: AttackName, id: string, texts: Texts): string {
  return findAttackText(attack, `switch.${id}`, texts) ?? id;
}

export function settingText(attack: AttackName, field: string, texts: Texts): string {
  return findAttackText(attack, `setting.${field}`, texts) ?? field;
}

/** One of the values that a setting can have. */
export function choiceText(attack: AttackName, field: string, value: string, texts: Texts): string {
  return findAttackText(attack, `setting.${field}.${value}`, texts) ?? value;
}

export function pictureText(attack: AttackName, name: string, texts: Texts): string {
  return findAttackText(attack, `image.${name}`, texts) ?? textOf(`lab.baseline.${name}`, texts) ?? name;
}

export function seriesText(attack: AttackName, name: string, texts: Texts): string {
  return findAttackText(attack, `series.${name}`, texts) ?? textOf(`lab.baseline.${name}`, texts) ?? name;
}

/** What one of its axes is called; empty where it has no name. */
export function seriesAxisText(attack: AttackName, name: string, axis: 'x' | 'y', texts: Texts): string {
  return findAttackText(attack, `series.${name}.${axis}`, texts) ?? '';
}

/** Names that are numbers (a noise level, a crowd's size) as the language writes them. */
export function rowText(attack: AttackName, name: string, texts: Texts): string {
  const text = findAttackText(attack, `row.${name}`, texts) ?? textOf(`lab.baseline.${name}`, texts);
  if (text !== undefined) return text;
  // with the digits that it was given
  const decimals = /^-?\d+(?:\.(\d+))?$/.exec(name);
  return decimals === null ? name : texts.formats.fixed(Number(name), decimals[1]?.length ?? 0);
}

export function columnText(attack: AttackName, cell: string, texts: Texts): string {
  return findAttackText(attack, `column.${cell}`, texts) ?? textOf(`lab.metric.${cell}`, texts) ?? cell;
}

export function cellText(attack: AttackName, value: string, texts: Texts): string {
  return findAttackText(attack, `cell.${value}`, texts) ?? value;
}

export function watchedFigureText(attack: AttackName, name: string, texts: Texts): string {
  return (
    findAttackText(attack, `figure.${name}`, texts) ??
    textOf(`lab.metric.${name}`, texts) ??
    textOf(`lab.column.${name}`, texts) ??
    name
  );
}

/** Whole ones whole, others with as many decimals as tell something. */
export function numberText(value: number, { formats }: Texts): string {
  if (Number.isInteger(value)) return formats.number(value);
  const magnitude = Math.abs(value);
  const { mantissa, exponent } = formats.scientific(value);
  if (exponent !== 0) return `${mantissa} · 10^${exponent}`;
  if (magnitude >= 1) return formats.fixed(value, magnitude >= 100 ? 1 : 2);
  // 0.03, not 0.0300
  return mantissa.replace(/0+$/, '');
}

/** A tick of an axis: as short as it can be, 0.01 and not 0.0100. */
export function tickText(value: number, texts: Texts): string {
  const [, decimals = ''] = String(Number(value.toPrecision(6))).split('.');
  return Math.abs(value) < 1e-6 && value !== 0
    ? numberText(value, texts)
    : texts.formats.fixed(value, decimals.length);
}
