/**
 * People for re-identification: a class of the model is a person, and a person's data are their own drawing, made again
 * and again. MNIST says nothing of who wrote a digit, so a person here is one image, as it is, moved, turned and scaled a
 * little: which is stated wherever results are shown. Drawings made on this machine come first, each as one person.
 */
import type { LabelledImages } from '../../datasets/dataset.ts';
import type { RandomStream } from '../../random/generator.ts';
import { bytesOfFloats, elementsOf, type ImageShape, pixelsAt, shapeOf } from '../pictures.ts';

/** How differently a person draws the same thing: pixels, radians, share of the size; each uniform, both ways. */
const wobble = { shift: 1, angle: 0.15, scale: 0.08 };

/**
 * For every image so many of its own: first the image as it is, then variations. Labels are the persons' numbers, from 0,
 * in the order of the images; at most 256 of them.
 */
export function peopleOf(images: LabelledImages, variations: number, stream: RandomStream): LabelledImages {
  const elements = elementsOf(images);
  const count = images.count * variations;
  const bytes = new Uint8Array(count * elements);
  const labels = new Uint8Array(count);
  for (let person = 0; person < images.count; person += 1) {
    const own = pixelsAt(images, person);
    for (let variation = 0; variation < variations; variation += 1) {
      const at = person * variations + variation;
      const drawn = variation === 0 ? own : drawnAgain(own, images, stream);
      bytes.set(bytesOfFloats(drawn), at * elements);
      labels[at] = person;
    }
  }
  return { ...shapeOf(images), images: bytes, labels, count };
}

/** The image turned and scaled about its middle, then moved; black comes in at the borders. Values between pixels are linear. */
export function drawnAgain(
  pixels: Float32Array,
  { height, width, channels }: ImageShape,
  stream: RandomStream,
): Float32Array {
  const around = (most: number): number => most * (2 * stream.nextFloat() - 1);
  const angle = around(wobble.angle);
  const scale = 1 + around(wobble.scale);
  const right = around(wobble.shift);
  const down = around(wobble.shift);
  const [cosine, sine] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const at = (row: number, column: number, channel: number): number =>
    row >= 0 && row < height && column >= 0 && column < width
      ? pixels[(row * width + column) * channels + channel]!
      : 0;
  const drawn = new Float32Array(pixels.length);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const [x, y] = [column - middleX - right, row - middleY - down];
      const fromX = cosine * x + sine * y + middleX;
      const fromY = cosine * y - sine * x + middleY;
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      const [shareX, shareY] = [fromX - left, fromY - top];
      for (let channel = 0; channel < channels; channel += 1) {
        const upper = (1 - shareX) * at(top, left, channel) + shareX * at(top, left + 1, channel);
        const lower = (1 - shareX) * at(top + 1, left, channel) + shareX * at(top + 1, left + 1, channel);
        drawn[(row * width + column) * channels + channel] = (1 - shareY) * upper + shareY * lower;
      }
    }
  return drawn;
}
