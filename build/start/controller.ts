/** The controller as a child of `npm start`. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { MEMORY_ENV } from '../setup/app.mjs';
import { ROOT } from '../setup/runtime.mjs';
import { NODE_FLAGS } from './node-flags.ts';

const GRACE_MS = 2_000;
const PAGE_LINE = /^Genkan: (http:\/\/\S+)$/;

export interface Controller {
  /** Calls `show` once with the page's address, as soon as the controller names it. */
  onPage(show: (url: string) => void): void;
  /** What it says to the shell: its file descriptor 3. */
  readonly shellPipe: Readable;
  /** Asks it to end, and ends it after 2 s. */
  stop(): void;
  /** Its exit status. */
  readonly ended: Promise<number>;
}

/**
 * Starts the bundled development program with `config`. Its one line about the page goes to our standard output, all
 * else to standard error. It holds the other end of a pipe as its standard input, and ends when that ends: with us.
 */
export function runController(config: string): Controller {
  const program = join(ROOT, 'dist', 'app', 'develop.js');
  const args = [...NODE_FLAGS, program, 'start', '--config', config, '--with-parent'];
  const env = { ...MEMORY_ENV, ...process.env };
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit', 'pipe'] });
  const { stdin, stdout } = child;
  const shellPipe = child.stdio[3];
  if (stdin === null || stdout === null || !(shellPipe instanceof Readable)) throw new Error('spawn made no pipes');
  let show: (url: string) => void = () => {};
  let isPageKnown = false;

  createInterface({ input: stdout }).on('line', (line) => {
    const url = PAGE_LINE.exec(line)?.[1];
    if (url === undefined || isPageKnown) return process.stderr.write(`${line}\n`);
    isPageKnown = true;
    process.stdout.write(`${line}\n`);
    return show(url);
  });
  // It may be gone before it has read anything.
  stdin.on('error', () => {});

  return {
    shellPipe,
    onPage: (listener) => {
      show = listener;
    },
    stop: () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    },
    ended: new Promise((resolve) => {
      child.on('error', (error) => {
        process.stderr.write(`Genkan: the controller cannot be started: ${error.message}\n`);
        resolve(1);
      });
      child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    }),
  };
}
