/** The one window: full screen, nothing but the page, a renderer that can do no more than a browser's. */
import type { ShellContents, ShellElectron, ShellWindow, WindowOptions } from './electron.ts';

/** In memory only (no `persist:`): the shell owns no data. */
export const PARTITION = 'genkan';

/** Every preference that bears on safety is written down, also where it is the default today. */
const WEB_PREFERENCES: NonNullable<WindowOptions['webPreferences']> = {
  partition: PARTITION,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  plugins: false,
  navigateOnDragDrop: false,
  disableDialogs: true,
  // With no menu nothing could open them; a developer uses any Chromium on the same address.
  devTools: false,
  spellcheck: false,
  backgroundThrottling: false,
  autoplayPolicy: 'no-user-gesture-required',
};

function windowOptions(preload: string): WindowOptions {
  return {
    title: 'Genkan',
    kiosk: true,
    fullscreen: true,
    frame: false,
    autoHideMenuBar: true,
    minimizable: false,
    movable: false,
    resizable: false,
    // The paper of the page, so that nothing flashes before it is there.
    backgroundColor: '#f6f2e9',
    webPreferences: { ...WEB_PREFERENCES, preload },
  };
}

/** @param mayClose asked when somebody closes the window, by keys or the window manager */
export function openWindow(electron: ShellElectron, preload: string, mayClose: () => boolean): ShellWindow {
  electron.Menu.setApplicationMenu(null);
  const window = new electron.BrowserWindow(windowOptions(preload));
  window.on('close', (event) => {
    if (!mayClose()) event.preventDefault();
  });
  const { webContents } = window;
  webContents.setIgnoreMenuShortcuts(true);
  // A new document forgets it.
  webContents.on('did-finish-load', () => keepSize(webContents));
  return window;
}

function keepSize(contents: ShellContents): void {
  contents.setZoomMode('disabled');
  // It fails when the page has gone meanwhile; the next one is kept again.
  contents.setVisualZoomLevelLimits(1, 1).catch(() => {});
}
