/**
 * A stand-in for an unpacked Electron: the files that packaging reads and changes, without a program in them. The fuses
 * are really there, with their mark, so that a test can see how they were set.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Platform } from '../../build/package/stage.ts';

const mark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron has them now, in this order. */
export const fuseNames = [
  'runAsNode',
  'cookieEncryption',
  'nodeOptions',
  'nodeCliInspect',
  'asarIntegrity',
  'onlyLoadAppFromAsar',
  'browserSnapshot',
  'fileProtocolPrivileges',
] as const;
/** The mark, the version of the wire, its length, and each fuse as Electron is delivered. */
const fuses = Buffer.concat([Buffer.from(mark), Buffer.from([1, fuseNames.length]), Buffer.from('10110001')]);

/** Any real program of Windows: its resources are rewritten. */
const windowsProgram = fileURLToPath(
  new URL('../../node_modules/electron-winstaller/vendor/Setup.exe', import.meta.url),
);

export async function makeStubElectron(folder: string, { os }: Platform): Promise<void> {
  const write = async (path: string, content: string | Buffer): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode: 0o755 });
  };
  await write('LICENSE', 'Electron');
  await write('LICENSES.chromium.html', 'Chromium');
  await write('version', '0.0.0');
  if (os === 'darwin') return makeMac(write);
  for (const language of ['de', 'en-US', 'fr']) await write(`locales/${language}.pak`, language);
  await write('resources/default_app.asar', '');
  if (os === 'linux') return write('electron', fuses);
  await cp(windowsProgram, join(folder, 'electron.exe'));
  return write('electron.exe', Buffer.concat([await readFile(windowsProgram), fuses]));
}

async function makeMac(write: (path: string, content: string | Buffer) => Promise<void>): Promise<void> {
  const contents = 'Electron.app/Contents';
  const frameworks = `${contents}/Frameworks`;
  await write(`${contents}/MacOS/Electron`, '');
  await write(`${contents}/Resources/default_app.asar`, '');
  await write(`${contents}/Info.plist`, plist('Electron'));
  await write(`${frameworks}/Electron Framework.framework/Electron Framework`, fuses);
  for (const language of ['de', 'en', 'fr']) {
    await write(`${contents}/Resources/${language}.lproj/x`, '');
    await write(
      `${frameworks}/Electron Framework.framework/Versions/A/Resources/${language}.lproj/locale.pak`,
      '',
    );
  }
  for (const kind of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
    const name = `Electron Helper${kind}`;
    await write(`${frameworks}/${name}.app/Contents/MacOS/${name}`, '');
    await write(`${frameworks}/${name}.app/Contents/Info.plist`, plist(name));
  }
}

function plist(name: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${name}</string></dict></plist>
`;
}

/** How each fuse of a program stands. */
export async function readFuses(program: string): Promise<Readonly<Record<string, boolean>>> {
  const content = await readFile(program);
  const at = content.indexOf(mark);
  if (at < 0) throw new Error(`there are no fuses in ${program}`);
  const wire = content.subarray(at + mark.length + 2).toString('latin1');
  return Object.fromEntries(fuseNames.map((name, index) => [name, wire[index] === '1']));
}
