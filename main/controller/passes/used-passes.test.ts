/** A card's photograph is sent to a friend: whoever comes second stands outside. */
import { expect, test } from 'vitest';
import { MemoryUsedPasses } from './used-passes.ts';
import { usedPassesContract } from './used-passes-contract.ts';

usedPassesContract('in memory', () => {
  const used = new MemoryUsedPasses();
  return { used, reopen: () => new MemoryUsedPasses(used.rows()) };
});

test('with no room left the use whose pass ends first is forgotten', () => {
  const used = new MemoryUsedPasses([], 2);
  used.note('0a', 'front', 3_000);
  used.note('0b', 'front', 1_000);
  used.note('0c', 'front', 2_000);
  expect(['0a', '0b', '0c'].map((passId) => used.isUsed(passId, 'front'))).toEqual([true, false, true]);
  expect(used.rows()).toHaveLength(2);
});
