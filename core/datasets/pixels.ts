/**
 * From decoded pictures to the bytes of a data set. Transparency is laid over white: transparent drawings are ink on
 * paper. A picture whose pixels all have red = green = blue is grey, however its file stored it.
 */

/** One picture: [height, width, channels], bytes. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** A picture from [height, width, 4] bytes of red, green, blue and alpha (not premultiplied). */
export function pictureFromRgba(rgba: Uint8Array, width: number, height: number): Picture {
  const pixelCount = width * height;
  const colour = new Uint8Array(3 * pixelCount);
  const grey = new Uint8Array(pixelCount);
  let isGrey = true;
  for (let pixel = 0; pixel < pixelCount; pixel += 1) {
    const alpha = rgba[4 * pixel + 3]!;
    const red = overWhite(rgba[4 * pixel]!, alpha);
    const green = overWhite(rgba[4 * pixel + 1]!, alpha);
    const blue = overWhite(rgba[4 * pixel + 2]!, alpha);
    colour[3 * pixel] = red;
    colour[3 * pixel + 1] = green;
    colour[3 * pixel + 2] = blue;
    grey[pixel] = red;
    isGrey &&= red === green && green === blue;
  }
  return isGrey
    ? { width, height, channels: 1, pixels: grey }
    : { width, height, channels: 3, pixels: colour };
}

/** Pictures of one size one after the other, [count, height, width, channels]; grey ones are repeated for 3 channels. */
export function stackPictures(pictures: readonly Picture[], channels: 1 | 3): Uint8Array {
  const pixelCount = (pictures[0]?.width ?? 0) * (pictures[0]?.height ?? 0);
  const stacked = new Uint8Array(pictures.length * pixelCount * channels);
  pictures.forEach((picture, index) => {
    const target = stacked.subarray(index * pixelCount * channels, (index + 1) * pixelCount * channels);
    if (picture.channels === channels) target.set(picture.pixels);
    else picture.pixels.forEach((value, pixel) => target.fill(value, 3 * pixel, 3 * pixel + 3));
  });
  return stacked;
}

function overWhite(value: number, alpha: number): number {
  return Math.round((value * alpha + 255 * (255 - alpha)) / 255);
}
