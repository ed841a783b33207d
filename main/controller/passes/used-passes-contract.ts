/** What every `UsedPasses` does. `reopen`: the same list after a restart of the controller. */
import { describe, expect, test } from 'vitest';
import type { UsedPasses } from './used-passes.ts';

export interface UsedPassesFixture {
  readonly used: UsedPasses;
  reopen(): UsedPasses;
}

export function usedPassesContract(name: string, make: () => UsedPassesFixture): void {
  describe(`used passes contract: ${name}`, () => {
    test('a pass is used at the door that it opened, and at no other', () => {
      const { used } = make();
      used.note('0a', 'front', 1_000);
      expect(used.isUsed('0a', 'front')).toBe(true);
      expect(used.isUsed('0a', 'back')).toBe(false);
      expect(used.isUsed('0b', 'front')).toBe(false);
    });

    test('ids that are alike once they are put together stay apart', () => {
      const { used } = make();
      used.note('0a', '0b c', 1_000);
      expect(used.isUsed('0a0b', 'c')).toBe(false);
      expect(used.isUsed('0a', '0B C')).toBe(false);
    });

    test('noted twice it is as noted once', () => {
      const { used } = make();
      used.note('0a', 'front', 1_000);
      used.note('0a', 'front', 1_000);
      used.forgetEnded(999);
      expect(used.isUsed('0a', 'front')).toBe(true);
      used.forgetEnded(1_000);
      expect(used.isUsed('0a', 'front')).toBe(false);
    });

    test('forgotten at its end and not a millisecond before', () => {
      const { used } = make();
      used.note('0a', 'front', 1_000);
      used.note('0b', 'front', 2_000);
      used.forgetEnded(999);
      expect(used.isUsed('0a', 'front')).toBe(true);
      used.forgetEnded(1_000);
      expect(used.isUsed('0a', 'front')).toBe(false);
      expect(used.isUsed('0b', 'front')).toBe(true);
    });

    test('a restart forgets nothing', () => {
      const { used, reopen } = make();
      used.note('0a', 'front', 1_000);
      used.note('0b', '正面', 253_402_214_400_000);
      const again = reopen();
      expect(again.isUsed('0a', 'front')).toBe(true);
      expect(again.isUsed('0b', '正面')).toBe(true);
      expect(again.isUsed('0a', '正面')).toBe(false);
    });
  });
}
