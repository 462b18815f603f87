/**
 * Where everything of the rosette stands: participants on a circle, the coordinator in the middle. A spoke is one
 * person's round, read from outside in: the bead moves inwards phase by phase, so that whoever is behind sticks out.
 */
import type { SpokePhase } from '../../core/contract/watched.ts';

/** Up to so many everyone has a name; beyond, two rows, and only the unusual have. */
export const mostNamed = 28;
/** From one line of names to the next, in 1/16 rem. */
const lineApart = 16;
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

/** unit: px of 1/16 rem. lines: of names above and below. */
export function layRing(
  count: number,
  width: number,
  height: number,
  unit: number,
  lines: 1 | 2 = 1,
): RingLayout {
  const crowd = count > mostNamed;
  const smaller = Math.min(width, height);
  const full = Math.min(42 * unit, Math.max(26 * unit, smaller * 0.078));
  const mask = crowd ? Math.max(12, Math.min(full, ((Math.PI * smaller * 0.8) / count) * 1.7)) : full;
  const aside = 84 * unit;
  const above = (lines === 2 ? 27 + lineApart : 27) * unit;
  const ring = Math.max(smaller * 0.2, Math.min(width / 2 - mask / 2 - aside, height / 2 - mask / 2 - above));
  const core = ring * 0.335;
  // in a crowd beads stand in two rows round the disc
  const bead = crowd
    ? Math.max(6, Math.min(mask * 0.5, ((4 * Math.PI * core) / count) * 0.92))
    : Math.max(16 * unit, Math.min(24 * unit, mask * 0.48));
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

/** Distance of somebody's bead from the outer end of the spoke, inwards. */
export function beadTravel(
  layout: RingLayout,
  { phase, progress }: { readonly phase: SpokePhase; readonly progress: number | null },
  index = 0,
): number {
  const { core, outer, bead, crowd } = layout;
  const behind = crowd && index % 2 === 1 && depths[phase] >= depths.masking ? bead * 1.04 : 0;
  const depth =
    phase === 'training' && progress !== null
      ? depths.training + (trainingEndsAt - depths.training) * Math.min(1, Math.max(0, progress))
      : depths[phase];
  if (depth >= 1) return outer - core - bead * 0.12 - behind;
  const first = outer - bead / 2;
  const innermost = core + bead / 2 + 3;
  return bead / 2 + (first - innermost) * depth - behind;
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

/** Above and below the ring names stand side by side: there is room for so many characters, by how many people there are. */
function roomForNames({ ring, count, unit }: RingLayout): number {
  return Math.floor((2 * Math.PI * ring) / Math.max(1, count) / (6.8 * unit));
}

/** Nearer to the vertical than this, a name stands above or below its mask. */
function isUpright(index: number, count: number): boolean {
  return Math.abs(Math.cos(angleOf(index, count))) <= (count <= 6 ? 0.2 : 0.45);
}

/** Whether names above and below must alternate between two heights, so that they do not overlap. */
export function namesAlternate(layout: RingLayout, lengths: readonly number[]): boolean {
  const room = roomForNames(layout);
  return !layout.crowd && lengths.some((length, index) => isUpright(index, layout.count) && length > room);
}

/** Characters of a name that find room. alternate: of namesAlternate(). */
export function longestNameAt(layout: RingLayout, index: number, alternate: boolean): number {
  if (!alternate || !isUpright(index, layout.count)) return longestRingName;
  // at one height stands every second one
  return Math.min(longestRingName, Math.max(6, 2 * roomForNames(layout)));
}

/** Where the name of somebody stands in a ring of few; noted: with a note, which takes more room. */
export function placeName(
  layout: RingLayout,
  index: number,
  options: { readonly noted: boolean; readonly selected: boolean; readonly alternate?: boolean },
): NamePlace {
  const { noted, selected, alternate = false } = options;
  const { mask, unit, count } = layout;
  const angle = angleOf(index, count);
  const side = Math.cos(angle);
  const lift = Math.sin(angle);
  const pad = mask / 2 + (selected ? 10 : 6) * unit;
  if (!isUpright(index, count)) {
    return {
      x: Math.sign(side) * pad,
      y: 0,
      anchor: side > 0 ? 'start' : 'end',
      // two lines only where the next mask is far enough away
      stacked: noted && (2 * Math.PI * layout.ring) / count > 40 * unit,
    };
  }
  const anchor = !noted || Math.abs(side) <= 0.15 ? 'middle' : side > 0 ? 'start' : 'end';
  // a long line begins over the mask's outer half, so that it does not run into the next name
  const over = anchor === 'middle' ? 0 : -Math.sign(side) * mask * 0.4;
  // every second one stands above, or below, all others
  const far = layout.ring + mask / 2 + (18 + lineApart) * unit - Math.abs(seatOf(layout, index).y - layout.y);
  const distance = alternate && index % 2 === 1 ? far : pad + 8 * unit;
  return {
    x: over,
    y: lift < 0 ? -distance : distance,
    anchor,
    stacked: false,
  };
}

/** A line of text beside the ring of a crowd. */
interface CrowdName {
  readonly index: number;
  /** Px, about. */
  readonly width: number;
}

/**
 * Where names stand around a crowd: outside both rows, each in its own direction, further out where two would overlap.
 * The first has its place before the others.
 */
export function placeCrowdNames(
  layout: RingLayout,
  names: readonly CrowdName[],
): ReadonlyMap<number, NamePlace> {
  const { ring, mask, unit, count } = layout;
  const tall = 16 * unit;
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  const places = new Map<number, NamePlace>();
  for (const { index, width } of names) {
    const angle = angleOf(index, count);
    const side = Math.cos(angle);
    const anchor = Math.abs(side) < 0.2 ? 'middle' : side > 0 ? 'start' : 'end';
    const before = anchor === 'middle' ? width / 2 : anchor === 'start' ? 0 : width;
    const seat = seatOf(layout, index);
    for (let step = 0; step < 6; step += 1) {
      const at = spotAt(layout, ring + mask / 2 + (8 + step * 13) * unit, angle);
      const box = {
        left: at.x - before,
        right: at.x - before + width,
        top: at.y - tall / 2,
        bottom: at.y + tall / 2,
      };
      const free = taken.every(
        (other) =>
          box.right < other.left ||
          box.left > other.right ||
          box.bottom < other.top ||
          box.top > other.bottom,
      );
      if (!free && step < 5) continue;
      taken.push(box);
      places.set(index, { x: at.x - seat.x, y: at.y - seat.y, anchor, stacked: false });
      break;
    }
  }
  return places;
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
