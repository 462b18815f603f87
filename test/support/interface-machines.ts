/**
 * Machines of people: each with a data folder of its own, its host as a process, and its interface in a real Chromium, or
 * the desktop application where MASQUERADE_TEST_SHELL is `electron` (`npm run test:electron`). The tests are the same.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type Browser,
  type BrowserContext,
  _electron as electron,
  type ElectronApplication,
  type Page,
} from 'playwright-core';
import { chromiumMissing, launchChromium } from '../../build/interface/chromium.ts';
import { InterfaceHost } from '../../build/interface/host-process.ts';
import { preferencesSchema } from '../../core/contract/results.ts';
import { findWindow } from '../../main/command-line/start.ts';
import { openStore } from '../../main/storage/open-store.ts';
import type { Store } from '../../main/storage/store.ts';

export const shell = process.env['MASQUERADE_TEST_SHELL'] === 'electron' ? 'electron' : 'browser';
/** Where build/electron puts the desktop application. */
const applicationFolder = fileURLToPath(new URL('../../build/out/electron', import.meta.url));

/** Of screens on which a test failed. */
const pictures = fileURLToPath(new URL('../../build/out/test-pictures', import.meta.url));

/** Why the interface cannot be tested here, told aloud; false where it can. For `describe(..., { skip })`. */
export const skip: string | false = reasonToSkip();

function reasonToSkip(): string | false {
  const reason = shell === 'electron' ? electronMissing() : (chromiumMissing() ?? false);
  if (reason !== false) process.stderr.write(`Skipped, the interface: ${reason}\n`);
  return reason;
}

function electronMissing(): string | false {
  const window = findWindow();
  return 'binary' in window ? false : window.reason;
}

export interface MachineOptions {
  readonly language?: 'en' | 'fr';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Things move at once. */
  readonly still?: boolean;
  /** Finds out by itself how fast it is; otherwise one compute process with one engine, and nothing to measure. */
  readonly measuring?: boolean;
}

/** What a person has in front of them. */
export interface Machine {
  readonly name: string;
  readonly page: Page;
  /** Errors of the page: on its console, uncaught, or of its policy. */
  readonly problems: readonly string[];
  /** `kill -9` of everything, then started anew, on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export class Room {
  readonly folder: string;
  readonly #machines = new Set<Machine>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Room> {
    return new Room(await mkdtemp(join(tmpdir(), 'masquerade-interface-')));
  }

  /** Its data folder, before or after its machine runs. */
  dataFolder(name: string): string {
    return join(this.folder, name);
  }

  stateFolder(name: string): string {
    return join(this.folder, `${name}-state`);
  }

  /** What its disk holds, before its machine runs. */
  store(name: string): Promise<Store> {
    return openStore({
      folder: this.dataFolder(name),
      stateFolder: this.stateFolder(name),
      secret: { kind: 'wrapping-key' },
    });
  }

  async machine(name: string, options: MachineOptions = {}): Promise<Machine> {
    if (options.measuring !== true) await this.#measureNothing(name);
    const machine =
      shell === 'electron'
        ? await DesktopMachine.start(this, name, options)
        : await BrowserMachine.start(this, name, options, await (browser ??= launchChromium()));
    this.#machines.add(machine);
    return machine;
  }

