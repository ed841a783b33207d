// What `build/setup.mjs` does once Node is known to be new enough.
import { join } from 'node:path';
import { handOver } from './hand-over.mjs';
import { install, isInstalled } from './install.mjs';
import { findRuntime, ROOT } from './runtime.mjs';
import { say } from './say.mjs';

const ENTRIES = new Map([
  ['start', 'build/start.ts'],
  ['test', 'build/test.ts'],
]);

/** @param {string} command @param {string[]} args */
export async function main(command, args) {
  const entry = ENTRIES.get(command);
  const runtime = findRuntime(ROOT);
  if (entry === undefined) return stop('setup.mjs wants start or test', 2);
  if (runtime.problem !== null) return stop(runtime.problem, 1);
  if (!isInstalled(ROOT) && !(await install(ROOT, runtime.node))) process.exit(1);
  handOver(runtime.node, [join(ROOT, entry), ...args]);
}

/** @param {string} why @param {number} status */
function stop(why, status) {
  say(why);
  process.exit(status);
}
