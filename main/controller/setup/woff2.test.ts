// The report is printed in the page's own letters. Each glyph that comes out of a WOFF2 file is held against the same font
// in the older format, whose tables are only deflated.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fromWoff2 } from './woff2.ts';

const FILES = join(dirname(createRequire(import.meta.url).resolve('@fontsource/biz-udpgothic/400.css')), 'files');

function tablesOf(font: Buffer): Map<string, Buffer> {
  const count = font.readUInt16BE(4);
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const at = 12 + 16 * index;
      const [offset, length] = [font.readUInt32BE(at + 8), font.readUInt32BE(at + 12)];
      return [font.toString('latin1', at, at + 4), font.subarray(offset, offset + length)];
    }),
  );
}

/** WOFF 1.0: a directory of 20 bytes a table, each deflated where that made it smaller. */
function oldTables(font: Buffer): Map<string, Buffer> {
  return new Map(
    Array.from({ length: font.readUInt16BE(12) }, (_, index) => {
      const at = 44 + 20 * index;
      const [offset = 0, packed = 0, length = 0] = [4, 8, 12].map((field) => font.readUInt32BE(at + field));
      const bytes = font.subarray(offset, offset + packed);
      return [font.toString('latin1', at, at + 4), packed < length ? inflateSync(bytes) : bytes];
    }),
  );
}

interface Outline {
  readonly ends: readonly number[];
  readonly points: readonly string[];
}

/** Contours of each simple glyph, as ends and points; composites and empty ones as they are counted. */
function outlines(tables: Map<string, Buffer>): readonly (Outline | number)[] {
  const [glyf, loca, head] = ['glyf', 'loca', 'head'].map((tag) => tables.get(tag) ?? Buffer.alloc(0));
  if (!glyf || !loca || !head) throw new Error('no outlines');
  const isLong = head.readInt16BE(50) === 1;
  const offset = (index: number) => (isLong ? loca.readUInt32BE(4 * index) : 2 * loca.readUInt16BE(2 * index));
  const count = loca.length / (isLong ? 4 : 2) - 1;
  return Array.from({ length: count }, (_, index) => {
    const glyph = glyf.subarray(offset(index), offset(index + 1));
    if (glyph.length === 0) return 0;
    return glyph.readInt16BE(0) < 0 ? -1 : outline(glyph);
  });
}

function outline(glyph: Buffer): Outline {
  const contours = glyph.readInt16BE(0);
  const ends = Array.from({ length: contours }, (_, index) => glyph.readUInt16BE(10 + 2 * index));
  const total = (ends.at(-1) ?? -1) + 1;
  let at = 10 + 2 * contours + 2 + glyph.readUInt16BE(10 + 2 * contours);
  const flags: number[] = [];
  while (flags.length < total) {
    const flag = glyph.readUInt8(at++);
    const times = flag & 8 ? glyph.readUInt8(at++) : 0;
    for (let time = 0; time <= times; time += 1) flags.push(flag);
  }
  const axis = (short: number, same: number) => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? glyph.readUInt8(at++) : -glyph.readUInt8(at++);
      else if (!(flag & same)) {
        value += glyph.readInt16BE(at);
        at += 2;
      }
      return value;
    });
  };
  const [xs, ys] = [axis(2, 16), axis(4, 32)];
  return { ends, points: flags.map((flag, index) => `${flag & 1} ${xs[index]} ${ys[index]}`) };
}

describe.each(['biz-udpgothic-latin-400-normal', 'biz-udpgothic-119-400-normal', 'biz-udpgothic-60-400-normal'])(
  '%s',
  (name) => {
    const now = tablesOf(fromWoff2(readFileSync(join(FILES, `${name}.woff2`))));
    const before = oldTables(readFileSync(join(FILES, `${name}.woff`)));

    test('has the same outlines, point by point', () => {
      const found = outlines(now);
      expect(found.length).toBeGreaterThan(20);
      expect(found).toStrictEqual(outlines(before));
    });

    test('has the same widths and letters, and no name that another slice has too', () => {
      for (const tag of ['hmtx', 'cmap', 'hhea'])
        expect(now.get(tag)?.equals(before.get(tag) ?? Buffer.alloc(0)), tag).toBe(true);
      expect(now.has('name')).toBe(false);
    });
  },
);

test('what is no WOFF2, or ends too early, is refused', () => {
  expect(() => fromWoff2(Buffer.alloc(100))).toThrow('not WOFF2');
  const file = readFileSync(join(FILES, 'biz-udpgothic-latin-400-normal.woff2'));
  expect(() => fromWoff2(file.subarray(0, 60))).toThrow();
});
