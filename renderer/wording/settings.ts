/** Settings in words: their values, what an open one became, and the command line that runs the same again. */
import {
  chosenLoss,
  type RunSettings,
  runSettingsSchema,
  type SettingName,
  type TrainingLoss,
} from '../../core/contract/run-settings.ts';
import type { RunResult } from '../../core/contract/run-result.ts';
import type { SessionResult } from '../../core/contract/session-result.ts';
import { defaultSettings, type FederatedRun, isMnist, runOf } from '../../core/results/figures.ts';
import type { Texts } from '../messages/translate.ts';

const settingNames = Object.keys(runSettingsSchema.shape).filter(isSettingName);

function isSettingName(name: string): name is SettingName {
  return name in runSettingsSchema.shape;
}

/** Each machine's own affair, or of a simulation only. */
const notOfSessions: readonly SettingName[] = [
  'clients',
  'drop',
  'dropAt',
  'engine',
  'rsaBits',
  'processes',
  'privacyBudget',
];

/** The settings that a run of this kind has. */
export function settingNamesOf({ kind }: FederatedRun): readonly SettingName[] {
  return kind === 'session' ? settingNames.filter((name) => !notOfSessions.includes(name)) : settingNames;
}

function settingOf(name: SettingName, { settings }: FederatedRun): RunSettings[SettingName] {
  return (settings as Partial<RunSettings>)[name];
}

export function isChanged(name: SettingName, run: FederatedRun): boolean {
  return settingOf(name, run) !== defaultSettings[name];
}

/** As it was set; what a setting left open became. */
export function settingValue(name: SettingName, run: FederatedRun, texts: Texts): string {
  const value = settingOf(name, run);
  return value === undefined ? automatic(name, run, texts) : settingText(name, value, texts);
}

export function defaultText(name: SettingName, texts: Texts): string {
  return settingText(name, defaultSettings[name], texts);
}

function settingText(name: SettingName, value: RunSettings[SettingName], { t, formats }: Texts): string {
  if (value === undefined) return t('settings.automatic');
  if (typeof value === 'boolean') return t(value ? 'on' : 'off');
  if (typeof value === 'string') return value;
  // To be copied, not to be read as an amount.
  if (name === 'seed' || name === 'rsaBits') return String(value);
  return exactNumber(value, formats);
}

function exactNumber(value: number, formats: Texts['formats']): string {
  return Number.isInteger(value) ? formats.number(value) : formats.fixed(value, decimalsOf(value));
}

function decimalsOf(value: number): number {
  const [mantissa = '', exponent] = value.toExponential().split('e');
  const digits = mantissa.replace(/^-?\d\.?/, '').length;
  return Math.min(20, Math.max(0, digits - Number(exponent)));
}

function automatic(name: SettingName, run: FederatedRun, { t, formats }: Texts): string {
  const chosen: Partial<Record<SettingName, string>> = {
    ...(run.resolved === null ? {} : { threshold: formats.number(run.resolved.threshold) }),
    ...(run.kind === 'session'
      ? {}
      : { engine: run.engine.name, processes: formats.number(run.engine.processes) }),
  };
  const value = chosen[name];
  return value === undefined ? t('none') : `${value}, ${t('settings.automatic')}`;
}

/** 'focal, γ 2' */
export function lossText(loss: TrainingLoss, { t, formats }: Texts): string {
  switch (loss.kind) {
    case 'cross-entropy':
      return t('loss.cross-entropy', { smoothing: exactNumber(loss.labelSmoothing, formats) });
    case 'squared-error':
      return t('loss.squared-error');
    case 'focal':
      return t('loss.focal', { gamma: exactNumber(loss.gamma, formats) });
  }
}

/** What the loss on the test images is, and what was trained with where that is another. */
export function lossCaption(run: FederatedRun, texts: Texts): string {
  const loss = chosenLoss(run.settings);
  return loss === undefined
    ? texts.t('curves.loss.caption')
    : texts.t('curves.loss.caption.other', { loss: lossText(loss, texts) });
}

/** The command line of this run: only what differs from the defaults. */
export function commandOf(result: RunResult): string {
  const run = runOf(result);
  const flags = settingNamesOf(run)
    .filter((name) => settingOf(name, run) !== undefined && isChanged(name, run))
    .filter((name) => run.kind === 'simulation' || name !== 'dataset')
    .map((name) => {
      const value = settingOf(name, run);
      const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return ` --${flag} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : quoted(String(value))}`;
    });
  if (run.kind === 'session') return `masquerade coordinate${sessionFlags(run)}${flags.join('')}`;
  return `masquerade ${result.kind === 'comparison' ? 'compare' : 'simulate'}${flags.join('')}`;
}

/** The data set goes by a name here: where its folder lies, only its owner knows. */
function sessionFlags(run: SessionResult): string {
  const { title, demonstration } = run.session;
  return [
    ` --title ${quoted(title)}`,
    ...(isMnist(run) ? [] : [' --dataset FOLDER']),
    ...(run.dataset.mode === 'own' ? [' --own-data'] : []),
    ...(demonstration ? [' --demonstration'] : []),
  ].join('');
}

/** As a POSIX shell reads it back. */
function quoted(argument: string): string {
  return /^[\w./:-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
