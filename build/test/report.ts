/** The lines of `npm test`. */
import type { Step } from './steps.ts';
import type { Count } from './vitest.ts';

/** The tests take a third of it on two quiet cores. What is still running then hangs. */
const HANGING_MS = 1_500_000;
/** More of a tool's complaints help nobody, and hide the lines after them. */
const LINES = 200;

export const testLimitMs = HANGING_MS;

/** Runs steps one after the other, each with a line; a failed one doesn't keep the next from running. */
export async function runSteps(steps: readonly Step[]): Promise<Count> {
  let failed = 0;
  for (const step of steps) {
    const began = performance.now();
    const { status, output } = await step.run();
    if (status !== 0) {
      failed += 1;
      process.stdout.write(`${output.trim().split('\n').slice(0, LINES).join('\n')}\n`);
    }
    reportLine(step.name, status === 0, began);
  }
  return { passed: steps.length - failed, failed, skipped: 0 };
}

/** Runs something that counts its own items, with a line. */
export async function runCounted(name: string, run: () => Promise<Count>): Promise<Count> {
  const began = performance.now();
  const count = await run();
  reportLine(
    `${name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`,
    count.failed === 0,
    began,
  );
  return count;
}

/** The last line of all, and the exit status that goes with it. */
export function finish(counts: readonly Count[]): void {
  const sum = (of: (count: Count) => number) => counts.map(of).reduce((a, b) => a + b, 0);
  const failed = sum((count) => count.failed);
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${sum((count) => count.passed)} passed, ${failed} failed\n`);
}

/** @param began on `performance.now()` */
export function reportLine(what: string, isGood: boolean, began: number): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${isGood ? 'ok    ' : 'FAILED'} ${seconds.padStart(6)} s  ${what}\n`);
}
