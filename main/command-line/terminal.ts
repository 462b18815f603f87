/**
 * What a person sees while a command works: on a terminal one line that is redrawn, with speed and time left, under the
 * lines that stay; elsewhere (a file, a pipe) only the lines that stay. Everything goes to standard error, so that
 * standard output holds the result alone.
 */
import { stderr } from 'node:process';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';

const redrawEveryMs = 100;
const barWidth = 24;

export interface ProgressLine {
  readonly label: string;
  /** 0 .. 1 */
  readonly share: number;
  /** For example '11,200 images/s'. */
  readonly speed?: string;
  readonly secondsLeft?: number | undefined;
  /** What the time left is said in; English by default. */
  readonly texts?: Texts;
}

export interface Terminal {
  /** A line that stays. */
  line(text: string): void;
  /** The line that is redrawn; nothing where there is no terminal. */
  progress(state: ProgressLine): void;
  /** Removes the redrawn line. */
  clear(): void;
}

/** '0:07', '12:40', '1:02:03' */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}` : `${minutes}:${twoDigits(rest)}`;
}

/** Lines with a label each; the texts begin in one column, two spaces after the longest label. */
export function labelled(lines: readonly (readonly [label: string, text: string])[]): string[] {
  const width = Math.max(...lines.map(([label]) => label.length)) + 2;
  return lines.map(([label, text]) => `${label.padEnd(width)}${text}`);
}

/** A table with its headings first: words to the left in the first column, numbers to the right in the others. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  return table(
    rows,
    rows[0]!.map((_, column) => (column === 0 ? 'left' : 'right')),
  );
}

/** A table whose columns stand to the left or to the right. */
export function table(rows: readonly (readonly string[])[], sides: readonly ('left' | 'right')[]): string[] {
  const widths = sides.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        sides[column] === 'left' ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('   ')
      .trimEnd(),
  );
}

function drawn(
  { label, share, speed, secondsLeft, texts = textsOf('en', 'terminal') }: ProgressLine,
  columns: number,
): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  const left =
    secondsLeft === undefined
      ? ''
      : `  ${texts.t('terminal.time-left', { time: formatDuration(secondsLeft) })}`;
  return `${label}  ${bar} ${String(Math.round(share * 100)).padStart(3)} %${speed ? `  ${speed}` : ''}${left}`.slice(
    0,
    columns - 1,
  );
}

/** quiet: no lines at all. */
export function createTerminal(
  options: { readonly quiet?: boolean; readonly stream?: NodeJS.WriteStream } = {},
): Terminal {
  const stream = options.stream ?? stderr;
  const live = stream.isTTY && !options.quiet;
  let drawnAt = 0;
  let showing = false;
  const clear = (): void => {
    if (showing) stream.write('\r\u001b[2K');
    showing = false;
  };
  return {
    line(text) {
      if (options.quiet) return;
      clear();
      stream.write(`${text}\n`);
    },
    progress(state) {
      const now = performance.now();
      if (!live || now - drawnAt < redrawEveryMs) return;
      drawnAt = now;
      stream.write(`\r\u001b[2K${drawn(state, stream.columns || 80)}`);
      showing = true;
    },
    clear,
  };
}
