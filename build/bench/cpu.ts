/** What a program has used of the processor. */
import { readdirSync, readFileSync } from 'node:fs';

/** `getconf CLK_TCK`, the unit of /proc/PID/stat. */
const TICKS_PER_SECOND = 100;

/** User and system time of a process and all that came of it, in seconds. */
export function cpuSeconds(root: number): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => statOf(Number(name)));
  const family = new Set([root]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent } of stats) if (family.has(parent)) family.add(pid);
  }
  const ticks = stats.filter(({ pid }) => family.has(pid)).reduce((sum, one) => sum + one.ticks, 0);
  return ticks / TICKS_PER_SECOND;
}

function statOf(pid: number): readonly { readonly pid: number; readonly parent: number; readonly ticks: number }[] {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /su, '')
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    return [{ pid, parent, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) }];
  } catch {
    return [];
  }
}
