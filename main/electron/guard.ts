/** Puts the decisions of security.ts in place: for every page that is ever made, and for their session. */
import { basename, join } from 'node:path';
import { app, type Session, session, shell, type WebContents } from 'electron';
import { externalLink, isLoadable, isOwnFile, isPermitted, isReload } from './security.ts';

/** Before the first window is made. */
export function guardPages(tools: boolean, log: (text: string) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    guardPage(contents, log);
  });
  guardSession(session.defaultSession, tools, log);
}

function guardPage(contents: WebContents, log: (text: string) => void): void {
  // also of frames within; what the interface changes after the # is no navigation
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame && isReload(contents.getURL(), event.url)) return;
    log(`refused to go to ${shown(event.url)}`);
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    log(`refused to be sent to ${shown(event.url)}`);
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    const link = externalLink(url);
    if (link === undefined) log(`refused to open ${shown(url)}`);
    else void shell.openExternal(link);
    return { action: 'deny' };
  });
}

function guardSession(pages: Session, tools: boolean, log: (text: string) => void): void {
  pages.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    answer(isPermitted(permission, requestingUrl));
  });
  pages.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isPermitted(permission, requestingOrigin),
  );
  pages.setDevicePermissionHandler(() => false);
  // what the interface itself made, into a place that the person chooses
  pages.on('will-download', (event, item) => {
    if (isOwnFile(item.getURL()))
      item.setSaveDialogOptions({
        defaultPath: join(app.getPath('downloads'), basename(item.getFilename())),
      });
    else event.preventDefault();
  });
  // dictionaries would come from a network
  pages.setSpellCheckerEnabled(false);
  pages.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !isLoadable(url, tools);
    if (cancel) log(`refused to load ${shown(url)}`);
    answer({ cancel });
  });
}

/** Without what may be private in it. */
function shown(address: string): string {
  return address.replace(/[?#].*$/s, '').slice(0, 200);
}
