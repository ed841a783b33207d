// The scripts beside `npm start` and `npm test`: hands over to the pinned Node, installs nothing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HUB_FLAGS, isAppFresh, MEMORY_ENV, READ_ONLY } from './setup/app.mjs';
import { handOver, runtimeEnv } from './setup/hand-over.mjs';
import { findRuntime, ROOT, userFolder } from './setup/runtime.mjs';
import { say } from './setup/say.mjs';

const TOOLS = new Map([
  ['bench', 'build/bench/run.ts'],
  ['soak', 'build/soak/run.ts'],
  ['mutate', 'build/mutate/run.ts'],
  ['hil', 'build/hil/run.ts'],
  ['check', 'build/check.ts'],
]);

/** Bundled programs: whose they are, the file in `dist`, the source where nothing can be written. */
const PROGRAMS = new Map([
  ['genkan', ['app', 'develop.js', 'main/cli/develop.ts']],
  ['hub', ['hub', 'hub.js', 'sync/hub/run.ts']],
  ['hubctl', ['hub', 'hubctl.js', 'sync/hub/hubctl.ts']],
  ['conformance', ['hub', 'conformance.js', 'sync/conformance/run.ts']],
]);

const [command = '', ...args] = process.argv.slice(2);
const { node, pinned } = findRuntime(ROOT);
const needed = pinned ? node : join(ROOT, 'node_modules', '.package-lock.json');

if (!existsSync(needed)) {
  say('Genkan is not installed here: run npm start once');
  process.exit(1);
}
const bundled = PROGRAMS.get(command);
const entry = bundled === undefined ? TOOLS.get(command) : program(bundled);
if (entry === undefined || !existsSync(join(ROOT, entry))) {
  say(
    `run.mjs wants one of ${[...PROGRAMS.keys(), ...TOOLS.keys()].join(', ')}, and ${command || 'nothing'} is not there`,
  );
  process.exit(2);
}
const [flags, env] = command === 'hub' ? [HUB_FLAGS, MEMORY_ENV] : [[], {}];
handOver(node, [...flags, join(ROOT, entry), ...args], { cwd: userFolder(), withParent: false, env });

/** The bundled program, made anew where its sources have changed since; the sources themselves where nothing can be written. */
function program([app, file, source]) {
  if (!isAppFresh(ROOT, app)) {
    const bundler = join(ROOT, 'build', 'bundle.ts');
    const { status } = spawnSync(node, [bundler, app], { stdio: ['ignore', 'ignore', 'inherit'], env: runtimeEnv() });
    if (status === READ_ONLY) return source;
    if (status !== 0) process.exit(1);
  }
  return join('dist', app, file);
}
