/** Numbers and words of an attack's table and of its progress, as reports and the command line write them. */
import type { AttackRow } from '../../core/contract/attacks/attack-report.ts';
import type { AttackSetting } from '../../core/contract/attacks/attack-request.ts';
import { type AttackName, type MetricName, metricNames } from '../../core/contract/attacks/names.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { cellText, choiceText, numberText } from '../../renderer/wording/attacks/attack-texts.ts';
import { metricValue } from '../../renderer/wording/attacks/figures.ts';

/** With its unit where it is one of the lab's figures. */
export function figureValue(name: string, value: number, texts: Texts): string {
  const isMetric = (metricNames as readonly string[]).includes(name);
  return isMetric ? metricValue(name as MetricName, value, texts) : numberText(value, texts);
}

/** Empty where the row has no such cell. */
export function cellValue(
  attack: AttackName,
  column: string,
  value: AttackRow['cells'][string] | undefined,
  texts: Texts,
): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return texts.t(value ? 'lab.cell.yes' : 'lab.cell.no');
  return typeof value === 'number' ? figureValue(column, value, texts) : cellText(attack, value, texts);
}

/** One of a setting's values. */
export function settingValueText(
  attack: AttackName,
  name: string,
  value: AttackSetting,
  texts: Texts,
): string {
  if (typeof value === 'boolean') return texts.t(value ? 'on' : 'off');
  return typeof value === 'number' ? numberText(value, texts) : choiceText(attack, name, value, texts);
}
