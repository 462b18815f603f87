/**
 * Compiles the training step into build/out/training-step/relaxed.wasm and plain.wasm, at set-up. They are built, not
 * committed. Up to date when the source, the compiler and its options are those of the last build.
 *
 * -O2, not -O3: -O3 sinks each accumulator of a tile into one nested expression, V8 then keeps the loads of four steps
 * alive, spills, and the forward pass is 20 to 30 % slower.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { generateTrainingStep, type Simd } from './generate.ts';

const folder = join(import.meta.dirname, '..', 'out', 'training-step');
const options = ['-O2', '--noAssert', '--runtime', 'stub', '--importMemory', '--use', 'abort='];
const features: Readonly<Record<Simd, string>> = {
  relaxed: 'simd,relaxed-simd,bulk-memory',
  plain: 'simd,bulk-memory',
};

/** Writes under a temporary name first: two builds at once, or one that is stopped, leave no half-written module. */
function writeWhole(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, data);
  renameSync(temporary, path);
}

async function compile(source: string, simd: Simd): Promise<Uint8Array> {
  const messages: string[] = [];
  let module: Uint8Array | undefined;
  const { error } = await asc.main(
    ['training-step.ts', ...options, '--enable', features[simd], '--outFile', 'training-step.wasm'],
    {
      readFile: (name) => (name === 'training-step.ts' ? source : null),
      writeFile: (name, contents) => {
        if (name === 'training-step.wasm' && typeof contents !== 'string') module = contents;
      },
      listFiles: () => [],
      stderr: { write: (chunk) => void messages.push(String(chunk)) },
    },
  );
  if (error ?? !module)
    throw new Error(
      `Cannot compile the training step (${simd}): ${error?.message ?? 'no module'}\n${messages.join('')}`,
    );
  return module;
}

/** Builds both variants unless they are up to date. Throws with the compiler's messages. */
export async function buildTrainingStep(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const simd of ['relaxed', 'plain'] as const) {
    const source = generateTrainingStep(simd);
    const digest = createHash('sha256')
      .update(JSON.stringify([asc.version, options, features[simd], source]))
      .digest('hex');
    const modulePath = join(folder, `${simd}.wasm`);
    const stampPath = join(folder, `${simd}.sha256`);
    const upToDate =
      existsSync(modulePath) && existsSync(stampPath) && readFileSync(stampPath, 'utf8') === digest;
    if (upToDate) continue;
    writeWhole(modulePath, await compile(source, simd));
    writeWhole(stampPath, digest);
  }
}

if (import.meta.main) await buildTrainingStep();
