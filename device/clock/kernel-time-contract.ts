/** What every KernelTime does. */
import { describe, expect, test } from 'vitest';
import type { ClockFixture } from './clock-contract.ts';
import type { KernelTime } from './kernel-time.ts';

export interface KernelFixture extends ClockFixture {
  readonly kernel: KernelTime;
}

export function kernelTimeContract(name: string, make: () => KernelFixture): void {
  describe(`kernel time contract: ${name}`, () => {
    test('boot time goes on as the monotonic clock does, to 10 ms and what reading takes', async () => {
      const { clock, kernel, pass } = make();
      const before = { boot: kernel.bootMs(), mono: clock.mono() };
      await pass(200);
      const after = { boot: kernel.bootMs(), mono: clock.mono() };
      expect(after.boot - before.boot).toBeGreaterThan(0);
      expect(Math.abs(after.boot - before.boot - (after.mono - before.mono))).toBeLessThan(100);
    });

    test('it says whether NTP keeps the clock, the same when asked again', () => {
      const { kernel } = make();
      expect(kernel.ntp()).toBe(kernel.ntp());
    });
  });
}
