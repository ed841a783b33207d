/** `npm run check`: what `npm test` looks at without running the product. Seconds. */
import { finish, runCounted, runSteps, testLimitMs } from './test/report.ts';
import { STATIC_STEPS } from './test/steps.ts';
import { runVitest } from './test/vitest.ts';

finish([
  await runSteps(STATIC_STEPS),
  await runCounted('house rules', () => runVitest('check', ['build/check', 'build/zones'], testLimitMs)),
]);
