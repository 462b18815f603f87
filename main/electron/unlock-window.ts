/** Asks for the passphrase in a small window over the main one, as often as it takes. */
import { type BrowserWindow, ipcMain } from 'electron';
import type { Language } from '../../renderer/messages/formats.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import { UNLOCK_CHANNEL } from './channels.ts';
import { isInterfaceFrame } from './security.ts';
import { UNLOCK_PAGE } from './unlock-page.ts';
import { openUnlockWindow } from './window.ts';

/** As the contract has it for a passphrase. */
const longestPassphrase = 1_024;

export interface UnlockParts {
  readonly language: () => Language;
  /** Tries a passphrase; opened() or ask() comes of it. */
  readonly submit: (passphrase: string) => void;
  /** The window was closed without one. */
  readonly givenUp: () => void;
}

export class UnlockWindow {
  readonly #parts: UnlockParts;
  #window: BrowserWindow | undefined;
  /** Answers the page. */
  #answer: ((problem: string | null) => void) | undefined;

  constructor(parts: UnlockParts) {
    this.#parts = parts;
    ipcMain.handle(UNLOCK_CHANNEL, ({ sender, senderFrame }, passphrase: unknown) => {
      const isOurs =
        sender === this.#window?.webContents &&
        isInterfaceFrame(senderFrame) &&
        senderFrame?.url === UNLOCK_PAGE;
      if (!isOurs || typeof passphrase !== 'string' || passphrase.length > longestPassphrase) return null;
      return new Promise<string | null>((resolve) => {
        this.#answer = resolve;
        parts.submit(passphrase);
      });
    });
  }

  ask(parent: BrowserWindow, isWrong: boolean): void {
    const { t } = textsOf(this.#parts.language());
    if (this.#window !== undefined) {
      this.#answer?.(isWrong ? t('desktop.unlock.wrong') : null);
      this.#answer = undefined;
      return;
    }
    const window = openUnlockWindow(parent);
    this.#window = window;
    window.once('closed', () => {
      if (this.#window !== window) return;
      this.#window = undefined;
      this.#parts.givenUp();
    });
    void window.loadURL(UNLOCK_PAGE);
  }

  opened(): void {
    const window = this.#window;
    this.#window = undefined;
    this.#answer?.(null);
    this.#answer = undefined;
    window?.destroy();
  }
}
