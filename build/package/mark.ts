/**
 * Masquerade's mark as pixels, drawn from the interface's own icon.svg: its two paths (the lozenge, with a line of round
 * joins around it, and the eyes) on a sheet of the interface's paper, as each desktop shows icons on any colour.
 *
 * Reads what that file holds and no more: paths of absolute M, L, C and Z in a 40 x 40 box.
 */
import { PNG } from 'pngjs';

interface Point {
  readonly x: number;
  readonly y: number;
}
/** A closed line: its edges, and the box around them. */
interface Polygon {
  readonly edges: readonly (readonly [Point, Point])[];
  readonly from: Point;
  readonly to: Point;
}

/** Pixels. */
interface Block {
  readonly column: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

interface Shape {
  readonly polygons: readonly Polygon[];
  readonly colour: readonly [red: number, green: number, blue: number];
  /** Half the width of its line. */
  readonly reach: number;
}

/** The sheet: a square with round corners, in shares of the icon's side. */
export interface Sheet {
  readonly inset: number;
  readonly corner: number;
  /** How much of the sheet the mark fills. */
  readonly mark: number;
}

const viewBox = 40;
/** Points to a curve: more than an icon of 1,024 pixels shows. */
const curveSteps = 16;
/** Samples to a pixel, in each direction. */
const samples = 4;
const paper = [0xf3, 0xf3, 0xf0] as const;

export function drawIcon(svg: string, size: number, sheet: Sheet): Buffer {
  return PNG.sync.write(
    Object.assign(new PNG({ width: size, height: size }), { data: paintIcon(svg, size, sheet) }),
  );
}

/** [size * size * 4] red, green, blue, alpha. Only the pixels that a border runs through are sampled one by one. */
export function paintIcon(svg: string, size: number, sheet: Sheet): Buffer {
  const shapes = shapesOf(svg);
  const data = Buffer.alloc(size * size * 4);
  const side = 1 - 2 * sheet.inset;
  const scale = viewBox / sheet.mark;
  /** Where a share of the icon's side lies in the mark's own box. */
  const at = (share: number): number => ((share - sheet.inset) / side - (1 - sheet.mark) / 2) * scale;

  const isPlain = (x: number, y: number, radius: number): boolean => {
    const fromCorner = beyondSheet(x, y, sheet) - sheet.corner;
    if (Math.abs(fromCorner) <= radius) return false;
    if (fromCorner > 0) return true;
    const point = { x: at(x), y: at(y) };
    return shapes.every((shape) => isFarFromBorder(shape, point, (radius / side) * scale));
  };

  const meanColour = ({ column, row, width, height }: Block, steps: number): Uint8Array => {
    const sum = [0, 0, 0, 0];
    for (let sample = 0; sample < steps * steps; sample += 1) {
      const x = (column + width * (((sample % steps) + 0.5) / steps)) / size;
      const y = (row + height * ((Math.floor(sample / steps) + 0.5) / steps)) / size;
      if (beyondSheet(x, y, sheet) > sheet.corner) continue;
      const point = { x: at(x), y: at(y) };
      const colour = shapes.findLast((shape) => isIn(shape, point))?.colour ?? paper;
      for (const [channel, value] of colour.entries()) sum[channel]! += value;
      sum[3]! += 1;
    }
    const covered = sum[3]!;
    return Uint8Array.from(sum, (total, channel) =>
      Math.round(channel === 3 ? (255 * covered) / steps ** 2 : total / Math.max(1, covered)),
    );
  };

  const paint = (block: Block): void => {
    const { column, row, width, height } = block;
    const radius = Math.hypot(width, height) / 2 / size;
    const plain = isPlain((column + width / 2) / size, (row + height / 2) / size, radius);
    if (plain || width * height === 1) {
      const colour = meanColour(block, plain ? 1 : samples);
      for (let line = row; line < row + height; line += 1)
        data.fill(colour, 4 * (line * size + column), 4 * (line * size + column + width));
    } else if (width > height) {
      const half = width >> 1;
      paint({ ...block, width: half });
      paint({ ...block, column: column + half, width: width - half });
    } else {
      const half = height >> 1;
      paint({ ...block, height: half });
      paint({ ...block, row: row + half, height: height - half });
    }
  };
  paint({ column: 0, row: 0, width: size, height: size });
  return data;
}

/** On the sheet up to its corner's radius; past that, how far outside. */
function beyondSheet(x: number, y: number, { inset, corner }: Sheet): number {
  const beyond = (share: number): number => Math.max(inset + corner - share, share - (1 - inset - corner), 0);
  return Math.hypot(beyond(x), beyond(y));
}

function shapesOf(svg: string): readonly Shape[] {
  const shapes = [...svg.matchAll(/<path ([^>]*)\/>/g)].map(([, attributes = '']) => {
    const read = (name: string): string | undefined =>
      new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1];
    const fill = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(read('fill') ?? '');
    if (fill === null) throw new Error('cannot draw the icon: every path must be filled with #rrggbb');
    const [red = 0, green = 0, blue = 0] = fill.slice(1).map((part) => Number.parseInt(part, 16));
    const reach = read('stroke') === undefined ? 0 : Number(read('stroke-width') ?? 1) / 2;
    return { polygons: polygonsOf(read('d') ?? ''), colour: [red, green, blue] as const, reach };
  });
  if (shapes.length === 0) throw new Error('cannot draw the icon: it must have paths, and has none');
  return shapes;
}

