/** When a text was last reported, newest last. */
export interface Sighting {
  readonly text: string;
  readonly atMs: number;
}

/**
 * A code before the camera is seen 30 times a second. It is reported when it comes, then once in this time while it
 * stays, so that the controller, which takes what it saw within its `repeatMs` (3 s) for one scan, knows that it is
 * still there.
 */
export const REPORT_EVERY_MS = 1_000;

/** Several phones may be held up at once; more than these at a time is nobody at a door. */
const REMEMBERED = 8;

/** Whether a text seen at `atMs` is to be reported, and what to remember for the next one. */
export function sight(
  recent: readonly Sighting[],
  text: string,
  atMs: number,
): { readonly report: boolean; readonly recent: readonly Sighting[] } {
  const live = recent.filter((sighting) => atMs - sighting.atMs < REPORT_EVERY_MS);
  if (live.some((sighting) => sighting.text === text)) return { report: false, recent: live };
  return { report: true, recent: [...live, { text, atMs }].slice(-REMEMBERED) };
}
