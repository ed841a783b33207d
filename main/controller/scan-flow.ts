/**
 * What becomes of a code that a reader gave: repeats fall away, an entry waits a moment for a lock that is away, then
 * facts, decision and record in one transaction, then the door. Synchronous from the last byte to the command.
 */
import type { Clock, Timer } from '../core/clock.ts';
import { openStays } from '../core/decide.ts';
import type { MemberFacts } from '../core/facts.ts';
import { momentOf } from '../core/moment.ts';
import { Repeats } from '../core/repeats.ts';
import { type FactsFrom, mayJudgeUnrecorded, withUnrecorded } from '../core/unrecorded.ts';
import type { FactsReader } from '../store/facts.ts';
import type { Store, Writer } from '../store/store.ts';
import type { ClockWatch } from './clock-trust.ts';
import type { Identified, Place } from './credential.ts';
import type { Journal } from './journal.ts';
import {
  type Direction,
  type JudgedScan,
  judgeScan,
  judgeVisitor,
  NOBODY,
  type ReaderPlace,
  type Scan,
  type ScanTime,
  scanTime,
  visitorOf,
  whoIs,
} from './judge-scan.ts';
import { KnownMembers } from './known-members.ts';
import { NOTHING_USED, type UsedPasses } from './passes/used-passes.ts';
import type { ScanSink, Unjudged } from './scan-sink.ts';
import type { SiteCache } from './site-cache.ts';

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
  readonly watch: ClockWatch;
}

export class ScanFlow {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #journal: Journal;
  readonly #site: SiteCache;
  readonly #watch: ClockWatch;
  readonly #sink: ScanSink;
  readonly #repeats = new Repeats();
  readonly #waiting = new Set<Waiting>();
  readonly #known = new KnownMembers();

