/** A time that is guessed or still running: no tenths where they would only flicker. */
import type { Formats } from '../messages/formats.ts';

/** U+00A0: stands before a unit. */
const hardSpace = '\u00a0';

/** 2.4 s, 46 s, 4:37 min; below a tenth of a second in ms. */
export function roughTime(seconds: number, formats: Formats): string {
  if (seconds < 0.095) return `${formats.number(Math.max(1, Math.round(seconds * 1000)))}${hardSpace}ms`;
  if (seconds < 9.95) return formats.duration(seconds);
  return seconds < 59.5
    ? `${formats.number(Math.round(seconds))}${hardSpace}s`
    : formats.duration(Math.max(60, seconds));
}

/** One that is told beforehand: whole seconds from one on, whole minutes from two on. */
export function expectedTime(seconds: number, formats: Formats): string {
  if (seconds < 1) return roughTime(seconds, formats);
  return seconds < 119.5
    ? `${formats.number(Math.round(seconds))}${hardSpace}s`
    : `${formats.number(Math.round(seconds / 60))}${hardSpace}min`;
}
