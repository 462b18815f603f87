/** A report as PDF: laid out by a window that nobody sees, without scripts, and gone afterwards. */
import { BrowserWindow } from 'electron';
import { AUTHORITY, type MadePage, SCHEME } from './protocol.ts';

const PRINT_START = '/shell/print/';
/** A report of a hundred rounds takes a second. */
const longestMs = 60_000;
/** Reports bring their style and pictures along. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'";

export class Printing {
  readonly #pages = new Map<string, string>();
  #nextPage = 1;

  /** For the protocol: a page that is being printed. */
  pageAt(path: string): MadePage | undefined {
    const html = this.#pages.get(path);
    return html === undefined ? undefined : { html, policy };
  }

  /** Rejects where it cannot be laid out. */
  async print(html: string): Promise<Uint8Array> {
    const path = `${PRINT_START}${this.#nextPage}`;
    this.#nextPage += 1;
    this.#pages.set(path, html);
    const window = new BrowserWindow({
      show: false,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
    });
    try {
      return await within(longestMs, async () => {
        await window.loadURL(`${SCHEME}://${AUTHORITY}${path}`);
        return window.webContents.printToPDF({
          pageSize: 'A4',
          preferCSSPageSize: true,
          printBackground: true,
          generateTaggedPDF: true,
          generateDocumentOutline: true,
        });
      });
    } finally {
      this.#pages.delete(path);
      window.destroy();
    }
  }
}

async function within<Result>(limitMs: number, work: () => Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`Cannot make the PDF, as it must take at most ${limitMs / 1000} s, and has not ended.`));
  }, limitMs);
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
