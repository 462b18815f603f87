/** Reads the files that are wanted out of a zip archive, as wheels are: names, then contents, stored or deflated. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

interface Entry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly packedBytes: number;
  readonly headerAt: number;
}

/**
 * Writes the entries that `wanted` picks below the folder, at the paths of their names. Returns these names. Throws for
 * what is no zip archive, and for names that lead out of the folder.
 */
export async function unzip(
  archive: string,
  folder: string,
  wanted: (name: string) => boolean,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const file = await open(archive);
  try {
    const entries = (await listEntries(file)).filter(({ name }) => !name.endsWith('/') && wanted(name));
    for (const entry of entries) await extract(archive, file, entry, folder, signal);
    return entries.map(({ name }) => name);
  } finally {
    await file.close();
  }
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/** From the directory at the end, which the last record points to. */
async function listEntries(file: FileHandle): Promise<readonly Entry[]> {
  const { size } = await file.stat();
  // the record is 22 bytes, and a comment of up to 65,535 may follow it
  const tail = await readAt(file, Math.max(0, size - 22 - 65_535), size);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < 0) throw new Error('it is no zip archive');
  const count = tail.readUInt16LE(end + 10);
  const start = tail.readUInt32LE(end + 16);
  const directory = await readAt(file, start, start + tail.readUInt32LE(end + 12));
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count;) {
    if (directory.readUInt32LE(at) !== entrySignature) throw new Error('its list of files is damaged');
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      isDeflated: directory.readUInt16LE(at + 10) === 8,
      packedBytes: directory.readUInt32LE(at + 20),
      headerAt: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function extract(
  archive: string,
  file: FileHandle,
  { name, isDeflated, packedBytes, headerAt }: Entry,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (name.split(/[/\\]/).includes('..') || /^([/\\]|\w:)/.test(name))
    throw new Error(`it holds a file of the name ${name}`);
  // the name and an extra field stand between an entry's header and its contents
  const header = await readAt(file, headerAt, headerAt + 30);
  const start = headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const target = createWriteStream(path);
  if (packedBytes === 0) {
    await pipeline([], target);
    return;
  }
  const packed = createReadStream(archive, { start, end: start + packedBytes - 1 });
  const options = signal === undefined ? {} : { signal };
  if (isDeflated) await pipeline(packed, createInflateRaw(), target, options);
  else await pipeline(packed, target, options);
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.subarray(0, bytesRead);
}
