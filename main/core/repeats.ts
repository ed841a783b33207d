/**
 * The same code on the same reader, seen again within `repeatMs` of the last time, is the same scan: a camera sees a
 * code thirty times a second, a nervous hand holds it up twice. Keys are only ever compared.
 */
export class Repeats {
  readonly #seen = new Map<string, { last: number; readonly event: number | null }>();

  /**
   * Was this seen within `repeatMs`? If so it counts as seen again now, and the answer is the event of the first time
   * (null: it had none, or has none yet).
   */
  find(reader: string, code: string, now: number, repeatMs: number): { readonly event: number | null } | null {
    const entry = this.#seen.get(keyOf(reader, code));
    if (entry === undefined || now - entry.last > repeatMs) return null;
    entry.last = now;
    return entry;
  }

  /** Notes a scan that was judged. Forgets what is older than `repeatMs`. */
  note(reader: string, code: string, now: number, repeatMs: number, event: number | null): void {
    for (const [key, { last }] of this.#seen) {
      if (now - last > repeatMs || this.#seen.size >= MOST) this.#seen.delete(key);
    }
    this.#seen.set(keyOf(reader, code), { last: now, event });
  }
}

/** Far more than people can hold up within `repeatMs`; a flood of codes forgets the oldest. */
const MOST = 1_000;

function keyOf(reader: string, code: string): string {
  return `${reader}\n${code}`;
}
