/**
 * Decodes PNG (grey, colour, palette, alpha, 1 to 16 bits, interlaced; 16 bits are scaled to 8) and JPEG (baseline and
 * progressive; an orientation noted in EXIF is not applied). What a file is, its first bytes say, not its name. Sizes
 * are read from the header and checked before any pixel is decoded.
 *
 * The decoders are libraries (pngjs, jpeg-js) that trust the file in places; what they would not notice (a second
 * header with another size, compressed data that unpacks to more than the picture, a missing end) is refused here.
 */
import { inflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { datasetError } from '../../core/datasets/dataset-error.ts';
import { pictureFromRgba, type Picture } from '../../core/datasets/pixels.ts';
import type { FederationError } from '../../core/errors/federation-error.ts';
import { tooLarge } from './read-file.ts';

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** By colour type (PNG specification, table 11.1): samples of a pixel, and how many bits a sample may have. */
const PNG_COLOUR_TYPES: Readonly<Record<number, { samples: number; bitDepths: readonly number[] }>> = {
  0: { samples: 1, bitDepths: [1, 2, 4, 8, 16] },
  2: { samples: 3, bitDepths: [8, 16] },
  3: { samples: 1, bitDepths: [1, 2, 4, 8] },
  4: { samples: 2, bitDepths: [8, 16] },
  6: { samples: 4, bitDepths: [8, 16] },
};

/** Which pixels a pass over the picture holds: every `stepX`th from `startX`, likewise down. */
const ONE_PASS = [{ startX: 0, startY: 0, stepX: 1, stepY: 1 }] as const;
/** PNG specification, 8.2. */
const ADAM7_PASSES = [
  { startX: 0, startY: 0, stepX: 8, stepY: 8 },
  { startX: 4, startY: 0, stepX: 8, stepY: 8 },
  { startX: 0, startY: 4, stepX: 4, stepY: 8 },
  { startX: 2, startY: 0, stepX: 4, stepY: 4 },
  { startX: 0, startY: 2, stepX: 2, stepY: 4 },
  { startX: 1, startY: 0, stepX: 2, stepY: 2 },
  { startX: 0, startY: 1, stepX: 1, stepY: 2 },
] as const;

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** What the header says, and what decoding needs of it. */
interface PngHeader extends ImageSize {
  readonly kind: 'png';
  readonly bitsPerPixel: number;
  readonly interlaced: boolean;
  /** All compressed data, joined. */
  readonly compressed: Buffer;
}
interface JpegHeader extends ImageSize {
  readonly kind: 'jpeg';
}
export type ImageHeader = PngHeader | JpegHeader;

/** Throws FederationError: image-unreadable (what is wrong with the file), dataset-too-large. */
export function readImageHeader(bytes: Uint8Array, file: string, maximumPixels: number): ImageHeader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = startsWith(bytes, PNG_SIGNATURE)
    ? readPngHeader(buffer, file)
    : startsWith(bytes, [0xff, 0xd8])
      ? readJpegHeader(buffer, file)
      : undefined;
  if (header === undefined) throw unreadableImage(file, 'it is neither a PNG nor a JPEG image');
  const pixels = header.width * header.height;
  if (pixels === 0) throw unreadableImage(file, 'its width or height is 0');
  if (pixels > maximumPixels) throw tooLarge(file, pixels, maximumPixels, 'pixels');
  return header;
}

/** The pixels of the file whose header was read and accepted. Throws FederationError image-unreadable. */
export function decodeImage(bytes: Uint8Array, header: ImageHeader, file: string): Picture {
  try {
    const { data, width, height } =
      header.kind === 'png' ? decodePng(bytes, header) : decodeJpeg(bytes, header);
    if (width !== header.width || height !== header.height) throw new Error('it has two sizes');
    return pictureFromRgba(data, width, height);
  } catch (error) {
    throw unreadableImage(file, error instanceof Error ? error.message : String(error), error);
  }
}

