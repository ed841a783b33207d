/** Makes the kit and the guest's programs, runs the suites, counts. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bundle, bundleApp, ENTRIES } from '../bundle.ts';
import { isAppFresh } from '../setup/app.mjs';
import { ROOT } from '../setup/runtime.mjs';
import type { Count } from '../test/vitest.ts';
import { findKit } from './kit/kit.ts';
import type { Layout } from './kit/layout.ts';
import { runSuite } from './suite.ts';

/** A machine each, the longest first. */
const SUITES = ['gpio', 'unit', 'usb'];

const MOST_MACHINES = 2;
const NOTHING: Count = { passed: 0, failed: 0, skipped: 0 };

/** Programs of the guest, in `dist/hil`. */
const PROGRAMS = { guest: 'build/hil/guest/main.ts', guard: ENTRIES.guard };

/** gpio-sysfs needs it; npm ci compiles it where there is a compiler. */
const EPOLL = join(ROOT, 'node_modules/epoll/build/Release/epoll.node');

/**
 * Runs the suites, each in a machine of its own. Where this machine can't, that is one line, and a failure in CI alone.
 * @param only the suites to run; empty: all
 */
export async function runHil(only: readonly string[]): Promise<Count> {
  const unknown = only.filter((name) => !SUITES.includes(name));
  for (const name of unknown) process.stdout.write(`There is no suite ${name}: there are ${SUITES.join(', ')}\n`);
  if (unknown.length > 0) return { ...NOTHING, failed: unknown.length };
  const kit = await findKit((what) => process.stderr.write(`Genkan: ${what} …\n`));
  if (!kit.ok) return notRun(kit.error);
  if (!existsSync(EPOLL)) return notRun('epoll is not compiled, which gpio-sysfs needs: npm rebuild epoll');
  try {
    return await runSuites(kit.value, only.length === 0 ? SUITES : only);
  } catch (error) {
    process.stdout.write(`HIL broke off: ${error instanceof Error ? error.stack : String(error)}\n`);
    return { ...NOTHING, failed: 1 };
  }
}

function notRun(why: string): Count {
  process.stdout.write(`HIL not run: ${why}\n`);
  return { ...NOTHING, failed: process.env['CI'] ? 1 : 0 };
}

async function runSuites(kit: Layout, suites: readonly string[]): Promise<Count> {
  const folder = join(ROOT, 'dist/hil');
  if (!isAppFresh(ROOT)) await bundleApp();
  for (const [name, entry] of Object.entries(PROGRAMS)) await bundle(ROOT, name, entry, folder);
  const total = { ...NOTHING };
  const waiting = [...suites];
  const work = async (): Promise<void> => {
    for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
      const { passed, failed } = await runSuite(kit, suite, folder);
      total.passed += passed;
      total.failed += failed;
    }
  };
  await Promise.all(Array.from({ length: Math.min(MOST_MACHINES, availableParallelism()) }, work));
  return total;
}
