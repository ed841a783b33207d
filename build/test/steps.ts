/** What is checked besides the tests themselves. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/runtime.mjs';
import { runTool, type ToolRun } from './tool.ts';

export interface Step {
  readonly name: string;
  run(): Promise<ToolRun>;
}

const LIMIT = { limitMs: 180_000, isShown: false };

const PROJECTS = ['.', 'main/core', 'renderer', 'main/shell'];

async function types(): Promise<ToolRun> {
  const there = PROJECTS.filter((project) => existsSync(join(ROOT, project, 'tsconfig.json')));
  const runs = await Promise.all(there.map((project) => runTool('tsc', ['-p', project, '--pretty', 'false'], LIMIT)));
  return {
    status: Math.max(...runs.map((run) => run.status)),
    output: runs.map((run) => run.output).join(''),
  };
}

const node = (...args: readonly string[]) => runTool('node', args, LIMIT);

export const STATIC_STEPS: readonly Step[] = [
  { name: 'format and lint', run: () => runTool('biome', ['ci', '--colors=off', '--diagnostic-level=error'], LIMIT) },
  { name: 'types', run: types },
  { name: 'rooms', run: () => node('build/zones/check.ts') },
];

export const BUILD_STEPS: readonly Step[] = [
  { name: 'programs', run: () => node('build/bundle.ts') },
  { name: 'the hub’s programs', run: () => node('build/bundle.ts', 'hub') },
  { name: 'page', run: () => node('build/page/build.ts') },
];
