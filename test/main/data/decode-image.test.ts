import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import jpeg from 'jpeg-js';
import type { Picture } from '../../../core/datasets/pixels.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { decodeImage, readImageHeader } from '../../../main/data/decode-image.ts';
import { greyPng, headerChunk, pngBytes, pngChunk } from './png-bytes.ts';

const PIXELS = 10_000;

function decode(bytes: Uint8Array): Picture {
  return decodeImage(bytes, readImageHeader(bytes, 'a.png', PIXELS), 'a.png');
}

function pixelsOf(bytes: Uint8Array): number[] {
  return [...decode(bytes).pixels];
}

function refusal(bytes: Uint8Array): FederationError {
  try {
    decode(bytes);
  } catch (error) {
    assert.ok(error instanceof FederationError, String(error));
    assert.match(error.message, /a\.png/);
    return error as FederationError;
  }
  throw new Error('decoded');
}

function greyJpeg(width: number, height: number): Uint8Array {
  const data = new Uint8Array(4 * width * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    data.set([pixel % 256, pixel % 256, pixel % 256, 255], 4 * pixel);
  }
  return new Uint8Array(jpeg.encode({ data, width, height }, 95).data);
}

test('decodeImage() reads PNG of every kind', () => {
  assert.deepEqual(
    pixelsOf(pngBytes({ width: 2, height: 2, rows: Uint8Array.of(0, 1, 2, 0, 3, 255) })),
    [1, 2, 3, 255],
  );
  // 1 bit: 1 0 1.
  assert.deepEqual(
    pixelsOf(pngBytes({ width: 3, height: 1, bitDepth: 1, rows: Uint8Array.of(0, 0b10100000) })),
    [255, 0, 255],
  );
  // 4 bits: 15 and 8 of 15.
  assert.deepEqual(
    pixelsOf(pngBytes({ width: 2, height: 1, bitDepth: 4, rows: Uint8Array.of(0, 0xf8) })),
    [255, 136],
  );
  // 16 bits, rounded: 0x8000 * 255 / 65535 = 127.5.
  const deep = pngBytes({ width: 2, height: 1, bitDepth: 16, rows: Uint8Array.of(0, 0x80, 0, 0xff, 0xff) });
  assert.deepEqual(pixelsOf(deep), [128, 255]);
  const colour = decode(pngBytes({ width: 1, height: 1, colourType: 2, rows: Uint8Array.of(0, 10, 20, 30) }));
  assert.equal(colour.channels, 3);
  assert.deepEqual([...colour.pixels], [10, 20, 30]);
  const greyAsColour = decode(
    pngBytes({ width: 1, height: 1, colourType: 2, rows: Uint8Array.of(0, 9, 9, 9) }),
  );
  assert.equal(greyAsColour.channels, 1);
  // Transparent black is paper, opaque black is ink.
  const alpha = pngBytes({
    width: 2,
    height: 1,
    colourType: 6,
    rows: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 255),
  });
  assert.deepEqual(pixelsOf(alpha), [255, 0]);
  assert.deepEqual(
    pixelsOf(pngBytes({ width: 1, height: 1, colourType: 4, rows: Uint8Array.of(0, 0, 51) })),
    [204],
  );
  const palette = [pngChunk('PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6))];
  const indexed = pngBytes({
    width: 2,
    height: 1,
    colourType: 3,
    extra: palette,
    rows: Uint8Array.of(0, 1, 0),
  });
  assert.deepEqual(pixelsOf(indexed), [4, 5, 6, 1, 2, 3]);
});

test('decodeImage() reads interlaced PNG', () => {
  const wide = pngBytes({
    width: 5,
    height: 1,
    interlaced: true,
    rows: Uint8Array.of(0, 1, 0, 5, 0, 3, 0, 2, 4),
  });
  assert.deepEqual(pixelsOf(wide), [1, 2, 3, 4, 5]);
  // Adam7 of 2 x 2: pass 1 holds (0, 0), pass 6 (1, 0), pass 7 the second row.
  const rows = Uint8Array.of(0, 10, 0, 20, 0, 30, 40);
  assert.deepEqual(pixelsOf(pngBytes({ width: 2, height: 2, interlaced: true, rows })), [10, 20, 30, 40]);
});

test('decodeImage() reads JPEG, grey as grey', () => {
  const picture = decode(greyJpeg(16, 8));
  assert.deepEqual([picture.width, picture.height, picture.channels], [16, 8, 1]);
  picture.pixels.forEach((value, pixel) => {
    assert.ok(Math.abs(value - pixel) <= 4, `pixel ${pixel} is ${value}`);
  });
});

test('decodeImage() refuses PNG and JPEG cut anywhere', () => {
  for (const whole of [greyPng(9, 9, 100), greyJpeg(16, 16)]) {
    for (let length = 0; length < whole.length; length += 1) {
      assert.equal(refusal(whole.subarray(0, length)).code, 'image-unreadable');
    }
  }
});

test('decodeImage() refuses PNG whose rows are missing, whose checksum or palette is wrong, which is empty', () => {
  const reasons = [
    pngBytes({ width: 9, height: 9, rows: new Uint8Array(89) }),
    pngBytes({ width: 9, height: 9, rows: new Uint8Array(91) }),
    pngBytes({ width: 2, height: 2, interlaced: true, rows: new Uint8Array(6) }),
    pngBytes({ width: 9, height: 9, rows: new Uint8Array(90).fill(77) }),
    greyPng(3, 3, 1).map((byte, index) => (index === 45 ? byte ^ 1 : byte)),
    pngBytes({ width: 1, height: 1, colourType: 3, rows: Uint8Array.of(0, 0) }),
    pngBytes({
      width: 1,
      height: 1,
      colourType: 3,
      extra: [pngChunk('PLTE', Uint8Array.of(1, 2, 3))],
      rows: Uint8Array.of(0, 7),
    }),
    pngBytes({ width: 1, height: 1, colourType: 5, rows: Uint8Array.of(0, 7) }),
    pngBytes({ width: 1, height: 1, bitDepth: 3, rows: Uint8Array.of(0, 7) }),
    pngBytes({ width: 0, height: 1, rows: Uint8Array.of(0) }),
  ];
  for (const bytes of reasons) assert.equal(refusal(bytes).code, 'image-unreadable');
  assert.match(refusal(new TextEncoder().encode('GIF89a')).message, /neither a PNG nor a JPEG/);
});

test('decodeImage() refuses what unpacks to more than its picture, and a second header', () => {
  const bomb = new Uint8Array(50_000_000);
  for (const interlaced of [false, true]) {
    assert.equal(refusal(pngBytes({ width: 8, height: 8, interlaced, rows: bomb })).code, 'image-unreadable');
  }
  const second = headerChunk({ width: 50_000, height: 50_000 });
  const twice = pngBytes({ width: 1, height: 1, extra: [second], rows: Uint8Array.of(0, 1) });
  assert.match(refusal(twice).message, /header/);
});

test('readImageHeader() refuses large pictures before decoding', () => {
  const png = refusal(pngBytes({ width: 60_000, height: 60_000, rows: new Uint8Array(1) }));
  assert.deepEqual(png.details, { path: 'a.png', size: 3.6e9, limit: PIXELS, unit: 'pixels' });
  const jpegBytes = greyJpeg(8, 8);
  const frame = jpegBytes.findIndex((byte, index) => byte === 0xff && jpegBytes[index + 1] === 0xc0);
  jpegBytes.set([0xff, 0xff, 0xff, 0xff], frame + 5);
  assert.equal(refusal(jpegBytes).code, 'dataset-too-large');
});

test('decodeImage() gives pictures or typed errors only, whatever bytes change', () => {
  const wholes = [greyPng(5, 5, 90), greyJpeg(8, 8)];
  const changes = fc.array(fc.tuple(fc.nat(2_000), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.constantFrom(...wholes), changes, (whole, places) => {
      const bytes = whole.slice();
      for (const [at, value] of places) bytes[at % bytes.length] = value;
      try {
        decode(bytes);
      } catch (error) {
        assert.ok(error instanceof FederationError, String(error));
      }
    }),
    { numRuns: 1_000 },
  );
});
