/** Built things are built again when a source changes, goes, comes, or is put back in an older version; not for a test. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprint, isFresh } from './fresh.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'genkan-fresh-'));
  mkdirSync(join(root, 'src/deep'), { recursive: true });
  writeFileSync(join(root, 'src/deep/a.ts'), 'one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const changes: [string, () => void, boolean][] = [
  ['nothing', () => {}, true],
  ['longer', () => writeFileSync(join(root, 'src/deep/a.ts'), 'longer'), false],
  ['older', () => utimesSync(join(root, 'src/deep/a.ts'), 1, 1), false],
  ['another file', () => writeFileSync(join(root, 'src/b.ts'), ''), false],
  ['gone', () => rmSync(join(root, 'src/deep/a.ts')), false],
  ['a test', () => writeFileSync(join(root, 'src/deep/a.test.ts'), ''), true],
  ['a note', () => writeFileSync(join(root, 'src/NOTES.md'), ''), true],
  ['what wasn’t there', () => writeFileSync(join(root, 'later'), ''), false],
];

test.each(changes)('%s', (_name, change, isSame) => {
  const paths = ['src', 'later'];
  const stamp = join(root, 'stamp');
  writeFileSync(stamp, fingerprint(root, paths));
  change();
  expect(isFresh(stamp, fingerprint(root, paths))).toBe(isSame);
});

test('nothing was built yet', () => {
  expect(isFresh(join(root, 'stamp'), fingerprint(root, ['src']))).toBe(false);
});
