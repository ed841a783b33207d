// A door asks about the same few days all year, a replay about each day once.
import { expect, test } from 'vitest';
import { remembering } from './remembering.ts';

function counting(most: number) {
  const asked: number[] = [];
  const find = remembering(most, (key) => {
    asked.push(key);
    return key % 2 === 0 ? { key } : null;
  });
  return { asked, find };
}

test('what was worked out is not worked out again, also where it came to nothing', () => {
  const { asked, find } = counting(3);
  for (const key of [2, 1, 3, 2, 1, 3]) find(key);
  expect(asked).toStrictEqual([2, 1, 3]);
  expect(find(2)).toBe(find(2));
  expect(find(1)).toBeNull();
});

test('beyond the most, all is forgotten, and gives the same when asked again', () => {
  const { asked, find } = counting(2);
  for (const key of [2, 4, 6, 2]) expect(find(key)).toStrictEqual({ key });
  expect(asked).toStrictEqual([2, 4, 6, 2]);
});
