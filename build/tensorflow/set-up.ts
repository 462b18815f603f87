/**
 * Sets TensorFlow up for the engine 'tensorflow', into one folder below build/out: everything is made in a folder beside
 * it, which takes its place at the very end, or is removed.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import {
  partialStart,
  readTensorflowRecord,
  recordName,
  sizeOf,
  tensorflowPossible,
  type TensorflowRecord,
} from '../../main/compute/tensorflow-facts.ts';
import {
  CannotSetUp,
  digestOf,
  fetchPackage,
  fetchTensorflow,
  findProgram,
  megabytes,
  placeLibraries,
  placeSharedTfjs,
  type Surroundings,
} from './parts.ts';
import type { Sources } from './sources.ts';

/** What decides whether TensorFlow's libraries run here. */
export interface Machine {
  readonly name: string;
  /** Linux on x64. */
  readonly isPossible: boolean;
  /** Wheels and archives are linked with the GNU C library. */
  readonly hasGlibc: boolean;
  /** They are built for processors with AVX, and end any other process at once. */
  readonly hasAvx: boolean;
}

export interface SetUpOptions {
  /** Becomes what it should be, or stays as it was. */
  readonly folder: string;
  readonly sources: Sources;
  readonly machine: Machine;
  readonly surroundings: Surroundings;
  /** Rejects with CannotSetUp where what was set up does not train. */
  readonly selfTest: (folder: string) => Promise<void>;
}

/**
 * Sets it up, or finds that it is there and whole. Throws CannotSetUp with what to do; the signal's reason when it was
 * ended.
 */
