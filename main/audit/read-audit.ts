/**
 * Reads audit files, line by line and within limits: such a file may come from anyone. What cannot be read is an
 * AuditFileError that says where and why; what can be read and is wrong is for core/audit/check-transcript.ts to find.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { FederationError, isFederationError } from '../../core/errors/federation-error.ts';
import {
  type TranscriptLine,
  transcriptFormat,
  transcriptLineSchema,
  transcriptVersion,
} from '../../core/audit/transcript.ts';
import { fileError } from '../files/files.ts';

export interface AuditLimits {
  /** Bytes of one line, unpacked. */
  readonly lineBytes: number;
  /** Bytes of all lines, unpacked. */
  readonly totalBytes: number;
  /** Unpacked bytes for each packed one, past the first `freeBytes`. */
  readonly expansion: number;
  readonly freeBytes: number;
}

/**
 * A line of 96 MiB holds the sum of a model of 18 million parameters, 64 GiB a thousand rounds of it. Signatures and sums
 * hardly pack: an honest file unpacks to less than twice its size, unless sums are mostly zero.
 */
export const defaultAuditLimits: AuditLimits = {
  lineBytes: 96 * 2 ** 20,
  totalBytes: 64 * 2 ** 30,
  expansion: 200,
  freeBytes: 64 * 2 ** 20,
};

/** What is wrong with a file that cannot be read as a transcript. */
export type AuditDamage =
  | 'not-a-file'
  | 'empty'
  | 'not-gzip'
  /** Ends in the middle of its packed bytes, or of a line. */
  | 'truncated'
  /** Its packed bytes are wrong: the checksum or the code. */
  | 'damaged'
  | 'not-text'
  | 'not-json'
  /** A first line of another format. */
  | 'not-an-audit-file'
  | 'too-new'
  /** A line that is not of its form; its field is named. */
  | 'malformed-line'
  | 'line-too-long'
  | 'too-long'
  /** Unpacks to far more than any transcript would. */
  | 'expands-too-much';

export class AuditFileError extends FederationError<'file-unreadable'> {
  readonly damage: AuditDamage;

  constructor(path: string, damage: AuditDamage, reason: string, cause?: unknown) {
    super('file-unreadable', `Cannot read ${path} as an audit file, as ${reason}.`, {
      details: { path, reason },
      blame: 'user',
      action: 'correct',
      cause,
    });
    this.damage = damage;
  }
}

/** The lines of an audit file. Throws AuditFileError, and FederationError 'file-not-found' or 'file-unreadable'. */
export async function* readAudit(
  path: string,
  limits: AuditLimits = defaultAuditLimits,
): AsyncGenerator<TranscriptLine> {
  let number = 0;
  for await (const bytes of splitLines(unpack(path, limits), path, limits)) {
    number += 1;
    yield parseLine(bytes, number, path);
  }
  if (number === 0) throw new AuditFileError(path, 'empty', 'it must hold lines, and holds none');
}

/** The unpacked bytes, as they come. */
async function* unpack(path: string, limits: AuditLimits): AsyncGenerator<Uint8Array> {
  // anything but a regular file is refused before it is opened: reading a pipe would never end
  const status = await stat(path).catch((cause: unknown) => {
    throw fileError(path, cause);
  });
  if (!status.isFile()) throw new AuditFileError(path, 'not-a-file', 'it must be a file, and is not');
  if (status.size === 0) throw new AuditFileError(path, 'empty', 'it must hold lines, and is empty');
  const packed = createReadStream(path);
  const gunzip = createGunzip();
  packed.once('error', (error) => gunzip.destroy(error));
  let unpacked = 0;
  try {
    for await (const chunk of packed.pipe(gunzip) as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      if (unpacked > limits.totalBytes)
        throw new AuditFileError(path, 'too-long', `it must unpack to at most ${limits.totalBytes} bytes`);
      if (unpacked > limits.freeBytes + limits.expansion * packed.bytesRead)
        throw new AuditFileError(path, 'expands-too-much', 'it unpacks to far more than a transcript would');
      yield chunk;
    }
  } catch (cause) {
    throw packingError(path, cause);
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

function packingError(path: string, cause: unknown): FederationError {
  if (isFederationError(cause)) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  if (code === 'Z_BUF_ERROR')
    return new AuditFileError(path, 'truncated', 'it ends in the middle: it was cut short', cause);
  if (message.includes('incorrect header check'))
    return new AuditFileError(path, 'not-gzip', 'it must be packed with gzip, and is not', cause);
  if (code.startsWith('Z_'))
    return new AuditFileError(path, 'damaged', `its packing is damaged (${message})`, cause);
  return fileError(path, cause);
}

/** Lines without their breaks. */
async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  limits: AuditLimits,
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(lineBreak); to >= 0; to = chunk.indexOf(lineBreak, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, to)]);
      parts = [];
      length = 0;
      from = to + 1;
    }
    length += chunk.length - from;
    if (length > limits.lineBytes)
      throw new AuditFileError(
        path,
        'line-too-long',
        `its lines must have at most ${limits.lineBytes} bytes`,
      );
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (length > 0)
    throw new AuditFileError(path, 'truncated', 'it ends in the middle of a line: it was cut short');
}

const lineBreak = 0x0a;

const anyHeader = z.object({ format: z.literal(transcriptFormat), version: z.int().min(1) });

function parseLine(bytes: Uint8Array, number: number, path: string): TranscriptLine {
  const value = parseJson(bytes, number, path);
  if (number === 1) requireHeader(value, path);
  const parsed = transcriptLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  const reason = `line ${number} is wrong${field === '' ? '' : ` in its field ${field}`} (${issue?.message ?? ''})`;
  throw new AuditFileError(path, 'malformed-line', reason);
}

function parseJson(bytes: Uint8Array, number: number, path: string): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AuditFileError(path, 'not-text', `line ${number} must be UTF-8 text, and is not`, cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AuditFileError(path, 'not-json', `line ${number} must be JSON, and is not`, cause);
  }
}

function requireHeader(value: unknown, path: string): void {
  const header = anyHeader.safeParse(value);
  if (!header.success)
    throw new AuditFileError(path, 'not-an-audit-file', 'its first line must be the header of an audit file');
  const { version } = header.data;
  if (version > transcriptVersion)
    throw new AuditFileError(
      path,
      'too-new',
      `its version ${version} is newer than ${transcriptVersion}, which this Masquerade reads`,
    );
}
