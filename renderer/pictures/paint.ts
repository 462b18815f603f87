/** Numbers as pixels: one ink per kind of data, zero is paper. */

export type PictureKind = 'clear' | 'masked' | 'sum' | 'digit';

type Colour = readonly [number, number, number];

function token(name: string): Colour {
  const value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  return [1, 3, 5].map((start) => Number.parseInt(value.slice(start, start + 2), 16)) as unknown as Colour;
}

function blend(from: Colour, to: Colour, share: number): Colour {
  return from.map((value, index) => Math.round(value + (to[index]! - value) * share)) as unknown as Colour;
}

/** [256] colours. Clear and sum are signed: 128 is zero. */
function rampOf(kind: PictureKind): readonly Colour[] {
  const paper = token('surface');
  const ink = token('ink');
  const colourOf = (value: number): Colour => {
    if (kind === 'digit') return blend(paper, ink, value / 255);
    if (kind === 'masked') {
      const hue = token('masked');
      const deep = blend(hue, ink, 0.35);
      return value < 150 ? blend(paper, hue, value / 150) : blend(hue, deep, (value - 150) / 105);
    }
    const hue = kind === 'clear' ? token('clear') : ink;
    const negative = kind === 'clear' ? blend(ink, hue, 0.3) : token('gone');
    const distance = (value - 128) / 127;
    return distance >= 0
      ? blend(paper, hue, Math.min(1, distance * 1.15))
      : blend(paper, negative, Math.min(1, -distance * (kind === 'clear' ? 0.95 : 0.8)));
  };
  return Array.from({ length: 256 }, (_, value) => colourOf(value));
}

/** pixels: [height * width], 0 .. 255. Colours are those of the theme at this moment. */
export function paint(
  canvas: HTMLCanvasElement,
  pixels: Uint8Array,
  kind: PictureKind,
  width = Math.round(Math.sqrt(pixels.length)),
): void {
  const context = canvas.getContext('2d');
  if (context === null || width === 0) return;
  const height = Math.floor(pixels.length / width);
  canvas.width = width;
  canvas.height = height;
  const image = context.createImageData(width, height);
  const ramp = rampOf(kind);
  for (let index = 0; index < width * height; index += 1) {
    const [red, green, blue] = ramp[pixels[index]!]!;
    image.data.set([red, green, blue, 255], index * 4);
  }
  context.putImageData(image, 0, 0);
}
