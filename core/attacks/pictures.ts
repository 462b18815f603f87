/**
 * Between the pixels that attacks compute with (float32 in 0 .. 1) and the pictures that people see (bytes, 0 black to
 * 255 white). What an attack computes may lie outside of 0 .. 1: it is clipped before it is measured or shown, as an
 * attacker knows that pixels lie within.
 */
import type { AttackImage } from '../contract/attacks/attack-report.ts';
import type { LabelledImages } from '../datasets/dataset.ts';

/** Height, width and channels of an image: [height, width, channels] row by row. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** One image with its class, as attacks compute with it. */
export interface PlainImage {
  /** [height * width * channels], 0 .. 1 */
  readonly pixels: Float32Array;
  readonly label: number;
}

export function elementsOf({ height, width, channels }: ImageShape): number {
  return height * width * channels;
}

/** The shape alone, without the images that have it. */
export function shapeOf({ height, width, channels }: ImageShape): ImageShape {
  return { height, width, channels };
}

/** [elements], 0 .. 1: the image at that place of the data. */
export function pixelsAt(data: LabelledImages, index: number): Float32Array {
  const elements = elementsOf(data);
  return floatsOfBytes(data.images.subarray(index * elements, (index + 1) * elements));
}

/** Every image of the data, in its order. */
export function plainImages(data: LabelledImages): readonly PlainImage[] {
  return Array.from({ length: data.count }, (_, index) => ({
    pixels: pixelsAt(data, index),
    label: data.labels[index]!,
  }));
}

/** The data that holds only these images, in this order. */
export function selectImages(data: LabelledImages, indices: ArrayLike<number>): LabelledImages {
  const elements = elementsOf(data);
  const images = new Uint8Array(indices.length * elements);
  const labels = new Uint8Array(indices.length);
  for (let to = 0; to < indices.length; to += 1) {
    const from = indices[to]!;
    images.set(data.images.subarray(from * elements, (from + 1) * elements), to * elements);
    labels[to] = data.labels[from]!;
  }
  return { ...shapeOf(data), images, labels, count: indices.length };
}

/** bytes / 255. In a loop, here and below: from() takes ten times as long, and the data has 47 million bytes. */
export function floatsOfBytes(bytes: Uint8Array): Float32Array {
  const floats = new Float32Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) floats[at] = bytes[at]! / 255;
  return floats;
}

/** Rounded to the nearest of 256 levels; clipped to 0 .. 1 first, and what is not a number is black. */
export function bytesOfFloats(pixels: Float32Array): Uint8Array {
  const bytes = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 1)
    bytes[at] = Math.round(255 * Math.min(Math.max(pixels[at]!, 0), 1)) || 0;
  return bytes;
}

/** A copy within 0 .. 1; what is not a number becomes 0. */
export function clipped(pixels: Float32Array): Float32Array {
  return pixels.map((value) => Math.min(Math.max(value, 0), 1) || 0);
}

/** What a picture says beside its pixels; what is left out: no class, no value, nothing masked, the first column. */
type PictureOf = Pick<AttackImage, 'id' | 'role' | 'name'> &
  Partial<Pick<AttackImage, 'index' | 'label' | 'value' | 'masked'>>;

/** pixels: [elements] of that shape, clipped to 0 .. 1. */
export function pictureOf(about: PictureOf, pixels: Float32Array, shape: ImageShape): AttackImage {
  const { height, width, channels } = shape;
  if (pixels.length !== elementsOf(shape))
    throw new RangeError(`a picture of ${pixels.length} elements for ${height} x ${width} x ${channels}`);
  return {
    index: 0,
    label: null,
    value: null,
    masked: false,
    ...about,
    pixels: bytesOfFloats(pixels),
    height,
    width,
    channels,
  };
}
