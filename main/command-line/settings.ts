/**
 * The settings of a run from the command line and from a file. Both come from one schema (core/contract): an option is
 * a setting's name with dashes, its help is the setting's description, its range the setting's range. What is given on
 * the command line wins over the file, the file over the defaults.
 */
import { Option, type Command } from 'commander';
import { z } from 'zod';
import {
  idleLossSetting,
  isNoised,
  runSettingsSchema,
  type RunSettings,
  type SettingName,
} from '../../core/contract/run-settings.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { callerPath } from '../files/caller-path.ts';
import { vanishingCount } from '../simulation/vanishing.ts';
import { readConfigFile } from './config-file.ts';
import { languageDescription } from './language-option.ts';

interface SettingDescription {
  readonly description: string;
  readonly type: 'integer' | 'number' | 'string' | 'boolean';
  readonly default?: string | number | boolean;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly pattern?: string;
}

export const settingNames = Object.keys(runSettingsSchema.shape) as readonly SettingName[];
const properties = z.toJSONSchema(runSettingsSchema, { io: 'input' }).properties ?? {};
/** What JSON Schema says of a setting; the settings' schema holds no other kinds. */
const describe = (name: SettingName): SettingDescription => properties[name] as SettingDescription;

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const undashed = (name: string): string =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The allowed values of a setting, as the end of "it must be ...". */
export function allowedValues(name: SettingName): string {
  const it = describe(name);
  if (it.type === 'boolean') return 'on or off';
  if (it.enum) return `one of ${it.enum.join(', ')}`;
  if (it.type === 'string') return it.pattern ? it.description.replace(/^.*: /, '') : 'a name or a path';
  const kind = it.type === 'integer' ? 'a whole number' : 'a number';
  const from = it.exclusiveMinimum === undefined ? `from ${it.minimum}` : `above ${it.exclusiveMinimum}`;
  const to = it.exclusiveMaximum === undefined ? `to ${it.maximum}` : `and below ${it.exclusiveMaximum}`;
  return `${kind} ${from} ${to}`;
}

/** Adds --config and an option for every setting that is not left out. */
export function addSettingOptions(command: Command, leftOut: readonly SettingName[] = []): Command {
  command.option('--config <file>', 'settings from a JSON file; options given here win over it');
  for (const name of settingNames) {
    if (leftOut.includes(name)) continue;
    const { type, enum: choices, default: preset } = describe(name);
    // here, a setting decides about the terminal too
    const description = name === 'language' ? languageDescription : describe(name).description;
    const value =
      type === 'boolean' ? 'on|off' : choices ? choices.join('|') : type === 'string' ? 'value' : 'number';
    const shown = typeof preset === 'boolean' ? (preset ? 'on' : 'off') : preset;
    const suffix = shown === undefined ? '' : ` (default: ${shown})`;
    command.addOption(new Option(`--${dashed(name)} <${value}>`, description + suffix));
  }
  return command;
}

/** The value that a person typed, as the schema wants it; text that fits nothing stays text and is refused there. */
function typedValue(name: SettingName, text: string): unknown {
  const { type, enum: choices } = describe(name);
  if (type === 'boolean') return onOrOff(text);
  const numeric =
    type !== 'string' && (choices === undefined || choices.every((choice) => typeof choice === 'number'));
  return numeric && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

const onOrOff = (value: unknown): unknown => (value === 'on' ? true : value === 'off' ? false : value);

/** How a setting is called where it was given: '--learning-rate', or 'learningRate in settings.json'. */
type Label = (name: string) => string;

/**
 * Checks settings from anywhere. Throws 'invalid-setting' naming the setting, the value and what is allowed; also when
 * settings together would leave one of them without any effect, which whoever gave it surely does not expect.
 */
export function checkSettings(
  given: Readonly<Record<string, unknown>>,
  label: Label = (name) => name,
): RunSettings {
  const checked = runSettingsSchema.safeParse(given);
  if (!checked.success) throw refusalOf(checked.error.issues[0]!, given, label);
  refuseWithoutEffect(checked.data, label);
  refuseWithNoise(checked.data, given, label);
  return checked.data;
}

function refusalOf(
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
  label: Label,
): FederationError {
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0]!;
    const allowed = `one of ${settingNames.join(', ')}`;
    const meant = undashed(unknown);
    const help = (settingNames as readonly string[]).includes(meant) ? `it is called ${meant}` : allowed;
    return refused('the setting', unknown, allowed, `${label(unknown)}, as no setting is called so: ${help}`);
  }
  const name = String(issue.path[0]) as SettingName;
  const value = given[name];
  const allowed = allowedValues(name);
  return refused(name, value, allowed, `${label(name)}, as it must be ${allowed}, and is ${String(value)}`);
}

