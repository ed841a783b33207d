// Somebody stands at the door of a site that has none of their right left: the hub has it moved there.
import { expect, test } from 'vitest';
import { movesFor, topUp } from './lease-moves.ts';

const NOBODY = new Set<string>();
const has = (balances: Readonly<Record<string, number>>) => new Map(Object.entries(balances));

test('half of what the richest has goes, and it keeps the other', () => {
  expect(movesFor(has({ here: 0, a: 3, b: 6 }), 'here', NOBODY, 1)).toStrictEqual([{ from: 'b', uses: 3 }]);
  expect(movesFor(has({ here: 0, a: 3, b: 2 }), 'here', NOBODY, 1)).toStrictEqual([{ from: 'a', uses: 1 }]);
});

test('the last one goes too; of equals the first by name gives', () => {
  expect(movesFor(has({ here: 0, b: 1, a: 1 }), 'here', NOBODY, 1)).toStrictEqual([{ from: 'a', uses: 1 }]);
  expect(movesFor(has({ here: 0, a: 1, b: 1 }), 'here', NOBODY, 1)).toStrictEqual([{ from: 'a', uses: 1 }]);
});

test('a site that nobody can ask is left out', () => {
  expect(movesFor(has({ here: 0, a: 1, b: 6 }), 'here', new Set(['b']), 1)).toStrictEqual([{ from: 'a', uses: 1 }]);
});

test('what one site does not have, the next gives: all of it where it must be', () => {
  expect(movesFor(has({ here: 1, a: 2, b: 3 }), 'here', NOBODY, 5)).toStrictEqual([
    { from: 'b', uses: 3 },
    { from: 'a', uses: 1 },
  ]);
});

test('nothing moves where there is nothing, or enough', () => {
  expect(movesFor(has({ here: 0, a: 0 }), 'here', NOBODY, 1)).toStrictEqual([]);
  expect(movesFor(has({ here: 1, a: 9 }), 'here', NOBODY, 1)).toStrictEqual([]);
  expect(movesFor(has({ here: 3, a: 9 }), 'here', NOBODY, 1)).toStrictEqual([]);
});

test('a site that is not in the roster yet has nothing, and is given', () => {
  expect(movesFor(has({ a: 4 }), 'new', NOBODY, 1)).toStrictEqual([{ from: 'a', uses: 2 }]);
  expect(topUp(has({ a: 4 }), 'new', NOBODY)).toStrictEqual([{ from: 'a', uses: 2 }]);
});

test('where it runs low, half of what the others have comes before it is missed, and they keep half', () => {
  expect(topUp(has({ here: 1, a: 3, b: 4, c: 1, d: 5 }), 'here', new Set(['d']))).toStrictEqual([
    { from: 'b', uses: 2 },
    { from: 'a', uses: 1 },
  ]);
  expect(topUp(has({ here: 2, a: 9 }), 'here', NOBODY)).toStrictEqual([]);
});
