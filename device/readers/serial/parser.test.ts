// A scanner is told by its maker to end a code with CR, LF, both or nothing; the USB chip cuts its bytes wherever it
// likes; a loose plug adds noise. The codes must be the same, and no noise may harm more than the code it fell into.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { CodeParser } from './parser.ts';

vi.setConfig({ testTimeout: 60_000 });

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function parse(chunks: readonly Uint8Array[]): string[] {
  const parser = new CodeParser();
  return chunks.flatMap((chunk) => parser.feed(chunk));
}

/** Cuts `bytes` at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const edges = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
}

const captures: [string, string, string[]][] = [
  ['CR', 'M0001\rM0002\r', ['M0001', 'M0002']],
  ['LF', 'M0001\nM0002\n', ['M0001', 'M0002']],
  ['CRLF', 'M0001\r\nM0002\r\n', ['M0001', 'M0002']],
  ['ends alone', '\r\n\n\r\r', []],
  ['no end yet', 'M0001\rM00', ['M0001']],
  ['spaces and tabs are part of a code', ' M0001\t\r', [' M0001\t']],
  ['a byte order mark and NUL are part of a code', '\ufeffM\u00000001\r', ['\ufeffM\u00000001']],
  ['Japanese and emoji', '会員０００１\rカード🎫\r', ['会員０００１', 'カード🎫']],
];

describe('captures', () => {
  test.each(captures)('%s', (_, sent, codes) => {
    expect(parse([utf8(sent)])).toEqual(codes);
    expect(parse([...utf8(sent)].map((byte) => Uint8Array.of(byte)))).toEqual(codes);
  });
});

test('any re-chunking of a capture gives the same codes', () => {
  const capture = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc
      .array(fc.constantFrom('\r', '\n', 'M0001', '会', 'x'.repeat(511), 'x'.repeat(513)), { maxLength: 20 })
      .map((parts) => utf8(parts.join(''))),
  );
  fc.assert(
    fc.property(capture, fc.array(fc.nat(), { maxLength: 30 }), (bytes, places) => {
      expect(parse(cut(bytes, places))).toEqual(parse([bytes]));
    }),
  );
});

test('garbage never breaks the code after the next end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.constantFrom('\r', '\n', '\r\n'), (garbage, end) => {
      expect(parse([garbage, utf8(`${end}M0001${end}`)]).at(-1)).toBe('M0001');
    }),
  );
});

test('every code is 1 to 512 bytes of valid UTF-8 without its end, whatever came', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 1_000 })), (chunks) => {
      for (const code of parse(chunks)) {
        expect(utf8(code).length).toBeGreaterThan(0);
        expect(utf8(code).length).toBeLessThanOrEqual(512);
        expect(code).not.toMatch(/[\r\n]/);
        expect(code.isWellFormed()).toBe(true);
      }
    }),
  );
});

test('codes that were presented come back as they were', () => {
  const code = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 128 })
    .filter((text) => !/[\r\n]/.test(text) && utf8(text).length <= 512);
  fc.assert(
    fc.property(fc.array(code, { maxLength: 5 }), fc.constantFrom('\r', '\n', '\r\n'), (codes, end) => {
      expect(parse([utf8(codes.map((text) => text + end).join(''))])).toEqual(codes);
    }),
  );
});

describe('bounds', () => {
  test('512 bytes are a code, 513 are dropped up to the next end', () => {
    const most = 'x'.repeat(512);
    expect(parse([utf8(`${most}\r${most}y\rM0001\r`)])).toEqual([most, 'M0001']);
  });

  test('the limit is in bytes, not in characters', () => {
    expect(parse([utf8(`${'会'.repeat(170)}ab\r${'会'.repeat(171)}\r`)])).toEqual([`${'会'.repeat(170)}ab`]);
  });

  test('8-bit noise and cut characters drop their code alone', () => {
    const noise = [
      Uint8Array.of(0xff),
      Uint8Array.of(0x4d, 0x80, 0x31),
      Uint8Array.of(0xe4, 0xbc),
      Uint8Array.of(0xc0, 0xaf),
      Uint8Array.of(0xed, 0xa0, 0x80),
      Uint8Array.of(0xf5, 0x80, 0x80, 0x80),
    ];
    for (const bytes of noise) expect(parse([bytes, utf8('\rM0001\r')])).toEqual(['M0001']);
  });

  test('a megabyte without an end is held in bounded memory, and the code after it is read', () => {
    const parser = new CodeParser();
    const chunk = new Uint8Array(4_096).fill(0x78);
    const before = process.memoryUsage();
    for (let sent = 0; sent < 1_048_576; sent += chunk.length) expect(parser.feed(chunk)).toEqual([]);
    const after = process.memoryUsage();
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(100_000);
    expect(parser.feed(utf8('\rM0001\r'))).toEqual(['M0001']);
  });
});

describe('silence', () => {
  test('ends a code as CR would', () => {
    const parser = new CodeParser();
    expect(parser.feed(utf8('M0001'))).toEqual([]);
    expect(parser.collecting).toBe(true);
    expect(parser.end()).toEqual(['M0001']);
    expect(parser.collecting).toBe(false);
    expect(parser.end()).toEqual([]);
  });

  test('ends also what was too long', () => {
    const parser = new CodeParser();
    parser.feed(utf8('x'.repeat(600)));
    expect(parser.collecting).toBe(true);
    expect(parser.end()).toEqual([]);
    parser.feed(utf8('M0001'));
    expect(parser.end()).toEqual(['M0001']);
  });
});

test('what was collected can be forgotten', () => {
  const parser = new CodeParser();
  parser.feed(utf8('half a co'));
  parser.reset();
  expect(parser.feed(utf8('M0001\r'))).toEqual(['M0001']);
});
