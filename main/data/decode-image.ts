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
const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** What the header says, and what decoding needs of it. */
interface PngHeader extends ImageSize {
  readonly kind: 'png';
  readonly bitsPerPixel: number;
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
  const channels = PNG_CHANNELS[content[9] ?? -1];
  if (content.length !== 13 || channels === undefined) throw unreadableImage(file, 'its header is damaged');
  return {
    kind: 'png',
    width: content.readUInt32BE(0),
    height: content.readUInt32BE(4),
    bitsPerPixel: channels * content[8]!,
  };
}

function decodePng(bytes: Uint8Array, header: PngHeader): PNG {
  // Rows start with a filter byte; an interlaced picture has up to seven passes, with rows padded to bytes in each.
  const rowBytes = Math.ceil((header.width * header.bitsPerPixel) / 8) + 1;
  const maxOutputLength = 2 * header.height * rowBytes + 16 * (header.width + header.height);
  inflateSync(header.compressed, { maxOutputLength });
  return PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
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
