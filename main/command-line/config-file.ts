/** The file of --config: settings as JSON, or the JSON of a finished run, whose settings are used again. */
import { FederationError } from '../../core/errors/federation-error.ts';
import { readTextFile } from '../files/files.ts';

/**
 * The settings that a file gives, unchecked; fields that are null are left out. path: absolute.
 * Throws 'file-not-found', and 'file-unreadable' for what is no JSON object.
 */
export async function readConfigFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  const settings = settingsIn(parse(await readTextFile(path), path));
  if (settings === undefined)
    throw unreadable(path, 'it must be a JSON object with a field per setting, or the JSON of a run');
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unreadable(path, `it must be JSON: ${reason}`, cause);
  }
}

/** A result of `simulate` has its settings in a field; one of `compare` has that of its federated part. */
function settingsIn(value: unknown): object | undefined {
  if (!isObject(value)) return undefined;
  if ('kind' in value && value.kind === 'comparison' && 'simulation' in value)
    return settingsIn(value.simulation);
  if ('kind' in value && (value.kind === 'simulation' || value.kind === 'session') && 'settings' in value)
    return isObject(value.settings) ? value.settings : undefined;
  return value;
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function unreadable(path: string, reason: string, cause?: unknown): FederationError<'file-unreadable'> {
  return new FederationError('file-unreadable', `Cannot read settings from ${path}, as ${reason}.`, {
    details: { path, reason },
    blame: 'user',
    action: 'correct',
    cause,
  });
}
