/** What a shell around the interface can do beyond showing it: a window can do more than a page in a browser. */
import type { About } from '../../core/contract/host.ts';
import type { TakeAway } from '../../core/contract/results.ts';

export interface Shell {
  readonly kind: About['shell'];
  /** Of the system. */
  readonly language: About['language'];
  readonly openLinks: boolean;
  readonly update: boolean;
  /** Lets a person choose a folder; null where none was chosen. */
  readonly chooseFolder?: () => Promise<string | null>;
  /** A page as PDF. */
  readonly printToPdf?: (html: string) => Promise<Uint8Array>;
  /** Lets a person choose where a file goes, and writes it; null where it goes nowhere. */
  readonly saveFile?: (file: TakeAway) => Promise<string | null>;
}

/** A page in a browser, which has its own downloads. */
export function browserShell(language: About['language']): Shell {
  return { kind: 'browser', language, openLinks: false, update: false };
}
