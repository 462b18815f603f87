import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PNG } from 'pngjs';
import { makeIcons } from '../../../build/package/icons.ts';
import { drawIcon, paintIcon } from '../../../build/package/mark.ts';

const sheet = { inset: 0.1, corner: 0.2, mark: 0.8 };
const colourAt = (pixels: Buffer, size: number, x: number, y: number): number[] => [
  ...pixels.subarray((y * size + x) * 4, (y * size + x) * 4 + 4),
];

describe('paintIcon()', () => {
  const square = '<svg><path d="M10 10L30 10L30 30L10 30Z" fill="#ff0000"/></svg>';

  it('paints a path on a sheet of paper, with nothing around the sheet', () => {
    const pixels = paintIcon(square, 100, sheet);
    assert.deepEqual(colourAt(pixels, 100, 50, 50), [255, 0, 0, 255]);
    assert.deepEqual(colourAt(pixels, 100, 15, 50), [0xf3, 0xf3, 0xf0, 255]);
    assert.deepEqual(colourAt(pixels, 100, 2, 50), [0, 0, 0, 0]);
    // the corner is round
    assert.equal(colourAt(pixels, 100, 11, 11)[3], 0);
  });

  it('widens a path by half its line', () => {
    const wider = square.replace('/>', ' stroke="#ff0000" stroke-width="4"/>');
    const red = (svg: string): number => {
      const pixels = paintIcon(svg, 100, sheet);
      const isRed = (at: number): boolean =>
        pixels[at]! > 200 && pixels[at + 1]! < 100 && pixels[at + 3]! > 0;
      return Array.from({ length: 10_000 }, (_, index) => isRed(4 * index)).filter(Boolean).length;
    };
    assert.ok(red(wider) > red(square) * 1.2);
  });

  it('follows curves', () => {
    const bulge = '<svg><path d="M10 20C10 0 30 0 30 20Z" fill="#0000ff"/></svg>';
    const pixels = paintIcon(bulge, 100, { inset: 0, corner: 0, mark: 1 });
    assert.deepEqual(colourAt(pixels, 100, 50, 20), [0, 0, 255, 255]);
    assert.deepEqual(colourAt(pixels, 100, 50, 8), [0xf3, 0xf3, 0xf0, 255]);
  });

  it('refuses what it cannot draw', () => {
    assert.throws(() => paintIcon('<svg/>', 16, sheet), /must have paths/);
    assert.throws(
      () => paintIcon('<svg><path d="M0 0h5z" fill="#ffffff"/></svg>', 16, sheet),
      /M, L, C and Z/,
    );
    assert.throws(() => paintIcon('<svg><path d="M0 0Z" fill="red"/></svg>', 16, sheet), /#rrggbb/);
  });
});

describe('drawIcon()', () => {
  it('draws the mark: two eyes of paper on a dark lozenge', async () => {
    const svg = await readFile(new URL('../../../renderer/public/icon.svg', import.meta.url), 'utf8');
    const { data, width } = PNG.sync.read(drawIcon(svg, 200, { inset: 0, corner: 0.1, mark: 0.8 }));
    assert.equal(width, 200);
    const bright = (x: number, y: number): boolean => colourAt(data, 200, x, y)[0]! > 200;
    assert.deepEqual(
      [bright(100, 100), bright(75, 98), bright(125, 98), bright(10, 10), bright(100, 140)],
      [false, true, true, true, false],
    );
  });
});

describe('makeIcons()', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-icons-'));
    await makeIcons(folder);
  });
  after(() => rm(folder, { recursive: true }));

  it('makes one PNG for each size of Linux', async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.png'));
    assert.equal(names.length, 7);
    for (const name of names) {
      const { width, height } = PNG.sync.read(await readFile(join(folder, name)));
      assert.equal(`${width}x${height}.png`, name);
    }
  });

  it('makes an ICO whose entries lie where it says, bitmaps and one PNG of 256', async () => {
    const ico = await readFile(join(folder, 'icon.ico'));
    assert.deepEqual([ico.readUInt16LE(0), ico.readUInt16LE(2)], [0, 1]);
    const count = ico.readUInt16LE(4);
    const sizes = Array.from({ length: count }, (_, index) => {
      const entry = 6 + index * 16;
      const size = ico.readUInt8(entry) || 256;
      const image = ico.subarray(ico.readUInt32LE(entry + 12)).subarray(0, ico.readUInt32LE(entry + 8));
      if (size === 256) assert.equal(PNG.sync.read(image).width, 256);
      else {
        assert.deepEqual([image.readInt32LE(4), image.readInt32LE(8)], [size, 2 * size]);
        assert.equal(image.length, 40 + size * size * 4 + Math.ceil(size / 32) * 4 * size);
      }
      return size;
    });
    assert.deepEqual(sizes, [16, 24, 32, 48, 64, 256]);
  });

  it('makes an ICNS whose entries fill it, up to 1,024 pixels', async () => {
    const icns = await readFile(join(folder, 'icon.icns'));
    assert.equal(icns.toString('latin1', 0, 4), 'icns');
    assert.equal(icns.readUInt32BE(4), icns.length);
    const sizes: number[] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
      sizes.push(PNG.sync.read(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4))).width);
    assert.deepEqual([Math.min(...sizes), Math.max(...sizes)], [16, 1024]);
  });
});
