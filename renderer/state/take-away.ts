/** A file for a person to keep: where the host has not saved it itself, the browser does. */
import type { MethodResults } from '../../core/contract/host.ts';
import type { TakeAway } from '../../core/contract/results.ts';

/** Long enough for a browser to have begun reading, ms. */
const keptMs = 60_000;

export function blobOf({ bytes, type }: TakeAway): Blob {
  return new Blob([bytes.slice()], { type });
}

export function saveInBrowser(file: TakeAway): void {
  const url = URL.createObjectURL(blobOf(file));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, keptMs);
}

export function isTakeAway(result: MethodResults['exportResult' | 'backUpIdentity']): result is TakeAway {
  return 'bytes' in result;
}
