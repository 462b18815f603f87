/** Every setting with those that differ from the default marked, and the command that runs the same again. */
import { type RunSettings, runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { card, type ReportContext } from '../context.ts';
import { defaultSettings } from '../figures.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

type SettingName = keyof RunSettings;

const settingNames = Object.keys(runSettingsSchema.shape).filter(isSettingName);

function isSettingName(name: string): name is SettingName {
  return name in runSettingsSchema.shape;
}

export function settingsSection(context: ReportContext): Markup {
  const { t, simulation } = context;
  const { settings } = simulation;
  const anyDiffers = settingNames.some((name) => settings[name] !== defaultSettings[name]);
  return card(
    'settings',
    t('settings.heading'),
    markup`<p class="label">${t(anyDiffers ? 'settings.caption' : 'settings.caption.all-default')}</p>
<dl class="settings">${settingNames.map((name) => settingLine(name, context))}</dl>
<h3>${t('settings.again')}</h3>
<p class="scroll" role="region" tabindex="0" aria-label="${t('settings.again')}"><code>${command(context)}</code></p>`,
  );
}

function settingLine(name: SettingName, context: ReportContext): Markup {
  const { t, simulation } = context;
  const value = simulation.settings[name];
  const differs = value !== defaultSettings[name];
  return markup`<div${differs && markup` class="differs"`}><dt>${differs && glyph('lozenge', 11)}${t(`setting.${name}`)}</dt><dd>${
    value === undefined ? automatic(name, context) : settingText(name, value, context)
  }${differs && markup` <span class="label">${t('settings.default', { value: settingText(name, defaultSettings[name], context) })}</span>`}</dd></div>
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
function automatic(name: SettingName, { t, formats, simulation }: ReportContext): string {
  const chosen: Partial<Record<SettingName, string>> = {
    threshold: formats.number(simulation.resolved.threshold),
    engine: simulation.engine.name,
    processes: formats.number(simulation.engine.processes),
  };
  const value = chosen[name];
  return value === undefined ? t('none') : `${value}, ${t('settings.automatic')}`;
}

/** The command line of this run: only what differs from the defaults. */
function command({ comparison, simulation: { settings } }: ReportContext): string {
  const flags = settingNames
    .filter((name) => settings[name] !== undefined && settings[name] !== defaultSettings[name])
    .map((name) => {
      const value = settings[name];
      const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return ` --${flag} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : quoted(String(value))}`;
    });
  return `masquerade ${comparison === undefined ? 'simulate' : 'compare'}${flags.join('')}`;
}

/** As a POSIX shell reads it back. */
function quoted(argument: string): string {
  return /^[\w./:-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
