/**
 * What a pen draws on a pad, as lines and not as pixels: smoothed, redrawn at any size, and turned into a digit as MNIST
 * has it. A digit's lines are made as thick as MNIST's pens are (2.4 pixels of 20, the median over its training images),
 * so that a small drawing is no blot and a large one no hair.
 */
import { digitFromInk } from '../../core/datasets/drawing.ts';

/** A place on the pad, 0 .. 1 in both directions, and how hard the pen was pressed, 0 .. 1 (0.5: a mouse). */
export interface PenPoint {
  readonly x: number;
  readonly y: number;
  readonly pressure: number;
}
export type Stroke = readonly PenPoint[];

/** Of the pad's side: as the person sees it. */
export const penWidth = 0.065;
/** Of the digit's longer side, lines included. */
const digitPen = 2.4 / 20;
/** Points nearer than this are one: a hand trembles by less. */
const leastStep = 0.003;
/** A curve between two points is so many straight lines. */
const linesPerCurve = 6;
/** Side of the bitmap that a digit is made of, pixels; the ink lies within, with a margin for the thickest line. */
const bitmapSide = 160;
const bitmapMargin = 24;

/** Thickness relative to a mouse's. */
export function widthOf(pressure: number): number {
  return 0.6 + 0.8 * Math.min(1, Math.max(0, pressure));
}

/** The stroke with one more point; the same where the pen has hardly moved. */
export function extend(stroke: Stroke, point: PenPoint): Stroke {
  const last = stroke.at(-1);
  if (last !== undefined && Math.hypot(point.x - last.x, point.y - last.y) < leastStep) return stroke;
  return [...stroke, point];
}

/** Quadratic curves through the middles between points, as short straight lines; a dot stays one point. */
export function smooth(stroke: Stroke): Stroke {
  const [first, second] = stroke;
  const last = stroke.at(-1);
  if (first === undefined || second === undefined || last === undefined) return stroke;
  const line: PenPoint[] = [first];
  let from = mix(first, second, 0.5);
  line.push(from);
  for (let index = 1; index < stroke.length - 1; index += 1) {
    const bend = stroke[index]!;
    const to = mix(bend, stroke[index + 1]!, 0.5);
    for (let step = 1; step <= linesPerCurve; step += 1) {
      const along = step / linesPerCurve;
      line.push(mix(mix(from, bend, along), mix(bend, to, along), along));
    }
    from = to;
  }
  return [...line, last];
}

/** [784]; undefined where nothing is drawn. */
export function digitOfStrokes(strokes: readonly Stroke[]): Uint8Array | undefined {
  const lines = strokes.filter((stroke) => stroke.length > 0).map(smooth);
  const points = lines.flat();
  if (points.length === 0) return undefined;
  const [left, right] = rangeOf(points.map(({ x }) => x));
  const [top, bottom] = rangeOf(points.map(({ y }) => y));
  const span = Math.max(right - left, bottom - top);
  // a pen of this width around lines of this span makes a digit of span + pen
  const pen = span === 0 ? penWidth : (span * digitPen) / (1 - digitPen);
  const scale = (bitmapSide - 2 * bitmapMargin) / (span + pen);
  const ink = new Uint8Array(bitmapSide * bitmapSide);
  const place = ({ x, y, pressure }: PenPoint): Dab => ({
    x: bitmapSide / 2 + (x - (left + right) / 2) * scale,
    y: bitmapSide / 2 + (y - (top + bottom) / 2) * scale,
    radius: (widthOf(pressure) * pen * scale) / 2,
  });
  for (const line of lines) {
    const dabs = line.map(place);
    dabs.forEach((dab, index) => {
      drawLine(ink, dabs[Math.max(0, index - 1)]!, dab);
    });
  }
  return digitFromInk(ink, bitmapSide);
}

interface Dab {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** A line with round ends and soft edges, into the bitmap: ink covers ink, it does not add up. */
function drawLine(ink: Uint8Array, from: Dab, to: Dab): void {
  const reach = Math.max(from.radius, to.radius) + 1;
  const columns = pixelsOf(from.x, to.x, reach);
  const rows = pixelsOf(from.y, to.y, reach);
  const length2 = (to.x - from.x) ** 2 + (to.y - from.y) ** 2;
  for (let row = rows[0]; row <= rows[1]; row += 1)
    for (let column = columns[0]; column <= columns[1]; column += 1) {
      const [dx, dy] = [column + 0.5 - from.x, row + 0.5 - from.y];
      const projected = length2 === 0 ? 0 : (dx * (to.x - from.x) + dy * (to.y - from.y)) / length2;
      const along = Math.min(1, Math.max(0, projected));
      const distance = Math.hypot(dx - along * (to.x - from.x), dy - along * (to.y - from.y));
      const radius = from.radius + along * (to.radius - from.radius);
      const value = Math.round(255 * Math.min(1, Math.max(0, radius - distance + 0.5)));
      const at = row * bitmapSide + column;
      if (value > ink[at]!) ink[at] = value;
    }
}

function pixelsOf(from: number, to: number, reach: number): readonly [number, number] {
  const first = Math.floor(Math.min(from, to) - reach);
  const last = Math.ceil(Math.max(from, to) + reach);
  return [Math.max(0, first), Math.min(bitmapSide - 1, last)];
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  return values.reduce<readonly [number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}

function mix(from: PenPoint, to: PenPoint, along: number): PenPoint {
  return {
    x: from.x + (to.x - from.x) * along,
    y: from.y + (to.y - from.y) * along,
    pressure: from.pressure + (to.pressure - from.pressure) * along,
  };
}
