/** What the application is told when it is started, by `npm start` or by whoever starts its program. */
import { parseArgs } from 'node:util';
import { callerPath } from '../files/caller-path.ts';
import { defaultDataFolder } from '../storage/data-folder.ts';

export interface DesktopOptions {
  readonly folder: string;
  readonly passphraseFile: string | undefined;
}

/** args: without the program. What is not ours (Chromium's switches, links, files) is passed over. */
export function readOptions(args: readonly string[]): DesktopOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: { 'data-dir': { type: 'string' }, 'passphrase-file': { type: 'string' } },
  });
  const folder = values['data-dir'];
  const passphraseFile = values['passphrase-file'];
  return {
    folder: typeof folder === 'string' && folder !== '' ? callerPath(folder) : defaultDataFolder(),
    passphraseFile:
      typeof passphraseFile === 'string' && passphraseFile !== '' ? callerPath(passphraseFile) : undefined,
  };
}
