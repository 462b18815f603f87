/**
 * The licences of everything of others' that a package carries: found from what was in fact bundled, so that none is
 * missing and none too many. Electron and Chromium bring their own lists along.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PackageLicence {
  readonly name: string;
  readonly version: string;
  /** SPDX, as its package.json says; 'see below' where only its text says it. */
  readonly licence: string;
  /** Its licence files, in full; empty where it carries none. */
  readonly texts: readonly string[];
}

/** The folder of the package that a bundled module is part of; undefined for what is our own. */
export function packageFolderOf(moduleId: string): string | undefined {
  const path = moduleId.replace(/^\0+/, '').replace(/\?.*$/s, '').replaceAll('\\', '/');
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)(?:\/|$)/.exec(path)?.[1];
}

export async function readLicence(folder: string): Promise<PackageLicence> {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Readonly<Record<'name' | 'version', string>> & {
    readonly license?: string | { readonly type: string };
  };
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(
    files.map(async (file) => (await readFile(join(folder, file), 'utf8')).trim()),
  );
  const named = typeof license === 'object' ? license.type : license;
  const licence = named ?? (texts.length > 0 ? 'see below' : undefined);
  if (licence === undefined) throw new Error(`cannot tell the licence of ${name}: its package names none`);
  return { name, version, licence, texts };
}

/** The whole list as one text, by name. */
export async function thirdPartyLicences(folders: Iterable<string>): Promise<string> {
  const packages = await Promise.all([...new Set(folders)].map(readLicence));
  packages.sort((left, right) => (left.name < right.name ? -1 : 1));
  const sections = packages.map(({ name, version, licence, texts }) =>
    [
      `${name} ${version} (${licence})`,
      ...(texts.length === 0 ? ['Its package carries no further text.'] : texts),
    ].join('\n\n'),
  );
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `${[introduction, ...sections].join(rule)}\n`;
}

const introduction = `What Masquerade carries that is others'

MNIST: Yann LeCun and Corinna Cortes. Creative Commons Attribution-ShareAlike 3.0,
https://creativecommons.org/licenses/by-sa/3.0/. The four files are unchanged.

Electron and Chromium: see LICENSE.electron.txt and LICENSES.chromium.html beside this file or beside the program.

SQLite, in better-sqlite3: public domain.`;

/** Where packages that are not bundled lie: they are carried as they are. */
export function installedFolder(root: string, name: string): string {
  const folder = join(root, 'node_modules', ...name.split('/'));
  if (!existsSync(folder)) throw new Error(`cannot find ${folder}: run npm ci`);
  return folder;
}
