// Months later somebody asks who tested this door: the report says it in the reader's language, with every letter in it.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SetupPart, TestResult } from '../../contract/technician.ts';
import { latestTests, type Report, reportName } from './report.ts';
import { type Face, isIn, rangesOf, readFonts, runsOf } from './report-fonts.ts';
import { reportPdf } from './report-pdf.ts';
import { ReportShelf } from './report-shelf.ts';
import { TestsDone } from './tests-done.ts';

const AT = Date.UTC(2026, 10, 26, 5, 12);
const PART: SetupPart = {
  id: 'front.lock',
  door: 'front',
  role: 'lock',
  reader: null,
  driver: 'serial-relay',
  where: 'serial-relay /dev/serial/by-id/relay #1',
  ok: true,
  detail: 'open',
  todo: null,
  level: null,
  changes: 0,
  changedAt: null,
  echo: null,
};
const TEST: TestResult = { at: AT, part: 'front.lock', test: 'pulse', ok: true, detail: '3002 ms', staffId: 't' };
const REPORT: Report = {
  format: 'genkan-report/1',
  madeAt: AT,
  by: { staffId: 't', name: '髙橋 﨑雄' },
  site: 'みどり湯フィットネス 中野',
  unit: { unitId: 'a1b2c3', epoch: 2, head: { seq: 41, hash: 'ab'.repeat(32) } },
  version: '0.1.0',
  machine: { board: null, kernel: '6.12', node: '24' },
  config: { sha256: 'cd'.repeat(32), doors: ['front'] },
  data: { revision: 3, importedAt: AT, members: 12 },
  clock: {
    wall: AT,
    timezone: 'Asia/Tokyo',
    trust: 'synced',
    doubt: null,
    ntp: true,
    battery: false,
    trustedAt: AT,
    builtAt: AT,
  },
  parts: [PART, { ...PART, id: 'front-in', role: 'reader', reader: 'front-in', ok: false, detail: 'not there' }],
  tests: [TEST],
};

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'genkan-report-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The packages' own style sheets, as the page's builder has them. */
function fontsFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'genkan-fonts-'));
  const resolve = createRequire(import.meta.url).resolve;
  for (const sheet of [
    '@fontsource/biz-udpgothic/400.css',
    '@fontsource/biz-udpgothic/700.css',
    '@fontsource-variable/noto-sans-kr/wght.css',
    '@fontsource-variable/noto-sans-sc/wght.css',
  ]) {
    const files = join(dirname(resolve(sheet)), 'files');
    for (const name of readdirSync(files))
      if (name.endsWith('.woff2') && !existsSync(join(path, name))) symlinkSync(join(files, name), join(path, name));
    writeFileSync(join(path, sheet.replaceAll('/', '-')), readFileSync(resolve(sheet)));
  }
  return path;
}

describe('fonts', () => {
  let fonts: string;
  beforeAll(() => {
    fonts = fontsFolder();
    return () => rmSync(fonts, { recursive: true, force: true });
  });
  const missing = ({ slices }: Face, text: string) =>
    [...text].filter((letter) => slices.every(({ ranges }) => !isIn(ranges, letter.codePointAt(0) ?? 0)));

  test.each([
    ['ja', '設置報告書 髙﨑𠮷 ガード'],
    ['zh-Hans', '安装报告 锁 设备'],
    ['ko', '설치 보고서 잠금장치'],
  ] as const)('every letter of %s is in one of them', (language, text) => {
    const found = readFonts(fonts, language);
    expect(found).not.toBeNull();
    if (found === null) return;
    for (const face of [found.plain, found.strong]) expect(missing(face, text)).toStrictEqual([]);
  });

  test('the reader’s own script comes first: the same character is drawn otherwise in Chinese', () => {
    const first = (language: 'ja' | 'zh-Hans') =>
      runsOf(readFonts(fonts, language)?.plain ?? { slices: [] }, '直')[0]?.file ?? '';
    expect(first('ja')).toContain('biz-udpgothic');
    expect(first('zh-Hans')).toContain('noto-sans-sc');
  });

  test('a page that isn’t built has none', () => {
    expect(readFonts(folder(), 'ja')).toBeNull();
    expect(readFonts('/nowhere', 'ja')).toBeNull();
  });

  test.each([
    [
      'U+0-FF, U+131',
      [
        [0, 0xff],
        [0x131, 0x131],
      ],
    ],
    ['u+4??', [[0x400, 0x4ff]]],
    ['nonsense', []],
  ])('the letters %s', (text, ranges) => {
    expect(rangesOf(text)).toStrictEqual(ranges);
  });

  test('the paper has glyphs with outlines, not blanks', async () => {
    const found = readFonts(fonts, 'ja');
    if (found === null) throw new Error('no fonts');
    const pdf = await reportPdf(REPORT, 'ja', found);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const embedded = streamsOf(pdf).filter(
      (stream) => stream.readUInt32BE(0) === 0x74727565 || stream.readUInt32BE(0) === 0x00010000,
    );
    expect(embedded.length).toBeGreaterThan(3);
    for (const font of embedded) expect(outlineBytes(font)).toBeGreaterThan(20);
  });
});

