/**
 * What becomes of a code that a reader gave: repeats fall away, an entry waits a moment for a lock that is away, then
 * facts, decision and record in one transaction, then the door. Synchronous from the last byte to the command.
 */
import type { DoorConfig, ReaderConfig } from '../contract/config.ts';
import type { Clock, ClockTrust, Timer } from '../core/clock.ts';
import { type Decision, decideEntry, decideExit, decideWithoutSite, openStays } from '../core/decide.ts';
import type { MemberFacts } from '../core/facts.ts';
import { Repeats } from '../core/repeats.ts';
import type { Store, Writer } from '../store/store.ts';
import { type Identified, identify, type Place } from './credential.ts';
import type { Journal, Judgement } from './journal.ts';
import { NOTHING_USED } from './passes/used-passes.ts';
import type { SiteCache } from './site-cache.ts';

export type Direction = 'in' | 'out';

/** A scan that was judged, with what the screen wants to know besides. */
export interface JudgedScan extends Judgement {
  readonly place: ReaderPlace;
  readonly direction: Direction;
  readonly member: MemberFacts | null;
  /** The code, for when its owner takes up an offer. In memory alone. */
  readonly text: string;
  /** Epoch ms at which the code was held up: a pass that was good then is still good for the choice. */
  readonly shownAt: number;
}

/** What a reading leads to. */
export interface ScanSink {
  /** Command the door. The record of `event` is durable; null: an exit that could not be recorded. */
  grant(doorId: string, event: number | null): void;
  /** Told after the door was commanded. */
  judged(scan: JudgedScan, seq: number): void;
  /** An entry that found the lock away and waited in vain: not judged, nothing used up. */
  expired(doorId: string, event: number | null): void;
  isReady(doorId: string): boolean;
}

export interface ReaderPlace {
  readonly door: DoorConfig;
  readonly reader: ReaderConfig;
}

interface Scan extends ReaderPlace {
  readonly text: string;
  /** When the code's last byte was there, or the choice was made. */
  readonly mono: number;
  /** The ticket that the member took up after a refusal; `shownAt` as in `JudgedScan`. */
  readonly chosen: { readonly ticketId: string; readonly shownAt: number } | null;
}

interface Waiting {
  readonly scan: Scan;
  readonly direction: Direction;
  readonly timer: Timer;
}

/** More people than this don't stand before a door whose lock is away. */
const MOST_WAITING = 16;

export interface ScanParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly journal: Journal;
  readonly site: SiteCache;
  readonly trust: () => ClockTrust;
}

export class ScanFlow {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #journal: Journal;
  readonly #site: SiteCache;
  readonly #trust: () => ClockTrust;
  readonly #sink: ScanSink;
  readonly #repeats = new Repeats();
  readonly #waiting = new Set<Waiting>();

  constructor(parts: ScanParts, sink: ScanSink) {
    this.#clock = parts.clock;
    this.#store = parts.store;
    this.#journal = parts.journal;
    this.#site = parts.site;
    this.#trust = parts.trust;
    this.#sink = sink;
  }

  /** @param mono when the code's last byte was there */
  reading(place: ReaderPlace, text: string, mono: number): void {
    const { door, reader } = place;
    const repeat = this.#repeats.find(reader.id, text, mono, door.repeatMs);
    if (repeat === null) {
      this.#repeats.note(reader.id, text, mono, door.repeatMs, null);
      this.#take({ ...place, text, mono, chosen: null });
    } else if (repeat.event !== null) {
      // Held up again on the way out: the same scan, and the door opens again for it.
      this.#sink.grant(door.id, repeat.event);
    }
  }

  /** Judges a refused entry anew, with a ticket that its owner wants to spend. */
  choose({ place, text, shownAt }: JudgedScan, ticketId: string): void {
    this.#take({ ...place, text, mono: this.#clock.mono(), chosen: { ticketId, shownAt } });
  }

