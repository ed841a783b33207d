/** A sauna closes for the night: the panel goes black, and is back before whoever comes by has reached it. */
import { expect, test } from 'vitest';
import { unjudged } from '../../build/e2e/kiosk/scenes.ts';
import { BLACK_AFTER_MS, Rest } from './rest.ts';
import type { View } from './screen.ts';

const CLOSED: View = { screen: 'fault', reason: 'closed', decision: null };
const LOCKDOWN: View = { screen: 'fault', reason: 'lockdown', decision: null };

function closedAt(nowMono: number): Rest {
  const rest = new Rest();
  rest.look(CLOSED, false, nowMono);
  return rest;
}

test('black 10 min after closing, not before', () => {
  const rest = closedAt(5_000);
  expect(rest.dueAt(6_000)).toBe(5_000 + BLACK_AFTER_MS);
  expect(rest.isBlack(5_000 + BLACK_AFTER_MS - 1)).toBe(false);
  expect(rest.isBlack(5_000 + BLACK_AFTER_MS)).toBe(true);
  expect(rest.dueAt(5_000 + BLACK_AFTER_MS)).toBeNull();
});

test('any sign of somebody ends it at once, for another 10 min', () => {
  const rest = closedAt(0);
  rest.sign(BLACK_AFTER_MS + 1);
  expect(rest.isBlack(BLACK_AFTER_MS + 1)).toBe(false);
  rest.look(CLOSED, false, BLACK_AFTER_MS + 2);
  expect(rest.isBlack(2 * BLACK_AFTER_MS + 1)).toBe(true);
});

test('a refusal in between, or the opening, begins anew', () => {
  const rest = closedAt(0);
  rest.look({ screen: 'unjudged', message: unjudged('closed') }, false, BLACK_AFTER_MS);
  expect(rest.isBlack(BLACK_AFTER_MS)).toBe(false);
  rest.look(CLOSED, false, BLACK_AFTER_MS + 6_000);
  expect(rest.isBlack(2 * BLACK_AFTER_MS)).toBe(false);
});

test('an alarm lights it up, for as long as nobody has taken it; then it is 10 min to black again', () => {
  const rest = closedAt(0);
  expect(rest.isBlack(2 * BLACK_AFTER_MS)).toBe(true);
  rest.look(CLOSED, true, 2 * BLACK_AFTER_MS);
  expect(rest.isBlack(5 * BLACK_AFTER_MS)).toBe(false);
  expect(rest.dueAt(5 * BLACK_AFTER_MS)).toBeNull();
  rest.look(CLOSED, false, 5 * BLACK_AFTER_MS);
  expect(rest.isBlack(6 * BLACK_AFTER_MS - 1)).toBe(false);
  expect(rest.isBlack(6 * BLACK_AFTER_MS)).toBe(true);
});

test('a lockdown never goes black: it has something to say', () => {
  const rest = new Rest();
  rest.look(LOCKDOWN, false, 0);
  expect(rest.isBlack(9 * BLACK_AFTER_MS)).toBe(false);
  expect(rest.dueAt(0)).toBeNull();
});
