/** The shell's process: the one place that knows Electron, the machine and the command line. */
import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { app, BrowserWindow, ipcMain, Menu, session } from 'electron';
import { SystemClock } from '../../device/clock/system.ts';
import { startShell } from './shell.ts';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A bug ends the process, so that systemd starts a sound one. Electron would show a dialog and go on. */
function fail(error: unknown): void {
  say(`Shell: ended by a bug: ${error instanceof Error ? error.stack : 'no error was thrown'}`);
  process.exit(1);
}

/** Standard input where somebody holds its other end; not a terminal, a file or nothing. */
function inheritedPipe(): Readable | null {
  const input = fstatSync(0);
  return input.isFIFO() || input.isSocket() ? process.stdin : null;
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

startShell(
  { app, BrowserWindow, ipcMain, Menu, session },
  {
    clock: new SystemClock(),
    pipe: inheritedPipe(),
    say,
    exit: (code) => process.exit(code),
    backlightDir: '/sys/class/backlight',
  },
).catch(fail);
