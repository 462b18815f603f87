/** One package after another: staged, made by electron-builder, compared with the list of what it may hold. */
import { existsSync } from 'node:fs';
import { cp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Arch, build, Platform as BuilderPlatform } from 'electron-builder';
import { configuration, type PackageOptions } from './configuration.ts';
import { compareContent, listAsar } from './content.ts';
import { type Common, type Platform, platformName, stageApplication, writeLicences } from './stage.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface MakeOptions extends Pick<
  PackageOptions,
  'electronFolder' | 'updateAddress' | 'inspectable'
> {
  readonly common: Common;
  /** Packages and all that is made on the way to them; in the source tree. */
  readonly folder: string;
  /** The unpacked application alone, without an installer. */
  readonly unpacked: boolean;
}

export interface Made {
  /** The unpacked application. */
  readonly folder: string;
  readonly resources: string;
  readonly application: string;
  readonly sizeBytes: number;
  /** Installers and the like. */
  readonly files: readonly string[];
}

/** Throws when what was made does not hold exactly what it must. */
export async function makePackage(platform: Platform, options: MakeOptions): Promise<Made> {
  const { common, folder, unpacked, ...rest } = options;
  const name = platformName(platform);
  const application = join(folder, `application-${name}`);
  const resources = join(folder, `resources-${name}`);
  const output = join(folder, name);
  await rm(output, { recursive: true, force: true });
  await writeLicences(resources, await stageApplication(application, platform, common));
  await cp(common.icons, join(resources, 'icons'), { recursive: true });
  const { os, processor } = platform;
  const target = {
    linux: BuilderPlatform.LINUX,
    win32: BuilderPlatform.WINDOWS,
    darwin: BuilderPlatform.MAC,
  }[os];
  const files = await build({
    projectDir: root,
    targets: target.createTarget(unpacked ? ['dir'] : null, Arch[processor]),
    config: configuration({ platform, application, resources, output, ...rest }),
    publish: 'never',
  });
  const made = await unpackedFolder(output, os);
  const found = os === 'darwin' ? join(made, 'Masquerade.app/Contents/Resources') : join(made, 'resources');
  const problems = compareContent(listAsar(join(found, 'app.asar')), platform);
  if (problems.length > 0) throw new Error(`cannot use this package:\n  ${problems.join('\n  ')}`);
  return { folder: made, resources: found, application, sizeBytes: await sizeOf(made), files };
}

async function unpackedFolder(output: string, os: Platform['os']): Promise<string> {
  const pattern = { linux: /^linux.*-unpacked$/, win32: /^win.*-unpacked$/, darwin: /^mac/ }[os];
  for (const { name, isDirectory } of (await readdir(output, { withFileTypes: true })).map((entry) => ({
    name: entry.name,
    isDirectory: entry.isDirectory(),
  })))
    if (isDirectory && pattern.test(name)) return join(output, name);
  throw new Error(`cannot find the unpacked application in ${output}`);
}

async function sizeOf(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
