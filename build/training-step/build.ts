/**
 * Compiles the training step into build/out/training-step/relaxed.wasm and plain.wasm, at set-up. They are built, not
 * committed; the generated AssemblyScript stays beside them to be looked at. Up to date when the source, the compiler and
 * its options are those of the last build.
 *
 * The compiler runs as a process of its own: its type declarations redefine globals (Array.at among them), and an import
 * would let them loose on the whole project.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { generateTrainingStep, type Simd } from './generate.ts';

const folder = join(import.meta.dirname, '..', 'out', 'training-step');
const compilerPackage = fileURLToPath(import.meta.resolve('assemblyscript/package.json'));
const compiler = join(dirname(compilerPackage), 'bin', 'asc.js');

/**
 * -O2, not -O3: -O3 sinks each accumulator of a tile into one nested expression, V8 then keeps the loads of four steps
 * alive, spills, and the forward pass is 20 to 30 % slower.
 */
const options = ['-O2', '--noAssert', '--runtime', 'stub', '--importMemory', '--use', 'abort='];
const features: Readonly<Record<Simd, string>> = {
  relaxed: 'simd,relaxed-simd,bulk-memory',
  plain: 'simd,bulk-memory',
};

/** Builds both variants unless they are up to date. Throws with the compiler's messages. */
export async function buildTrainingStep(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const compilerVersion = readFileSync(compilerPackage, 'utf8');
  await build('relaxed', compilerVersion);
  await build('plain', compilerVersion);
}

async function build(simd: Simd, compilerVersion: string): Promise<void> {
  const source = generateTrainingStep(simd);
  const digest = createHash('sha256')
    .update(JSON.stringify([compilerVersion, options, features[simd], source]))
    .digest('hex');
  const path = (extension: string): string => join(folder, `${simd}.${extension}`);
  const isBuilt = existsSync(path('wasm')) && existsSync(path('sha256'));
  if (isBuilt && readFileSync(path('sha256'), 'utf8') === digest) return;

  // In a folder of this process, then renamed: two builds at once, or one that is stopped, leave nothing half-written.
  const building = mkdtempSync(join(folder, 'building-'));
  try {
    const own = (extension: string): string => join(building, `${simd}.${extension}`);
    writeFileSync(own('ts'), source);
    await compile(own('ts'), own('wasm'), simd);
    writeFileSync(own('sha256'), digest);
    for (const extension of ['ts', 'wasm', 'sha256']) renameSync(own(extension), path(extension));
  } finally {
    rmSync(building, { recursive: true });
  }
}

async function compile(source: string, module: string, simd: Simd): Promise<void> {
  const compiling = spawn(
    process.execPath,
    [compiler, source, ...options, '--enable', features[simd], '--outFile', module],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const [messages] = await Promise.all([text(compiling.stderr), once(compiling, 'close')]);
  if (compiling.exitCode !== 0) throw new Error(`Cannot compile the training step (${simd}):\n${messages}`);
}

if (import.meta.main) await buildTrainingStep();
