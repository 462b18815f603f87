/**
 * From a drawn digit to what a model trained on MNIST knows: cropped to its ink, scaled to fit 20 x 20 pixels with its
 * aspect kept (by area averaging, which leaves grey edges), and moved by whole pixels within 28 x 28 until its centre of
 * mass is in the middle; white on black (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
 * recognition", 1998, section III.A).
 *
 * Two things that the paper does not say are as the data has them. The middle is pixel 14 of 0 .. 27, in both directions
 * (the mean over the 60,000 training images is 14.00). The brightest pixel of an image is white, so that a thin pen,
 * averaged down, is no fainter than a thick one.
 */
import { FederationError } from '../errors/federation-error.ts';

/** Side of a digit, pixels. */
export const digitSide = 28;
/** Side of the square that its ink fits. */
const inkSide = 20;
const middle = 14;
/** A pixel more for so little would be a rounding error's. */
const slack = 1e-6;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * ink: [side * side] by rows, 0 where there is none, 255 where there is most. Returns [784], 0 black to 255 white;
 * undefined where nothing is drawn. Throws FederationError 'internal' for a bitmap that is not square.
 */
export function digitFromInk(ink: Uint8Array, side: number): Uint8Array | undefined {
  if (!Number.isInteger(side) || side < 1 || ink.length !== side * side)
    throw new FederationError(
      'internal',
      `Cannot read a drawing, as it must have ${side} x ${side} pixels, and has ${ink.length}.`,
      { details: { what: 'a drawing that is not square' }, blame: 'bug', action: 'report' },
    );
  const box = boxOfInk(ink, side);
  if (box === undefined) return undefined;
  /** Source pixels to a pixel of the digit, the same in both directions: what is left over is shared by both edges. */
  const scale = Math.max(box.width, box.height) / inkSide;
  const width = Math.ceil(box.width / scale - slack);
  const height = Math.ceil(box.height / scale - slack);
  const grey = shrink(ink, side, box, { scale, width, height });
  const left = offsetOf(centreOfMass(grey, width, 'column'), width);
  const top = offsetOf(centreOfMass(grey, width, 'row'), height);
  const white = grey.reduce((most, value) => Math.max(most, value), 0);
  const digit = new Uint8Array(digitSide * digitSide);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1)
      digit[(top + row) * digitSide + left + column] = Math.round(
        (255 * grey[row * width + column]!) / white,
      );
  return digit;
}

/** The smallest rectangle around all ink. */
function boxOfInk(ink: Uint8Array, side: number): Box | undefined {
  let [left, right, top, bottom] = [side, -1, side, -1];
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < side; column += 1) {
      if (ink[row * side + column] === 0) continue;
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = row;
    }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** [height * width] the mean ink under each pixel; what a pixel covers in part counts in part. */
function shrink(
  ink: Uint8Array,
  side: number,
  box: Box,
  { scale, width, height }: { readonly scale: number; readonly width: number; readonly height: number },
): Float64Array {
  const rows = sharesOf(box.height, scale, height);
  const columns = sharesOf(box.width, scale, width);
  const grey = new Float64Array(height * width);
  for (const { from: fromRow, to: row, share: rowShare } of rows)
    for (const { from: fromColumn, to: column, share } of columns)
      grey[row * width + column]! +=
        ink[(box.top + fromRow) * side + box.left + fromColumn]! * rowShare * share;
  return grey;
}

interface Share {
  /** Pixel of the box. */
  readonly from: number;
  readonly to: number;
  /** How much of the target pixel lies in it. */
  readonly share: number;
}

/** Along one direction: which pixels of a box make up each of `count` larger ones, with the box in their middle. */
function sharesOf(length: number, scale: number, count: number): readonly Share[] {
  const first = (length - count * scale) / 2;
  const shares: Share[] = [];
  for (let to = 0; to < count; to += 1) {
    const [start, end] = [first + to * scale, first + (to + 1) * scale];
    for (let from = Math.max(0, Math.floor(start)); from < Math.min(length, Math.ceil(end)); from += 1)
      shares.push({ from, to, share: (Math.min(end, from + 1) - Math.max(start, from)) / scale });
  }
  return shares;
}

function centreOfMass(grey: Float64Array, width: number, along: 'row' | 'column'): number {
  let mass = 0;
  let moment = 0;
  for (const [index, value] of grey.entries()) {
    mass += value;
    moment += value * (along === 'row' ? Math.floor(index / width) : index % width);
  }
  return moment / mass;
}

/** Departs from the paper where a drawing is so lopsided that centring would cut ink off: it stays whole, at the edge. */
function offsetOf(centre: number, length: number): number {
  return Math.min(Math.max(Math.round(middle - centre), 0), digitSide - length);
}
