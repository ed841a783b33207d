/**
 * The house rules, held against this repository: a cast slipped in, a second clock, a file that grew out of hand, the
 * path of somebody's machine in a text. What is meant to be otherwise stands in `allowed.ts` with its reason.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundle, ENTRIES } from '../bundle.ts';
import { ROOT } from '../setup/runtime.mjs';
import { CASTS, LONG, PROCESS, TIME, UNREAD } from './allowed.ts';
import { complaints } from './finding.ts';
import { lockedPackages, missingFrom } from './lock.ts';
import { findUnreadResults } from './results.ts';
import { findCasts, findChance, findProcess, findTime } from './rules.ts';
import { fileLength, functionLengths, lengthComplaints } from './size.ts';
import { isCode, isTest, listFiles, readSources } from './source.ts';
import { textComplaints } from './texts.ts';

const isTool = (path: string) => path.startsWith('build/') || !path.includes('/');
const ENTRY = /^main\/cli\/[^/]+\.ts$|^main\/(guard|controller)\/run\.ts$/;
/** Long by nature: lists of steps, of words, of rooms. */
const TABLE = /^main\/store\/migrations\/|^renderer\/locale\/|^build\/zones\/table\.ts$/;
const BINARY = /\.(png|jpg|jpeg|ico|icns|woff2|wasm|wav|mp3|mp4|mjpeg|y4m|gz|bin)$/;

const sources = readSources(() => true);
const product = sources.filter(({ path }) => !isTest(path));

test('nothing is cast outside the listed functions', () => {
  expect(complaints(product.flatMap(findCasts), CASTS)).toEqual([]);
});

test('clocks and timers come from a Clock, in tests too', () => {
  const found = sources.filter(({ path }) => !isTool(path)).flatMap(findTime);
  // A turn of the event loop is no time.
  const timed = found.filter(({ path, what }) => !(isTest(path) && what.startsWith('setImmediate')));
  expect(complaints(timed, TIME)).toEqual([]);
});

test('no chance and no unnamed wall clock anywhere', () => {
  expect(complaints(sources.flatMap(findChance), [])).toEqual([]);
});

test('only entries know their process', () => {
  const inner = product.filter(({ path }) => !isTool(path) && !ENTRY.test(path));
  expect(complaints(inner.flatMap(findProcess), PROCESS)).toEqual([]);
});

test('files and functions stay short', () => {
  const lengths = product
    .filter(({ path }) => !TABLE.test(path))
    .flatMap((source) => [fileLength(source.path, source.text), ...functionLengths(source)]);
  expect(lengthComplaints(lengths, LONG)).toEqual([]);
});

test('every Result is looked at', { timeout: 60_000 }, () => {
  const found = ['tsconfig.json', 'renderer/tsconfig.json', 'main/shell/tsconfig.json'].flatMap(findUnreadResults);
  // A bench may decide a hundred thousand times and look at none.
  const meant = found.filter(({ path }) => !isTest(path) && !path.startsWith('build/bench/'));
  expect(complaints(meant, UNREAD)).toEqual([]);
});

test('no text names the machine it was written on', () => {
  const texts = listFiles().filter((path) => !BINARY.test(path));
  expect(texts.flatMap((path) => textComplaints(path, readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
});

test('the README can be read in one go', () => {
  expect(fileLength('README.md', readFileSync(join(ROOT, 'README.md'), 'utf8')).lines).toBeLessThanOrEqual(120);
});

test('the packaged program has no demo, the development program does', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-bundle-'));
  try {
    await bundle(ROOT, 'genkan', ENTRIES.genkan, folder);
    await bundle(ROOT, 'develop', ENTRIES.develop, folder);
    expect(readFileSync(join(folder, 'genkan.js'), 'utf8')).not.toContain('/demo/scan');
    expect(readFileSync(join(folder, 'develop.js'), 'utf8')).toContain('/demo/scan');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('npm ci can install from the lock file on every platform', () => {
  expect(missingFrom(lockedPackages())).toEqual([]);
});

test('every folder of code is looked at', () => {
  expect(listFiles().filter(isCode).length).toBe(sources.length);
  expect(sources.length).toBeGreaterThan(50);
});
