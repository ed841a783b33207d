/**
 * What the hub has said, in order, bounded: where there is enough to do the line is told to wait. A message that isn't
 * one ends the connection before anything of it is looked at.
 */
import type { Clock, Timer } from '../../main/core/clock.ts';
import type { FromHub } from '../wire/from-hub.ts';
import { parseFromHub, type WireError } from '../wire/parse.ts';
import { SLICE_MS } from './chores.ts';

/** Characters that wait before the line is told to stop; it goes on at a quarter. What is on its way comes on top. */
const ENOUGH = 1_048_576;
/** Messages in a second: a snapshot at full speed has some hundred. */
const MOST_A_SECOND = 2_000;

export interface InboxParts {
  readonly clock: Clock;
  readonly listen: (on: boolean) => void;
  /** Whether what was handed on before is done as far as it has to be. */
  readonly ready: () => boolean;
  readonly take: (message: FromHub) => void;
  readonly refuse: (error: WireError | { readonly why: 'too-many'; readonly detail: string }) => void;
}

export class Inbox {
  readonly #parts: InboxParts;
  readonly #waiting: string[] = [];
  #characters = 0;
  #listening = true;
  #timer: Timer | null = null;
  #second = { since: Number.NEGATIVE_INFINITY, count: 0 };
  #closed = false;

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  put(text: string): void {
    if (this.#closed) return;
    if (this.#isFlood()) {
      this.#parts.refuse({ why: 'too-many', detail: `more than ${MOST_A_SECOND} messages in a second` });
      return;
    }
    this.#waiting.push(text);
    this.#characters += text.length;
    this.#listen();
    this.pump();
  }

  /** Goes on with what waits: called when something that was handed on is done. */
  pump(): void {
    if (this.#closed || this.#waiting.length === 0) return;
    this.#timer ??= this.#parts.clock.after('link inbox', 0, () => {
      this.#timer = null;
      this.#slice();
    });
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #slice(): void {
    const { clock, ready } = this.#parts;
    const end = clock.mono() + SLICE_MS;
    while (!this.#closed && this.#waiting.length > 0 && ready() && clock.mono() < end) this.#next();
    if (ready()) this.pump();
  }

  #next(): void {
    const text = this.#waiting.shift() ?? '';
    this.#characters -= text.length;
    this.#listen();
    const message = parseFromHub(text);
    if (message.ok) this.#parts.take(message.value);
    else this.#parts.refuse(message.error);
  }

  #listen(): void {
    const on = this.#listening ? this.#characters < ENOUGH : this.#characters < ENOUGH / 4;
    if (on === this.#listening) return;
    this.#listening = on;
    this.#parts.listen(on);
  }

  #isFlood(): boolean {
    const now = this.#parts.clock.mono();
    if (now - this.#second.since >= 1_000) this.#second = { since: now, count: 0 };
    this.#second.count += 1;
    return this.#second.count > MOST_A_SECOND;
  }
}
