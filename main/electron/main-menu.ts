/** Puts the menu in place, and carries out what Electron itself can do of it. */
import { join } from 'node:path';
import process from 'node:process';
import { app, Menu, type NavigationHistory, shell } from 'electron';
import type { Texts } from '../../renderer/messages/translate.ts';
import { menuTemplate } from './menu.ts';
import { places } from './places.ts';

export function setMenu(
  t: Texts['t'],
  parts: {
    readonly go: (to: string) => void;
    readonly history: () => NavigationHistory | undefined;
    readonly showLog: () => void;
  },
): void {
  app.setAboutPanelOptions({
    applicationName: 'Masquerade',
    applicationVersion: app.getVersion(),
    copyright: t('desktop.about'),
  });
  const template = menuTemplate(t, process.platform, !app.isPackaged, {
    go: parts.go,
    back: () => parts.history()?.goBack(),
    forward: () => parts.history()?.goForward(),
    about: () => {
      app.showAboutPanel();
    },
    showLog: parts.showLog,
    showLicences: () => void shell.openPath(licences()),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** Beside the application in a package, where other programs can read it. */
function licences(): string {
  const name = 'third-party-licences.txt';
  return app.isPackaged ? join(process.resourcesPath, name) : places.inside(name);
}
