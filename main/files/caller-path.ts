/** Paths that a person gives: relative ones are relative to the folder where the command was called. */
import { resolve } from 'node:path';
import process from 'node:process';

/**
 * The absolute path of what a person gave, on the command line or in a settings file. npm starts every script in the
 * project's own folder; build/run.mjs passes on the caller's in MASQUERADE_CWD. An absolute path stays as it is.
 */
export function callerPath(text: string): string {
  return resolve(process.env['MASQUERADE_CWD'] ?? '', text);
}
