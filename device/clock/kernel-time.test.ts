// Whether a jump of the wall clock was NTP's or somebody's is asked of the kernel; while a laptop sleeps, time goes on.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SystemKernelTime } from './kernel-time.ts';
import { kernelTimeContract } from './kernel-time-contract.ts';
import { SystemClock } from './system.ts';
import { VirtualClock } from './virtual.ts';
import { VirtualKernelTime } from './virtual-kernel-time.ts';

kernelTimeContract('system', () => {
  const clock = new SystemClock();
  return {
    clock,
    kernel: new SystemKernelTime(),
    pass: (ms) => new Promise((done) => void clock.after('pass', ms, done)),
  };
});

kernelTimeContract('virtual', () => {
  const clock = new VirtualClock();
  return { clock, kernel: new VirtualKernelTime(clock), pass: (ms) => clock.advance(ms) };
});

test('boot time is the kernel’s', () => {
  const [seconds = ''] = readFileSync('/proc/uptime', 'utf8').split(' ');
  expect(Math.abs(new SystemKernelTime().bootMs() - Number(seconds) * 1_000)).toBeLessThan(1_000);
});

test('the word on NTP is the one that timedatectl gives, where there is one', ({ skip }) => {
  let said = '';
  try {
    said = execFileSync('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    skip('timedatectl does not run here');
  }
  expect(new SystemKernelTime().ntp()).toBe(said === 'yes');
});

test('a machine that sleeps: the wall clock goes on with boot time', async () => {
  const clock = new VirtualClock();
  const kernel = new VirtualKernelTime(clock);
  const before = clock.wall() - kernel.bootMs();
  const mono = clock.mono();
  kernel.sleep(3_600_000);
  expect(clock.mono()).toBe(mono);
  expect(clock.wall() - kernel.bootMs()).toBe(before);
  kernel.setNtp(true);
  expect(kernel.ntp()).toBe(true);
});
