/**
 * A log for whoever looks for the cause of a fault: short lines with the time, in one file of bounded size and two older
 * ones. What must never be in it (keys, names of people, data) is up to those who write to it. A log that cannot be
 * written is no reason to stop: lines are lost then.
 */
import { appendFileSync, chmodSync, renameSync, statSync } from 'node:fs';

export interface LogFile {
  line(text: string): void;
}

/** Bytes; one file may grow by a line beyond it. */
const LARGEST_BYTES = 1_000_000;
const OLD_FILES = 2;
/** Characters; what goes beyond is cut off. */
const LONGEST_TEXT = 10_000;

export interface LogFileOptions {
  readonly now?: () => Date;
  readonly largestBytes?: number;
}

/** For its owner alone. Older files are `<path>.1` and `<path>.2`. */
export function openLogFile(path: string, options: LogFileOptions = {}): LogFile {
  const { now = () => new Date(), largestBytes = LARGEST_BYTES } = options;
  let sizeBytes = sizeOf(path);
  return {
    line(text) {
      // one line each: what comes from elsewhere cannot pretend to be another
      const shown = text.slice(0, LONGEST_TEXT).replaceAll(/\p{Cc}+/gu, ' | ');
      const line = `${now().toISOString()}  ${shown}\n`;
      try {
        if (sizeBytes >= largestBytes) {
          rotate(path);
          sizeBytes = 0;
        }
        appendFileSync(path, line, { mode: 0o600 });
        if (sizeBytes === 0 && process.platform !== 'win32') chmodSync(path, 0o600);
        sizeBytes += Buffer.byteLength(line);
      } catch {
        // a full disk is told elsewhere
      }
    },
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return 0;
  }
}

function rotate(path: string): void {
  for (let number = OLD_FILES; number >= 1; number -= 1) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    if (sizeOf(from) > 0) renameSync(from, `${path}.${number}`);
  }
}
