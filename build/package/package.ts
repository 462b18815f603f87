/**
 * `npm run package`: installers for this machine's platform, or for the one that is named. Electron is fetched by
 * electron-builder, which needs a network; MASQUERADE_ELECTRON names an unpacked Electron instead.
 */
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makePackage } from './make.ts';
import { makeCommon, type Platform } from './stage.ts';

const usage = `npm run package -- [--os linux|win32|darwin] [--processor x64|arm64] [--unpacked] [--inspectable]

  --os, --processor   this machine's unless given
  --unpacked          the application's folder alone, no installer
  --inspectable       for end-to-end tests: can be driven from outside; never hand it to anybody`;

const { values } = parseArgs({
  options: {
    os: { type: 'string', default: process.platform },
    processor: { type: 'string', default: process.arch },
    unpacked: { type: 'boolean', default: false },
    inspectable: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const folder = fileURLToPath(new URL('../out/package/', import.meta.url));

function isPlatform(os: string, processor: string): boolean {
  return ['linux', 'win32', 'darwin'].includes(os) && ['x64', 'arm64'].includes(processor);
}

const { os, processor, unpacked, inspectable, help } = values;
if (help || !isPlatform(os, processor)) {
  process.stdout.write(`${usage}\n`);
  process.exitCode = help ? 0 : 2;
} else {
  const made = await makePackage({ os, processor } as Platform, {
    common: await makeCommon(join(folder, 'common')),
    folder,
    unpacked,
    inspectable,
    electronFolder: process.env['MASQUERADE_ELECTRON'],
    updateAddress: process.env['MASQUERADE_UPDATE_ADDRESS'],
  });
  const size = `${Math.round(made.sizeBytes / 1e6)} MB`;
  process.stdout.write(`The application, ${size}: ${relative('.', made.folder)}\n`);
  for (const file of made.files) process.stdout.write(`${relative('.', file)}\n`);
}
