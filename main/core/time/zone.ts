/**
 * A time zone as a table of its offsets. `Intl` knows them but takes microseconds for each question, so it is asked
 * once for a stretch of 400 days and the answers are kept; after that a conversion is a short look-up and integers.
 */
import { remembering } from '../remembering.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './day.ts';

/** From `start` (epoch ms) until the next segment's start, local time is UTC + `offset` (ms). */
interface Segment {
  readonly start: number;
  readonly offset: number;
}

const STRETCH_MS = 400 * DAY_MS;
/** More than any offset and any jump that ever was (Samoa left out a whole day). */
const REACH_MS = 50 * HOUR_MS;
/** Rules ask about the same few days again and again; a replay over centuries must not pile tables up. */
const KEPT_STRETCHES = 64;

export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #segments = remembering(KEPT_STRETCHES, (stretch) => this.#measure(stretch * STRETCH_MS));

  /** @throws RangeError when `Intl` doesn't know the name. */
  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** Milliseconds that local time is ahead of UTC at `instant`. */
  offsetAt(instant: number): number {
    const segments = this.#segments(Math.floor(instant / STRETCH_MS));
    let found = segments[0] as Segment;
    for (const segment of segments) {
      if (segment.start > instant) break;
      found = segment;
    }
    return found.offset;
  }

  /** The epoch day of the local date at `instant`. */
  localDay(instant: number): number {
    return Math.floor((instant + this.offsetAt(instant)) / DAY_MS);
  }

  /**
   * The instant of a local time, `minute` minutes (0 to 1,440) into the date `day`. A time that exists twice means the
   * first; one that the clocks jump over means the same distance after the jump.
   */
  instantOf(day: number, minute: number): number {
    const local = day * DAY_MS + minute * MINUTE_MS;
    // On to the next segment only once it has begun by both clocks: between the two lies what they jumped over.
    const { offset } = this.#around(local).reduce((segment, next) =>
      local - segment.offset >= next.start && local - next.offset >= next.start ? next : segment,
    );
    return local - offset;
  }

  /** Segments in order, among them all that can have a say about the local time `local`. */
  #around(local: number): readonly Segment[] {
    const first = Math.floor((local - REACH_MS) / STRETCH_MS);
    const last = Math.floor((local + REACH_MS) / STRETCH_MS);
    return first === last ? this.#segments(first) : [...this.#segments(first), ...this.#segments(last)];
  }

  #measure(from: number): readonly Segment[] {
    let last: Segment = { start: from, offset: this.#ask(from) };
    const segments = [last];
    for (let before = from; before < from + STRETCH_MS; before += DAY_MS) {
      const after = before + DAY_MS;
      const offset = this.#ask(after);
      if (offset === last.offset) continue;
      last = { start: this.#findChange(before, after, last.offset), offset };
      segments.push(last);
    }
    return segments;
  }

  /** The first instant in (`before`, `after`] at which the offset isn't `offset` any more. */
  #findChange(before: number, after: number, offset: number): number {
    let low = before;
    let high = after;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle) === offset) low = middle;
      else high = middle;
    }
    return high;
  }

  #ask(instant: number): number {
    const second = Math.floor(instant / 1_000) * 1_000;
    const [month, date, year, ...clock] = this.#format.format(second).split(/\D+/);
    const [hour, minute, seconds] = clock.map(Number);
    const local = Date.UTC(Number(year), Number(month) - 1, Number(date), hour, minute, seconds);
    return local - second;
  }
}
