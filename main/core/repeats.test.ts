// A phone before the camera is seen thirty times a second, and it is one scan.
import { expect, test } from 'vitest';
import { Repeats } from './repeats.ts';

test('the same code within the window is the same scan, as long as it is seen', () => {
  const repeats = new Repeats();
  expect(repeats.find('front', 'A', 0, 3_000)).toBeNull();
  repeats.note('front', 'A', 0, 3_000, 7);
  expect(repeats.find('front', 'A', 3_000, 3_000)).toMatchObject({ event: 7 });
  expect(repeats.find('front', 'A', 6_000, 3_000)).toMatchObject({ event: 7 });
  expect(repeats.find('front', 'A', 9_001, 3_000)).toBeNull();
});

test('who comes a moment later does not make the first forgotten', () => {
  const repeats = new Repeats();
  repeats.note('front', 'A', 10_000, 3_000, 7);
  repeats.note('front', 'B', 13_000, 3_000, 8);
  expect(repeats.find('front', 'A', 13_000, 3_000)).toMatchObject({ event: 7 });
  expect(repeats.find('front', 'B', 13_000, 3_000)).toMatchObject({ event: 8 });
});

test('another code, or another reader, is another scan', () => {
  const repeats = new Repeats();
  repeats.note('front', 'A', 0, 3_000, null);
  expect(repeats.find('front', 'B', 1, 3_000)).toBeNull();
  expect(repeats.find('back', 'A', 1, 3_000)).toBeNull();
});

test('a flood of codes is forgotten, the oldest first', () => {
  const repeats = new Repeats();
  for (let n = 0; n < 5_000; n += 1) repeats.note('front', `${n}`, 0, 3_000, null);
  expect(repeats.find('front', '0', 1, 3_000)).toBeNull();
  expect(repeats.find('front', '4998', 1, 3_000)).not.toBeNull();
  expect(repeats.find('front', '4999', 1, 3_000)).not.toBeNull();
});
