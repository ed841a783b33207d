/** The programs as their users run them: bundled, with the cache of what was compiled before. */
import { join } from 'node:path';
import { appFolder, compileCache, HUB_FLAGS, isAppFresh, MEMORY_ENV } from '../setup/app.mjs';
import { ROOT } from '../setup/runtime.mjs';

/** Of whatever is started: nothing of the environment that tests run in. */
export const PROGRAM_ENV = { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: compileCache(ROOT) };

/** The same of a hub or a controller. */
export const LONG_RUNNING_ENV = { ...MEMORY_ENV, ...PROGRAM_ENV };

/** What Node is told to run a hub: its sources where the bundle isn't of them. */
export const hubArgs = (): readonly string[] => [...HUB_FLAGS, ofHub('hub.js', 'sync/hub/run.ts')];

/** The same of `hubctl`. */
export const hubctlArgs = (): readonly string[] => [ofHub('hubctl.js', 'sync/hub/hubctl.ts')];

let isFresh: boolean | null = null;

function ofHub(program: string, source: string): string {
  isFresh ??= isAppFresh(ROOT, 'hub');
  return isFresh ? join(appFolder(ROOT, 'hub'), program) : join(ROOT, source);
}
