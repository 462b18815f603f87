/**
 * The shapes that stand for states and phases, 20 x 20 around 0,0: family by colour, meaning by shape, so that
 * colour is never alone. A text stands beside each, so they are hidden from screen readers.
 */
import { glyphMarkup } from '../../renderer/pictures/glyph-shapes.ts';
import { type Markup, trustedMarkup } from './markup.ts';

const lozenge = 'M0 -9.8L7.6 0L0 9.8L-7.6 0Z';
const shapes = {
  keys: glyphMarkup('keys'),
  shares: glyphMarkup('shares'),
  clear: '<circle r="6.6" fill="none" stroke="var(--clear)" stroke-width="4"/>',
  masked: glyphMarkup('masking'),
  signed: glyphMarkup('signing'),
  verified: glyphMarkup('verified'),
  dropped:
    '<circle r="8" fill="none" stroke="var(--gone)" stroke-width="1.6" stroke-dasharray="3.1 2.9"/><path d="M-3.2 0H3.2" stroke="var(--ink-3)" stroke-width="1.8" stroke-linecap="round"/>',
  recovered: glyphMarkup('recovered'),
  refused: glyphMarkup('refused'),
  sum: glyphMarkup('sum'),
  lozenge: `<path d="${lozenge}" fill="var(--ink)"/>`,
  hollow: `<path d="${lozenge}" fill="none" stroke="var(--ink-3)" stroke-width="1.6"/>`,
  warning:
    '<path d="M0 -8.4L9.2 7.6H-9.2Z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/><path d="M0 -3V2.4M0 4.9V5" stroke="currentColor" stroke-width="1.9" stroke-linecap="round"/>',
} as const;

export type Glyph = keyof typeof shapes;

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
