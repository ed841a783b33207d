/** What the kernel says of a process's memory. */
import { readFileSync } from 'node:fs';

const statusOf = (pid: number) => readFileSync(`/proc/${pid}/status`, 'utf8');

/** MB now. */
export const residentNow = (pid: number) => residentOf(statusOf(pid));

/** MB at the most since it was started. */
export const residentMost = (pid: number) => Number(/^VmHWM:\s+(\d+) kB$/m.exec(statusOf(pid))?.[1]) / 1_000;

/** MB from the text of /proc/PID/status. */
export function residentOf(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_000;
}
