import { dirname, join } from 'node:path';
import type { Config } from '../contract/config.ts';
import type { Demo } from '../controller/demo.ts';
import { runController } from '../controller/run.ts';
import { type Console, type ExitCode, fail } from './exit.ts';

export interface StartCommand {
  readonly configFile: string;
  readonly withParent: boolean;
  readonly entry: string;
  readonly version: string;
  readonly makeDemo: ((config: Config, configFile: string) => Demo) | null;
  readonly console: Console;
}

/** @returns the status to end with, or null: it runs */
export async function startCommand({ console, makeDemo, entry, ...options }: StartCommand): Promise<ExitCode | null> {
  const page = makeDemo === null ? 'kiosk' : 'kiosk-demo';
  const started = await runController({
    ...options,
    makeDemo,
    guardFile: isBundle(entry) ? join(dirname(entry), 'guard.js') : join(dirname(entry), '../guard/run.ts'),
    pageDir: join(dirname(entry), isBundle(entry) ? `../${page}` : `../../dist/${page}`),
    announce: (line) => console.out(`${line}\n`),
    exit: console.exit,
  });
  return started.ok ? null : fail(console, started.error);
}

function isBundle(entry: string): boolean {
  return entry.endsWith('.js');
}
