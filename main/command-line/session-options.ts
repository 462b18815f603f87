/** What `coordinate`, `join`, `sessions` and `identity` share: where the data is, how its secrets are opened. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Language } from '../../renderer/messages/formats.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import { callerPath } from '../files/caller-path.ts';
import { chosenProtection } from '../identity/protection.ts';
import { defaultDataFolder } from '../storage/data-folder.ts';
import { openStore } from '../storage/open-store.ts';
import type { Store } from '../storage/store.ts';
import { wrappingKeyPath } from '../storage/wrapping-key.ts';
import type { CommandContext } from './context.ts';

export interface StoreOptions {
  readonly dataDir?: string;
  readonly passphraseFile?: string;
  readonly json?: true;
}

export function addStoreOptions(command: Command, json = 'one JSON object a line'): Command {
  return command
    .option('--data-dir <dir>', 'where sessions and keys are kept', defaultDataFolder())
    .option('--passphrase-file <file>', 'the passphrase of the keys, in a file (or in MASQUERADE_PASSPHRASE)')
    .option('--json', json);
}

/** Opens the data folder, saying how its secrets are protected. The caller closes it. */
export async function openCommandStore(
  options: StoreOptions,
  context: CommandContext,
  language: Language = 'en',
): Promise<Store> {
  const store = await openQuietly(options);
  sayProtection(store, context, language);
  return store;
}

export async function openQuietly({ dataDir, passphraseFile }: StoreOptions): Promise<Store> {
  return openStore({
    folder: callerPath(dataDir ?? defaultDataFolder()),
    secret: await chosenProtection({
      passphraseFile: passphraseFile === undefined ? undefined : callerPath(passphraseFile),
      environment: process.env,
    }),
  });
}

/** Where it is by file permissions alone. */
export function sayProtection(
  { protection, folder }: Pick<Store, 'protection' | 'folder'>,
  { terminal }: Pick<CommandContext, 'terminal'>,
  language: Language,
): void {
  if (protection !== 'wrapping-key') return;
  const { t } = textsOf(language, 'terminal');
  terminal.line(t('terminal.unprotected', { path: wrappingKeyPath(folder) }));
}

export function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`);
  };
}

export function positive(largest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (value > 0 && value <= largest) return value;
    throw new InvalidArgumentError(`It must be a number above 0, at most ${largest}.`);
  };
}

export function seconds(longest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (value > 0 && value <= longest) return value;
    throw new InvalidArgumentError(`It must be a number of seconds above 0, at most ${longest}.`);
  };
}