function refuseWithoutEffect(settings: RunSettings, label: Label): void {
  const { optimizer, momentum, clients, drop, dropAt } = settings;
  if (optimizer === 'adam' && momentum > 0)
    throw refused(
      'momentum',
      momentum,
      '0 with optimizer adam',
      `${label('momentum')} ${momentum} while ${label('optimizer')} is adam, as only sgd takes it: choose sgd, or leave the momentum out`,
    );
  const idle = idleLossSetting(settings);
  if (idle !== undefined) {
    const { name, needed } = idle;
    throw refused(
      name,
      settings[name],
      `left out unless the loss is ${needed}`,
      `${label(name)} ${settings[name]} while ${label('loss')} is ${settings.loss}, as only ${needed} takes it: choose ${needed}, or leave it out`,
    );
  }
  if (drop === 0 && dropAt !== 'masked-input')
    throw refused(
      'dropAt',
      dropAt,
      'given together with drop',
      `${label('dropAt')} ${dropAt} without ${label('drop')}, as nobody vanishes then: say which share does`,
    );
  if (drop > 0 && vanishingCount(clients, drop) === 0)
    throw refused(
      'drop',
      drop,
      `0, or at least 1/${clients}`,
      `${label('drop')} ${drop} with ${clients} clients, as less than one would vanish: it must be 0, or at least ${Math.ceil(1000 / clients) / 1000}`,
    );
}

const ofNoise = [
  'clippingNorm',
  'delta',
  'adaptiveClipping',
  'clippingQuantile',
  'privacyBudget',
] as const satisfies readonly SettingName[];

/** What noise needs, or goes without. */
function refuseWithNoise(
  settings: RunSettings,
  given: Readonly<Record<string, unknown>>,
  label: Label,
): void {
  const preset = (name: SettingName): unknown => describe(name).default;
  if (!isNoised(settings)) {
    const name = ofNoise.find((one) => settings[one] !== preset(one));
    if (name === undefined) return;
    throw refused(
      name,
      settings[name],
      'given together with noiseMultiplier',
      `${label(name)} without ${label('noiseMultiplier')}, as there is no differential privacy then: say how much noise`,
    );
  }
  const { weights, adaptiveClipping, clippingQuantile } = settings;
  // the default becomes uniform by itself
  if ('weights' in given && weights !== 'uniform')
    throw refused(
      'weights',
      weights,
      'uniform with noiseMultiplier',
      `${label('weights')} ${weights} with ${label('noiseMultiplier')}, as noise does not hide how many images a client has: leave it out, or choose uniform`,
    );
  if (!adaptiveClipping && clippingQuantile !== preset('clippingQuantile'))
    throw refused(
      'clippingQuantile',
      clippingQuantile,
      'given together with adaptiveClipping',
      `${label('clippingQuantile')} without ${label('adaptiveClipping')}, as the clipping norm stays then`,
    );
}

function refused(
  field: string,
  value: unknown,
  allowed: string,
  what: string,
): FederationError<'invalid-setting'> {
  return new FederationError('invalid-setting', `Cannot use ${what}.`, {
    details: { field, value, allowed },
    blame: 'user',
    action: 'correct',
  });
}

/** options: what commander parsed, by setting name; the rest of its fields is ignored. */
export async function readSettings(options: Readonly<Record<string, unknown>>): Promise<RunSettings> {
  const config = typeof options['config'] === 'string' ? callerPath(options['config']) : undefined;
  const fromFile = config === undefined ? {} : await readConfigFile(config);
  const typed = settingNames
    .filter((name) => typeof options[name] === 'string')
    .map((name) => [name, typedValue(name, options[name] as string)] as const);
  const given = {
    ...Object.fromEntries(
      Object.entries(fromFile).map(
        ([name, value]) => [name, isOnOff(name) ? onOrOff(value) : value] as const,
      ),
    ),
    ...Object.fromEntries(typed),
  };
  return checkSettings(given, (name) =>
    config !== undefined && name in fromFile && typeof options[name] !== 'string'
      ? `${name} in ${config}`
      : `--${dashed(name)}`,
  );
}

const isOnOff = (name: string): boolean =>
  (settingNames as readonly string[]).includes(name) && describe(name as SettingName).type === 'boolean';
