/** What readers gave, and whether each reading had its one answer in its time. */
import { REPEAT_MS, SCAN_TTL_MS } from './week-site.ts';

interface Seen {
  last: number;
  /** The exit that it opened. */
  event: number | null;
}

export class ReadingWatch {
  readonly #found: (text: string) => void;
  /** Codes as last seen, by reader and code. */
  readonly #seen = new Map<string, Seen>();
  /** Readings that have no answer yet, by reader: when they came. */
  readonly #unanswered = new Map<string, readonly number[]>();
  /** What is being read this moment. */
  #current: Seen | null = null;

  constructor(found: (text: string) => void) {
    this.#found = found;
  }

  /** @returns the event of the exit that opens again, for a code that is still held up; else null */
  presented(reader: string, text: string, now: number): number | null {
    const key = `${reader} ${text}`;
    const seen = this.#seen.get(key);
    if (seen !== undefined && now - seen.last <= REPEAT_MS) {
      seen.last = now;
      return seen.event;
    }
    for (const [other, { last }] of this.#seen) if (now - last > REPEAT_MS) this.#seen.delete(other);
    this.#current = { last: now, event: null };
    this.#seen.set(key, this.#current);
    this.#unanswered.set(reader, [...(this.#unanswered.get(reader) ?? []), now]);
    return null;
  }

  /** The reading that this answers. */
  answered(reader: string, direction: 'in' | 'out', now: number): void {
    const waiting = this.#unanswered.get(reader) ?? [];
    // At a reader for both ways whoever wants out passes those who wait to come in.
    const since = direction === 'out' ? waiting.at(-1) : waiting[0];
    this.#unanswered.set(reader, direction === 'out' ? waiting.slice(0, -1) : waiting.slice(1));
    if (since === undefined) {
      this.#found(`${reader}: an answer to nothing, or a second one`);
      return;
    }
    if (now > since) this.#current = null;
    if (now > since && direction === 'out') this.#found(`${reader}: an exit waited`);
    if (now - since > SCAN_TTL_MS) this.#found(`${reader}: a reading was answered after its time`);
  }

  /** What was read just now opened the way out: held up again, it opens again. */
  leftBy(event: number): void {
    if (this.#current !== null) this.#current.event = event;
  }

  /** A member takes up an offer at the reader, where `choose` says so: as good as a reading. */
  choosing(reader: string, now: number, choose: () => boolean): void {
    const before = this.#unanswered.get(reader) ?? [];
    this.#unanswered.set(reader, [...before, now]);
    this.#current = null;
    if (!choose()) this.#unanswered.set(reader, before);
  }

  look(now: number): void {
    for (const [reader, since] of this.#unanswered) {
      if (!since.some((at) => now - at > SCAN_TTL_MS + 1)) continue;
      this.#found(`${reader}: a reading had no answer`);
      this.#unanswered.delete(reader);
    }
  }

  /** The controller is gone, and whoever stands there gets no answer. */
  forget(): void {
    this.#seen.clear();
    this.#unanswered.clear();
    this.#current = null;
  }
}
