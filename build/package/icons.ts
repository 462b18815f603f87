/** The icons that packages need, made from the mark: PNG for Linux, ICO for Windows, ICNS for macOS. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawIcon, paintIcon, type Sheet } from './mark.ts';

const svgPath = fileURLToPath(new URL('../../renderer/public/icon.svg', import.meta.url));

/** macOS leaves air around its icons; the others fill their square. */
const macSheet: Sheet = { inset: 100 / 1024, corner: 185 / 1024, mark: 0.72 };
const plainSheet: Sheet = { inset: 0, corner: 0.18, mark: 0.8 };

const linuxSizes = [16, 32, 48, 64, 128, 256, 512];
const windowsSizes = [16, 24, 32, 48, 64, 256];
/** Names of the ICNS entries that hold PNG files, with their sizes. */
const macEntries = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic13', 256],
  ['ic09', 512],
  ['ic14', 512],
  ['ic10', 1024],
] as const;

/** `<size>x<size>.png`, icon.ico and icon.icns. */
export async function makeIcons(folder: string): Promise<void> {
  const svg = await readFile(svgPath, 'utf8');
  await mkdir(folder, { recursive: true });
  for (const size of linuxSizes)
    await writeFile(join(folder, `${size}x${size}.png`), drawIcon(svg, size, plainSheet));
  await writeFile(join(folder, 'icon.ico'), icoFile(svg));
  await writeFile(join(folder, 'icon.icns'), icnsFile(svg));
}

/** The window's own icon. */
export async function makeWindowIcon(path: string): Promise<void> {
  await writeFile(path, drawIcon(await readFile(svgPath, 'utf8'), 256, plainSheet));
}

/** The largest one as PNG; the others as bitmaps, which every reader of icons knows. */
function icoFile(svg: string): Buffer {
  const images = windowsSizes.map((size) => ({
    size,
    data: size >= 256 ? drawIcon(svg, size, plainSheet) : bitmap(paintIcon(svg, size, plainSheet), size),
  }));
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length + images.length * 16;
  const entries = images.map(({ size, data }) => {
    const entry = Buffer.alloc(16);
    // 0 stands for 256
    entry.writeUInt8(size % 256, 0);
    entry.writeUInt8(size % 256, 1);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(data.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += data.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...images.map(({ data }) => data)]);
}

/** A BITMAPINFOHEADER of twice the height, the pixels from the bottom up as BGRA, then a mask of one bit, all zero. */
function bitmap(pixels: Buffer, size: number): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(size, 4);
  header.writeInt32LE(2 * size, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const rows = Array.from({ length: size }, (_, row) => {
    const line = Buffer.from(pixels.subarray((size - 1 - row) * size * 4, (size - row) * size * 4));
    for (let at = 0; at < line.length; at += 4) line.set([line[at + 2]!, line[at + 1]!, line[at]!], at);
    return line;
  });
  const mask = Buffer.alloc(Math.ceil(size / 32) * 4 * size);
  return Buffer.concat([header, ...rows, mask]);
}

function icnsFile(svg: string): Buffer {
  const drawn = new Map<number, Buffer>();
  const entries = macEntries.map(([name, size]) => {
    const data = drawn.get(size) ?? drawIcon(svg, size, macSheet);
    drawn.set(size, data);
    return block(name, data);
  });
  return block('icns', Buffer.concat(entries));
}

/** Its name, its length with these eight bytes, its content. */
function block(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([head, content]);
}
