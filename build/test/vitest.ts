/** Runs vitest and counts what it did. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { ROOT } from '../setup/runtime.mjs';
import { runTool } from './tool.ts';

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const Report = z.object({
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** Runs the tests that `args` select. A file that can't be loaded, and a run that fails by anything else, count as one. */
export async function runVitest(name: string, args: readonly string[], limitMs: number): Promise<Count> {
  const file = join(ROOT, 'reports', `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const fixed = ['run', '--config', 'build/vitest.config.ts', '--silent=passed-only'];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { status } = await runTool('vitest', [...fixed, ...reporters, ...args], {
    limitMs,
    isShown: true,
  });
  return countOf(status, readReport(file));
}

/** What a report comes to. `pending` is a test that was due and never ran, because its process died or time was up. */
export function countOf(status: number, report: z.infer<typeof Report> | null): Count {
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => test.status));
  const passed = tests.filter((test) => test === 'passed').length;
  const skipped = tests.filter((test) => test === 'skipped' || test === 'todo').length;
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = tests.length - passed - skipped + unloaded.length;
  return { passed, skipped, failed: status !== 0 && failed === 0 ? 1 : failed };
}

function readReport(file: string): z.infer<typeof Report> | null {
  try {
    return Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
