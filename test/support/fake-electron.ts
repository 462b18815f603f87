/**
 * Electron's main process, stood in for: what main's bundle requires of it, recorded and moved by a test. Its utility
 * processes are worker threads, its ports those of worker threads; its windows show nothing. It checks nothing of Electron
 * itself: only that main says the right things to it, in the right order.
 */
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import vm from 'node:vm';
import type { MessagePort, Worker } from 'node:worker_threads';
import { openChannel, postWithPorts, startUtilityThread } from './electron-ports.ts';

interface Frame {
  readonly url: string;
  readonly parent: Frame | null;
  postMessage(channel: string, message: unknown, ports: readonly MessagePort[]): void;
}

export interface DialogShown {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

export class FakeContents extends EventEmitter {
  /** What the page was sent, with ports. */
  readonly received: { readonly channel: string; readonly ports: readonly MessagePort[] }[] = [];
  readonly navigationHistory = { goBack: () => undefined, goForward: () => undefined };
  openHandler: ((details: { readonly url: string }) => { readonly action: string }) | undefined;
  url = '';
  reloads = 0;

  get frame(): Frame {
    return {
      url: this.url,
      parent: null,
      postMessage: (channel, _message, ports) => void this.received.push({ channel, ports }),
    };
  }
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: string }): void {
    this.openHandler = handler;
  }
  setBackgroundThrottling(): void {}
  forcefullyCrashRenderer(): void {}
  reload(): void {
    this.reloads += 1;
  }
  printToPDF(): Promise<Buffer> {
    return Promise.resolve(Buffer.from('%PDF-'));
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: Readonly<Record<string, unknown>>;
  isShown = false;
  isGone = false;

  constructor(options: Readonly<Record<string, unknown>>) {
    super();
    this.options = options;
  }
  loadURL(url: string): Promise<void> {
    this.webContents.url = url;
    queueMicrotask(() => this.emit('ready-to-show'));
    return Promise.resolve();
  }
  show(): void {
    this.isShown = true;
  }
  hide(): void {
    this.isShown = false;
  }
  focus(): void {}
  restore(): void {}
  maximize(): void {}
  setFullScreen(): void {}
  isMinimized(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return false;
  }
  isFullScreen(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  getNormalBounds(): object {
    return { x: 10, y: 30, width: 1000, height: 700 };
  }
  getBackgroundColor(): string {
    return '#ffffff';
  }
  destroy(): void {
    this.isGone = true;
    this.emit('closed');
  }
  /** As a person closes it. */
  close(): boolean {
    const isLeft = !isPrevented(this, 'close');
    if (isLeft) this.destroy();
    return isLeft;
  }
}

/** Whether who listens keeps an event from having its usual effect. */
function isPrevented(emitter: EventEmitter, event: string): boolean {
  const prevented: string[] = [];
  emitter.emit(event, { preventDefault: () => prevented.push(event) });
  return prevented.length > 0;
}

export interface FakeElectronOptions {
  readonly locale?: string;
  /** No other one of this data folder runs. */
  readonly isFirst?: boolean;
}

type Answer = (dialog: DialogShown) => number;

export class FakeElectron {
  readonly app = new EventEmitter();
  readonly windows: FakeWindow[] = [];
  readonly threads: { readonly name: string; readonly thread: Worker }[] = [];
  readonly dialogs: DialogShown[] = [];
  /** What main did to Electron, in order. */
  readonly did: string[] = [];
  readonly paths = new Map<string, string>();
  readonly ipcMain = Object.assign(new EventEmitter(), {
    handle: (channel: string, handler: (event: unknown, ...args: readonly unknown[]) => unknown) => {
      this.invoked.set(channel, handler);
    },
  });
  readonly invoked = new Map<string, (event: unknown, ...args: readonly unknown[]) => unknown>();
  readonly session = Object.assign(new EventEmitter(), {
    permission: undefined as ((...args: readonly unknown[]) => boolean) | undefined,
    request: undefined as ((details: { readonly url: string }) => boolean) | undefined,
  });
  readonly nativeTheme = { themeSource: 'system', shouldUseDarkColors: false };
  readonly powerMonitor = new EventEmitter();
  menu: readonly { readonly label?: string }[] = [];
  opened: string[] = [];
  serve: ((request: Request) => Promise<Response>) | undefined;
  answer: Answer = () => 0;
  readonly #module: object;

  constructor({ locale = 'en-GB', isFirst = true }: FakeElectronOptions = {}) {
    const { did, windows, threads, dialogs, app, session } = this;
    const note = (what: string): void => void did.push(what);
    Object.assign(app, {
      isPackaged: false,
      enableSandbox: () => note('sandbox'),
      setPath: (name: string, path: string) => void this.paths.set(name, path),
      getPath: () => '/nowhere',
      requestSingleInstanceLock: () => {
        note('lock');
        return isFirst;
      },
      whenReady: () => {
        note('ready');
        return Promise.resolve();
      },
      quit: () => {
        if (!isPrevented(app, 'before-quit')) note('quit');
      },
      exit: (code: number) => note(`exit ${code}`),
      getVersion: () => '9.9.9',
      getLocale: () => locale,
      setAboutPanelOptions: () => undefined,
      showAboutPanel: () => note('about'),
    });
    class BrowserWindow extends FakeWindow {
      constructor(options: Readonly<Record<string, unknown>>) {
        super(options);
        windows.push(this);
        app.emit('web-contents-created', {}, this.webContents);
      }
    }
    class MessageChannelMain {
      readonly port1: MessagePort;
      readonly port2: MessagePort;
      constructor() {
        const { port1, port2 } = openChannel();
        this.port1 = port1;
        this.port2 = port2;
      }
    }
    this.#module = {
      app,
      BrowserWindow,
      MessageChannelMain,
      ipcMain: this.ipcMain,
      nativeTheme: this.nativeTheme,
      powerMonitor: this.powerMonitor,
      powerSaveBlocker: {
        start: (kind: string) => {
          note(`keep awake: ${kind}`);
          return 1;
        },
        stop: () => note('may sleep'),
      },
      protocol: {
        registerSchemesAsPrivileged: (schemes: readonly { readonly scheme: string }[]) =>
          note(`scheme ${schemes.map(({ scheme }) => scheme).join()}`),
        handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => {
          this.serve = handler;
        },
      },
      session: {
        defaultSession: Object.assign(session, {
          setPermissionRequestHandler: () => undefined,
          setPermissionCheckHandler: (handler: (...args: readonly unknown[]) => boolean) => {
            session.permission = handler;
          },
          setDevicePermissionHandler: () => undefined,
          setSpellCheckerEnabled: (isOn: boolean) => note(`spelling ${isOn ? 'on' : 'off'}`),
          webRequest: {
            onBeforeRequest: (
              handler: (details: object, answer: (given: { readonly cancel: boolean }) => void) => void,
            ) => {
              session.request = (details) => {
                let isCancelled = false;
                handler(details, ({ cancel }) => (isCancelled = cancel));
                return !isCancelled;
              };
            },
          },
        }),
      },
      shell: {
        openExternal: (url: string) => void this.opened.push(url),
        openPath: (path: string) => void this.opened.push(path),
        showItemInFolder: (path: string) => void this.opened.push(path),
      },
      dialog: {
        showErrorBox: (title: string, text: string) => note(`error ${title}: ${text}`),
        showMessageBox: (...args: readonly unknown[]) => {
          const shown = args.at(-1) as DialogShown;
          dialogs.push(shown);
          return Promise.resolve({ response: this.answer(shown) });
        },
      },
      Menu: {
        buildFromTemplate: (template: readonly { readonly label?: string }[]) => template,
        setApplicationMenu: (menu: readonly { readonly label?: string }[]) => {
          this.menu = menu;
        },
      },
      safeStorage: {
        isAsyncEncryptionAvailable: () => Promise.resolve(true),
        getSelectedStorageBackend: () => 'gnome_libsecret',
        encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(text).reverse()),
        decryptStringAsync: (sealed: Buffer) =>
          Promise.resolve({ result: Buffer.from(sealed).reverse().toString(), shouldReEncrypt: false }),
      },
      screen: {
        getPrimaryDisplay: () => ({ id: 1, workArea: { x: 0, y: 0, width: 1440, height: 900 } }),
        getAllDisplays: () => [{ id: 1, workArea: { x: 0, y: 0, width: 1440, height: 900 } }],
      },
      utilityProcess: {
        fork: (path: string, _args: readonly string[], { serviceName }: { readonly serviceName: string }) => {
          const thread = startUtilityThread(path);
          threads.push({ name: serviceName, thread });
          return Object.assign(new EventEmitter(), {
            pid: undefined,
            postMessage: (message: unknown, ports: readonly MessagePort[] = []) => {
              postWithPorts(thread, message, ports);
            },
            kill: () => void thread.terminate(),
            on(event: string, listener: (...args: unknown[]) => void) {
              thread.on(event === 'spawn' ? 'online' : event, listener);
            },
          });
        },
      },
    };
  }

  /** Runs a bundle of main's as Electron would, started with these arguments. */
  async run(bundle: string, args: readonly string[]): Promise<void> {
    const inBundle = createRequire(bundle);
    const require = (name: string): unknown => (name === 'electron' ? this.#module : inBundle(name));
    const source = await readFile(bundle, 'utf8');
    const run = vm.compileFunction(source, ['require', 'exports', 'module', '__filename'], {
      filename: bundle,
    }) as (require: unknown, exports: object, module: object, filename: string) => void;
    const { argv } = process;
    process.argv = ['electron', 'application', ...args];
    try {
      run(require, {}, { exports: {} }, bundle);
    } finally {
      process.argv = argv;
    }
  }

  /** As a person ends it: a thread that is ended while it starts leaves a port behind. */
  async end(): Promise<void> {
    this.answer = ({ buttons }) => (buttons.length > 1 ? 1 : 0);
    const [window] = this.windows;
    if (window !== undefined && !this.did.includes('quit')) {
      window.close();
      while (!this.did.includes('quit')) await wait(20);
    }
    for (const { webContents } of this.windows)
      for (const port of webContents.received.flatMap(({ ports }) => ports)) port.close();
    await Promise.all(this.threads.map(({ thread }) => thread.terminate()));
  }
}
