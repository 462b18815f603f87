/** The window: where it stood last, in the colours of the interface, its page without anything of Node's. */
import { BrowserWindow, screen } from 'electron';
import { places } from './places.ts';
import { saneState, saveState, SMALLEST, type WindowState } from './window-state.ts';

/** A move or a change of size is kept once it has rested so long, ms. */
const restMs = 500;

const page = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
  webviewTag: false,
  spellcheck: false,
} as const;

export interface MainWindow {
  readonly window: BrowserWindow;
  /** Keeps where it stands now. */
  keepState(): Promise<void>;
}

export function openMainWindow(saved: unknown, stateFile: string, backgroundColor: string): MainWindow {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const { bounds, maximised, fullScreen } = saneState(
    saved,
    [primary, ...others].map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Masquerade',
    icon: places.icon,
    backgroundColor,
    webPreferences: { ...page, preload: places.preload },
  });
  window.once('ready-to-show', () => {
    if (maximised) window.maximize();
    if (fullScreen) window.setFullScreen(true);
    window.show();
  });
  // a session goes on in a hidden window, and so must its pictures
  window.webContents.setBackgroundThrottling(false);
  return { window, keepState: rememberState(window, stateFile) };
}

export function openUnlockWindow(parent: BrowserWindow): BrowserWindow {
  return new BrowserWindow({
    parent,
    modal: true,
    width: 480,
    height: 360,
    useContentSize: true,
    resizable: false,
    minimizable: false,
    maximizable: false,
    title: 'Masquerade',
    icon: places.icon,
    backgroundColor: parent.getBackgroundColor(),
    webPreferences: { ...page, preload: places.unlockPreload },
  });
}

function rememberState(window: BrowserWindow, file: string): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const keep = async (): Promise<void> => {
    clearTimeout(timer);
    if (!window.isDestroyed() && !window.isMinimized()) await saveState(file, stateOf(window));
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void keep(), restMs);
  };
  window.on('resize', later);
  window.on('move', later);
  window.once('closed', () => clearTimeout(timer));
  return keep;
}

function stateOf(window: BrowserWindow): WindowState {
  return {
    // as it is without being maximised
    bounds: window.getNormalBounds(),
    maximised: window.isMaximized(),
    fullScreen: window.isFullScreen(),
  };
}
