/** What a program has used of the processor. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { SystemClock } from '../../device/clock/system.ts';

/** `getconf CLK_TCK`, the unit of /proc/PID/stat. */
const TICKS_PER_SECOND = 100;
/** A camera's reader is awake for 3 s after it has started. */
const SETTLE_MS = 5_000;
/** Ticks are 0.2 % of it. */
const MEASURED_MS = 5_000;

const clock = new SystemClock();

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

export interface Looked {
  readonly browser: Browser;
  /** The browser's own process. */
  readonly pid: number;
}

/** The share of a core, 0 to 1 and more, that a whole browser takes while a page that has come to rest stands there. */
export async function coreShare(
  { browser, pid }: Looked,
  url: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
  const page = await context.newPage();
  await page.goto(url);
  await ready(page);
  await passed(SETTLE_MS);
  const [before, startedMs] = [cpuSeconds(pid), clock.mono()];
  await passed(MEASURED_MS);
  const share = (cpuSeconds(pid) - before) / ((clock.mono() - startedMs) / 1_000);
  await context.close();
  return share;
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after('measuring', ms, resolve);
  });
}
