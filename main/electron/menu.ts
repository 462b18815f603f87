/** The window's menu, in the language of the interface, with the shortcuts that each system's people expect. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Texts } from '../../renderer/messages/translate.ts';

export interface MenuActions {
  /** To a screen of the interface. */
  go(to: string): void;
  back(): void;
  forward(): void;
  about(): void;
  showLog(): void;
  showLicences(): void;
}

type Item = MenuItemConstructorOptions;
const line: Item = { type: 'separator' };

/** tools: Chromium's developer tools are at hand, in a source tree only. */
export function menuTemplate(
  t: Texts['t'],
  platform: NodeJS.Platform,
  tools: boolean,
  actions: MenuActions,
): Item[] {
  const isMac = platform === 'darwin';
  const to = (label: string, path: string, accelerator: string): Item => ({
    label,
    accelerator,
    click: () => {
      actions.go(path);
    },
  });
  const act = (label: string, click: () => void, accelerator?: string): Item => ({
    label,
    click,
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const about = act(t('desktop.menu.about'), actions.about);
  const settings = to(t('desktop.menu.settings'), '/settings', 'CmdOrCtrl+,');
  const quit: Item = { label: t('desktop.menu.quit'), role: 'quit', accelerator: 'CmdOrCtrl+Q' };

  const application: Item = {
    label: 'Masquerade',
    submenu: [
      about,
      line,
      settings,
      line,
      { label: t('desktop.menu.services'), role: 'services' },
      line,
      { label: t('desktop.menu.hide'), role: 'hide' },
      { label: t('desktop.menu.hide-others'), role: 'hideOthers' },
      { label: t('desktop.menu.show-all'), role: 'unhide' },
      line,
      quit,
    ],
  };
  const file: Item = {
    label: t('desktop.menu.file'),
    submenu: [
      to(t('desktop.menu.coordinate'), '/coordinate', 'CmdOrCtrl+N'),
      to(t('desktop.menu.join'), '/join', 'CmdOrCtrl+J'),
      to(t('desktop.menu.simulate'), '/simulate', 'CmdOrCtrl+Shift+N'),
      line,
      ...(isMac
        ? [{ label: t('desktop.menu.close'), role: 'close' } satisfies Item]
        : [settings, line, quit]),
    ],
  };
  const edit: Item = {
    label: t('desktop.menu.edit'),
    submenu: [
      { label: t('desktop.menu.undo'), role: 'undo' },
      { label: t('desktop.menu.redo'), role: 'redo' },
      line,
      { label: t('desktop.menu.cut'), role: 'cut' },
      { label: t('desktop.menu.copy'), role: 'copy' },
      { label: t('desktop.menu.paste'), role: 'paste' },
      { label: t('desktop.menu.select-all'), role: 'selectAll' },
    ],
  };
  const view: Item = {
    label: t('desktop.menu.view'),
    submenu: [
      { label: t('desktop.menu.reload'), role: 'reload' },
      ...(tools ? [{ label: t('desktop.menu.tools'), role: 'toggleDevTools' } satisfies Item] : []),
      line,
      { label: t('desktop.menu.actual-size'), role: 'resetZoom' },
      { label: t('desktop.menu.zoom-in'), role: 'zoomIn' },
      { label: t('desktop.menu.zoom-out'), role: 'zoomOut' },
      line,
      { label: t('desktop.menu.full-screen'), role: 'togglefullscreen' },
    ],
  };
  const go: Item = {
    label: t('desktop.menu.go'),
    submenu: [
      act(t('desktop.menu.back'), actions.back, isMac ? 'Cmd+[' : 'Alt+Left'),
      act(t('desktop.menu.forward'), actions.forward, isMac ? 'Cmd+]' : 'Alt+Right'),
      line,
      to(t('desktop.menu.home'), '/', 'CmdOrCtrl+1'),
      to(t('desktop.menu.draw'), '/draw', 'CmdOrCtrl+2'),
      to(t('desktop.menu.lab'), '/lab', 'CmdOrCtrl+3'),
      to(t('desktop.menu.results'), '/results', 'CmdOrCtrl+4'),
    ],
  };
  const window: Item = {
    label: t('desktop.menu.window'),
    role: 'window',
    submenu: [
      { label: t('desktop.menu.minimise'), role: 'minimize' },
      ...(isMac
        ? [
            { label: t('desktop.menu.zoom'), role: 'zoom' } satisfies Item,
            line,
            { label: t('desktop.menu.front'), role: 'front' } satisfies Item,
          ]
        : [{ label: t('desktop.menu.close'), role: 'close' } satisfies Item]),
    ],
  };
  const help: Item = {
    label: t('desktop.menu.help'),
    role: 'help',
    submenu: [
      act(t('desktop.menu.log'), actions.showLog),
      act(t('desktop.menu.licences'), actions.showLicences),
      ...(isMac ? [] : [line, about]),
    ],
  };
  return [...(isMac ? [application] : []), file, edit, view, go, window, help];
}