/** Walks all chunks (PNG specification, 5.3): one IHDR, first; then data; IEND last. */
function readPngHeader(buffer: Buffer, file: string): PngHeader {
  const compressed: Buffer[] = [];
  let header: Omit<PngHeader, 'compressed'> | undefined;
  let at = PNG_SIGNATURE.length;
  while (at + 12 <= buffer.length) {
    const length = buffer.readUInt32BE(at);
    const type = buffer.toString('latin1', at + 4, at + 8);
    const content = buffer.subarray(at + 8, at + 8 + length);
    if (at + 12 + length > buffer.length) break;
    if ((type === 'IHDR') !== (header === undefined))
      throw unreadableImage(file, 'its header is not its first chunk');
    if (type === 'IHDR') header = parseIhdr(content, file);
    if (type === 'IDAT') compressed.push(content);
    if (type === 'IEND' && header !== undefined) return { ...header, compressed: Buffer.concat(compressed) };
    at += 12 + length;
  }
  throw unreadableImage(file, 'it is cut short');
}

function parseIhdr(content: Buffer, file: string): Omit<PngHeader, 'compressed'> {
  if (content.length !== 13) throw unreadableImage(file, 'its header is damaged');
  const [bitDepth, colourTypeNumber, , , interlace] = content.subarray(8);
  const colourType = PNG_COLOUR_TYPES[colourTypeNumber!];
  if (colourType?.bitDepths.includes(bitDepth!) !== true)
    throw unreadableImage(file, 'its header is damaged');
  return {
    kind: 'png',
    width: content.readUInt32BE(0),
    height: content.readUInt32BE(4),
    bitsPerPixel: colourType.samples * bitDepth!,
    interlaced: interlace !== 0,
  };
}

/** pngjs fills up missing rows with 0 and, when interlaced, unpacks without limit: the length is checked before. */
function decodePng(bytes: Uint8Array, header: PngHeader): PNG {
  const unpackedBytes = pngDataBytes(header);
  const unpacked = inflateSync(header.compressed, { maxOutputLength: unpackedBytes });
  if (unpacked.length !== unpackedBytes) throw new Error('it has too few rows');
  return PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** Bytes of all rows, each with a filter byte and padded to whole bytes (PNG specification, 7.2 and 9.2). */
function pngDataBytes({ width, height, bitsPerPixel, interlaced }: PngHeader): number {
  let total = 0;
  for (const { startX, startY, stepX, stepY } of interlaced ? ADAM7_PASSES : ONE_PASS) {
    const columns = Math.max(0, Math.ceil((width - startX) / stepX));
    const rows = Math.max(0, Math.ceil((height - startY) / stepY));
    if (columns > 0) total += rows * (1 + Math.ceil((columns * bitsPerPixel) / 8));
  }
  return total;
}

/** Walks the segments up to the frame header (ITU-T T.81, B.2.2), and makes sure that the picture has an end. */
function readJpegHeader(buffer: Buffer, file: string): JpegHeader {
  let at = 2;
  let size: ImageSize | undefined;
  while (at + 4 <= buffer.length) {
    if (buffer[at] !== 0xff) throw unreadableImage(file, 'a segment does not start with a marker');
    const marker = buffer[at + 1]!;
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const length = buffer.readUInt16BE(at + 2);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (marker > 0xc2)
        throw unreadableImage(file, 'it is a kind of JPEG (lossless or arithmetic) that is not read');
      if (size !== undefined) throw unreadableImage(file, 'it has two frame headers');
      if (at + 9 > buffer.length) break;
      size = { height: buffer.readUInt16BE(at + 5), width: buffer.readUInt16BE(at + 7) };
    }
    if (marker === 0xda) {
      if (size === undefined) throw unreadableImage(file, 'its frame header is missing');
      if (buffer.lastIndexOf(Buffer.from([0xff, 0xd9])) < at) break;
      return { kind: 'jpeg', ...size };
    }
    at += 2 + length;
  }
  throw unreadableImage(file, 'it is cut short');
}

function decodeJpeg(
  bytes: Uint8Array,
  header: JpegHeader,
): { data: Uint8Array; width: number; height: number } {
  return jpeg.decode(bytes, {
    useTArray: true,
    tolerantDecoding: false,
    maxResolutionInMP: (header.width * header.height) / 1e6,
  });
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

function unreadableImage(file: string, reason: string, cause?: unknown): FederationError {
  return datasetError(
    'image-unreadable',
    `Cannot read the image ${file}: ${reason}. Replace it or take it out of the folder.`,
    { path: file, reason },
    cause,
  );
}
