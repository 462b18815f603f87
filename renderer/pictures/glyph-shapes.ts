/**
 * The shapes that stand for where somebody is in a round, 20 x 20 around 0,0: family by colour, meaning by shape, so
 * that colour is never alone.
 */
import type { SpokePhase } from '../../core/contract/watched.ts';

export type GlyphName = SpokePhase | 'sum' | 'evaluate' | 'noise' | 'note' | 'problem';

/** For the tokens: --gilt, --clear, --masked, --ink, --refused, --gone. */
export const glyphFamilies: Readonly<
  Record<GlyphName, 'gilt' | 'clear' | 'masked' | 'ink' | 'refused' | 'gone'>
> = {
  waiting: 'gone',
  keys: 'gilt',
  shares: 'gilt',
  training: 'clear',
  masking: 'masked',
  signing: 'masked',
  sending: 'masked',
  verified: 'ink',
  dropped: 'gone',
  recovered: 'gilt',
  refused: 'refused',
  sum: 'ink',
  evaluate: 'ink',
  noise: 'ink',
  note: 'gone',
  problem: 'refused',
};

const lozenge = 'M0 -9.8L7.6 0L0 9.8L-7.6 0Z';
const turn = Math.PI * 2 * 6.6;

/** progress: 0 .. 1 of training, null where it may not be told; heading: degrees, of what is being sent. */
export function glyphMarkup(
  name: GlyphName,
  { progress = 0.6, heading = 0 }: { readonly progress?: number | null; readonly heading?: number } = {},
): string {
  switch (name) {
    case 'waiting':
    case 'note':
      return '<circle r="4" fill="var(--surface)" stroke="var(--gone)" stroke-width="1.5"/>';
    case 'keys':
      return '<circle r="9" fill="var(--gilt)" stroke="var(--gilt-edge)" stroke-width="1.2"/><g stroke="var(--on-gilt)" stroke-width="1.7" fill="none" stroke-linecap="round"><circle cx="-2.6" cy="0" r="2.5"/><path d="M0 0H5.4M3.3 0v2.4M5.4 0v1.7"/></g>';
    case 'shares':
      return [
        [0, -5.6],
        [5.6, 0],
        [0, 5.6],
        [-5.6, 0],
      ]
        .map(
          ([x, y]) =>
            `<circle cx="${x}" cy="${y}" r="3.5" fill="var(--gilt)" stroke="var(--gilt-edge)" stroke-width="1.2"/>`,
        )
        .join('');
    case 'training': {
      const share = progress ?? 0.5;
      return `<circle r="8.6" fill="var(--surface)"/><circle r="6.6" fill="none" stroke="var(--clear)" stroke-opacity=".25" stroke-width="4"/><circle r="6.6" fill="none" stroke="var(--clear)" stroke-width="4" stroke-dasharray="${(turn * share).toFixed(1)} ${turn.toFixed(1)}" transform="rotate(-90)"/>`;
    }
    case 'masking':
      return `<path d="${lozenge}" fill="var(--surface)" stroke="var(--masked)" stroke-width="1.6" stroke-linejoin="round"/><path d="M0 -9.8L3.8 -4.9L0 0L-3.8 -4.9ZM0 0L3.8 4.9L0 9.8L-3.8 4.9ZM-7.6 0L-3.8 -4.9L0 0L-3.8 4.9Z" fill="var(--masked)" fill-rule="evenodd"/>`;
    case 'signing':
      return `<path d="${sealPath()}" fill="var(--masked)"/><circle r="6.6" fill="var(--masked)"/><path d="M-4 2.4C-2.5 -4.5 -0.5 -4.5 -0.8 0.2C-0.9 2.6 0.8 2.3 1.6 0.4C2 2 2.8 2 4.2 0.8" fill="none" stroke="var(--on-masked)" stroke-width="1.5" stroke-linecap="round"/>`;
    case 'sending':
      return `<path d="${lozenge}" fill="var(--masked)" stroke="var(--masked)" stroke-width="1" stroke-linejoin="round"/><path d="M-3.2 0H3.2M0.6 -2.8L3.4 0L0.6 2.8" transform="rotate(${heading.toFixed(1)})" fill="none" stroke="var(--on-masked)" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>`;
    case 'verified':
      return '<circle r="8.8" fill="var(--ink)"/><path d="M-4 0.3L-1.2 3.2L4.2 -2.9" fill="none" stroke="var(--on-ink)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>';
    case 'dropped':
      return '<circle r="8" fill="var(--surface)" stroke="var(--gone)" stroke-width="1.6" stroke-dasharray="3.1 2.9"/><path d="M-3.2 0H3.2" stroke="var(--ink-3)" stroke-width="1.8" stroke-linecap="round"/>';
    case 'recovered':
      return `<path d="${lozenge}" fill="var(--gilt)" stroke="var(--gilt-edge)" stroke-width="1.2" stroke-linejoin="round"/><path d="M-4.8 0H4.8M-3 -1.9V1.9M0 -1.9V1.9M3 -1.9V1.9" stroke="var(--on-gilt)" stroke-width="1.4" stroke-linecap="round"/>`;
    case 'refused':
    case 'problem':
      return '<path d="M-3.6 -8.8H3.6L8.8 -3.6V3.6L3.6 8.8H-3.6L-8.8 3.6V-3.6Z" fill="var(--refused)"/><path d="M-3.2 -3.2L3.2 3.2M3.2 -3.2L-3.2 3.2" stroke="var(--on-refused)" stroke-width="2" stroke-linecap="round"/>';
    case 'sum':
      return `<path d="${lozenge}" fill="var(--ink)"/><path d="M3 -4H-2.8L0.6 0L-2.8 4H3" fill="none" stroke="var(--on-ink)" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"/>`;
    case 'noise':
      return [
        [-6.4, -1.6, 1.6],
        [-3, -6, 2.2],
        [-2.2, 1.4, 2.6],
        [-5, 6, 1.3],
        [1.8, 6.4, 1.9],
        [2.6, -3.2, 1.5],
        [6.6, 1.4, 2.3],
        [6, -6.2, 1.2],
      ]
        .map(([x, y, r]) => `<circle cx="${x}" cy="${y}" r="${r}" fill="var(--ink)"/>`)
        .join('');
    case 'evaluate':
      return `<path d="${lozenge}" fill="var(--ink)"/><path d="M-3.2 2.4L-0.6 -0.8L1 0.8L3.4 -2.6" fill="none" stroke="var(--on-ink)" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>`;
  }
}

/** Ten circles around a disc: the edge of a seal. */
function sealPath(): string {
  return Array.from({ length: 10 }, (_, index) => {
    const angle = (index * Math.PI) / 5;
    const x = (Math.cos(angle) * 6.2 - 2.7).toFixed(2);
    return `M${x} ${(Math.sin(angle) * 6.2).toFixed(2)}a2.7 2.7 0 1 0 5.4 0a2.7 2.7 0 1 0 -5.4 0Z`;
  }).join('');
}
