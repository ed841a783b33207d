/**
 * What the hub has said, in order, bounded: where there is enough to do the line is told to wait. A message that isn't
 * one ends the connection before anything of it is looked at. Rows may be read elsewhere, some messages ahead.
 */
import type { Clock, Timer } from '../../main/core/clock.ts';
import type { FromHub } from '../wire/from-hub.ts';
import { parseFromHub, type WireError } from '../wire/parse.ts';
import { SLICE_MS } from './chores.ts';
import type { ReadRows } from './ports.ts';

/** Bytes that wait before the line is told to stop; it goes on at half. What is on its way comes on top. */
const ENOUGH = 262_144;
/** Messages in a second: a snapshot at full speed has some hundred. */
const MOST_A_SECOND = 2_000;
/** Messages that are read elsewhere, or have been and wait, so that nobody waits for anybody. */
const AHEAD = 4;

export interface InboxParts {
  readonly clock: Clock;
  readonly listen: (on: boolean) => void;
  /** Whether what was handed on before is done as far as it has to be. */
  readonly ready: () => boolean;
  /** As `RowsReader.read` has it. */
  readonly read: (message: Buffer) => Promise<ReadRows | null> | null;
  readonly take: (message: FromHub) => void;
  readonly takeRead: (rows: ReadRows) => void;
  readonly refuse: (error: WireError | { readonly why: 'too-many'; readonly detail: string }) => void;
}

/** `elsewhere`: it is being read there. */
interface Waiting {
  readonly message: Buffer;
  at: 'line' | 'elsewhere' | 'here';
  rows: ReadRows | null;
}

export class Inbox {
  readonly #parts: InboxParts;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #listening = true;
  #timer: Timer | null = null;
  #second = { since: Number.NEGATIVE_INFINITY, count: 0 };
  #closed = false;

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  put(message: Buffer): void {
    if (this.#closed) return;
    if (this.#isFlood()) {
      this.#parts.refuse({ why: 'too-many', detail: `more than ${MOST_A_SECOND} messages in a second` });
      return;
    }
    this.#waiting.push({ message, at: 'line', rows: null });
    this.#bytes += message.length;
    this.#listen();
    this.#readAhead();
    this.pump();
  }

  /** Goes on with what waits: called when something that was handed on is done. */
  pump(): void {
    if (this.#closed || !this.#isNextHere()) return;
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
    while (!this.#closed && this.#isNextHere() && ready() && clock.mono() < end) this.#next();
    if (ready()) this.pump();
  }

  #isNextHere(): boolean {
    const [next] = this.#waiting;
    return next !== undefined && next.at !== 'elsewhere';
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#bytes -= next.message.length;
    this.#listen();
    if (next.rows !== null) this.#parts.takeRead(next.rows);
    else this.#take(next.message.toString());
    this.#readAhead();
  }

  #take(text: string): void {
    const message = parseFromHub(text);
    if (message.ok) this.#parts.take(message.value);
    else this.#parts.refuse(message.error);
  }

  #readAhead(): void {
    for (const one of this.#waiting.slice(0, AHEAD)) {
      if (one.at !== 'line') continue;
      const read = this.#parts.read(one.message);
      if (read === null) continue;
      one.at = 'elsewhere';
      void read.then((rows) => {
        one.at = 'here';
        one.rows = rows;
        this.pump();
      });
    }
  }

  #listen(): void {
    const on = this.#listening ? this.#bytes < ENOUGH : this.#bytes < ENOUGH / 2;
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
