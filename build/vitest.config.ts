import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const PROGRAMS = ['**/*.e2e.test.ts', '**/*.e2e.test.tsx'];
const BROWSER = ['**/*.browser.test.ts', '**/*.browser.test.tsx'];
const SLOW = [...PROGRAMS, ...BROWSER];
const FAST = ['**/*.test.ts', '**/*.test.tsx'];
const CORE = ['main/core/**/*.test.ts'];
const NEVER = ['**/node_modules/**', '**/dist/**', '.*/**'];

/**
 * Files side by side on all cores; nothing here starts a program that needs the machine for itself. Those of a worker
 * share what they import: loading it anew for each took longer than most of the tests.
 */
const fast = {
  pool: 'forks',
  isolate: false,
  maxWorkers: availableParallelism(),
  testTimeout: 30_000,
  hookTimeout: 30_000,
  sequence: { groupOrder: 0 },
} as const;

/**
 * Real programs and browsers, which start slowly. A person looks at a screen for seconds and the machine waits with them: two
 * at a time. With three, tests that live by moments became unsteady.
 */
const slow = {
  exclude: NEVER,
  pool: 'forks',
  isolate: false,
  maxWorkers: 2,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  sequence: { groupOrder: 1 },
} as const;

export default defineConfig({
  root: dirname(import.meta.dirname),
  envDir: false,
  test: {
    globals: false,
    allowOnly: false,
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    // A busy machine takes longer than the second that is usual.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      { extends: true, test: { ...fast, name: 'core', include: CORE, exclude: [...NEVER, ...SLOW] } },
      { extends: true, test: { ...fast, name: 'unit', include: FAST, exclude: [...NEVER, ...SLOW, ...CORE] } },
      { extends: true, test: { ...slow, name: 'browser', include: BROWSER } },
      { extends: true, test: { ...slow, name: 'e2e', include: PROGRAMS } },
    ],
    coverage: {
      provider: 'v8',
      include: ['main/core/**/*.ts'],
      exclude: ['**/*.test.ts', '**/testing.ts'],
      reporter: ['text'],
      skipFull: true,
      reportsDirectory: 'coverage',
      thresholds: { branches: 100 },
    },
  },
});
