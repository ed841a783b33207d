/** Whatever a stranger has printed into a code, the page and the controller get a short printable text. */
import { expect, test } from 'vitest';
import { presentable } from './presentable.ts';

test.each([
  ['M0001', 'M0001'],
  ['会員証 №42 😀', '会員証 №42 😀'],
  // A pass may end with a space: it is a letter of base45.
  [' GP1:AB ', ' GP1:AB '],
  ['M0001\r\n', 'M0001'],
  ['\r\n\n', ''],
  ['', ''],
  ['M0001\nM0002', 'M0001\u{FFFD}M0002'],
  ['\u0000\u001B[2J', '\u{FFFD}\u{FFFD}[2J'],
  ['a\u202Eb\u200Bc\u2028d', 'a\u{FFFD}b\u{FFFD}c\u{FFFD}d'],
  ['\uD83D', '\u{FFFD}'],
])('%j becomes %j', (raw, shown) => {
  expect(presentable(raw)).toBe(shown);
});

test('512 characters pass; one more makes a text that cannot be a code of ours', () => {
  expect(presentable('x'.repeat(512))).toBe('x'.repeat(512));
  expect(presentable('x'.repeat(513))).toBe(`${'x'.repeat(511)}\u{FFFD}`);
  expect(presentable(`${'x'.repeat(512)}\n`)).toBe('x'.repeat(512));
});

test('a sign of two units at the cut does not leave half of itself', () => {
  const shown = presentable(`${'x'.repeat(510)}😀😀`);
  expect(shown).toBe(`${'x'.repeat(510)}\u{FFFD}\u{FFFD}`);
});
