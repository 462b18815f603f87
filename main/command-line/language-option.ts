/** `--language`, of the commands that have no settings of a run. */
import { Option } from 'commander';

/** What --language decides, here and among the settings of a run. */
export const languageDescription = 'language of the report and of what is printed';

/** byDefault: what is used without it. */
export function languageOption(byDefault: string): Option {
  return new Option('--language <en|fr>', `${languageDescription} (default: ${byDefault})`).choices([
    'en',
    'fr',
  ]);
}
