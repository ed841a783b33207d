// Two sites that could not hear each other let the same member in once too often: it is on record which entry that was.
import { expect, test } from 'vitest';
import { overdraftOf, type Use } from './overdrafts.ts';

const use = (id: string, at: number, uses = 1, day: number | null = null): Use => ({ id, at, uses, day });

test('nothing is overdrawn while there is enough', () => {
  expect(overdraftOf(2, [use('a/1/1', 5), use('b/1/1', 6)])).toBeNull();
  expect(overdraftOf(0, [])).toBeNull();
});

test('the events that came last are named, by their time, then by their name', () => {
  const uses = [use('a/1/2', 9), use('b/1/2', 7), use('b/1/1', 7), use('a/1/1', 5)];
  expect(overdraftOf(2, uses)).toStrictEqual({ by: 2, events: ['b/1/2', 'a/1/2'] });
  expect(overdraftOf(2, [...uses].reverse())).toStrictEqual({ by: 2, events: ['b/1/2', 'a/1/2'] });
});

test('an event that used several counts for what was missing', () => {
  expect(overdraftOf(4, [use('a/1/1', 1, 3), use('a/1/2', 2, 3), use('a/1/3', 3)])).toStrictEqual({
    by: 3,
    events: ['a/1/2', 'a/1/3'],
  });
});

test('a date counts once, and for the first who counted it', () => {
  const uses = [use('a/1/1', 1, 1, 100), use('b/1/1', 2, 1, 100), use('b/1/2', 3, 1, 101), use('a/1/2', 4, 1, 101)];
  expect(overdraftOf(2, uses)).toBeNull();
  expect(overdraftOf(1, uses)).toStrictEqual({ by: 1, events: ['b/1/2'] });
});

test('where there was less than nothing, all of it is beyond', () => {
  expect(overdraftOf(-2, [use('a/1/1', 1)])).toStrictEqual({ by: 1, events: ['a/1/1'] });
});