function polygonsOf(path: string): readonly Polygon[] {
  const polygons: Point[][] = [];
  for (const [, command = '', numbers = ''] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const values = (numbers.match(/-?\d*\.?\d+/g) ?? []).map(Number);
    const points = Array.from({ length: values.length / 2 }, (_, index) => ({
      x: values[2 * index]!,
      y: values[2 * index + 1]!,
    }));
    const polygon = polygons.at(-1);
    if (command === 'M') polygons.push(points);
    else if (command === 'L') polygon?.push(...points);
    else if (command === 'C' && polygon !== undefined) addCurves(polygon, points);
    else if (command !== 'Z')
      throw new Error(`cannot draw the icon: a path must have M, L, C and Z, not ${command}`);
  }
  return polygons.map(closed);
}

function closed(points: readonly Point[]): Polygon {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return {
    edges: points.map((point, index) => [point, points[(index + 1) % points.length]!] as const),
    from: { x: Math.min(...xs), y: Math.min(...ys) },
    to: { x: Math.max(...xs), y: Math.max(...ys) },
  };
}

/** Cubic Bézier curves, three points each after where the last one ended. */
function addCurves(polygon: Point[], points: readonly Point[]): void {
  for (let index = 0; index + 2 < points.length; index += 3) {
    const from = polygon.at(-1)!;
    const [first, second, end] = [points[index]!, points[index + 1]!, points[index + 2]!];
    for (let step = 1; step <= curveSteps; step += 1) {
      const t = step / curveSteps;
      const weights = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3] as const;
      const along = (axis: 'x' | 'y'): number =>
        weights[0] * from[axis] +
        weights[1] * first[axis] +
        weights[2] * second[axis] +
        weights[3] * end[axis];
      polygon.push({ x: along('x'), y: along('y') });
    }
  }
}

function isIn({ polygons, reach }: Shape, point: Point): boolean {
  return polygons.some(
    (polygon) =>
      isNear(polygon, point, reach) &&
      (isInside(polygon, point) || (reach > 0 && distance(polygon, point) <= reach)),
  );
}

/** Whether all that lies within the radius is in each polygon, or all is outside. */
function isFarFromBorder({ polygons, reach }: Shape, point: Point, radius: number): boolean {
  return polygons.every((polygon) => {
    if (!isNear(polygon, point, reach + radius)) return true;
    const away = distance(polygon, point);
    return Math.abs((isInside(polygon, point) ? -away : away) - reach) > radius;
  });
}

function isNear({ from, to }: Polygon, { x, y }: Point, reach: number): boolean {
  return x >= from.x - reach && x <= to.x + reach && y >= from.y - reach && y <= to.y + reach;
}

/** An odd number of edges to the right of it. */
function isInside({ edges }: Polygon, { x, y }: Point): boolean {
  let inside = false;
  for (const [from, to] of edges) {
    if (from.y > y === to.y > y) continue;
    if (x < ((to.x - from.x) * (y - from.y)) / (to.y - from.y) + from.x) inside = !inside;
  }
  return inside;
}

function distance({ edges }: Polygon, { x, y }: Point): number {
  return Math.min(
    ...edges.map(([from, to]) => {
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const length = dx * dx + dy * dy;
      const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
      const share = Math.min(1, Math.max(0, along));
      return Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
    }),
  );
}
