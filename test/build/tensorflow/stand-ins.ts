/** Stand-ins for what a set-up of TensorFlow reaches: registries, servers, programs, and what they hand out. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Machine } from '../../../build/tensorflow/set-up.ts';
import type { Sources } from '../../../build/tensorflow/sources.ts';

export const possibleMachine: Machine = {
  name: 'linux on x64',
  isPossible: true,
  hasGlibc: true,
  hasAvx: true,
};

/** A zip archive of those files, each deflated, or stored where the text is short. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const isDeflated = content.length > 20;
    const packed = isDeflated ? deflateRawSync(content) : content;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isDeflated ? 8 : 0, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const entry = Buffer.alloc(16);
    entry.writeUInt32LE(at, 12);
    bodies.push(Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000'), common, entry.subarray(2), Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, list, end]);
}

/** A .tar.gz of those files. */
async function tarOf(folder: string, files: Readonly<Record<string, string>>): Promise<Buffer> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const tops = [...new Set(Object.keys(files).map((name) => name.split('/')[0]!))];
  execFileSync('tar', ['-czf', 'packed.tgz', ...tops], { cwd: folder });
  return readFile(join(folder, 'packed.tgz'));
}

/** What stands in for TensorFlow and tfjs-node; a program that calls itself by `name` and copies `file` to where it is told. */
export interface StandIns {
  readonly folder: string;
  readonly sources: Sources;
  readonly npm: readonly string[];
  readonly pip: readonly string[];
  readonly compiler: readonly string[];
  /** A pip that never ends, and writes its process number there. */
  readonly endlessPip: readonly string[];
  readonly endlessPipNumber: string;
  close(): Promise<void>;
}

const library = 'a library, which is longer than twenty letters';

/** answer: what the archive's server does. */
export async function standIns(answer: 'archive' | 'altered' | 'not found'): Promise<StandIns> {
  const folder = await mkdtemp(join(tmpdir(), 'masquerade-tensorflow-'));
  const packageFile = await tarOf(join(folder, 'package'), {
    'package/package.json': '{"name":"@tensorflow/tfjs-node"}',
    'package/dist/kept.js': 'kept',
    'package/dist/left.js': 'left',
    'package/binding/tfjs_backend.cc': '',
    'package/binding/tfjs_binding.cc': '',
  });
  const archive = await tarOf(join(folder, 'archive'), {
    'lib/libtensorflow.so.2': library,
    'include/tensorflow/c/c_api.h': '',
    LICENSE: 'Apache',
    NOTICES: 'others',
  });
  const wheel = zipOf({
    'tensorflow/libtensorflow_cc.so.2': library,
    'tensorflow/include/tensorflow/c/c_api.h': 'header',
    'tensorflow/python/unwanted.py': 'unwanted',
    'tensorflow/LICENSE': 'Apache',
    'tensorflow/NOTICES': 'others',
  });
  await writeFile(join(folder, 'tfjs-node.tgz'), packageFile);
  await writeFile(join(folder, 'tensorflow.whl'), wheel);
  const server = createServer((_request, response) => {
    if (answer === 'not found') response.writeHead(404).end();
    else response.end(answer === 'altered' ? Buffer.concat([archive, Buffer.of(0)]) : archive);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const program = async (name: string, code: string): Promise<readonly string[]> => {
    const path = join(folder, `${name}.cjs`);
    await writeFile(
      path,
      `if (process.argv.includes('--version')) process.exit(0);\nconst fs = require('node:fs');\n${code}`,
    );
    return [process.execPath, path];
  };
  const copies = (option: string, file: string): string =>
    `const to = process.argv.find((a) => a.startsWith('${option}')).slice(${option.length});
     fs.mkdirSync(to, { recursive: true });
     fs.copyFileSync(${JSON.stringify(join(folder, file))}, to + '/${file}');`;
  const endlessPipNumber = join(folder, 'pip.pid');
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  return {
    folder,
    sources: {
      packages: [
        {
          name: '@tensorflow/tfjs-node',
          version: '1.2.3',
          integrity: `sha512-${createHash('sha512').update(packageFile).digest('base64')}`,
          sizeBytes: packageFile.length,
          kept: [/^package\.json$/, /^dist\/kept\.js$/],
        },
      ],
      archive: {
        address: `http://127.0.0.1:${port}/archive.tar.gz`,
        version: '2.0.0',
        sha256: sha256(archive),
        libraries: ['lib/libtensorflow.so.2'],
        include: 'include',
        notices: { LICENSE: 'LICENSE', 'NOTICES.txt': 'NOTICES' },
      },
      wheel: {
        requirement: 'tensorflow-cpu==3.0.0',
        options: [],
        version: '3.0.0',
        sha256: sha256(wheel),
        sizeBytes: wheel.length,
        placedBytes: 1000,
        libraries: ['tensorflow/libtensorflow_cc.so.2'],
        include: 'tensorflow/include',
        notices: { LICENSE: 'tensorflow/LICENSE', 'NOTICES.txt': 'tensorflow/NOTICES' },
      },
    },
    npm: await program('npm', copies('--pack-destination=', 'tfjs-node.tgz')),
    pip: await program('pip', copies('--dest=', 'tensorflow.whl')),
    compiler: await program(
      'compiler',
      `fs.writeFileSync(process.argv.find((a) => a.startsWith('-o')).slice(2), 'addon');`,
    ),
    endlessPip: await program(
      'endless',
      `fs.writeFileSync(${JSON.stringify(endlessPipNumber)}, String(process.pid)); setInterval(() => undefined, 1000);`,
    ),
    endlessPipNumber,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}