export async function setUp(options: SetUpOptions): Promise<void> {
  const { folder, sources, machine, surroundings, selfTest } = options;
  const { say } = surroundings;
  refuseOthers(machine);
  await removeAbandoned(folder);
  const record = await readTensorflowRecord(pathToFileURL(`${folder}/`));
  if (record !== undefined) {
    const damaged = await findDamage(folder, record, surroundings.signal);
    if (damaged === undefined) {
      await selfTest(folder);
      say(
        `TensorFlow ${record.tensorflow} is set up, whole, and trains (${megabytes(sizeOf(record))} in ${folder}).`,
      );
      return;
    }
    say(`TensorFlow was set up, but ${damaged}: setting it up anew.`);
  }
  const compiler = await findProgram(surroundings.compiler, surroundings);
  if (compiler === undefined)
    throw new CannotSetUp(
      'There is no compiler for C++, which builds the part between TensorFlow and Node. Install one (on Debian and Ubuntu: apt install g++), or name it in CXX, then run the same command again.',
    );
  await announce(folder, sources, say);
  const partial = partialFolder(folder);
  try {
    const made = await make(partial, sources, compiler, surroundings);
    await selfTest(made);
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
  } catch (error) {
    throw isDiskFull(error) ? diskFull(folder) : error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  const { tensorflow = '', files = [] } = (await readTensorflowRecord(pathToFileURL(`${folder}/`))) ?? {};
  say(`TensorFlow ${tensorflow} is set up and trains: ${megabytes(sizeOf({ files }))} in ${folder}.`);
  say('Training takes it with --engine tensorflow, or by itself where it is the fastest.');
}

/** Takes it away again; says how much that freed. */
export async function remove(folder: string, say: (line: string) => void): Promise<void> {
  await removeAbandoned(folder);
  if (!existsSync(folder)) {
    say('TensorFlow is not set up: there is nothing to remove.');
    return;
  }
  const sizes = await Promise.all(
    (await listFiles(folder)).map(async (path) => (await stat(join(folder, path))).size),
  );
  await rm(folder, { recursive: true });
  say(`TensorFlow is removed: ${megabytes(sizes.reduce((sum, size) => sum + size, 0))} freed.`);
}

function refuseOthers({ name, isPossible, hasGlibc, hasAvx }: Machine): void {
  const instead =
    'Training works without it: the compiled engine needs no native code and is faster for what it trains';
  if (!isPossible)
    throw new CannotSetUp(
      `TensorFlow can be set up by this command on Linux with an x64 processor, and this is ${name}. On Windows, the Windows Subsystem for Linux will do. ${instead}.`,
    );
  if (!hasGlibc)
    throw new CannotSetUp(
      `TensorFlow's libraries need the GNU C library, and this system has another. ${instead}.`,
    );
  if (!hasAvx)
    throw new CannotSetUp(
      `TensorFlow's libraries need a processor with AVX, and this one has none. ${instead}.`,
    );
}

async function announce(
  folder: string,
  { packages, wheel, archive }: Sources,
  say: Surroundings['say'],
): Promise<void> {
  const { sizeBytes = 0, placedBytes } = wheel;
  const small = packages.reduce((sum, { sizeBytes: bytes }) => sum + bytes, 0);
  say(
    `Setting up TensorFlow: downloads ${megabytes(small)} of tfjs-node from the npm registry, and TensorFlow ${archive.version} from its archive or, where that cannot be reached, TensorFlow ${wheel.version} by pip (${megabytes(sizeBytes)}).`,
  );
  say(
    `Places about ${megabytes(placedBytes)} in ${folder}; npm run engine:tensorflow -- --remove takes them away again.`,
  );
  await mkdir(dirname(folder), { recursive: true });
  const { bavail, bsize } = await statfs(dirname(folder));
  const needed = placedBytes + sizeBytes;
  if (bavail * bsize < needed)
    throw new CannotSetUp(
      `The disk of ${folder} must have ${megabytes(needed)} free while TensorFlow is set up, and has ${megabytes(bavail * bsize)}. Free some, then run the same command again.`,
    );
}

/** Everything but the last rename; returns the folder that was made. */
async function make(
  partial: string,
  sources: Sources,
  compiler: readonly string[],
  surroundings: Surroundings,
): Promise<string> {
  const { say, signal } = surroundings;
  const made = join(partial, 'tensorflow');
  const scratch = join(partial, 'scratch');
  await mkdir(scratch, { recursive: true });
  say('Fetching tfjs-node ...');
  const folders: string[] = [];
  for (const wanted of sources.packages)
    folders.push(await fetchPackage(wanted, made, scratch, surroundings));
  await placeSharedTfjs(made);
  say('Fetching TensorFlow ...');
  const unpacked = await fetchTensorflow(sources, scratch, surroundings);
  say('Building the part between TensorFlow and Node (some seconds) ...');
  await placeLibraries(unpacked, folders[0]!, made, compiler, surroundings);
  await rm(scratch, { recursive: true });
  const files = await Promise.all(
    (await listFiles(made)).map(async (path) => ({
      path,
      sizeBytes: (await stat(join(made, path))).size,
      sha256: (await digestOf(join(made, path), 'sha256', signal)).toString('hex'),
    })),
  );
  const record: TensorflowRecord = {
    tensorflow: unpacked.file.version,
    source: unpacked.source,
    tfjsNode: sources.packages[0]!.version,
    files,
  };
  await writeFile(join(made, recordName), `${JSON.stringify(record, null, 2)}\n`);
  signal.throwIfAborted();
  return made;
}

/** What is wrong with what was set up; undefined where every file is as it was placed. */
async function findDamage(
  folder: string,
  { files }: TensorflowRecord,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const { path, sha256 } of files) {
    if (!existsSync(join(folder, path))) return `${path} is missing`;
    if ((await digestOf(join(folder, path), 'sha256', signal)).toString('hex') !== sha256)
      return `${path} is altered`;
  }
  return undefined;
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const partialFolder = (folder: string): string => join(dirname(folder), `${partialStart}${process.pid}`);

/** What a set-up left whose process was ended at once. */
async function removeAbandoned(folder: string): Promise<void> {
  const parent = dirname(folder);
  for (const name of existsSync(parent) ? await readdir(parent) : [])
    if (name.startsWith(partialStart) && !isRunning(Number(name.slice(partialStart.length))))
      await rm(join(parent, name), { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}

function diskFull(folder: string): CannotSetUp {
  return new CannotSetUp(`The disk of ${folder} is full. Free some of it, then run the same command again.`);
}

export async function thisMachine(): Promise<Machine> {
  const report = process.report.getReport() as unknown as {
    readonly header: { readonly glibcVersionRuntime?: string };
  };
  const processor = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return {
    name: `${process.platform} on ${process.arch}`,
    isPossible: tensorflowPossible(),
    hasGlibc: report.header.glibcVersionRuntime !== undefined,
    hasAvx: /^flags\b.*\bavx\b/m.test(processor),
  };
}
