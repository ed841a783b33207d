/** What both entries do: hand the process's own things to the program. */
import { writeSync } from 'node:fs';
import type { Development } from '../controller/start-options.ts';
import { ownTerminal } from '../seal/terminal.ts';
import { runProgram } from './program.ts';

export async function main(entry: string, development: Development | null): Promise<void> {
  await runProgram(process.argv.slice(2), {
    entry,
    development,
    env: process.env,
    asked: ownTerminal(process),
    console: {
      out: (text) => writeAll(1, text),
      err: (text) => writeAll(2, text),
      exit: (code) => process.exit(code),
    },
  });
}

/** Standard output may be a pipe that is read slowly; all of it arrives before the process ends. */
function writeAll(fd: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}
