/** A guest makes the letters large and picks Korean, then walks off: the next person finds the page as it always is. */
import { expect, test } from 'vitest';
import { backToWaiting, COMFORT_MS, changeComfort, comfortDueAt, freshComfort, PLAIN } from './comfort.ts';

test('larger, larger, largest, and from the start again', () => {
  const sizes = [1, 2, 3, 4].map((presses) => {
    let comfort = PLAIN;
    for (let press = 0; press < presses; press += 1) comfort = changeComfort(comfort, { press: 'text' }, 10);
    return comfort.text;
  });
  expect(sizes).toEqual([130, 160, 200, 100]);
});

test('everything ends 60 s after the last touch, not before', () => {
  const korean = changeComfort(PLAIN, { press: 'language', language: 'ko' }, 1_000);
  const reached = changeComfort(korean, { press: 'reach' }, 2_000);
  const touched = changeComfort(reached, { press: 'touch' }, 30_000);
  expect(comfortDueAt(touched)).toBe(30_000 + COMFORT_MS);
  expect(freshComfort(touched, 30_000 + COMFORT_MS - 1)).toBe(touched);
  expect(freshComfort(touched, 30_000 + COMFORT_MS)).toBe(PLAIN);
});

test('a touch later than that is the next person’s, and finds nothing of the first', () => {
  const korean = changeComfort(PLAIN, { press: 'language', language: 'ko' }, 0);
  expect(changeComfort(korean, { press: 'touch' }, COMFORT_MS).language).toBeNull();
});

test('nothing is waited for while nothing is changed', () => {
  expect(comfortDueAt(changeComfort(PLAIN, { press: 'touch' }, 5_000))).toBeNull();
});

test('the size and the sheet end with the decision, the language and reach stay', () => {
  const all = { language: 'en', text: 200, reach: true, sheet: true, touchedMono: 5 } as const;
  expect(backToWaiting(all)).toEqual({ ...all, text: 100, sheet: false });
});

test('what is pressed twice is as it was', () => {
  const twice = changeComfort(changeComfort(PLAIN, { press: 'reach' }, 1), { press: 'reach' }, 2);
  expect(twice.reach).toBe(false);
  const sheet = changeComfort(changeComfort(PLAIN, { press: 'sheet' }, 1), { press: 'sheet' }, 2);
  expect(sheet.sheet).toBe(false);
});
