/**
 * A vector as a picture and a histogram. Readable numbers are signed, with zero in the middle of both; masked ones are
 * whole numbers from 0 to 2^bits, each equally likely, so that the picture is noise and the histogram flat. Pictures show
 * the coordinates of a layout; histograms count every coordinate, but for readable zeros: what training has not touched,
 * such as the weights of pixels that are always black, would leave nothing to see of what it has.
 */
import type { VectorPicture } from '../../core/contract/pictures.ts';
import type { PictureLayout } from './picture-layout.ts';

export const histogramBins = 64;
/** Pixel of zero in a readable picture, and of what shows nothing. */
export const zeroPixel = 128;
/** This share of the numbers lies within a picture's scale; the few beyond would leave nothing to see of the others. */
const shareWithinScale = 0.995;
/** Steps in which the scale is looked for. */
const scaleSteps = 4096;

type Numbers = Float32Array | Float64Array;

/** The 99.5th percentile of the absolute values, to 1/4096 of the largest; 1 for zeros. */
export function robustScale(values: Numbers): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 1;
  const counts = new Uint32Array(scaleSteps + 1);
  for (const value of values) {
    const step = Math.floor((Math.abs(value) / largest) * scaleSteps);
    counts[step] = counts[step]! + 1;
  }
  const wanted = shareWithinScale * values.length;
  let within = 0;
  let step = 0;
  while (step < scaleSteps && within + counts[step]! < wanted) {
    within += counts[step]!;
    step += 1;
  }
  return ((step + 1) / scaleSteps) * largest;
}

/** More of the numbers beyond the scale than these, and the histogram gets one of its own: that of an update is none for noise. */
const mostBeyond = 0.05;

/** scale: what is as far from zero as can be seen; numbers beyond it look the same. */
export function readablePicture(values: Numbers, layout: PictureLayout, scale: number): VectorPicture {
  const { places, side } = layout;
  const pixels = new Uint8Array(places.length).fill(zeroPixel);
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index]!;
    if (place >= 0) pixels[index] = zeroPixel + Math.round(127 * clamp(values[place]! / scale));
  }
  let span = scale;
  let found = readableCounts(values, span);
  if (found.beyond > mostBeyond * found.counted) {
    span = Math.max(scale, robustScale(values));
    found = readableCounts(values, span);
  }
  return { pixels, side, histogram: sharesOf(found.counts), range: [-span, span] };
}

/** [64] how many of the numbers, but for zeros, lie in each part of -span .. span; those beyond are in the outer ones. */
function readableCounts(
  values: Numbers,
  span: number,
): { readonly counts: Uint32Array; readonly counted: number; readonly beyond: number } {
  const counts = new Uint32Array(histogramBins);
  const half = histogramBins / 2;
  const perUnit = half / span;
  let [counted, beyond] = [0, 0];
  for (const value of values) {
    if (value === 0) continue;
    counted += 1;
    const at = half + perUnit * value;
    if (at > histogramBins || at < 0) beyond += 1;
    // a conversion that cuts is faster than Math.floor, and the same for what is not negative
    const bin = at >= histogramBins ? histogramBins - 1 : at > 0 ? at | 0 : 0;
    counts[bin] = counts[bin]! + 1;
  }
  return { counts, counted, beyond };
}

/** words: below 2^bits, or to be reduced to it. */
export function maskedPicture(words: Uint32Array, bits: number, layout: PictureLayout): VectorPicture {
  const { places, side } = layout;
  const pixels = new Uint8Array(places.length);
  const unused = 32 - bits;
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index]!;
    if (place >= 0) pixels[index] = (words[place]! << unused) >>> 24;
  }
  return { pixels, side, histogram: sharesOf(maskedCounts(words, bits)), range: [0, 2 ** bits] };
}

/** [64] how many of the words, modulo 2^bits, lie in each part of 0 .. 2^bits. */
export function maskedCounts(words: Uint32Array, bits: number): Uint32Array {
  const counts = new Uint32Array(histogramBins);
  const unused = 32 - bits;
  for (const word of words) {
    const bin = (word << unused) >>> 26;
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

function clamp(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

/** Of the fullest. */
function sharesOf(counts: Uint32Array): readonly number[] {
  const fullest = Math.max(1, ...counts);
  return Array.from(counts, (count) => count / fullest);
}
