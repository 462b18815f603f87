/** The entry of the desktop application: what must be settled before Electron is ready, then the window. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { app, dialog, protocol } from 'electron';
import { openLogFile } from '../files/log-file.ts';
import { chosenProtection } from '../identity/protection.ts';
import { Desktop } from './desktop.ts';
import { guardPages } from './guard.ts';
import { openingsIn } from './openings.ts';
import { readOptions } from './options.ts';
import { places } from './places.ts';
import { answerRequest, SCHEME } from './protocol.ts';
import { UNLOCK_PATH, unlockPage, unlockStyle } from './unlock-page.ts';

const args = process.argv.slice(app.isPackaged ? 1 : 2);
const options = readOptions(args);
const openings = [...openingsIn(args, process.cwd())];

// before anything else: no page ever runs outside Chromium's sandbox
app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  {
    scheme: SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
]);
// Chromium's own files, and with them the lock on a second window, belong to the data folder
const windowFolder = join(options.folder, 'window');
try {
  mkdirSync(windowFolder, { recursive: true, mode: 0o700 });
  app.setPath('userData', windowFolder);
} catch {
  // the host says what is wrong with the folder, in a window
}
if (process.platform === 'win32') app.setAppUserModelId('org.masquerade.desktop');

if (app.requestSingleInstanceLock({ openings })) start();
else app.quit();

function start(): void {
  let desktop: Desktop | undefined;
  app.on('second-instance', (_event, _argv, _folder, data) => {
    void desktop?.open(openingsOf(data));
  });
  // macOS hands over links and files, also before it is ready
  const opened = (event: Electron.Event, opening: string): void => {
    event.preventDefault();
    if (desktop === undefined) openings.push(...openingsIn([opening], '/'));
    else void desktop.open(openingsIn([opening], '/'));
  };
  app.on('open-url', opened);
  app.on('open-file', opened);
  app.on('activate', () => desktop?.show());
  app.on('before-quit', (event) => {
    if (desktop === undefined || desktop.hasLeft) return;
    event.preventDefault();
    void desktop.leave();
  });
  app.on('window-all-closed', () => {
    app.quit();
  });
  void app
    .whenReady()
    .then(async () => {
      desktop = await open();
      if (openings.length > 0) await desktop.open(openings);
    })
    .catch((error: unknown) => {
      dialog.showErrorBox('Masquerade', error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
}

async function open(): Promise<Desktop> {
  const { folder, passphraseFile } = options;
  const logFile = join(folder, 'masquerade-window.log');
  const log = openLogFile(logFile);
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(fault, (error: unknown) => {
      log.line(`${fault}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
  app.on('child-process-gone', (_event, { type, reason, exitCode, name = '' }) => {
    log.line(`a process has gone: ${type} ${name} ${reason}, exit code ${exitCode}`);
  });
  guardPages(!app.isPackaged, log.line);
  const secret = await chosenProtection({ passphraseFile, environment: process.env });
  const desktop = new Desktop({ folder, windowFolder, secret, log, logFile });
  protocol.handle(SCHEME, (request) =>
    answerRequest(request, {
      folder: places.interface,
      made: (path) =>
        path === UNLOCK_PATH
          ? unlockPage(desktop.language, readFileSync(join(places.interface, 'index.html'), 'utf8'))
          : desktop.printing.pageAt(path),
      styles: (path) => (path === unlockStyle.path ? places.inside(unlockStyle.file) : undefined),
    }),
  );
  await desktop.start();
  return desktop;
}

/** Said by another Masquerade of this machine, and checked like a command line. */
function openingsOf(data: unknown): readonly string[] {
  const given = (data as { readonly openings?: unknown } | null)?.openings;
  return Array.isArray(given)
    ? openingsIn(
        given.filter((text) => typeof text === 'string'),
        '/',
      )
    : [];
}
