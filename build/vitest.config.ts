import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { defineConfig } from 'vitest/config';

const SLOW = ['**/*.e2e.test.ts', '**/*.browser.test.ts', '**/*.e2e.test.tsx', '**/*.browser.test.tsx'];
const FAST = ['**/*.test.ts', '**/*.test.tsx'];
const CORE = ['main/core/**/*.test.ts'];
const NEVER = ['**/node_modules/**', '**/dist/**', '.*/**'];

/** Files side by side on all cores; nothing here starts a program that needs the machine for itself. */
const fast = {
  pool: 'forks',
  maxWorkers: availableParallelism(),
  testTimeout: 30_000,
  hookTimeout: 30_000,
  sequence: { groupOrder: 0 },
} as const;

export default defineConfig({
  root: dirname(import.meta.dirname),
  envDir: false,
  test: {
    globals: false,
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      { extends: true, test: { ...fast, name: 'core', include: CORE, exclude: [...NEVER, ...SLOW] } },
      { extends: true, test: { ...fast, name: 'unit', include: FAST, exclude: [...NEVER, ...SLOW, ...CORE] } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: SLOW,
          exclude: NEVER,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
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
