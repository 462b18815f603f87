/**
 * The shapes that stand for states and phases, 20 x 20 around 0,0: family by colour, meaning by shape, so that
 * colour is never alone. A text stands beside each, so they are hidden from screen readers.
 */
import { type Markup, trustedMarkup } from './markup.ts';

const lozenge = 'M0 -9.8L7.6 0L0 9.8L-7.6 0Z';
const octagon = 'M-3.6 -8.8H3.6L8.8 -3.6V3.6L3.6 8.8H-3.6L-8.8 3.6V-3.6Z';
const shareDots = [
  [0, -5.6],
  [5.6, 0],
  [0, 5.6],
  [-5.6, 0],
];

const shapes = {
  keys: '<circle r="9" fill="var(--gilt)" stroke="var(--gilt-edge)" stroke-width="1.2"/><path d="M0 0H5.4M3.3 0v2.4M5.4 0v1.7M-0.1 0a2.5 2.5 0 1 1 -5 0a2.5 2.5 0 1 1 5 0" stroke="var(--on-gilt)" stroke-width="1.7" fill="none" stroke-linecap="round"/>',
  shares: shareDots
    .map(
      ([x, y]) =>
        `<circle cx="${x}" cy="${y}" r="3.5" fill="var(--gilt)" stroke="var(--gilt-edge)" stroke-width="1.2"/>`,
    )
    .join(''),
  clear: '<circle r="6.6" fill="none" stroke="var(--clear)" stroke-width="4"/>',
  masked: `<path d="${lozenge}" fill="var(--surface)" stroke="var(--masked)" stroke-width="1.6" stroke-linejoin="round"/><path d="M0 -9.8L3.8 -4.9L0 0L-3.8 -4.9ZM0 0L3.8 4.9L0 9.8L-3.8 4.9ZM-7.6 0L-3.8 -4.9L0 0L-3.8 4.9Z" fill="var(--masked)"/>`,
  signed: `<path d="${sealPath()}" fill="var(--masked)"/><circle r="6.6" fill="var(--masked)"/><path d="M-4 2.4C-2.5 -4.5 -0.5 -4.5 -0.8 0.2C-0.9 2.6 0.8 2.3 1.6 0.4C2 2 2.8 2 4.2 0.8" fill="none" stroke="var(--on-masked)" stroke-width="1.5" stroke-linecap="round"/>`,
  verified:
    '<circle r="8.8" fill="var(--ink)"/><path d="M-4 0.3L-1.2 3.2L4.2 -2.9" fill="none" stroke="var(--on-ink)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  dropped:
    '<circle r="8" fill="none" stroke="var(--gone)" stroke-width="1.6" stroke-dasharray="3.1 2.9"/><path d="M-3.2 0H3.2" stroke="var(--ink-3)" stroke-width="1.8" stroke-linecap="round"/>',
  recovered: `<path d="${lozenge}" fill="var(--gilt)" stroke="var(--gilt-edge)" stroke-width="1.2" stroke-linejoin="round"/><path d="M-4.8 0H4.8M-3 -1.9V1.9M0 -1.9V1.9M3 -1.9V1.9" stroke="var(--on-gilt)" stroke-width="1.4" stroke-linecap="round"/>`,
  refused: `<path d="${octagon}" fill="var(--refused)"/><path d="M-3.2 -3.2L3.2 3.2M3.2 -3.2L-3.2 3.2" stroke="var(--on-refused)" stroke-width="2" stroke-linecap="round"/>`,
  sum: `<path d="${lozenge}" fill="var(--ink)"/><path d="M3 -4H-2.8L0.6 0L-2.8 4H3" fill="none" stroke="var(--on-ink)" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"/>`,
  lozenge: `<path d="${lozenge}" fill="var(--ink)"/>`,
  hollow: `<path d="${lozenge}" fill="none" stroke="var(--ink-3)" stroke-width="1.6"/>`,
  warning:
    '<path d="M0 -8.4L9.2 7.6H-9.2Z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/><path d="M0 -3V2.4M0 4.9V5" stroke="currentColor" stroke-width="1.9" stroke-linecap="round"/>',
} as const;

export type Glyph = keyof typeof shapes;

/** Ten circles around a disc: the edge of a seal. */
function sealPath(): string {
  return Array.from({ length: 10 }, (_, index) => {
    const angle = (index * Math.PI) / 5;
    const x = (Math.cos(angle) * 6.2 - 2.7).toFixed(2);
    return `M${x} ${(Math.sin(angle) * 6.2).toFixed(2)}a2.7 2.7 0 1 0 5.4 0a2.7 2.7 0 1 0 -5.4 0Z`;
  }).join('');
}

export function glyph(name: Glyph, size = 18): Markup {
  return trustedMarkup(
    `<svg class="glyph" width="${size}" height="${size}" viewBox="-10.5 -10.5 21 21" aria-hidden="true">${shapes[name]}</svg>`,
  );
}

/** The mark: a lozenge that looks at you. */
export function mark(size: number): Markup {
  return trustedMarkup(
    `<svg class="glyph" width="${size}" height="${size}" viewBox="0 0 40 40" aria-hidden="true"><path d="M20 4.5L38 20L20 35.5L2 20Z" fill="var(--ink)" stroke="var(--ink)" stroke-width="2.5" stroke-linejoin="round"/><path d="M9.5 20.3C11.5 16.6 15.5 16.4 17.8 19.2C15.8 22.6 11.8 23 9.5 20.3Z M30.5 20.3C28.5 16.6 24.5 16.4 22.2 19.2C24.2 22.6 28.2 23 30.5 20.3Z" fill="var(--paper)"/><path d="M20 24.5l2.6 3.8l-2.6 3.8l-2.6 -3.8z" fill="var(--paper)"/></svg>`,
  );
}

/** The clients of a row of results: one lozenge (all data), one ring (one client), a coat of up to twenty. */
export function crowd(count: number, readable: boolean): Markup {
  const shown = Math.min(count, 20);
  const cells = Array.from({ length: shown }, (_, index) => {
    const x = 4.5 + (index % 4) * 9;
    const y = 5.5 + Math.floor(index / 4) * 9;
    return readable
      ? `<circle cx="${x}" cy="${y}" r="2.6" fill="none" stroke="var(--clear)" stroke-width="1.6"/>`
      : `<path d="M${x} ${y - 4.4}l3.4 4.4l-3.4 4.4l-3.4 -4.4z" fill="var(--masked)"/>`;
  }).join('');
  const height = Math.ceil(shown / 4) * 9 + 2;
  return trustedMarkup(
    `<svg class="glyph" width="36" height="${height}" viewBox="0 0 36 ${height}" aria-hidden="true">${cells}</svg>`,
  );
}
