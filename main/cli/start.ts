import { dirname, join } from 'node:path';
import { runController } from '../controller/run.ts';
import type { Development } from '../controller/start-options.ts';
import { type Console, type ExitCode, fail } from './exit.ts';

export interface StartCommand {
  readonly configFile: string;
  readonly withParent: boolean;
  readonly entry: string;
  readonly version: string;
  readonly development: Development | null;
  readonly console: Console;
}

/** @returns the status to end with, or null: it runs */
export async function startCommand({
  console,
  development,
  entry,
  ...options
}: StartCommand): Promise<ExitCode | null> {
  const page = development === null ? 'kiosk' : 'kiosk-demo';
  const started = await runController({
    ...options,
    development,
    guardFile: guardFileOf(entry),
    paperFile: isBundle(entry) ? join(dirname(entry), 'paper.js') : join(dirname(entry), 'paper.ts'),
    rowsFile: isBundle(entry) ? join(dirname(entry), 'rows.js') : join(dirname(entry), '../controller/rows-worker.ts'),
    pageDir: join(dirname(entry), isBundle(entry) ? `../${page}` : `../../dist/${page}`),
    announce: (line) => console.out(`${line}\n`),
    exit: console.exit,
    env: process.env,
  });
  return started.ok ? null : fail(console, started.error);
}

/** The guard's program beside the one that was started. */
export function guardFileOf(entry: string): string {
  return isBundle(entry) ? join(dirname(entry), 'guard.js') : join(dirname(entry), '../guard/run.ts');
}

function isBundle(entry: string): boolean {
  return entry.endsWith('.js');
}
