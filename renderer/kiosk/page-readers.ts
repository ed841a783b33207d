/** What this page's own readers see, its camera and a reader that types: each code once, to whom it is for now. */
import type { Clock } from '../parts/clock.ts';
import type { DoorMessage } from './door.ts';
import type { KioskLink } from './link.ts';
import { NO_KEYS, wedgeKey } from './wedge.ts';

/** The camera sees one code many times. */
const SAME_TEXT_MS = 1_000;

interface PageReaderParts {
  readonly clock: Clock;
  readonly link: Pick<KioskLink, 'scan'>;
  /** The door that the page stands at; null where there is none yet. */
  readonly door: () => DoorMessage | null;
  /** A code was held up: somebody is there. */
  readonly seen: () => void;
  /** A code was handed in, or has been judged. */
  readonly changed: () => void;
}

export class PageReaders {
  readonly #parts: PageReaderParts;
  #taker: ((text: string) => void) | null = null;
  #readings = 0;
  #keys = NO_KEYS;
  #lastText = { text: '', atMono: Number.NEGATIVE_INFINITY };

  constructor(parts: PageReaderParts) {
    this.#parts = parts;
  }

  /** A code was handed in and is not judged yet. */
  get isReading(): boolean {
    return this.#readings > 0;
  }

  /** What is seen goes to `taker` from now on, not to the door; null: to the door again. */
  divert(taker: ((text: string) => void) | null): void {
    this.#taker = taker;
  }

  /** The camera sees this text, perhaps again. */
  seeText(text: string): void {
    const atMono = this.#parts.clock.mono();
    const same = text === this.#lastText.text && atMono - this.#lastText.atMono < SAME_TEXT_MS;
    if (same) return;
    this.#lastText = { text, atMono };
    this.#scan(this.#parts.door()?.camera ?? null, text);
  }

  /** True: the key is a wedge reader's, and nothing else may act on it. */
  typeKey(key: string, atMs: number): boolean {
    const reader = this.#parts.door()?.wedge ?? null;
    if (reader === null) return false;
    const { state, code, swallow } = wedgeKey(this.#keys, key, atMs);
    this.#keys = state;
    if (code !== null) this.#scan(reader, code);
    return swallow;
  }

  #scan(reader: string | null, text: string): void {
    this.#parts.seen();
    if (this.#taker !== null) {
      this.#taker(text);
      return;
    }
    if (reader === null) return;
    this.#readings += 1;
    this.#parts.changed();
    const done = (): void => {
      this.#readings -= 1;
      this.#parts.changed();
    };
    this.#parts.link.scan({ reader, text }).then(done, done);
  }
}
