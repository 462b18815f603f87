/**
 * Options of the attack lab's commands. Those of an attack come from its settings' schema (core/contract/attacks): a
 * setting's name with dashes, its description, its range, its default.
 */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import {
  type AttackDescription,
  switchedRequest,
  updateSwitches,
} from '../../core/contract/attacks/description.ts';
import {
  type AttackRequest,
  type AttackSetting,
  attackRequestSchema,
  type Protection,
  protectionSchema,
  unprotected,
} from '../../core/contract/attacks/attack-request.ts';
import { invalidSetting } from '../../core/errors/federation-error.ts';

interface SettingDescription {
  readonly description?: string;
  readonly type?: 'integer' | 'number' | 'string' | 'boolean';
  readonly default?: AttackSetting;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Beside the settings. */
export interface RunOptions {
  readonly protect?: string;
  readonly noise?: string;
  readonly switch?: string;
  readonly seed: string;
}

/** Options that every attack's command has, or those that can attack a model. */
const ownOptions = [
  'protect',
  'noise',
  'switch',
  'seed',
  'drawings',
  'dataDir',
  'passphraseFile',
  'engine',
  'pictures',
  'sheet',
  'json',
  'language',
  'help',
] as const;

/** A setting's option, without dashes before it: its name, unless an option of the command is called so. */
function optionOf({ targets }: AttackDescription, name: string): string {
  const isTaken =
    (ownOptions as readonly string[]).includes(name) || (name === 'model' && targets.includes('model'));
  return isTaken ? `set${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
}

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** What JSON Schema says of each setting. */
export function settingsOf(
  description: AttackDescription,
): readonly (readonly [string, SettingDescription])[] {
  const { properties = {} } = z.toJSONSchema(description.settings, { io: 'input' });
  return Object.entries(properties) as [string, SettingDescription][];
}

/** '1 to 256', 'sgd, adam', 'on, off'. */
export function rangeText({ type, enum: choices, minimum, maximum }: SettingDescription): string {
  if (type === 'boolean') return 'on, off';
  if (choices !== undefined) return choices.join(', ');
  return minimum === undefined || maximum === undefined ? 'a value' : `${minimum} to ${maximum}`;
}

export function addAttackOptions(command: Command, description: AttackDescription): Command {
  for (const [name, setting] of settingsOf(description)) {
    const value =
      setting.type === 'boolean'
        ? 'on|off'
        : (setting.enum?.join('|') ?? (setting.type === 'string' ? 'value' : 'number'));
    const said = setting.description === undefined ? '' : `${setting.description}, `;
    const preset = setting.default === undefined ? '' : ` (default: ${shown(setting.default)})`;
    command.addOption(
      new Option(
        `--${dashed(optionOf(description, name))} <${value}>`,
        `${said}${rangeText(setting)}${preset}`,
      ),
    );
  }
  const protections = updateSwitches.map(({ id }) => id);
  const switches = description.switches.map(({ id }) => id);
  return command
    .addOption(
      new Option(
        '--protect <protection>',
        'how the update is protected, in place of what the switch says',
      ).choices(protections),
    )
    .option('--noise <number>', 'clipped, then Gaussian noise of so many clipping norms, beside --protect')
    .addOption(
      new Option(
        '--switch <id>',
        `one of the lab's buttons; other options change its settings and protection (default: ${switches[0] ?? ''})`,
      ).choices(switches),
    )
    .option('--seed <number>', 'decides everything random', '1');
}

/** options: as commander parsed them. Throws 'invalid-setting' naming the option. */
export function readRequest(
  description: AttackDescription,
  options: RunOptions & Readonly<Record<string, unknown>>,
): AttackRequest {
  const chosen = description.switches.find(({ id }) => id === options.switch);
  const switched = switchedRequest(description, chosen);
  const given = settingsOf(description).flatMap(([name, setting]) => {
    const text = options[optionOf(description, name)];
    return typeof text === 'string' ? [[name, typed(text, setting)] as const] : [];
  });
  return {
    ...switched,
    target: { kind: 'fresh' },
    settings: { ...switched.settings, ...Object.fromEntries(given) },
    protection: readProtection(options, switched.protection),
    seed: readSeed(options.seed),
  };
}

function readProtection({ protect, noise }: RunOptions, before: Protection): Protection {
  const chosen = updateSwitches.find(({ id }) => id === protect);
  const base = chosen === undefined ? before : { ...unprotected, ...chosen.protection };
  if (noise === undefined) return base;
  const value = noise.trim() === '' ? Number.NaN : Number(noise);
  const read = protectionSchema.shape.noise.safeParse(value);
  if (!read.success) throw invalidSetting('--noise', noise, 'a number from 0 to 10');
  return { ...base, noise: read.data };
}

export function readSeed(text: string): number {
  const read = attackRequestSchema.shape.seed.safeParse(text.trim() === '' ? Number.NaN : Number(text));
  if (read.success) return read.data;
  throw invalidSetting('--seed', text, 'a whole number from 0 to 4294967295');
}

/** Throws 'invalid-setting', naming the option, for a setting that its schema refuses. Returns all, with defaults. */
export function checkedSettings({
  attack,
  settings,
}: Pick<AttackRequest, 'attack' | 'settings'>): AttackRequest['settings'] {
  const description = attackCatalogue[attack];
  const read = description.settings.safeParse(settings);
  if (read.success) return read.data as AttackRequest['settings'];
  const name = String(read.error.issues[0]?.path[0] ?? '');
  const setting = settingsOf(description).find(([known]) => known === name)?.[1];
  throw invalidSetting(
    `--${dashed(optionOf(description, name))}`,
    settings[name],
    setting === undefined ? 'left out' : allowedText(setting),
  );
}

function allowedText(setting: SettingDescription): string {
  const range = rangeText(setting);
  if (setting.type === 'integer') return `a whole number from ${range}`;
  return setting.type === 'number' ? `a number from ${range}` : `one of ${range}`;
}

/** As the schema wants it; text that fits nothing stays text and is refused there. */
function typed(text: string, { type }: SettingDescription): AttackSetting {
  if (type === 'boolean') return text === 'on' ? true : text === 'off' ? false : text;
  if (type !== 'integer' && type !== 'number') return text;
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? text : value;
}

function shown(value: AttackSetting): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}
