// Nobody misses a file that comes late, but everybody waits for it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../setup/runtime.mjs';
import { longestFirst, SECONDS } from './longest-first.ts';

const LONG = Object.entries(SECONDS).sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';

const file = (path: string, groupOrder: number) => ({
  moduleId: join(ROOT, path),
  project: { config: { sequence: { groupOrder } } },
});

test('within its group a long file comes first, and the others stay as they were', () => {
  const files = [file('b.test.ts', 1), file('a.test.ts', 1), file(LONG, 1), file('c.test.ts', 0)];
  expect(longestFirst(files)).toEqual([files[3], files[2], files[0], files[1]]);
});

test.each(Object.keys(SECONDS))('%s is there', (path) => {
  expect(existsSync(join(ROOT, path))).toBe(true);
});
