/**
 * The store may write files but not ask the network; the page may know the router's type but not run it; core knows
 * nothing at all. Whoever adds an import or a package that the table doesn't have hears of it here.
 */
import { describe, expect, test } from 'vitest';
import { parseSource } from '../check/source.ts';
import { checkZones } from './check.ts';
import { importsOf } from './imports.ts';
import { importComplaints, packageComplaints, placeComplaints, roomOf } from './rules.ts';
import { ROOMS, TOOLS } from './table.ts';

const DECLARED = new Set(['zod', 'better-sqlite3', 'vitest']);
const complaints = (path: string, text: string) => importComplaints(parseSource(path, text), DECLARED);

test('this repository keeps to the table', () => {
  expect(checkZones()).toEqual([]);
});

describe('imports of every kind are found', () => {
  test.each([
    ["import a from './a.ts'", './a.ts', false],
    ["import './a.ts'", './a.ts', false],
    ["import type { A } from './a.ts'", './a.ts', true],
    ["import { type A } from './a.ts'", './a.ts', true],
    ["import { type A, b } from './a.ts'", './a.ts', false],
    ["export * from './a.ts'", './a.ts', false],
    ["export type * from './a.ts'", './a.ts', true],
    ["export { a } from './a.ts'", './a.ts', false],
    ["export { type A } from './a.ts'", './a.ts', true],
    ["const a = await import('./a.ts')", './a.ts', false],
    ["let a: import('./a.ts').A", './a.ts', true],
    ["const a = require('./a.ts')", './a.ts', false],
    ["import a = require('./a.ts')", './a.ts', false],
    ['const a = await import(name)', null, false],
  ])('%s', (text, specifier, isType) => {
    expect(importsOf(parseSource('main/core/x.ts', text))).toMatchObject([{ specifier, isType }]);
  });
});

describe('what a room may import', () => {
  test.each([
    ['main/core/x.ts', "import { readFileSync } from 'node:fs'", 'may not use node:fs'],
    ['main/core/x.ts', "import * as z from 'zod'", 'may not use the package zod'],
    [
      'main/core/time/x.ts',
      "import { Id } from '../../contract/values.ts'",
      'may not import values of main/contract/values.ts',
    ],
    ['main/store/x.ts', "import { request } from 'node:http'", 'may not use node:http'],
    ['main/store/x.ts', "import x from 'left-pad'", "imports left-pad, which package.json doesn't have"],
    ['main/store/x.ts', "import { x } from './x.test.ts'", 'may not import the test file main/store/x.test.ts'],
    ['main/guard/x.ts', "import Database from 'better-sqlite3'", 'may not use the package better-sqlite3'],
    [
      'renderer/kiosk/x.ts',
      "import { r } from '../../main/api/router.ts'",
      'may not import values of main/api/router.ts',
    ],
    ['main/api/x.ts', 'await import(name)', 'imports what is only known at run time'],
    ['main/core/x.test.ts', "import x from 'left-pad'", "imports left-pad, which package.json doesn't have"],
  ])('%s: %s', (path, text, why) => {
    expect(complaints(path, text)).toEqual([expect.stringContaining(why)]);
  });

  test.each([
    ['main/core/x.ts', "import { ok } from './result.ts'"],
    ['main/core/x.test.ts', "import { readFileSync } from 'node:fs'; import { test } from 'vitest'"],
    ['main/store/x.ts', "import Database from 'better-sqlite3'; import { decide } from '../core/decide.ts'"],
    ['renderer/kiosk/x.ts', "import type { Router } from '../../main/api/router.ts'"],
    ['main/guard/x.ts', "import { ok } from '../core/result.ts'; import { open } from '../../device/locks/open.ts'"],
  ])('%s: %s is allowed', (path, text) => {
    expect(complaints(path, text)).toEqual([]);
  });
});

test('a file belongs to the room with the longest path', () => {
  expect(roomOf('main/core/time/zone.ts')?.path).toBe('main/core/');
  expect(roomOf('main/other.ts')).toBeNull();
});

test.each([
  ['main/elsewhere/x.ts', 'belongs to no room'],
  ['stray.ts', 'no file of the root folder'],
  ['resources/demo/x.js', 'no code in this folder'],
  ['main/store/migrations/old/x.ts', 'deeper than two folders'],
])('%s has no place', (path, why) => {
  expect(placeComplaints([path])).toEqual([expect.stringContaining(why)]);
});

test('a package without a room, and a room’s package that is gone, are told', () => {
  const all = new Set([...TOOLS, ...ROOMS.flatMap((room) => room.packages)]);
  expect(packageComplaints(all)).toEqual([]);
  expect(packageComplaints(new Set([...all, 'left-pad']))).toEqual([
    expect.stringContaining('left-pad: package without'),
  ]);
  expect(packageComplaints(new Set([...all].filter((name) => name !== 'zod')))).toEqual([
    expect.stringContaining('zod: in build/zones/table.ts, but not'),
  ]);
});
