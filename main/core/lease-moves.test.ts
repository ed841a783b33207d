// Somebody stands at the door of a site that has none of their right left: the hub has it moved there.
import { expect, test } from 'vitest';
import { covers, movesFor, topUp } from './lease-moves.ts';

const NOBODY = new Set<string>();
const has = (balances: Readonly<Record<string, number>>) => new Map(Object.entries(balances));

test('half of what the richest has goes, and it keeps the other', () => {
  expect(movesFor(has({ here: 0, a: 3, b: 6 }), 'here', NOBODY, 1)).toStrictEqual([{ from: 'b', to: 'here', uses: 3 }]);
  expect(movesFor(has({ here: 0, a: 3, b: 2 }), 'here', NOBODY, 1)).toStrictEqual([{ from: 'a', to: 'here', uses: 1 }]);
});

test('the last one goes too; of equals the first by name gives', () => {
  expect(movesFor(has({ here: 0, b: 1, a: 1 }), 'here', NOBODY, 1)).toStrictEqual([{ from: 'a', to: 'here', uses: 1 }]);
  expect(movesFor(has({ here: 0, a: 1, b: 1 }), 'here', NOBODY, 1)).toStrictEqual([{ from: 'a', to: 'here', uses: 1 }]);
});

test('a site that nobody can ask is left out', () => {
  expect(movesFor(has({ here: 0, a: 1, b: 6 }), 'here', new Set(['b']), 1)).toStrictEqual([
    { from: 'a', to: 'here', uses: 1 },
  ]);
});

test('what one site does not have, the next gives: all of it where it must be', () => {
  expect(movesFor(has({ here: 1, a: 2, b: 3 }), 'here', NOBODY, 5)).toStrictEqual([
    { from: 'b', to: 'here', uses: 3 },
    { from: 'a', to: 'here', uses: 1 },
  ]);
});

test('nothing moves where there is nothing, or enough', () => {
  expect(movesFor(has({ here: 0, a: 0 }), 'here', NOBODY, 1)).toStrictEqual([]);
  expect(movesFor(has({ here: 1, a: 9 }), 'here', NOBODY, 1)).toStrictEqual([]);
  expect(movesFor(has({ here: 3, a: 9 }), 'here', NOBODY, 1)).toStrictEqual([]);
});

test('what a site has spent beyond its share goes along', () => {
  expect(movesFor(has({ here: -2, a: 4 }), 'here', NOBODY, 1)).toStrictEqual([{ from: 'a', to: 'here', uses: 3 }]);
});

test('the richest make up for sites that have spent beyond their share', () => {
  expect(covers(has({ a: -3, b: 2, c: -1, d: 5 }), NOBODY)).toStrictEqual([
    { to: 'a', from: 'd', uses: 3 },
    { to: 'c', from: 'b', uses: 1 },
  ]);
  expect(covers(has({ a: -3, b: 2, d: 5 }), new Set(['d']))).toStrictEqual([{ to: 'a', from: 'b', uses: 2 }]);
  expect(covers(has({ a: -1, b: 50 }), NOBODY)).toStrictEqual([{ to: 'a', from: 'b', uses: 1 }]);
  expect(covers(has({ a: -1, b: 0 }), NOBODY)).toStrictEqual([]);
  expect(covers(has({ a: 0, b: 3 }), NOBODY)).toStrictEqual([]);
});

test('a site that is not in the roster yet has nothing, and is given', () => {
  expect(movesFor(has({ a: 4 }), 'new', NOBODY, 1)).toStrictEqual([{ from: 'a', to: 'new', uses: 2 }]);
  expect(topUp(has({ a: 4 }), 'new', NOBODY)).toStrictEqual([{ from: 'a', to: 'new', uses: 2 }]);
});

test('where it runs low, half of what the others have comes before it is missed, and they keep half', () => {
  expect(topUp(has({ here: 1, a: 3, b: 4, c: 1, d: 5 }), 'here', new Set(['d']))).toStrictEqual([
    { from: 'b', to: 'here', uses: 2 },
    { from: 'a', to: 'here', uses: 1 },
  ]);
  expect(topUp(has({ here: 2, a: 9 }), 'here', NOBODY)).toStrictEqual([]);
});
