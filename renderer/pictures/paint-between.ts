/** Numbers as pixels between an element's own background (0) and its text colour (255): for pictures on another ground. */

export function paintBetween(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  const context = canvas.getContext('2d');
  const width = Math.round(Math.sqrt(pixels.length));
  if (context === null || width === 0) return;
  const { color, backgroundColor } = getComputedStyle(canvas);
  const [from, to] = [channelsOf(backgroundColor), channelsOf(color)];
  canvas.width = width;
  canvas.height = width;
  const image = context.createImageData(width, width);
  pixels.forEach((value, at) => {
    for (let channel = 0; channel < 3; channel += 1)
      image.data[4 * at + channel] = from[channel]! + ((to[channel]! - from[channel]!) * value) / 255;
    image.data[4 * at + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** rgb(1, 2, 3) */
function channelsOf(colour: string): readonly number[] {
  return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}