  /** For after(); what failed: what everybody saw then is kept as pictures. */
  async close(failed?: string): Promise<void> {
    if (failed !== undefined) await this.#keepPictures(failed);
    await Promise.allSettled([...this.#machines].map((machine) => machine.close()));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #keepPictures(failed: string): Promise<void> {
    const words = failed
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 60);
    for (const { name, page } of this.#machines)
      await page.screenshot({ path: join(pictures, `${words}-${name}.png`) }).catch(() => undefined);
    process.stderr.write(`What everybody saw: ${pictures}\n`);
  }

  /** Many machines share this one's cores. */
  async #measureNothing(name: string): Promise<void> {
    const store = await this.store(name);
    store.savePreferences(preferencesSchema.parse({ processes: 1, engine: 'compiled' }));
    store.close();
  }
}

/** One for all machines of a test file, each with a context of its own. */
let browser: Promise<Browser> | undefined;
after(async () => {
  await (await browser)?.close();
});

/** Longer than anything that a person waits for in these tests takes on a busy machine, ms. */
const patienceMs = 120_000;

function watchForProblems(page: Page, problems: string[]): void {
  page.setDefaultTimeout(patienceMs);
  page.on('console', (message) => {
    const text = message.text();
    // so a browser calls a host that was killed; the page tries again
    if (message.type() === 'error' && !text.includes('ERR_CONNECTION_REFUSED')) problems.push(text);
  });
  page.on('pageerror', (error) => {
    problems.push(error.stack ?? error.message);
  });
}

class BrowserMachine implements Machine {
  readonly name: string;
  readonly problems: string[] = [];
  readonly page: Page;
  readonly #room: Room;
  readonly #context: BrowserContext;
  #host: InterfaceHost;

  private constructor(name: string, room: Room, context: BrowserContext, page: Page, host: InterfaceHost) {
    this.name = name;
    this.page = page;
    this.#room = room;
    this.#context = context;
    this.#host = host;
    watchForProblems(page, this.problems);
  }

  static async start(
    room: Room,
    name: string,
    { language = 'en', theme = 'light', width = 1440, height = 900, still = true }: MachineOptions,
    browser: Browser,
  ): Promise<BrowserMachine> {
    const host = await InterfaceHost.start(room.folder, name);
    const context = await browser.newContext({
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
      colorScheme: theme,
      viewport: { width, height },
      reducedMotion: still ? 'reduce' : 'no-preference',
      acceptDownloads: true,
    });
    const machine = new BrowserMachine(name, room, context, await context.newPage(), host);
    await machine.#show();
    return machine;
  }

  async restart(): Promise<void> {
    await this.#host.kill();
    this.#host = await InterfaceHost.start(this.#room.folder, this.name);
    await this.#show();
  }

  async close(): Promise<void> {
    await this.#context.close();
    await this.#host.stop();
  }

  async #show(): Promise<void> {
    // a link that differs in its fragment alone would not be loaded anew
    await this.page.goto('about:blank');
    await this.page.goto(this.#host.link);
    await this.page.locator('#main').waitFor();
  }
}

class DesktopMachine implements Machine {
  readonly name: string;
  readonly problems: string[] = [];
  readonly #room: Room;
  readonly #options: MachineOptions;
  #application: ElectronApplication | undefined;
  #page: Page | undefined;

  private constructor(name: string, room: Room, options: MachineOptions) {
    this.name = name;
    this.#room = room;
    this.#options = options;
  }

  static async start(room: Room, name: string, options: MachineOptions): Promise<DesktopMachine> {
    const machine = new DesktopMachine(name, room, options);
    await machine.#launch();
    return machine;
  }

  get page(): Page {
    return this.#page!;
  }

  async restart(): Promise<void> {
    const child = this.#application?.process();
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    await ended;
    await this.#launch();
  }

  async close(): Promise<void> {
    // while something goes on the window asks; its first answer leaves
    await this.#application?.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
    });
    await this.#application?.close();
  }

  async #launch(): Promise<void> {
    const window = findWindow();
    if ('reason' in window) throw new Error(window.reason);
    const { language = 'en', theme = 'light', width = 1440, height = 900, still = true } = this.#options;
    this.#application = await electron.launch({
      executablePath: window.binary,
      args: [applicationFolder, `--lang=${language}`, '--data-dir', this.#room.dataFolder(this.name)],
      env: {
        ...(process.env as Record<string, string>),
        MASQUERADE_STATE_DIR: this.#room.stateFolder(this.name),
      },
      colorScheme: theme,
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    });
    this.#page = await this.#application.firstWindow();
    watchForProblems(this.#page, this.problems);
    await this.#page.setViewportSize({ width, height });
    await this.#page.emulateMedia({ reducedMotion: still ? 'reduce' : 'no-preference' });
    await this.#page.locator('#main').waitFor();
  }
}
