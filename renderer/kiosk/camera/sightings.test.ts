/** A member holds a code up for four seconds, beside a friend with another one. Each is reported, neither floods. */
import { expect, test } from 'vitest';
import { REPORT_EVERY_MS, type Sighting, sight } from './sightings.ts';

function reports(seen: readonly (readonly [atMs: number, text: string])[]): readonly string[] {
  let recent: readonly Sighting[] = [];
  return seen.flatMap(([atMs, text]) => {
    const next = sight(recent, text, atMs);
    recent = next.recent;
    return next.report ? [`${atMs} ${text}`] : [];
  });
}

test('at once, then once a second while it stays', () => {
  const frames = Array.from({ length: 120 }, (_, i) => [i * 33, 'A'] as const);
  expect(reports(frames)).toEqual(['0 A', '1023 A', '2046 A', '3069 A']);
});

test('two codes in turn are both reported at once', () => {
  expect(
    reports([
      [0, 'A'],
      [33, 'B'],
      [66, 'A'],
      [99, 'B'],
    ]),
  ).toEqual(['0 A', '33 B']);
});

test('a film of ever new codes is not remembered without end', () => {
  let recent: readonly Sighting[] = [];
  for (let i = 0; i < 100; i++) recent = sight(recent, `code ${i}`, i).recent;
  expect(recent).toHaveLength(8);
  expect(sight(recent, 'code 99', REPORT_EVERY_MS).report).toBe(false);
});
