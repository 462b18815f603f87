/** Every setting with those that differ from the default marked, and the command that runs the same again. */
import { type RunSettings, runSettingsSchema } from '../../../core/contract/run-settings.ts';
import type { SessionResult } from '../../../core/contract/session-result.ts';
import { card, type ReportContext } from '../context.ts';
import { defaultSettings, type FederatedRun, isMnist } from '../figures.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

type SettingName = keyof RunSettings;

const settingNames = Object.keys(runSettingsSchema.shape).filter(isSettingName);

function isSettingName(name: string): name is SettingName {
  return name in runSettingsSchema.shape;
}

/** Each machine's own affair, or of a simulation only. */
const notOfSessions: readonly SettingName[] = ['clients', 'drop', 'dropAt', 'engine', 'rsaBits', 'processes'];

function namesOf({ kind }: FederatedRun): readonly SettingName[] {
  return kind === 'session' ? settingNames.filter((name) => !notOfSessions.includes(name)) : settingNames;
}

function settingOf(name: SettingName, { settings }: FederatedRun): RunSettings[SettingName] {
  return (settings as Partial<RunSettings>)[name];
}

function differs(name: SettingName, run: FederatedRun): boolean {
  return settingOf(name, run) !== defaultSettings[name];
}

export function settingsSection(context: ReportContext): Markup {
  const { t, run } = context;
  const names = namesOf(run);
  const anyDiffers = names.some((name) => differs(name, run));
  return card(
    'settings',
    t('settings.heading'),
    markup`<p class="label">${t(anyDiffers ? 'settings.caption' : 'settings.caption.all-default')}</p>
<dl class="settings">${names.map((name) => settingLine(name, context))}</dl>
<h3>${t(run.kind === 'session' ? 'settings.again.session' : 'settings.again')}</h3>
<p class="scroll" role="region" tabindex="0" aria-label="${t(run.kind === 'session' ? 'settings.again.session' : 'settings.again')}"><code>${command(context)}</code></p>`,
  );
}

function settingLine(name: SettingName, context: ReportContext): Markup {
  const { t, run } = context;
  const value = settingOf(name, run);
  const differing = differs(name, run);
  return markup`<div${differing && markup` class="differs"`}><dt>${differing && glyph('lozenge', 11)}${t(`setting.${name}`)}</dt><dd>${
    value === undefined ? automatic(name, context) : settingText(name, value, context)
  }${differing && markup` <span class="label">${t('settings.default', { value: settingText(name, defaultSettings[name], context) })}</span>`}</dd></div>
`;
}

function settingText(
  name: SettingName,
  value: RunSettings[SettingName],
  { t, formats }: ReportContext,
): string {
  if (value === undefined) return t('settings.automatic');
  if (typeof value === 'boolean') return t(value ? 'on' : 'off');
  if (typeof value === 'string') return value;
  // To be copied, not to be read as an amount.
  if (name === 'seed' || name === 'rsaBits') return String(value);
  return Number.isInteger(value) ? formats.number(value) : formats.fixed(value, decimalsOf(value));
}

function decimalsOf(value: number): number {
  const [, exponent] = value.toExponential().split('e');
  const digits =
    value
      .toExponential()
      .split('e')[0]
      ?.replace(/^-?\d\.?/, '').length ?? 0;
  return Math.min(20, Math.max(0, digits - Number(exponent)));
}

/** What a setting left open became. */
function automatic(name: SettingName, { t, formats, run }: ReportContext): string {
  const chosen: Partial<Record<SettingName, string>> = {
    ...(run.resolved === null ? {} : { threshold: formats.number(run.resolved.threshold) }),
    ...(run.kind === 'session'
      ? {}
      : { engine: run.engine.name, processes: formats.number(run.engine.processes) }),
  };
  const value = chosen[name];
  return value === undefined ? t('none') : `${value}, ${t('settings.automatic')}`;
}

/** The command line of this run: only what differs from the defaults. */
function command({ comparison, run }: ReportContext): string {
  const flags = namesOf(run)
    .filter((name) => settingOf(name, run) !== undefined && differs(name, run))
    .filter((name) => run.kind === 'simulation' || name !== 'dataset')
    .map((name) => {
      const value = settingOf(name, run);
      const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return ` --${flag} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : quoted(String(value))}`;
    });
  if (run.kind === 'session') return `masquerade coordinate${sessionFlags(run)}${flags.join('')}`;
  return `masquerade ${comparison === undefined ? 'simulate' : 'compare'}${flags.join('')}`;
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