  /** The lock of the door came back. */
  lockIsReady(doorId: string): void {
    for (const waiting of [...this.#waiting]) {
      if (waiting.scan.door.id !== doorId) continue;
      waiting.timer.cancel();
      this.#waiting.delete(waiting);
      this.#judge(waiting.scan, waiting.direction);
    }
  }

  close(): void {
    for (const { timer } of this.#waiting) timer.cancel();
    this.#waiting.clear();
  }

  #take(scan: Scan): void {
    const direction = scan.chosen === null ? this.#directionOf(scan) : 'in';
    const leftMs = scan.mono + scan.door.scanTtlMs - this.#clock.mono();
    if (direction === 'out') this.#judge(scan, direction);
    else if (leftMs <= 0) this.#expire(scan);
    else if (this.#sink.isReady(scan.door.id)) this.#judge(scan, direction);
    else this.#wait(scan, direction, leftMs);
  }

  /** A reader for both ways: out for who is inside, in for everybody else. */
  #directionOf({ reader, door, text }: Scan): Direction {
    if (reader.direction !== 'toggle') return reader.direction;
    const place = this.#placeOf(door.id);
    if (place === null) return 'in';
    const at = this.#clock.wall();
    const inside = this.#store.read((facts) => {
      const { member } = identify(facts, NOTHING_USED, place, text, at, this.#trust());
      return member !== null && openStays(place.site.rules, member, at).length > 0;
    });
    return inside.ok && inside.value ? 'out' : 'in';
  }

  #wait(scan: Scan, direction: Direction, leftMs: number): void {
    if (this.#waiting.size >= MOST_WAITING) {
      this.#expire(scan);
      return;
    }
    const late = () => {
      this.#waiting.delete(waiting);
      this.#expire(scan);
    };
    const waiting = { scan, direction, timer: this.#clock.after(`${scan.door.id} scan expires`, leftMs, late) };
    this.#waiting.add(waiting);
  }

  #expire({ door, reader }: Scan): void {
    const event = {
      type: 'scan',
      doorId: door.id,
      readerId: reader.id,
      direction: 'in',
      detail: { expired: true },
    } as const;
    this.#sink.expired(door.id, this.#journal.note(event));
  }

  #judge(scan: Scan, direction: Direction): void {
    const { door, reader, text } = scan;
    const judged = this.#journal.judge((writer) => this.#judgement(writer, scan, direction));
    if (judged.ok) {
      const { seq, decision } = judged.value;
      if (decision.result.granted) this.#sink.grant(door.id, seq);
      this.#sink.judged(judged.value, seq);
      if (direction === 'out') this.#repeats.note(reader.id, text, scan.mono, door.repeatMs, seq);
    } else if (direction === 'out') {
      this.#sink.grant(door.id, null);
      const { result } = decideWithoutSite('out');
      this.#journal.note({ type: 'scan', doorId: door.id, readerId: reader.id, direction, result });
    }
  }

  #judgement(writer: Writer, scan: Scan, direction: Direction): JudgedScan {
    const { door, reader, text, chosen } = scan;
    const at = this.#clock.wall();
    const shownAt = chosen?.shownAt ?? at;
    const ticketId = chosen?.ticketId ?? null;
    const place = this.#placeOf(door.id);
    const used = direction === 'in' ? writer.usedPasses : NOTHING_USED;
    const { member, pass, detail } =
      place === null ? NOBODY : identify(writer.facts, used, place, text, at, this.#trust(), shownAt);
    const decision = place === null ? decideWithoutSite(direction) : decide(place, direction, at, member, ticketId);
    if (pass !== null && direction === 'in' && decision.result.granted) {
      writer.usedPasses.note(pass.passId, door.id, pass.until);
      if (this.#trust() !== 'doubtful') writer.usedPasses.forgetEnded(at);
    }
    const event = { at, type: 'scan', doorId: door.id, readerId: reader.id, direction, detail } as const;
    const basis = { door: door.id, at, direction, ticketId, member };
    return { event, decision, basis, place: { door, reader }, direction, member, text, shownAt };
  }

  #placeOf(doorId: string): Place | null {
    const site = this.#site.get();
    const door = site?.rules.doors.get(doorId);
    return site === null || door === undefined ? null : { site, door };
  }
}

/** What a unit without a site knows. */
const NOBODY: Identified = { member: null, pass: null, detail: {} };

function decide(
  { site: { rules }, door }: Place,
  direction: Direction,
  at: number,
  member: MemberFacts | null,
  ticketId: string | null,
): Decision {
  return direction === 'in' ? decideEntry(rules, door, at, member, ticketId) : decideExit(rules, door, at, member);
}