/** Everything deflated in the file. */
function streamsOf(pdf: Buffer): Buffer[] {
  const streams: Buffer[] = [];
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 7)) {
    if (pdf.subarray(at - 3, at).toString() === 'end') continue;
    try {
      const stream = inflateSync(pdf.subarray(at + 7, pdf.indexOf('endstream', at)));
      if (stream.length >= 4) streams.push(stream);
    } catch {
      // Not deflated.
    }
  }
  return streams;
}

function outlineBytes(font: Buffer): number {
  for (let index = 0; index < font.readUInt16BE(4); index += 1) {
    const at = 12 + 16 * index;
    if (font.toString('latin1', at, at + 4) === 'glyf') return font.readUInt32BE(at + 12);
  }
  return 0;
}

test('a report’s name sorts by time and names the unit alone', () => {
  expect(reportName(REPORT)).toBe('genkan-report-20261126-051200-a1b2c3');
});

test('of each test of a part the last counts', () => {
  const failed = { ...TEST, ok: false };
  expect(latestTests([failed, { ...TEST, test: 'level' }, TEST])).toStrictEqual([TEST, { ...TEST, test: 'level' }]);
});

describe('the shelf', () => {
  test('gives a file in pieces, and only its own', () => {
    const path = folder();
    const shelf = new ReportShelf(join(path, 'reports'));
    const bytes = Buffer.alloc(100_000, 7);
    shelf.put('a.pdf', bytes);
    writeFileSync(join(path, 'key.pdf'), 'secret');
    const first = shelf.read('a.pdf', 0);
    const second = shelf.read('a.pdf', first?.next ?? 0);
    const third = shelf.read('a.pdf', second?.next ?? 0);
    expect(Buffer.concat([first, second, third].map((piece) => piece?.data ?? Buffer.alloc(0))).equals(bytes)).toBe(
      true,
    );
    expect(third?.next).toBeNull();
    for (const name of ['../key.pdf', 'b.pdf', '', 'a.txt']) expect(shelf.read(name, 0)).toBeNull();
  });

  test('keeps the newest hundred files', () => {
    const path = folder();
    const shelf = new ReportShelf(path);
    for (let number = 0; number < 103; number += 1) {
      const name = `r-${String(number).padStart(3, '0')}.json`;
      writeFileSync(join(path, name), 'x');
      utimesSync(join(path, name), number, number);
    }
    shelf.put('last.json', Buffer.from('x'));
    const names = shelf.list().map(({ name }) => name);
    expect(names).toHaveLength(100);
    expect([names[0], names.at(-1)]).toStrictEqual(['last.json', 'r-004.json']);
  });

  test('a stick that is gone takes nothing, and says so', () => {
    expect(new ReportShelf(folder()).copyTo('/nowhere', 'a.pdf', Buffer.from('x'))).toBe(false);
  });
});

test('tests are known after a restart; a file that can’t be read is none', () => {
  const file = join(folder(), 'commissioning.json');
  writeFileSync(file, JSON.stringify(Array.from({ length: 199 }, (_, at) => ({ ...TEST, at }))));
  const done = new TestsDone(file);
  for (const at of [199, 200, 201]) expect(done.note({ ...TEST, at })).toBe(true);
  expect(new TestsDone(file).tests).toHaveLength(200);
  expect(new TestsDone(file).tests.at(-1)?.at).toBe(201);
  writeFileSync(file, '[{');
  expect(new TestsDone(file).tests).toStrictEqual([]);
  expect(new TestsDone('/nowhere/at/all').note(TEST)).toBe(false);
});
