/** Main's bundle from its start to its end, over a stand-in for Electron; the host's bundle runs in a thread. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildDesktop } from '../../../build/electron/bundle.ts';
import { makeInvitation } from '../../../core/joining/join-link.ts';
import { openStore } from '../../../main/storage/open-store.ts';
import { callOver } from '../../support/call-over-port.ts';
import { FakeElectron, type FakeElectronOptions, type FakeWindow } from '../../support/fake-electron.ts';

/** In the source tree, as the bundles find their packages there. */
const application = fileURLToPath(
  new URL(`../../../build/out/application-test-${process.pid}/`, import.meta.url),
);
const bundle = join(application, 'main/bundle/main.cjs');
const { link } = makeInvitation([{ host: '192.168.1.7', port: 7000 }], new Uint8Array(32).fill(3));

async function until<Found>(find: () => Found | undefined | false, what: string): Promise<Found> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    await wait(25);
  }
  return assert.fail(`waited in vain until ${what}`);
}

describe('the desktop application', () => {
  let folder = '';
  let running: FakeElectron[] = [];

  async function start(
    args: readonly string[] = [],
    options: FakeElectronOptions = {},
  ): Promise<FakeElectron> {
    const electron = new FakeElectron(options);
    running.push(electron);
    await electron.run(bundle, ['--data-dir', folder, ...args]);
    return electron;
  }
  /** The page asks for its port, and has it. */
  async function connect(electron: FakeElectron, window: FakeWindow) {
    const { webContents } = window;
    const before = webContents.received.length;
    electron.ipcMain.emit('masquerade:host', { sender: webContents, senderFrame: webContents.frame });
    const { ports } = await until(() => webContents.received[before], 'the page has a port');
    return { port: ports[0]!, ...callOver(ports[0]!) };
  }
  const mainWindow = (electron: FakeElectron): Promise<FakeWindow> =>
    until(() => electron.windows[0], 'there is a window');

  before(() => buildDesktop(application));
  after(() => rm(application, { recursive: true, force: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-application-'));
  });
  afterEach(async () => {
    await Promise.all(running.map((electron) => electron.end()));
    running = [];
    await rm(folder, { recursive: true, force: true });
  });

  it('settles the sandbox, its scheme, its files and its lock before Electron is ready, then shows a sandboxed window', async () => {
    const electron = await start();
    const window = await mainWindow(electron);
    assert.deepEqual(electron.did.slice(0, 4), ['sandbox', 'scheme app', 'lock', 'ready']);
    assert.equal(electron.paths.get('userData'), join(folder, 'window'));
    await until(() => window.isShown, 'the window is shown');
    assert.equal(window.webContents.url, 'app://masquerade/index.html');
    const { preload, ...preferences } = window.options['webPreferences'] as Record<string, unknown>;
    assert.deepEqual(preferences, {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    });
    assert.equal(preload, join(application, 'main/bundle/preload.cjs'));
    assert.ok(existsSync(String(window.options['icon'])));
    const page = await electron.serve!(new Request('app://masquerade/'));
    assert.match(await page.text(), /<div id="app">/);
  });

  it('gives a port to the interface alone, over which the host answers and pushes', async () => {
    const electron = await start([], { locale: 'fr-CA' });
    const window = await mainWindow(electron);
    const { webContents } = window;
    for (const senderFrame of [
      null,
      { ...webContents.frame, url: 'https://example.org/' },
      { ...webContents.frame, parent: webContents.frame },
    ])
      electron.ipcMain.emit('masquerade:host', { sender: webContents, senderFrame });
    electron.ipcMain.emit('masquerade:host', { sender: {}, senderFrame: webContents.frame });
    assert.deepEqual(webContents.received, []);

    const { call, pushes } = await connect(electron, window);
    const about = await call('about', {});
    assert.equal(about.version, '9.9.9');
    assert.equal(about.language, 'fr');
    assert.equal(about.protection, 'operating-system');
    assert.deepEqual(about.can, { chooseFolder: true, printToPdf: true, openLinks: true, update: false });
    assert.deepEqual(
      electron.menu.map(({ label }) => label),
      ['Fichier', 'Édition', 'Affichage', 'Aller', 'Fenêtre', 'Aide'],
    );
    await call('savePreferences', { language: 'en', theme: 'dark' });
    await until(() => electron.menu[0]?.label === 'File', 'the menu speaks English');
    assert.equal(electron.nativeTheme.themeSource, 'dark');
    // a second start with a link: the first window goes there
    electron.app.emit('second-instance', {}, [], '/', { openings: [link, '--flag', 7] });
    const to = `/join?link=${encodeURIComponent(link)}`;
    await until(() => pushes.find((push) => push.push === 'go' && push.to === to), 'the window goes there');
  });

  it('opens a link that it was started with, and says of another why it does not', async () => {
    const electron = await start([link, 'masquerade://join/nonsense']);
    const window = await mainWindow(electron);
    const { pushes } = await connect(electron, window);
    const to = `/join?link=${encodeURIComponent(link)}`;
    await until(() => pushes.find((push) => push.push === 'go' && push.to === to), 'the window goes there');
    const shown = await until(() => electron.dialogs[0], 'the other link is refused');
    assert.equal(shown.message, 'This invitation cannot be used.');
  });

  it('refuses what a page may not do', async () => {
    const electron = await start();
    const { webContents } = await mainWindow(electron);
    for (const event of ['will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      let isPrevented = false;
      webContents.emit(event, { url: 'https://example.org/', preventDefault: () => (isPrevented = true) });
      assert.ok(isPrevented, event);
    }
    assert.deepEqual(webContents.openHandler!({ url: 'https://evil.example/' }), { action: 'deny' });
    assert.deepEqual(webContents.openHandler!({ url: 'https://arxiv.org/abs/1' }), { action: 'deny' });
    assert.deepEqual(electron.opened, ['https://arxiv.org/abs/1']);
    const { request, permission } = electron.session;
    assert.equal(request!({ url: 'https://example.org/' }), false);
    assert.equal(request!({ url: 'app://masquerade/index.html' }), true);
    assert.equal(permission!(null, 'media', 'app://masquerade/'), false);
    assert.equal(permission!(null, 'fullscreen', 'app://masquerade/'), true);
    assert.ok(electron.did.includes('spelling off'));
    const log = await readFile(join(folder, 'masquerade-window.log'), 'utf8');
    assert.match(log, /refused to go to https:\/\/example\.org\//);
  });

  it('asks for the passphrase where there is one, until it is the right one', async () => {
    const store = await openStore({ folder, secret: { kind: 'passphrase', passphrase: 'right one' } });
    store.close();
    const electron = await start();
    const window = await mainWindow(electron);
    const { call } = await connect(electron, window);
    const unlock = await until(() => electron.windows[1], 'there is a window for the passphrase');
    assert.equal(unlock.webContents.url, 'app://masquerade/shell/unlock');
    assert.match(
      await (await electron.serve!(new Request(unlock.webContents.url))).text(),
      /Your passphrase/,
    );
    const submit = (passphrase: unknown, senderFrame: unknown = unlock.webContents.frame) =>
      electron.invoked.get('masquerade:unlock')!({ sender: unlock.webContents, senderFrame }, passphrase);
    assert.equal(await submit('wrong'), 'That is not the passphrase.');
    // nobody else can try one
    assert.equal(await submit('right one', { ...unlock.webContents.frame, url: 'app://masquerade/' }), null);
    assert.equal(await submit(7), null);
    assert.equal(unlock.isGone, false);
    assert.equal(await submit('right one'), null);
    assert.ok(unlock.isGone);
    assert.equal((await call('about', {})).protection, 'passphrase');
  });

  it('says why a folder cannot be opened, then ends', async () => {
    const store = await openStore({ folder, secret: { kind: 'wrapping-key' } });
    const electron = await start();
    const shown = await until(() => electron.dialogs[0], 'there is a dialog');
    store.close();
    assert.equal(shown.message, 'Masquerade cannot start.');
    assert.match(shown.detail, /^Another Masquerade uses /);
    await until(() => electron.did.includes('quit'), 'it has ended');
  });

  it('closes in good order: the host is told, the window’s place is kept, the folder is free', async () => {
    const electron = await start();
    const window = await mainWindow(electron);
    const { call } = await connect(electron, window);
    await call('about', {});
    assert.equal(window.close(), false);
    await until(() => electron.did.includes('quit'), 'it has ended');
    assert.deepEqual(electron.dialogs, []);
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'window/window.json'), 'utf8')), {
      bounds: { x: 10, y: 30, width: 1000, height: 700 },
      maximised: false,
      fullScreen: false,
    });
    assert.ok(window.close());
    (await openStore({ folder, secret: { kind: 'operating-system', key: await storedKey(folder) } })).close();
  });

  it('starts the host again when it has ended by itself', async () => {
    const electron = await start();
    const window = await mainWindow(electron);
    await (await connect(electron, window)).call('about', {});
    await electron.threads[0]!.thread.terminate();
    const shown = await until(() => electron.dialogs[0], 'there is a dialog');
    assert.match(shown.message, /services have stopped/);
    await until(() => window.webContents.reloads === 1, 'the page is loaded again');
    const { call } = await connect(electron, window);
    assert.equal((await call('about', {})).version, '9.9.9');
    assert.equal(electron.threads.length, 2);
  });

  it('asks whether to reload a page that has crashed', async () => {
    const electron = await start();
    const { webContents } = await mainWindow(electron);
    webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
    await until(() => webContents.reloads === 1, 'it is loaded again');
    assert.equal(electron.dialogs.length, 1);
  });

  it('leaves at once where another window of this data folder is open', async () => {
    const electron = await start([], { isFirst: false });
    assert.deepEqual(electron.did, ['sandbox', 'scheme app', 'lock', 'quit']);
  });
});

/** As the stand-in for safeStorage seals it. */
async function storedKey(folder: string): Promise<Uint8Array> {
  const sealed = await readFile(join(folder, 'system.key'));
  return Buffer.from(Buffer.from(sealed).reverse().toString(), 'hex');
}
