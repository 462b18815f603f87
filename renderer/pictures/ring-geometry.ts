/**
 * Where everything of the rosette stands: participants on a circle, the coordinator in the middle. A spoke is one
 * person's round, read from outside in: the bead moves inwards phase by phase, so that whoever is behind sticks out.
 */
import type { SpokePhase } from '../../core/contract/watched.ts';

/** Up to so many everyone has a name; beyond, two rows, and only the unusual have. */
export const mostNamed = 28;
/** Characters of a name in the ring; it is whole in the detail. */
export const longestRingName = 14;

/** Where a bead stands between the outer edge (0) and the coordinator (1). */
const depths: Readonly<Record<SpokePhase, number>> = {
  waiting: 0.02,
  keys: 0.1,
  shares: 0.24,
  training: 0.4,
  masking: 0.62,
  signing: 0.76,
  sending: 0.9,
  verified: 1,
  dropped: 0.3,
  recovered: 1,
  refused: 0.9,
};
/** What is further in than this is masked. */
const maskedFrom = 0.52;
/** Of the way from training to masking, how far progress carries. */
const trainingEndsAt = depths.masking - 0.06;

export interface RingLayout {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  /** Radii: of the masks' centres, of the spokes' outer ends, of the lozenge band, of the disc. */
  readonly ring: number;
  readonly outer: number;
  readonly masked: number;
  readonly core: number;
  /** Diameters. */
  readonly mask: number;
  readonly bead: number;
  readonly crowd: boolean;
  readonly count: number;
  /** Px of 1/16 rem: everything follows the type. */
  readonly unit: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** unit: px of 1/16 rem. */
export function layRing(count: number, width: number, height: number, unit: number): RingLayout {
  const crowd = count > mostNamed;
  const smaller = Math.min(width, height);
  const full = Math.min(42 * unit, Math.max(26 * unit, smaller * 0.078));
  const mask = crowd ? Math.max(12, Math.min(full, ((Math.PI * smaller * 0.8) / count) * 1.7)) : full;
  const bead = crowd ? Math.max(7, mask * 0.5) : Math.max(16 * unit, Math.min(24 * unit, mask * 0.48));
  const aside = 84 * unit;
  const above = 27 * unit;
  const ring = Math.max(smaller * 0.2, Math.min(width / 2 - mask / 2 - aside, height / 2 - mask / 2 - above));
  const core = ring * 0.335;
  const outer = ring - mask / 2 - 6 - (crowd ? mask : 0);
  const innermost = core + bead / 2 + 3;
  return {
    width,
    height,
    x: width / 2,
    y: height / 2,
    ring,
    outer,
    masked: outer - (outer - innermost) * maskedFrom,
    core,
    mask,
    bead,
    crowd,
    count,
    unit,
  };
}

/** Radians, of person 0 .. n - 1; the first stands at the top. */
export function angleOf(index: number, count: number): number {
  return (2 * Math.PI * index) / count - Math.PI / 2;
}

export function spotAt({ x, y }: Pick<RingLayout, 'x' | 'y'>, radius: number, angle: number): Point {
  return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
}

/** Centre of a person's mask; in a crowd every second one stands in the inner row. */
export function seatOf(layout: RingLayout, index: number): Point {
  const inner = layout.crowd && index % 2 === 1;
  return spotAt(layout, layout.ring - (inner ? layout.mask * 1.02 : 0), angleOf(index, layout.count));
}

/** Distance of a bead from the outer end of its spoke, inwards. */
export function beadTravel(layout: RingLayout, phase: SpokePhase, progress: number | null): number {
  const { core, outer, bead } = layout;
  const depth =
    phase === 'training' && progress !== null
      ? depths.training + (trainingEndsAt - depths.training) * Math.min(1, Math.max(0, progress))
      : depths[phase];
  if (depth >= 1) return outer - core - bead * 0.12;
  const first = outer - bead / 2;
  const innermost = core + bead / 2 + 3;
  return bead / 2 + (first - innermost) * depth;
}

/** The band of lozenges: an SVG path. */
export function lozengeBand({ x, y, core, masked, count }: RingLayout): string {
  const around = Math.min(64, Math.max(24, count * 2));
  const rows = 6;
  const inner = core + 1;
  const radius = (row: number): number => inner * (masked / inner) ** (row / rows);
  const at = (distance: number, angle: number): string =>
    `${(x + distance * Math.cos(angle)).toFixed(1)} ${(y + distance * Math.sin(angle)).toFixed(1)}`;
  const half = Math.PI / around;
  let path = '';
  for (let row = 0; row < rows; row += 2)
    for (let index = 0; index < around; index += 1) {
      const angle = index * 2 * half;
      path += `M${at(radius(row), angle)}L${at(radius(row + 1), angle + half)}L${at(radius(row + 2), angle)}L${at(radius(row + 1), angle - half)}Z`;
    }
  return path;
}

export interface NamePlace {
  /** Of the text's anchor, from the mask's centre. */
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Beside the mask a note stands under the name, above or below the mask it stands after it. */
  readonly stacked: boolean;
}

/** Where the name of somebody stands; noted: with a note, which takes more room. */
export function placeName(
  layout: RingLayout,
  index: number,
  { noted, selected }: { readonly noted: boolean; readonly selected: boolean },
): NamePlace {
  const { mask, unit, crowd, ring, count } = layout;
  const angle = angleOf(index, count);
  const side = Math.cos(angle);
  const lift = Math.sin(angle);
  const pad = mask / 2 + (selected ? 10 : 6) * unit;
  const seat = seatOf(layout, index);
  // in a crowd names stand outside both rows
  const base = crowd ? spotAt(layout, ring, angle) : seat;
  const shift = { x: base.x - seat.x, y: base.y - seat.y };
  const near = Math.abs(side) <= (count <= 6 ? 0.2 : 0.45);
  if (!near) {
    return {
      x: shift.x + Math.sign(side) * pad,
      y: shift.y,
      anchor: side > 0 ? 'start' : 'end',
      stacked: noted,
    };
  }
  const anchor = !noted || Math.abs(side) <= 0.15 ? 'middle' : side > 0 ? 'start' : 'end';
  // a long line begins over the mask's outer half, so that it does not run into the next name
  const over = anchor === 'middle' ? 0 : -Math.sign(side) * mask * 0.4;
  const distance = pad + 8 * unit;
  return {
    x: shift.x + over,
    y: shift.y + (lift < 0 ? -distance : distance),
    anchor,
    stacked: false,
  };
}

export type RingPart = 'nothing' | 'clear' | 'masked' | 'core' | { readonly person: number };

/** What stands at a point: somebody's bead or spoke, the disc, or one of the two zones. travel: of each bead. */
export function partAt(layout: RingLayout, travel: readonly number[], point: Point): RingPart {
  const dx = point.x - layout.x;
  const dy = point.y - layout.y;
  const distance = Math.hypot(dx, dy);
  const { core, outer, masked, bead, count } = layout;
  for (const [index, moved] of travel.entries()) {
    const at = spotAt(layout, outer - moved, angleOf(index, count));
    if (Math.hypot(point.x - at.x, point.y - at.y) <= Math.max(bead / 2, 6)) return { person: index };
  }
  if (distance <= core) return 'core';
  if (distance > outer) return 'nothing';
  return distance <= masked ? 'masked' : 'clear';
}

/** The next person when an arrow is pressed on somebody's mask. */
export function neighbourOf(index: number, count: number, key: string): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (index + 1) % count;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (index + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
