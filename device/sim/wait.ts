import { SystemClock } from '../clock/system.ts';

const LOOK_EVERY_MS = 2;
/** A look may be a whole record that is read: looking takes a fifth of the time at most, and what is waited for has the rest. */
const REST_PER_LOOK = 4;

/**
 * Waits in real time until `probe` gives something other than undefined, null or false, and returns that.
 * Rejects after `withinMs` with a text that says what was waited for, and `seen` if given: how things stood then.
 */
export async function until<T>(
  what: string,
  probe: () => T | undefined | null | false,
  options: { readonly withinMs?: number; readonly seen?: () => string } = {},
): Promise<T> {
  const withinMs = options.withinMs ?? 10_000;
  const called = new Error();
  const clock = new SystemClock();
  const deadline = clock.mono() + withinMs;
  for (;;) {
    const lookedAt = clock.mono();
    const found = probe();
    if (found !== undefined && found !== null && found !== false) return found;
    const now = clock.mono();
    if (now >= deadline) {
      called.message = `waited ${withinMs} ms for: ${what}${options.seen === undefined ? '' : `; seen: ${options.seen()}`}`;
      throw called;
    }
    await new Promise<void>((resolve) => {
      clock.after(what, Math.max(LOOK_EVERY_MS, REST_PER_LOOK * (now - lookedAt)), resolve);
    });
  }
}
