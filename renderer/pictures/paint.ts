/** Numbers as pixels: one ink per kind of data, zero is paper. */

export type PictureKind = 'clear' | 'masked' | 'sum' | 'digit';

type Colour = readonly [number, number, number];

const colours = new Map<string, Colour>();
const ramps = new Map<string, Uint32Array>();

/** Whatever decides the colours. */
function appearance(): string {
  const { theme = '', contrast = '' } = document.documentElement.dataset;
  return `${theme} ${contrast}`;
}

/** A token as it is now. Tokens are of the form light-dark(a, b), which only an element can resolve. */
function token(name: string): Colour {
  const key = `${appearance()} ${name}`;
  const known = colours.get(key);
  if (known !== undefined) return known;
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  const colour: Colour = [red, green, blue];
  colours.set(key, colour);
  return colour;
}

/** The same, for a canvas. */
export function cssToken(name: string, alpha = 1): string {
  return `rgb(${token(name).join(' ')} / ${alpha})`;
}

function blend(from: Colour, to: Colour, share: number): Colour {
  return from.map((value, index) => Math.round(value + (to[index]! - value) * share)) as unknown as Colour;
}

function colourOf(kind: PictureKind, value: number): Colour {
  const paper = token('surface');
  const ink = token('ink');
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
}

/** [256] pixels, red in the lowest byte. Clear and sum are signed: 128 is zero. */
export function rampOf(kind: PictureKind): Uint32Array {
  const key = `${appearance()} ${kind}`;
  const known = ramps.get(key);
  if (known !== undefined) return known;
  const ramp = Uint32Array.from({ length: 256 }, (_, value) => {
    const [red, green, blue] = colourOf(kind, value);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
  ramps.set(key, ramp);
  return ramp;
}

/** pixels: [height * width], 0 .. 255. Colours are those of the theme at this moment. */
export function paint(
  canvas: HTMLCanvasElement,
  pixels: Uint8Array,
  kind: PictureKind,
  width = Math.round(Math.sqrt(pixels.length)),
): void {
  if (width === 0) return;
  const ramp = rampOf(kind);
  const height = Math.floor(pixels.length / width);
  putPixels(canvas, width, height, (index) => ramp[pixels[index]!]!);
}

/** pixelOf: red in the lowest byte. */
export function putPixels(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  pixelOf: (index: number) => number,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  // setting a size clears, even the same
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let index = 0; index < pixels.length; index += 1) pixels[index] = pixelOf(index);
  context.putImageData(image, 0, 0);
}
