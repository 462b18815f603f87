/** Writes PNG files chunk by chunk, for tests: also those that no encoder would write. */
import { crc32, deflateSync } from 'node:zlib';

export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly bitDepth?: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha. */
  readonly colourType?: number;
  readonly interlaced?: boolean;
  /** Rows as stored, each with its filter byte first. */
  readonly rows: Uint8Array;
  /** Chunks between header and data. */
  readonly extra?: readonly Uint8Array[];
}

export function pngBytes(parts: PngParts): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    headerChunk(parts),
    ...(parts.extra ?? []),
    pngChunk('IDAT', deflateSync(parts.rows)),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
}

export function headerChunk(parts: Omit<PngParts, 'rows'>): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(parts.width, 0);
  header.writeUInt32BE(parts.height, 4);
  header[8] = parts.bitDepth ?? 8;
  header[9] = parts.colourType ?? 0;
  header[12] = parts.interlaced === true ? 1 : 0;
  return pngChunk('IHDR', header);
}

export function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(content, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length);
  return chunk;
}

/** A grey picture of one value. */
export function greyPng(width: number, height: number, value: number): Uint8Array {
  const rows = new Uint8Array((width + 1) * height).fill(value);
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0;
  return pngBytes({ width, height, rows });
}
