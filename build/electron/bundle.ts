/**
 * The desktop application as a folder that Electron can run and that packages are made of: one file for each process,
 * and beside them what those files read, at the same places as in the source tree.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { modulesOf } from '../modules-of.ts';
import { makeWindowIcon } from '../package/icons.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const entries = {
  main: 'main/electron/main.ts',
  host: 'main/electron/host-process.ts',
  compute: 'main/compute/worker.ts',
  preload: 'main/electron/preload.ts',
  'unlock-preload': 'main/electron/unlock-preload.ts',
} as const;

/** Electron's own module, and the one that has native code: found among the packages when the program runs. */
const external = ['electron', 'better-sqlite3'];

/** Read when the program runs; the interface and the training step must have been built. */
const readFiles = [
  'build/out/interface',
  'build/out/training-step/plain.wasm',
  'build/out/training-step/relaxed.wasm',
  'main/electron/unlock.css',
  'main/report/attacks/attacks.css',
  'main/report/report.css',
  'renderer/styles/fonts.css',
  'renderer/styles/tokens.css',
];

/**
 * Makes the folder anew; it must lie in the source tree, whose packages are used where it is run. Returns the modules
 * that went into the bundles.
 */
export async function buildDesktop(target: string): Promise<readonly string[]> {
  // as deep as the source files are: main/electron/places.ts says why
  const bundles = join(target, 'main/bundle');
  await rm(target, { recursive: true, force: true });
  await mkdir(bundles, { recursive: true });
  const modules: string[] = [];
  for (const [name, entry] of Object.entries(entries)) modules.push(...(await bundle(name, entry, bundles)));
  await copyKernels(bundles);
  await makeWindowIcon(join(bundles, 'icon.png'));
  for (const file of readFiles) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await cp(join(root, file), join(target, file), { recursive: true });
  }
  await writeFile(join(target, 'package.json'), `${JSON.stringify(await manifest(), null, 2)}\n`);
  return modules;
}

async function bundle(name: string, entry: string, outDir: string): Promise<readonly string[]> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external, target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      // so that the log names what went wrong
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        input: { [name]: join(root, entry) },
        external,
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rolldown.RolldownOutput[];
  return outputs.flatMap(({ output }) => modulesOf(output, root));
}

/** tf.js looks for its WebAssembly kernels beside its own code, which is now in the bundle. */
async function copyKernels(target: string): Promise<void> {
  const backend = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  const kernels = join(dirname(backend), 'dist');
  for (const name of await readdir(kernels))
    // the threaded ones are never used
    if (name.endsWith('.wasm') && !name.includes('threaded'))
      await cp(join(kernels, name), join(target, name));
}

/** What Electron reads of the application. */
async function manifest(): Promise<Readonly<Record<string, string>>> {
  const { version, description, license } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  ) as Readonly<Record<'version' | 'description' | 'license', string>>;
  return {
    name: 'masquerade',
    productName: 'Masquerade',
    version,
    description,
    license,
    main: 'main/bundle/main.cjs',
  };
}
