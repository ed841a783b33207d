/** Where contents may go: the controller's pages in the main frame. No other page, frame, window, webview or menu. */
import { type Address, isOwn } from './address.ts';
import type { ShellContents } from './electron.ts';
import type { Say } from './say.ts';

/** Applies to any contents, also to such as nobody expects: it is called for each one that comes into being. */
export function limitNavigation(contents: ShellContents, address: Address, say: Say): void {
  const stay = (attempt: { url: string; isMainFrame: boolean; preventDefault: () => void }): void => {
    if (attempt.isMainFrame && isOwn(address, attempt.url)) return;
    attempt.preventDefault();
    say('Shell: the page tried to leave the controller; refused');
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('context-menu', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => {
    say('Shell: the page tried to open a window; refused');
    return { action: 'deny' };
  });
}
