/** The checks themselves: what each of them catches, and what it lets be. */
import { expect, test } from 'vitest';
import { complaints, type Finding } from './finding.ts';
import { completed, missingFrom } from './lock.ts';
import { findCasts, findChance, findProcess, findTime } from './rules.ts';
import { functionLengths, lengthComplaints } from './size.ts';
import { parseSource } from './source.ts';
import { textComplaints } from './texts.ts';

const names = (find: (source: ReturnType<typeof parseSource>) => Finding[], text: string) =>
  find(parseSource('main/core/x.ts', text)).map(({ name }) => name);

test.each([
  ['const a = b as string', ['module']],
  ['function read(x: unknown) { return x as string }', ['read']],
  ['const read = (x: unknown) => <string>x', ['read']],
  ['class A { read(x: unknown) { return (x as unknown) as string } }', ['read', 'read']],
  ["const a = ['x'] as const", []],
  ['const a = b satisfies string', []],
])('casts: %s', (text, found) => {
  expect(names(findCasts, text)).toEqual(found);
});

test.each([
  'const now = Date.now()',
  'const now = new Date()',
  'const clock = Date',
  'globalThis.setTimeout(run, 1)',
  'window.setTimeout(run, 1)',
  'setInterval(run, 1)',
  'setImmediate(run)',
  'const t = performance.now()',
  'const t = process.hrtime.bigint()',
  "import { setTimeout as sleep } from 'node:timers/promises'",
  "import { performance as p } from 'node:perf_hooks'",
  'const s = AbortSignal.timeout(5)',
])('time: %s', (text) => {
  expect(findTime(parseSource('main/core/x.ts', text)).length).toBeGreaterThan(0);
});

test.each([
  "const t = Date.parse('2026-01-01')",
  'const t = Date.UTC(2026, 0, 1)',
  'const t = new Date(instant).toISOString()',
  'const isDate = x instanceof Date',
  'socket.setTimeout(1000)',
  'const o = { setTimeout: 1 }',
  'interface Clock { setTimeout(): void; now: Date }',
  'let t: ReturnType<typeof setTimeout>',
])('no time: %s', (text) => {
  expect(findTime(parseSource('main/core/x.ts', text))).toEqual([]);
});

test.each([
  ['const r = Math.random()', 1],
  ['const d = new Date()', 1],
  ['const d = Date()', 1],
  ['const d = new Date(0)', 0],
  ['const m = Math.max(1, 2)', 0],
])('chance: %s', (text, count) => {
  expect(names(findChance, text)).toHaveLength(count);
});

test.each([
  ['const e = process.env', 1],
  ["const { HOME } = process.env['x']", 1],
  ['process.exit(1)', 1],
  ["import { env } from 'node:process'", 1],
  ['const p = process.pid', 0],
  ['const e = config.env', 0],
])('process: %s', (text, count) => {
  expect(names(findProcess, text)).toHaveLength(count);
});

test('an allowance covers its function alone, and is told when nothing needs it', () => {
  const finding = { path: 'a.ts', line: 3, name: 'read', what: 'a cast' };
  expect(complaints([finding], [{ path: 'a.ts', name: 'read', reason: '' }])).toEqual([]);
  expect(complaints([finding], [{ path: 'a.ts', name: '*', reason: '' }])).toEqual([]);
  expect(complaints([finding], [])).toEqual(['a.ts:3 (read): a cast']);
  expect(complaints([finding], [{ path: 'a.ts', name: 'write', reason: '' }])).toEqual([
    'a.ts:3 (read): a cast',
    'a.ts (write): allowed in build/check/allowed.ts, but not there any more',
  ]);
});

test('the inside of an inner function counts for the inner one alone', () => {
  const text = [
    'function outer() {',
    '  const inner = () => {',
    '    one();',
    '    two();',
    '  };',
    '  inner();',
    '}',
  ].join('\n');
  expect(functionLengths(parseSource('a.ts', text))).toEqual([
    { path: 'a.ts', name: 'outer', lines: 5 },
    { path: 'a.ts', name: 'inner', lines: 4 },
  ]);
});

test('what is listed as long may not grow, a file never over 500 lines', () => {
  const long = (lines: number) => [{ path: 'a.ts', name: 'f', lines, reason: '' }];
  const file = (lines: number) => [{ path: 'a.ts', name: null, lines, reason: '' }];
  expect(lengthComplaints(long(41), [])).toEqual(['a.ts (f): 41 lines']);
  expect(lengthComplaints(long(40), [])).toEqual([]);
  expect(lengthComplaints(long(50), long(50))).toEqual([]);
  expect(lengthComplaints(long(51), long(50))).toEqual(['a.ts (f): 51 lines']);
  expect(lengthComplaints(long(40), long(50))).toEqual([expect.stringContaining('without need')]);
  expect(lengthComplaints(file(301), [])).toEqual(['a.ts: 301 lines']);
  expect(lengthComplaints(file(501), file(600))).toEqual(['a.ts: 501 lines']);
});

test('a lock file lacks what an entry asks for and nothing has; it is added for its platform', () => {
  const biome = {
    version: '2.0.0',
    dev: true,
    license: 'MIT',
    optionalDependencies: { 'b-linux-x64': '2.0.0', 'b-linux-arm64-musl': '2.0.0' },
  };
  const lock = { '': {}, 'node_modules/b': biome, 'node_modules/b-linux-x64': { version: '2.0.0' } };
  expect(missingFrom(lock)).toEqual([{ of: 'node_modules/b', name: 'b-linux-arm64-musl', version: '2.0.0' }]);
  const whole = completed(lock);
  expect(missingFrom(whole)).toEqual([]);
  expect(whole['node_modules/b-linux-arm64-musl']).toEqual({
    version: '2.0.0',
    cpu: ['arm64'],
    dev: true,
    libc: ['musl'],
    license: 'MIT',
    optional: true,
    os: ['linux'],
  });
});

test('machine paths and package hosts are told from addresses and relative paths', () => {
  const home = `/${'home'}/ana/x`;
  expect(textComplaints('a.md', `one\nsee ${home}`)).toEqual([`a.md:2: /${'home'}/a`]);
  expect(textComplaints('a.json', `"https://${'registry'}.example.org/x"`)).toHaveLength(1);
  expect(textComplaints('a.md', 'https://example.org/home/x and ./tmp/x and /dev/ttyUSB0')).toEqual([]);
});
