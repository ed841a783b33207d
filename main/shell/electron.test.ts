/**
 * Somebody misremembers Electron's API: a method, an event, an argument. No test here would notice, as the stand-in
 * would misremember it too; so the compiler holds every use against the types that come with Electron, and this shows
 * that it does.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ROOT = resolve(import.meta.dirname, '../..');
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
let copy: string;

/** A copy of the shell's sources whose neighbours are the real ones. */
beforeAll(async () => {
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  copy = await mkdtemp(join(ROOT, 'dist/types-test-'));
  await cp(join(ROOT, 'tsconfig.json'), join(copy, 'tsconfig.json'));
  const sources = (path: string): boolean => !basename(path).endsWith('.test.ts');
  await cp(join(ROOT, 'main/shell'), join(copy, 'main/shell'), { recursive: true, filter: sources });
  await symlink(join(ROOT, 'main/core'), join(copy, 'main/core'));
  await symlink(join(ROOT, 'device'), join(copy, 'device'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** What the compiler says of the copy; empty: nothing. */
async function compile(): Promise<string> {
  const child = spawn(process.execPath, [TSC, '-p', join(copy, 'main/shell')], { stdio: ['ignore', 'pipe', 2] });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  await new Promise((settle) => child.once('close', settle));
  return said;
}

test("the shell as it is agrees with Electron's types", async () => {
  expect(await compile()).toBe('');
});

test.each([
  ["an event that there isn't", 'electron.ts', "event: 'did-fail-load'", "event: 'did-fail-loading'"],
  ['an argument of another type', 'electron.ts', 'httpResponseCode: number', 'httpResponseCode: string'],
  ["an argument that isn't there", 'electron.ts', 'url: string, isMainFrame', 'isMainFrame'],
  ['a callback of another type', 'electron.ts', '(isTrusted: boolean)', '(isTrusted: string)'],
  ["a method that there isn't", 'electron.ts', "'setSpellCheckerEnabled'", "'setSpellChecker'"],
  ["a handler that there isn't", 'electron.ts', 'setDevicePermissionHandler', 'setDeviceHandler'],
  ["a preference that there isn't", 'window.ts', 'sandbox: true', 'sandboxed: true'],
  ['a window option of another type', 'window.ts', 'kiosk: true', "kiosk: 'yes'"],
  ["a proxy mode that there isn't", 'shell.ts', "mode: 'direct'", "mode: 'none'"],
  [
    'a module that the shell has no business with',
    'main.ts',
    'ipcMain, Menu, session }',
    'ipcMain, Menu, shell as session }',
  ],
  ["a way out of the preload that there isn't", 'preload.ts', 'ipcRenderer.invoke(QUIT', 'ipcRenderer.call(QUIT'],
])("%s doesn't compile", async (_name, file, right, wrong) => {
  const path = join(copy, 'main/shell', file);
  const source = await readFile(path, 'utf8');
  expect(source).toContain(right);
  await writeFile(path, source.replaceAll(right, wrong));
  const said = await compile();
  await writeFile(path, source);
  expect(said).toContain('error TS');
});
