/** What there is of TensorFlow on this machine, without loading any of it. */
import { readdir, readFile } from 'node:fs/promises';
import process from 'node:process';
import { z } from 'zod';
import type { EngineSetUp } from '../../core/contract/engines.ts';

/** Beside the other things that are built: in the source tree and in packages alike. */
export const tensorflowFolder = new URL('../../build/out/tensorflow/', import.meta.url);

export const tensorflowCommand = 'npm run engine:tensorflow';

/** Of the larger of the files that it is set up from: fetched, and all that is placed then. */
export const wheelBytes = { fetched: 207_208_420, placed: 615_000_000 };

/** Beside its folder while it is set up, by the number of the process. */
export const partialStart = 'tensorflow-partial-';

const recordSchema = z.strictObject({
  /** TensorFlow's version. */
  tensorflow: z.string(),
  /** Where its libraries came from: the archive that tfjs-node names, or the wheel of PyPI. */
  source: z.enum(['archive', 'wheel']),
  tfjsNode: z.string(),
  /** Everything that the set-up placed, this record apart: paths below the folder. */
  files: z.array(z.strictObject({ path: z.string(), sizeBytes: z.int(), sha256: z.string().optional() })),
});
/** What the set-up wrote last, as `set-up.json`. */
export type TensorflowRecord = z.infer<typeof recordSchema>;

export const recordName = 'set-up.json';

/** Undefined where TensorFlow was not set up, or not to the end. */
export async function readTensorflowRecord(folder = tensorflowFolder): Promise<TensorflowRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(new URL(recordName, folder), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether the command can set it up: in a source tree, on Linux with an x64 processor; packages carry it or not. */
export function tensorflowPossible(): boolean {
  const isPackaged = tensorflowFolder.pathname.includes('.asar/');
  return !isPackaged && process.platform === 'linux' && process.arch === 'x64';
}

/** Bytes of all that was placed. */
export function sizeOf({ files }: Pick<TensorflowRecord, 'files'>): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** What there is of it and what changes that, for the settings; null where there is nothing of it and never can be. */
export async function tensorflowSetUp(
  folder = tensorflowFolder,
  isPossible = tensorflowPossible(),
): Promise<EngineSetUp | null> {
  const record = await readTensorflowRecord(folder);
  if (record === undefined && !isPossible) return null;
  const beside = await readdir(new URL('..', folder)).catch(() => []);
  const facts = { isUnfinished: beside.some((name) => name.startsWith(partialStart)) };
  if (record === undefined)
    return {
      ...facts,
      command: tensorflowCommand,
      downloadBytes: wheelBytes.fetched,
      placedBytes: wheelBytes.placed,
    };
  const command = isPossible ? `${tensorflowCommand} -- --remove` : '';
  return { ...facts, command, downloadBytes: 0, placedBytes: sizeOf(record) };
}
