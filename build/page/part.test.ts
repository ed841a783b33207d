// Whoever edits a text of the manual finds it on the page at the next start.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../setup/runtime.mjs';
import { pagePart } from './part.ts';

test('a page follows from the texts of the manual too', () => {
  const texts = readdirSync(join(ROOT, 'resources/manual')).filter((name) => name.endsWith('.md'));
  expect(texts.length).toBeGreaterThan(3);
  expect(pagePart('kiosk').sources).toEqual(expect.arrayContaining(texts.map((name) => `resources/manual/${name}`)));
});
