/**
 * The desktop application: one window over one host in a process of its own. Main itself only passes things on, so that
 * nothing a service does ever holds up the window.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import {
  app,
  type BrowserWindow,
  ipcMain,
  type MessagePortMain,
  nativeTheme,
  powerMonitor,
  safeStorage,
  shell,
} from 'electron';
import type { ActivitySummary } from '../../core/contract/host.ts';
import type { Preferences } from '../../core/contract/results.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';
import type { LogFile } from '../files/log-file.ts';
import type { StoreSecret } from '../storage/store.ts';
import { Awake } from './awake.ts';
import { HOST_CHANNEL } from './channels.ts';
import { closingQuestion } from './closing.ts';
import { chooseFolder, saveFile } from './file-dialogs.ts';
import type { ShellQuestion } from './host-channel.ts';
import { HostLink, type HostListener } from './host-link.ts';
import { setMenu } from './main-menu.ts';
import { ask, watchPage } from './mishaps.ts';
import { open } from './openings.ts';
import { paperColour } from './paper.ts';
import { places } from './places.ts';
import { Printing } from './printing.ts';
import { electronMachinery } from './processes.ts';
import { START_PAGE } from './protocol.ts';
import { refusalText } from './refusal-texts.ts';
import { isInterfaceFrame } from './security.ts';
import { openSystemKey } from './system-key.ts';
import { UnlockWindow } from './unlock-window.ts';
import { canUpdate, Updates } from './updates.ts';
import { openMainWindow } from './window.ts';
import { readSavedState } from './window-state.ts';

/** Stopping for good waits for a round's end at most so long, ms. */
const stoppingMs = 30_000;
/** Closing in good order tells the others and writes down what is finished, ms. */
const closingMs = 15_000;
/** When the system itself shuts down, ms. */
const shutdownMs = 3_000;

export interface DesktopParts {
  readonly folder: string;
  /** What Chromium keeps, and the window's place. */
  readonly windowFolder: string;
  /** Given at the start: by a file, or the environment. */
  readonly secret: StoreSecret;
  readonly log: LogFile;
  readonly logFile: string;
}

export class Desktop implements HostListener {
  readonly printing = new Printing();
  readonly #parts: DesktopParts;
  readonly #host = new HostLink<MessagePortMain>(electronMachinery, this);
  readonly #updates: Updates;
  readonly #awake = new Awake();
  readonly #unlock: UnlockWindow;
  #window: BrowserWindow | undefined;
  #keepState: () => Promise<void> = () => Promise.resolve();
  #language: Language;
  #activities: readonly ActivitySummary[] = [];
  #withoutPassphrase: StoreSecret = { kind: 'wrapping-key' };
  #secret: StoreSecret;
  /** Where to go once there is a host to say it to. */
  #place: string | undefined;
  #leaving: 'no' | 'asking' | 'yes' = 'no';

