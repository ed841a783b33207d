/**
 * A program of five entries is bundled: JavaScript packages and lazily imported files go into the one file, a package
 * with binaries stays outside and still loads. Two commands bundle at once, and neither sees half of it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleApp } from './bundle.ts';
import { isAppFresh } from './setup/app.mjs';
import { ROOT } from './setup/runtime.mjs';

const DEVELOP = `
  import Database from 'better-sqlite3';
  import * as z from 'zod';
  const { late } = await import('../late.ts');
  const one = new Database(':memory:').prepare('select 1').pluck().get();
  console.log(JSON.stringify({ zod: z.int().parse(one), late, cwd: process.cwd() }));
`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'genkan-bundle-'));
  write('package.json', '{"type":"module"}');
  write('main/late.ts', "export const late: string = 'late';");
  write('main/cli/develop.ts', DEVELOP);
  write('main/cli/genkan.ts', "console.log('genkan' satisfies string);");
  write('main/cli/paper.ts', "console.log('paper');");
  write('main/controller/rows-worker.ts', "console.log('rows');");
  write('main/guard/run.ts', 'console.log(process.pid);');
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const runDevelop = () => execFileSync(process.execPath, [join(root, 'dist/app/develop.js')], { encoding: 'utf8' });

test('one file an entry with its map, natives outside', async () => {
  await bundleApp(root);
  const entries = ['develop.js', 'genkan.js', 'guard.js', 'paper.js', 'rows.js'].flatMap((name) => [
    name,
    `${name}.map`,
  ]);
  expect(readdirSync(join(root, 'dist/app')).sort()).toEqual([...entries, 'stamp'].sort());
  const develop = read('dist/app/develop.js');
  expect(develop).toContain('from "better-sqlite3"');
  expect(develop).not.toMatch(/from ["']zod|import\(["']\.\.?\//);
  expect(JSON.parse(runDevelop())).toMatchObject({ zod: 1, late: 'late' });
});

test('it is fresh until a source changes', async () => {
  expect(isAppFresh(root)).toBe(false);
  await bundleApp(root);
  expect(isAppFresh(root)).toBe(true);
  write('main/late.ts', "export const late: string = 'changed';");
  expect(isAppFresh(root)).toBe(false);
  await bundleApp(root);
  expect(JSON.parse(runDevelop())).toMatchObject({ late: 'changed' });
});

test('two at once both end well and leave nothing behind', async () => {
  await Promise.all([bundleApp(root), bundleApp(root)]);
  expect(readdirSync(join(root, 'dist'))).toEqual(['app']);
  expect(JSON.parse(runDevelop())).toMatchObject({ late: 'late' });
});

test('wrong sources leave the last good bundle', async () => {
  await bundleApp(root);
  write('main/late.ts', 'export const late = ;');
  await expect(bundleApp(root)).rejects.toThrow(/late\.ts/);
  expect(readdirSync(join(root, 'dist'))).toEqual(['app']);
  expect(JSON.parse(runDevelop())).toMatchObject({ late: 'late' });
});

test('a genkan command bundles by itself; where it can’t write it runs the sources', () => {
  for (const path of ['build/setup', 'build/run.mjs', 'build/bundle.ts']) {
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  const user = join(root, 'user');
  mkdirSync(user);
  // As npm calls it: in the package's folder, with the user's own told apart.
  const env = { ...process.env, npm_lifecycle_event: 'genkan', INIT_CWD: user };
  const genkan = () => spawnSync(process.execPath, ['build/run.mjs', 'genkan'], { cwd: root, env, encoding: 'utf8' });
  expect(JSON.parse(genkan().stdout)).toMatchObject({ late: 'late', cwd: user });
  expect(readdirSync(join(root, 'dist/app'))).toContain('stamp');

  rmSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist'), 'a file where the folder should be');
  const blocked = genkan();
  expect(JSON.parse(blocked.stdout)).toMatchObject({ late: 'late', cwd: user });
  expect(blocked.stderr).toBe('');
});
