/** `npm test`: everything that can be shown on one machine without hardware. Each step counts as one item. */
import { runHil } from './hil/hil.ts';
import { needDebianPackages } from './test/debian.ts';
import { finish, runCounted, runSteps, testLimitMs } from './test/report.ts';
import { BUILD_STEPS, STATIC_STEPS } from './test/steps.ts';
import { runVitest } from './test/vitest.ts';

const TESTS = ['unit', 'browser', 'e2e'].flatMap((project) => ['--project', project]);

const missing = await needDebianPackages();
if (missing !== null) {
  process.stderr.write(`Genkan: ${missing}\n`);
  process.exit(1);
}

finish([
  await runSteps(STATIC_STEPS),
  await runSteps(BUILD_STEPS),
  await runCounted('core, every branch', () => runVitest('core', ['--project', 'core', '--coverage'], testLimitMs)),
  // Before the other tests, which fill the machine: what is emulated has time limits.
  await runCounted('hardware in the loop', () => runHil([])),
  await runCounted('tests', () => runVitest('tests', TESTS, testLimitMs)),
]);