  constructor(parts: DesktopParts) {
    this.#parts = parts;
    this.#secret = parts.secret;
    this.#language = systemLanguage();
    this.#unlock = new UnlockWindow({
      language: () => this.#language,
      submit: (passphrase) => {
        this.#secret = { kind: 'passphrase', passphrase };
        this.#openHost();
      },
      givenUp: () => {
        void this.#end(0);
      },
    });
    this.#updates = new Updates({
      load: async () => (await import('electron-updater')).autoUpdater,
      offer: (version) => this.#offerUpdate(version),
      log: parts.log.line,
    });
  }

  get language(): Language {
    return this.#language;
  }

  /** After Electron is ready. */
  async start(): Promise<void> {
    if (!existsSync(join(places.interface, 'index.html'))) return this.#sayIncomplete();
    this.#host.start();
    this.#setMenu();
    ipcMain.on(HOST_CHANNEL, ({ senderFrame, sender }) => {
      if (sender !== this.#window?.webContents || !isInterfaceFrame(senderFrame)) return;
      senderFrame?.postMessage(HOST_CHANNEL, null, [this.#host.connectWindow()]);
    });
    powerMonitor.on('suspend', () => {
      this.#host.note('the machine goes to sleep');
    });
    powerMonitor.on('resume', () => {
      this.#host.note('the machine wakes up');
    });
    powerMonitor.on('shutdown', () => {
      void this.#end(shutdownMs);
    });
    const saved = readSavedState(this.#stateFile);
    const systemKey = openSystemKey({
      folder: this.#parts.folder,
      vault: safeStorage,
      platform: process.platform,
    });
    this.#openWindow(await saved);
    const key = await systemKey;
    if (key !== undefined) {
      this.#withoutPassphrase = { kind: 'operating-system', key };
      if (this.#secret.kind === 'wrapping-key') this.#secret = this.#withoutPassphrase;
    }
    this.#openHost();
  }

  /** A link or a file that the system wants opened; and the window forward. */
  async open(openings: readonly string[]): Promise<void> {
    this.show();
    for (const opening of openings) {
      const opened = await open(opening);
      if ('to' in opened) this.#go(opened.to);
      else await this.#say('desktop.link-refused', opened.refused);
    }
  }

  show(): void {
    const window = this.#window;
    if (window === undefined || window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Asks where something goes on; then ends everything in good order. */
  async leave(): Promise<void> {
    if (this.#leaving !== 'no') return;
    this.#leaving = 'asking';
    const question = closingQuestion(this.#activities, this.#t);
    if (question !== undefined) {
      const { message, detail, answers } = question;
      const chosen = await ask(this.#window, {
        type: 'question',
        message,
        detail,
        labels: answers.map(({ label }) => label),
        closed: answers.length - 1,
      });
      const answer = answers[chosen]?.answer ?? 'stay';
      if (answer === 'stay') {
        this.#leaving = 'no';
        return;
      }
      if (answer === 'stop') await this.#host.stopActivities(stoppingMs);
    }
    await this.#end(closingMs);
  }

  get hasLeft(): boolean {
    return this.#leaving === 'yes';
  }

  // what the host tells

  opened(preferences: Preferences): void {
    this.#unlock.opened();
    this.preferences(preferences);
    if (this.#place !== undefined) this.#host.go(this.#place);
    this.#place = undefined;
  }

  refused(code: string, message: string): void {
    if (code === 'passphrase-needed' || code === 'passphrase-wrong') {
      if (this.#window !== undefined) this.#unlock.ask(this.#window, code === 'passphrase-wrong');
      return;
    }
    this.#parts.log.line(`cannot open the data folder: ${message}`);
    void this.#sayWhyNot(code);
  }

  preferences({ language, theme, updates }: Preferences): void {
    nativeTheme.themeSource = theme;
    const spoken = language === 'system' ? systemLanguage() : language;
    if (spoken !== this.#language) {
      this.#language = spoken;
      this.#setMenu();
    }
    if (this.#canUpdate) void this.#updates.setOn(updates);
  }

  activities(activities: readonly ActivitySummary[]): void {
    this.#activities = activities;
    this.#awake.keep(activities.some(({ stage }) => stage !== 'ended'));
  }

  async asked(question: ShellQuestion): Promise<unknown> {
    const window = this.#window;
    if (window === undefined) throw new Error('cannot do this, as there is no window');
    switch (question.what) {
      case 'choose-folder':
        return chooseFolder(window, this.#t);
      case 'print-to-pdf':
        return this.printing.print(question.html);
      case 'save-file':
        return saveFile(window, question.file, this.#t);
    }
  }

  gone(code: number): void {
    this.#parts.log.line(`the host has ended by itself: exit code ${code}`);
    this.activities([]);
    void ask(this.#window, {
      type: 'error',
      message: this.#t('desktop.host-gone'),
      detail: this.#t('desktop.host-gone.detail', { file: this.#parts.logFile }),
      labels: [this.#t('desktop.start-again'), this.#t('desktop.quit')],
      closed: 0,
    }).then((chosen) => {
      if (chosen !== 0) return this.#end(0);
      this.#openHost();
      // it asks for a port to the new host
      this.#window?.webContents.reload();
      return undefined;
    });
  }

  get #t(): Texts['t'] {
    return textsOf(this.#language).t;
  }

  get #stateFile(): string {
    return join(this.#parts.windowFolder, 'window.json');
  }

  get #canUpdate(): boolean {
    return canUpdate(app.isPackaged, process.resourcesPath);
  }

  #openWindow(saved: unknown): void {
    const { log, logFile } = this.#parts;
    const paper = paperColour(readFileSync(places.tokens, 'utf8'), nativeTheme.shouldUseDarkColors);
    const { window, keepState } = openMainWindow(saved, this.#stateFile, paper);
    this.#window = window;
    this.#keepState = keepState;
    watchPage(window, {
      t: () => this.#t,
      logFile,
      log: log.line,
      quit: () => void this.leave(),
    });
    window.on('close', (event) => {
      if (this.hasLeft) return;
      event.preventDefault();
      void this.leave();
    });
    // Windows is shutting down
    window.on('session-end', () => void this.#end(shutdownMs));
    void window.loadURL(START_PAGE);
  }

  #openHost(): void {
    this.#host.open({
      folder: this.#parts.folder,
      secret: this.#secret,
      withoutPassphrase: this.#withoutPassphrase,
      version: app.getVersion(),
      language: systemLanguage(),
      update: this.#canUpdate,
    });
  }

  #setMenu(): void {
    setMenu(this.#t, {
      go: (to) => {
        this.#go(to);
        this.show();
      },
      history: () => this.#window?.webContents.navigationHistory,
      showLog: () => {
        shell.showItemInFolder(this.#parts.logFile);
      },
    });
  }

  #go(to: string): void {
    if (this.#host.isRunning) this.#host.go(to);
    else this.#place = to;
  }

  async #say(key: 'desktop.link-refused', detail: string): Promise<void> {
    const t = this.#t;
    await ask(this.#window, { message: t(key), detail, labels: [t('desktop.ok')], closed: 0 });
  }

  async #sayWhyNot(code: string): Promise<void> {
    const { folder, logFile } = this.#parts;
    const chosen = await ask(this.#window, {
      type: 'error',
      message: this.#t('desktop.refused'),
      detail: refusalText(this.#t, code, { folder, log: logFile }),
      labels: [this.#t('desktop.quit'), this.#t('desktop.show-log')],
      closed: 0,
    });
    if (chosen === 1) shell.showItemInFolder(logFile);
    await this.#end(0);
  }

  async #sayIncomplete(): Promise<void> {
    await ask(undefined, {
      type: 'error',
      message: this.#t('desktop.no-interface'),
      detail: this.#t('desktop.no-interface.detail', { folder: places.interface }),
      labels: [this.#t('desktop.quit')],
      closed: 0,
    });
    await this.#end(0);
  }

  async #offerUpdate(version: string): Promise<boolean> {
    const chosen = await ask(this.#window, {
      type: 'question',
      message: this.#t('desktop.update', { version }),
      detail: this.#t('desktop.update.detail'),
      labels: [this.#t('desktop.update.fetch'), this.#t('desktop.update.later')],
      closed: 1,
    });
    return chosen === 0;
  }

  async #end(limitMs: number): Promise<void> {
    if (this.#leaving === 'yes') return;
    this.#leaving = 'yes';
    await this.#keepState();
    this.#window?.hide();
    await this.#host.close(limitMs);
    this.#awake.keep(false);
    app.quit();
  }
}

/** As the page sees it too. */
function systemLanguage(): Language {
  return /^fr\b/i.test(app.getLocale()) ? 'fr' : 'en';
}
