/** How long things move: tokens, as a script needs them. */

/** Ms of a duration as a style sheet has it: '180ms' or '.18s'. */
export function durationMs(value: string): number {
  const number = Number.parseFloat(value);
  if (Number.isNaN(number)) return 0;
  return value.trim().endsWith('ms') ? number : number * 1000;
}

/** Of --motion-change, --motion-reveal ...; 0 where somebody wants nothing to move. */
export function motionMs(name: 'change' | 'travel' | 'reveal'): number {
  return durationMs(getComputedStyle(document.documentElement).getPropertyValue(`--motion-${name}`));
}
