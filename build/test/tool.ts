/** Runs the tools that `npm test` is made of. */
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from '../setup/runtime.mjs';

const SIGN_OF_LIFE_MS = 10_000;
const GRACE_MS = 5_000;

export interface ToolRun {
  /** Exit status; 124 where it took longer than its limit. */
  readonly status: number;
  /** What it wrote, unless it was let write to our own streams. */
  readonly output: string;
}

export interface ToolOptions {
  readonly limitMs: number;
  /** Its output is shown as it comes. */
  readonly isShown: boolean;
  /** Instead of `toolEnv`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What a tool or test may know of the environment: no tokens, nothing of the npm that runs us. */
const KNOWN = [
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TERM',
  'TMPDIR',
  'CI',
  'NO_COLOR',
  'XDG_RUNTIME_DIR',
];

export function toolEnv(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH = '' } = from;
  const known = Object.entries(from).filter(([name]) => KNOWN.includes(name));
  const folders = [dirname(process.execPath), join(ROOT, 'node_modules', '.bin'), PATH];
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
  return { ...Object.fromEntries(known), ...plain, PATH: folders.join(delimiter) };
}

/** Runs `command` in the repository's folder, without input. A sign of life goes to standard error. */
export function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<ToolRun> {
  const { limitMs, isShown, env = toolEnv(process.env) } = options;
  return new Promise((resolve) => {
    const output = isShown ? 'inherit' : 'pipe';
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', output, output] });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));

    const began = performance.now();
    let isLate = false;
    const sign = setInterval(() => {
      if (!isShown) process.stderr.write(`  … ${command}, ${Math.round((performance.now() - began) / 1000)} s\n`);
    }, SIGN_OF_LIFE_MS);
    const limit = setTimeout(() => {
      isLate = true;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    }, limitMs);
    const stop = (signal: NodeJS.Signals) => {
      child.kill(signal);
      process.exit(130);
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);

    const end = (status: number, text: string) => {
      clearInterval(sign);
      clearTimeout(limit);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve({ status, output: isLate ? `${text}\nstopped after ${limitMs / 1000} s` : text });
    };
    child.on('error', (error) => end(127, `${command} cannot be run: ${error.message}`));
    child.on('close', (code) => end(isLate ? 124 : (code ?? 1), Buffer.concat(chunks).toString()));
  });
}
