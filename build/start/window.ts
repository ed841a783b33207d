/** The page in a window of its own, where there is a screen and Electron. Without one the page is there all the same. */
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ROOT } from '../setup/runtime.mjs';
import { electronBinary, fetchElectron, startShell } from '../shell/start.mjs';
import { ensureBuilt } from './built.ts';

export interface Window {
  readonly url: string;
  /** What the controller says to the shell. */
  readonly pipe: Readable;
  /** Somebody asked for the window: Electron may be fetched. */
  readonly isAsked: boolean;
}

/** Shows the window, which then ends with this process, or says in one line why not. */
export async function showWindow(window: Window): Promise<void> {
  const line = await tryWindow(window).catch((error: unknown) => `Shell not started: ${error}`);
  if (line !== null) process.stderr.write(`${line}\n`);
}

async function tryWindow({ url, pipe, isAsked }: Window): Promise<string | null> {
  if (isAsked && electronBinary(ROOT) === null) {
    process.stderr.write('Genkan: fetching Electron …\n');
    const failed = await fetchElectron({ node: process.execPath, root: ROOT });
    if (failed !== null) return failed;
  }
  if (electronBinary(ROOT) !== null) {
    await ensureBuilt({ name: 'shell', said: 'bundling the shell', sources: SHELL_SOURCES, build: bundleShell });
  }
  const shell = startShell({ url, pipe, root: ROOT });
  if (!shell.started) return shell.line;
  process.once('exit', () => shell.child.kill());
  return null;
}

const SHELL_SOURCES = ['main/shell', 'main/core', 'device/clock', 'build/shell/bundle.ts'];

async function bundleShell(): Promise<void> {
  const shell = await import('../shell/bundle.ts');
  await shell.bundleShell(join(ROOT, 'dist', 'shell'));
}
