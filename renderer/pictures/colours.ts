/** Coloured images as they are. */

/** pixels: [height, width, 3], 0 .. 255. */
export function paintColours(
  canvas: HTMLCanvasElement,
  pixels: Uint8Array,
  width: number,
  height: number,
): void {
  const context = canvas.getContext('2d');
  if (context === null || width === 0 || height === 0) return;
  canvas.width = width;
  canvas.height = height;
  const image = context.createImageData(width, height);
  for (let index = 0; index < width * height; index += 1)
    image.data.set([pixels[3 * index]!, pixels[3 * index + 1]!, pixels[3 * index + 2]!, 255], 4 * index);
  context.putImageData(image, 0, 0);
}
