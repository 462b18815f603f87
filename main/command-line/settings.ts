/**
 * The settings of a run from the command line and from a file. Both come from one schema (core/contract): an option is
 * a setting's name with dashes, its help is the setting's description, its range the setting's range. What is given on
 * the command line wins over the file, the file over the defaults.
 */
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { runSettingsSchema, type RunSettings, type SettingName } from '../../core/contract/run-settings.ts';
import { FederationError, invalidSetting } from '../../core/errors/federation-error.ts';
import { readTextFile } from '../files/files.ts';
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

/** Adds --config and an option for every setting. */
export function addSettingOptions(command: Command): Command {
  command.option('--config <file>', 'settings from a JSON file; options given here win over it');
  for (const name of settingNames) {
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
  if (type === 'boolean') return text === 'on' ? true : text === 'off' ? false : text;
  const numeric =
    type !== 'string' && (choices === undefined || choices.every((choice) => typeof choice === 'number'));
  return numeric && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  const text = await readTextFile(path);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FederationError(
      'file-unreadable',
      `Cannot read settings from ${path}, as it must be JSON: ${reason}.`,
      {
        details: { path, reason },
        blame: 'user',
        action: 'correct',
        cause,
      },
    );
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw invalidSetting(
      `the settings of ${path}`,
      'something else',
      'a JSON object with a field per setting',
    );
  // A result's own settings may be fed back: an option that was not given is written as null there.
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== null));
}

/** Checks settings from anywhere. Throws 'invalid-setting' naming the field, the value and what is allowed. */
export function checkSettings(given: Readonly<Record<string, unknown>>): RunSettings {
  const checked = runSettingsSchema.safeParse(given);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0]!;
    throw invalidSetting('the setting', unknown, `one of ${settingNames.join(', ')}`);
  }
  const name = String(issue.path[0]) as SettingName;
  throw invalidSetting(name, given[name], allowedValues(name));
}

/** options: what commander parsed, by setting name; the rest of its fields is ignored. */
export async function readSettings(options: Readonly<Record<string, unknown>>): Promise<RunSettings> {
  const fromFile = typeof options['config'] === 'string' ? await readConfig(options['config']) : {};
  const typed = settingNames
    .filter((name) => typeof options[name] === 'string')
    .map((name) => [name, typedValue(name, options[name] as string)] as const);
  return checkSettings({ ...fromFile, ...Object.fromEntries(typed) });
}
