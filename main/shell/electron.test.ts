/**
 * Somebody misremembers Electron's API: a method, an event, an argument. No test here would notice, as the stand-in
 * would misremember it too; so the compiler holds every use against the types that come with Electron, and this shows
 * that it does.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ROOT = resolve(import.meta.dirname, '../..');
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** What is wrong, in which file, what stands there, what somebody might have written. */
const MISTAKES: readonly (readonly [name: string, file: string, right: string, wrong: string])[] = [
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
    'ipcMain, Menu, session, shell }',
  ],
  ["a way out of the preload that there isn't", 'preload.ts', 'ipcRenderer.invoke(QUIT', 'ipcRenderer.call(QUIT'],
];

let folder: string;
/** What the compiler says of all copies, a line a mistake. */
let said: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genkan-types-'));
  for (const name of ['device', 'node_modules', 'package.json']) await symlink(join(ROOT, name), join(folder, name));
  await makeCopy('as-it-is');
  for (const [index, [, file, right, wrong]] of MISTAKES.entries()) {
    const path = join(await makeCopy(`mistake-${index}`), file);
    const source = await readFile(path, 'utf8');
    if (!source.includes(right)) throw new Error(`${file} has no ${right}`);
    await writeFile(path, source.replaceAll(right, wrong));
  }
  const settings = JSON.parse(await readFile(join(ROOT, 'main/shell/tsconfig.json'), 'utf8'));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ ...settings, extends: join(ROOT, 'tsconfig.json'), include: ['*/shell'] }),
  );
  said = await compile();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The shell's sources, `main/shell` of a folder whose other neighbours are the real ones. @returns their folder */
async function makeCopy(name: string): Promise<string> {
  const shell = join(folder, name, 'shell');
  const sources = (path: string): boolean => !basename(path).endsWith('.test.ts');
  await cp(join(ROOT, 'main/shell'), shell, { recursive: true, filter: sources });
  await symlink(join(ROOT, 'main/core'), join(folder, name, 'core'));
  return shell;
}

async function compile(): Promise<string> {
  const child = spawn(process.execPath, [TSC, '-p', folder, '--pretty', 'false'], { stdio: ['ignore', 'pipe', 2] });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  await new Promise((settle) => child.once('close', settle));
  return text;
}

test("the shell as it is agrees with Electron's types", () => {
  expect(said).not.toContain('/as-it-is/');
  // A mistake below is one of types: what can't even be read would hide the others.
  expect(said).not.toMatch(/error TS1\d{3}:/);
});

test.each(MISTAKES.map(([name], index) => [name, index] as const))("%s doesn't compile", (_name, index) => {
  expect(said).toContain(`/mistake-${index}/shell/`);
});
