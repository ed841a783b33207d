import { dirname } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The tests of main/core that say the same each time; the properties' random sites would make a mutant's fate luck. */
export default defineConfig({
  root: dirname(dirname(import.meta.dirname)),
  envDir: false,
  test: {
    include: ['main/core/**/*.test.ts'],
    exclude: ['main/core/properties.test.ts'],
    setupFiles: ['build/mutate/same-seed.ts'],
    testTimeout: 30_000,
  },
});
