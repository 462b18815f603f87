/** What can go wrong with a page while everything else runs on: it crashes, or does not answer. A person decides. */
import { type BrowserWindow, dialog } from 'electron';
import type { Texts } from '../../renderer/messages/translate.ts';

export interface MishapParts {
  readonly t: () => Texts['t'];
  readonly logFile: string;
  readonly log: (text: string) => void;
  readonly quit: () => void;
}

export function watchPage(window: BrowserWindow, { t, logFile, log, quit }: MishapParts): void {
  const { webContents } = window;
  let asking = new AbortController();
  let isEnding = false;

  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log(`the page has crashed: ${reason}, exit code ${exitCode}`);
    asking.abort();
    if (isEnding) {
      isEnding = false;
      webContents.reload();
      return;
    }
    void ask(window, {
      message: t()('desktop.crashed'),
      detail: t()('desktop.crashed.detail', { file: logFile }),
      labels: [t()('desktop.reload'), t()('desktop.quit')],
      closed: 0,
    }).then((chosen) => {
      if (chosen === 0) webContents.reload();
      else quit();
    });
  });

  window.on('unresponsive', () => {
    log('the page does not answer');
    asking = new AbortController();
    void ask(window, {
      message: t()('desktop.unresponsive'),
      detail: t()('desktop.unresponsive.detail'),
      labels: [t()('desktop.wait'), t()('desktop.reload')],
      closed: 0,
      signal: asking.signal,
    }).then((chosen) => {
      if (chosen !== 1) return;
      // a page that does not answer cannot be reloaded in place
      isEnding = true;
      webContents.forcefullyCrashRenderer();
    });
  });
  window.on('responsive', () => {
    asking.abort();
  });

  webContents.on('preload-error', (_event, path, error) => {
    log(`the preload ${path} failed: ${error.stack ?? error.message}`);
  });
  webContents.on('did-fail-load', (_event, code, description, url) => {
    log(`cannot load ${url}: ${description} (${code})`);
  });
}

/** Resolves with the number of the label; `closed` where the dialog was closed without one. */
export async function ask(
  window: BrowserWindow | undefined,
  question: {
    readonly message: string;
    readonly detail: string;
    readonly labels: readonly string[];
    readonly closed: number;
    readonly signal?: AbortSignal;
    readonly type?: 'question' | 'warning' | 'error';
  },
): Promise<number> {
  const { message, detail, labels, closed, signal, type = 'warning' } = question;
  const options = {
    type,
    message,
    detail,
    buttons: [...labels],
    defaultId: 0,
    cancelId: closed,
    noLink: true,
    ...(signal === undefined ? {} : { signal }),
  };
  const { response } = await (window === undefined || window.isDestroyed()
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  return response;
}