  constructor(parts: ScanParts, sink: ScanSink) {
    this.#clock = parts.clock;
    this.#store = parts.store;
    this.#journal = parts.journal;
    this.#site = parts.site;
    this.#watch = parts.watch;
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
      this.#sink.grant(door.id, repeat.event, 'exit');
    }
  }

  /** Judges a refused entry anew, with a ticket that its owner wants to spend. */
  choose({ place, text, shownAt }: JudgedScan, ticketId: string): void {
    this.#take({ ...place, text, mono: this.#clock.mono(), chosen: { ticketId, shownAt } });
  }

  /** Nothing bars entries at the door any more. */
  doorIsFree(doorId: string): void {
    for (const waiting of [...this.#waiting]) {
      if (waiting.scan.door.id !== doorId) continue;
      waiting.timer.cancel();
      this.#waiting.delete(waiting);
      this.#judge(waiting.scan, waiting.direction);
    }
  }

  /** Members have changed, or one was erased. */
  forgetMembers(): void {
    this.#known.forget();
  }

  close(): void {
    for (const { timer } of this.#waiting) timer.cancel();
    this.#waiting.clear();
  }

  #take(scan: Scan): void {
    const direction = scan.chosen === null ? this.#directionOf(scan) : 'in';
    const leftMs = scan.mono + scan.door.scanTtlMs - this.#clock.mono();
    const bar = direction === 'out' ? null : this.#sink.bar(scan.door.id);
    if (direction === 'out') this.#judge(scan, direction);
    else if (leftMs <= 0) this.#expire(scan);
    else if (this.#isOfStaff(scan)) return;
    else if (bar === null) this.#judge(scan, direction);
    else if (bar === 'lock' || bar === 'interlock') this.#wait(scan, direction, leftMs);
    else this.#turnAway(scan, bar, { unjudged: bar });
  }

  #isOfStaff(scan: Scan): boolean {
    const shut = this.#sink.staffCode(scan, scan.text);
    if (shut === false) return false;
    if (shut !== null) this.#turnAway(scan, shut, { unjudged: shut });
    return true;
  }

  /** A reader for both ways: out for who is inside, in for everybody else. */
  #directionOf(scan: Scan): Direction {
    if (scan.reader.direction !== 'toggle') return scan.reader.direction;
    const place = this.#placeOf(scan.door.id);
    if (place === null) return 'in';
    const time = this.#time(scan);
    const { who } = this.#whoCanBeRead(scan, NOTHING_USED, place, time);
    return who.member !== null && openStays(place.site.rules, who.member, time.at).length > 0 ? 'out' : 'in';
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

  #expire(scan: Scan): void {
    const bar = this.#sink.bar(scan.door.id) ?? 'lock';
    if (bar === 'lock') this.#turnAway(scan, 'lock-away', { expired: true });
    else this.#turnAway(scan, bar, { expired: true, unjudged: bar });
  }

  #turnAway({ door, reader }: Scan, why: Unjudged, detail: Readonly<Record<string, unknown>>): void {
    // Once: what is told and what is recorded are known to be the same by it, and a disk may take seconds.
    const at = this.#clock.wall();
    const event = { at, type: 'scan', doorId: door.id, readerId: reader.id, direction: 'in', detail } as const;
    this.#sink.unjudged({ door, reader }, why, this.#journal.note(event), at);
  }

  #judge(scan: Scan, direction: Direction): void {
    this.#watch.look();
    const { door } = scan;
    if (direction === 'out') this.#sink.exitWanted(door.id);
    else this.#sink.entryWanted();
    const judged = this.#journal.judge((writer) => this.#judgement(writer, scan, direction));
    if (!judged.ok) {
      if (direction === 'out') this.#leaveUnrecorded(scan);
      else this.#enterUnrecorded(scan);
      return;
    }
    const { seq, decision } = judged.value;
    if (decision.result.granted) this.#sink.grant(door.id, seq, direction === 'out' ? 'exit' : 'entry');
    this.#sink.judged(judged.value, seq);
    this.#remember(scan, judged.value, seq);
  }

  #judgement(writer: Writer, scan: Scan, direction: Direction): JudgedScan {
    const place = this.#placeOf(scan.door.id);
    const time = this.#time(scan);
    const found = whoIs(writer.facts, direction === 'in' ? writer.usedPasses : NOTHING_USED, place, scan, time);
    const visitor = direction === 'in' && found.member === null ? visitorOf(writer.ownCodes, scan, time) : null;
    if (visitor?.why === null && place !== null) return judgeVisitor(scan, place, visitor.pass.id, time);
    const who = visitor?.why ? { ...found, detail: { pass: visitor.why } } : found;
    const judged = judgeScan(scan, direction, place, who, time);
    if (who.pass !== null && direction === 'in' && judged.decision.result.granted) {
      writer.usedPasses.note(who.pass.passId, scan.door.id, who.pass.until);
      if (this.#watch.trust !== 'doubtful') writer.usedPasses.forgetEnded(time.at);
    }
    return judged;
  }

  /** People get out: the door first, then whatever can be found out and kept. */
  #leaveUnrecorded(scan: Scan): void {
    const event = this.#journal.claimLate();
    this.#sink.grant(scan.door.id, event, 'exit');
    const place = this.#placeOf(scan.door.id);
    const time = this.#time(scan);
    const { who } = this.#whoCanBeRead(scan, NOTHING_USED, place, time);
    const judged = judgeScan(scan, 'out', place, who, time);
    this.#journal.noteLate(judged, event);
    this.#sink.judged(judged, event);
    this.#remember(scan, judged, event);
  }

  /** By the door's `onStoreFailure`: turned away, or judged by what is known, and kept in the reserve first. */
  #enterUnrecorded(scan: Scan): void {
    const { waiting } = this.#journal;
    const place = this.#placeOf(scan.door.id);
    const time = this.#time(scan);
    const used = {
      isUsed: (passId: string, doorId: string) =>
        waiting.isPassUsed(passId, doorId) || this.#store.usedPasses.isUsed(passId, doorId),
    };
    const { who, from } = this.#whoCanBeRead(scan, used, place, time);
    if (place === null || !mayJudgeUnrecorded(scan.door.onStoreFailure, waiting.hasReserve, from)) {
      this.#turnAway(scan, 'store-failure', { unjudged: 'store-failure' });
      return;
    }
    const judged = judgeScan(scan, 'in', place, who, time);
    const { granted } = judged.decision.result;
    const pass = who.pass === null ? null : { passId: who.pass.passId, doorId: scan.door.id, until: who.pass.until };
    const event = granted ? this.#journal.reserve(judged, pass) : this.#journal.noteLate(judged);
    if (event === null) {
      this.#turnAway(scan, 'store-failure', { unjudged: 'store-failure' });
      return;
    }
    if (granted) this.#sink.grant(scan.door.id, event, 'entry');
    this.#sink.judged(judged, event);
    this.#remember(scan, judged, event);
  }

  #remember({ reader, door, text, mono }: Scan, judged: JudgedScan, event: number): void {
    const { direction, member, decision } = judged;
    const { pass } = judged.event.detail;
    if (direction === 'out') {
      this.#repeats.note(reader.id, text, mono, door.repeatMs, event);
      this.#known.left(text);
      // A pass opens once, and only within its life: nobody could look that up.
    } else if (decision.result.granted && member !== null && pass === undefined) {
      const placeId = this.#placeOf(door.id)?.door.placeId;
      if (placeId !== undefined) this.#known.entered(text, member, decision.changes, placeId);
    }
  }

  /** Who it is as far as anything can be read, with what waits for the record. */
  #whoCanBeRead(
    scan: Scan,
    used: Pick<UsedPasses, 'isUsed'>,
    place: Place | null,
    time: ScanTime,
  ): { readonly who: Identified; readonly from: FactsFrom } {
    if (place === null) return { who: NOBODY, from: 'store' };
    const { placeId } = place.door;
    const { businessDay } = momentOf(place.site.rules, time.at);
    const read = this.#store.read((facts: FactsReader) => whoIs(facts, used, place, scan, time));
    if (!read.ok) {
      const member = this.#known.recall(scan.text, placeId, businessDay);
      return { who: { ...NOBODY, member }, from: member === null ? 'nowhere' : 'memory' };
    }
    const add = (member: MemberFacts) =>
      withUnrecorded(member, this.#journal.waiting.of(member.id), placeId, businessDay);
    const { member } = read.value;
    return { who: { ...read.value, member: member === null ? null : add(member) }, from: 'store' };
  }

  #time(place: ReaderPlace): ScanTime {
    return scanTime(place, this.#clock.wall(), this.#watch.trust, this.#watch.trustedAt);
  }

  #placeOf(doorId: string): Place | null {
    const site = this.#site.get();
    const door = site?.rules.doors.get(doorId);
    return site === null || door === undefined ? null : { site, door };
  }
}
