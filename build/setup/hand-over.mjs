// Puts another program in this process's place, as far as Node can: same streams, signals passed on, same end.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { compileCache } from './app.mjs';
import { watchParents } from './parents.mjs';
import { ROOT } from './runtime.mjs';
import { say } from './say.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs `node argv` and ends as it ends.
 * @param {string} node
 * @param {string[]} argv
 * @param {{ cwd?: string, withParent?: boolean, env?: Readonly<Record<string, string>> }} [options] withParent: also ends
 *   when whoever started us is gone; env: what holds where our own environment says nothing else
 */
export function handOver(node, argv, { cwd = process.cwd(), withParent = true, env = {} } = {}) {
  const child = spawn(node, argv, { cwd, stdio: 'inherit', env: { ...env, ...runtimeEnv() } });
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // Ctrl+C reaches the whole foreground group; passed on, the child would see it twice.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  if (withParent) watchParents(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    say(`${node} cannot be run (${error.message}): remove node_modules and run npm start again`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** The environment of what runs under the pinned Node. @returns {NodeJS.ProcessEnv} */
export function runtimeEnv() {
  return { ...process.env, NODE_COMPILE_CACHE: compileCache(ROOT) };
}
