/** Chromium for tests, screenshots and measurements: Debian's, or the one that CHROMIUM names. */
import { statSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const path = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why there is no browser to run the interface in; undefined where there is one. */
export function chromiumMissing(): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return found ? undefined : `there is no Chromium at ${path}; set CHROMIUM to its path`;
}

/** Nothing that a browser does by itself: no traffic, no first steps. */
export function launchChromium(extra: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    args: [
      // Chromium's sandbox does not start for root
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...extra,
    ],
  });
}
