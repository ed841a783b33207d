/**
 * What the shell asks of Electron stands in a committed list. Whoever adds a handler, a switch, a preference or a fuse
 * has to add it there too, where it is seen; a start that does anything else fails here.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Rig, startShown, Workshop } from '../../build/shell/harness.ts';
import { TestSite } from '../../build/shell/test-site.ts';
import listed from './hardening.json' with { type: 'json' };
import { REFUSED_SWITCHES } from './switches.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const workshop = new Workshop();
let site: TestSite;
let rig: Rig;
/** The bundled scripts, as they are packed. */
let main: string;
let preload: string;

beforeAll(async () => {
  site = await new TestSite().start();
  rig = await startShown(workshop, site);
  const bundle = await workshop.bundle();
  main = await readFile(join(bundle, 'main.js'), 'utf8');
  preload = await readFile(join(bundle, 'preload.js'), 'utf8');
});
afterAll(async () => {
  await workshop.close();
  await site.stop();
});

test('the window and its web preferences', () => {
  const [window, ...others] = rig.standIn.uses.windows;
  expect(others).toEqual([]);
  const { webPreferences, ...options } = { ...window };
  expect(options).toEqual(listed.window);
  const { preload: script, ...preferences } = { ...webPreferences };
  expect(preferences).toEqual(listed.webPreferences);
  expect(basename(String(script))).toBe('preload.js');
});

test('the switches that are added, and those that are refused', () => {
  expect(Object.fromEntries([...rig.standIn.uses.switches].map(([name, value]) => [name, value ?? null]))).toEqual(
    listed.switches,
  );
  expect(REFUSED_SWITCHES).toEqual(listed.refusedSwitches);
});

test('every handler that is set, event that is heard and method that is called', () => {
  expect([...rig.standIn.uses.calls].sort()).toEqual(listed.calls);
});

test('the modules of Electron and of Node that the packed scripts take', () => {
  const taken = (script: string): string[] => [...new Set(script.match(/\belectron\.\w+/g))].sort();
  const required = (script: string): string[] =>
    [...script.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name ?? '');
  expect(taken(main)).toEqual(listed.modules.main.electron);
  expect(required(main).sort()).toEqual(listed.modules.main.required);
  expect(taken(preload)).toEqual(listed.modules.preload.electron);
  expect(required(preload)).toEqual(listed.modules.preload.required);
  expect(main + preload).not.toMatch(/\bimport\(|\beval\(|createRequire|child_process/);
});

test('what the page finds', async () => {
  const page = await (await rig.standIn.contents()).page();
  const found = await page.evaluate(`[Object.keys(genkanShell), Object.isFrozen(genkanShell)]`);
  expect(found).toEqual([listed.verbs, true]);
});
