/** Base45 as RFC 9285 has it, and no text beside it: two texts never mean the same bytes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase45, encodeBase45 } from './base45.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

// RFC 9285, 4.3 and 4.4.
test.each([
  ['AB', 'BB8'],
  ['Hello!!', '%69 VD92EX0'],
  ['base-45', 'UJCLQE7W581'],
  ['ietf!', 'QED8WEX0'],
  ['', ''],
])('%j is %j', (plain, coded) => {
  expect(encodeBase45(Buffer.from(plain))).toBe(coded);
  expect(decodeBase45(coded)).toEqual(new Uint8Array(Buffer.from(plain)));
});

test('the largest group of each length is read, one more is not', () => {
  expect(decodeBase45('FGW')).toEqual(new Uint8Array([255, 255]));
  expect(decodeBase45('GGW')).toBeNull();
  expect(decodeBase45('U5')).toEqual(new Uint8Array([255]));
  expect(decodeBase45('V5')).toBeNull();
});

test('every text of two or three letters is the text of its bytes, or none', () => {
  const letters = [...ALPHABET];
  const pairs = letters.flatMap((a) => letters.map((b) => a + b));
  const texts = [...pairs, ...pairs.flatMap((pair) => letters.map((c) => pair + c))];
  const read = texts.flatMap((text) => {
    const bytes = decodeBase45(text);
    return bytes === null ? [] : [[text, encodeBase45(bytes)] as const];
  });
  expect(read.filter(([text, again]) => text !== again)).toEqual([]);
  expect(read).toHaveLength(256 + 65_536);
});

test('bytes come back, and no text ends with a space, which a reader might cut off', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      const text = encodeBase45(bytes);
      expect(decodeBase45(text)).toEqual(bytes);
      expect(text.trimEnd()).toBe(text);
      expect(text).toHaveLength(Math.ceil(bytes.length * 1.5));
    }),
  );
});

test.each(['A', 'ABCD', 'ab8', 'BB!', 'ＢＢ８', 'BB\u0000', '😀8'])('%j is none', (text) => {
  expect(decodeBase45(text)).toBeNull();
});
