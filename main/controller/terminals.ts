/**
 * Who passed where a terminal decides by itself. The passage has happened: it is judged by policy `record-only` to be
 * counted, recorded, and never commands a door. Nothing here knows a guard or a lock.
 */
import type { PassageFault, PassageSink, RecordedPassage } from '../api/lan/ports.ts';
import type { TerminalConfig } from '../contract/lan.ts';
import type { PassageReport } from '../contract/passage.ts';
import type { Clock, ClockTrust } from '../core/clock.ts';
import { decideEntry, decideExit } from '../core/decide.ts';
import type { MemberFacts } from '../core/facts.ts';
import { factsWindow } from '../core/moment.ts';
import { err, ok, type Result } from '../core/result.ts';
import { DAY_MS, MINUTE_MS } from '../core/time/day.ts';
import { formatInstant, parseInstant } from '../core/time/instant.ts';
import { digestOfId, type ReportedPassage } from '../store/reported-passages.ts';
import type { Writer } from '../store/store.ts';
import { identify, type Place } from './credential.ts';
import type { Journal, Judgement } from './journal.ts';
import { NOTHING_USED } from './passes/used-passes.ts';
import type { SiteCache } from './site-cache.ts';

/** A terminal's clock may be ahead of ours by so much; the passage then counts as of now. */
const AHEAD_MS = 5 * MINUTE_MS;
/** A terminal may keep passages for so long while it can't reach us. */
const LATE_MS = 31 * DAY_MS;
/** As long as anybody sends the same passage again. */
const REMEMBERED_MS = 2 * LATE_MS;
/** A store that fails is not asked again at once: a busy one makes the doors wait too. */
const STORE_REST_MS = 2_000;

export interface TerminalDeskParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly site: SiteCache;
  readonly trust: () => ClockTrust;
}

/** When a passage counts as having happened. */
interface Time {
  readonly at: number;
  /** The terminal's clock is off by more than can be: `at` is when the report came. */
  readonly isOff: boolean;
}

export class TerminalDesk implements PassageSink {
  readonly #parts: TerminalDeskParts;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: TerminalDeskParts) {
    this.#parts = parts;
  }

  report(terminal: TerminalConfig, passage: PassageReport): Result<RecordedPassage, PassageFault> {
    const { clock, journal } = this.#parts;
    const place = this.#placeOf(terminal);
    if (!place.ok) return place;
    if (clock.mono() < this.#restUntil) return err('store');
    const recorded = journal.witness((writer, record): RecordedPassage => {
      const now = clock.wall();
      const reported = reportedOf(terminal, passage);
      const known = writer.reported.find(reported);
      if (known !== null) return { event: known, duplicate: true };
      const isIdKnown = writer.reported.isIdKnown(reported);
      const event = record(
        this.#judgement(writer, { terminal, passage, place: place.value, reported, isIdKnown, now }),
      );
      writer.reported.note(reported, event, now);
      if (this.#parts.trust() !== 'doubtful') writer.reported.forget(now - REMEMBERED_MS);
      return { event, duplicate: false };
    });
    if (recorded.ok) return recorded;
    this.#restUntil = clock.mono() + STORE_REST_MS;
    return err('store');
  }

  #placeOf({ doorId }: TerminalConfig): Result<Place, PassageFault> {
    const site = this.#parts.site.get();
    if (site === null) return err('no-site');
    const door = site.rules.doors.get(doorId);
    // Whatever the door's own policy has become: nobody asked us.
    return door === undefined ? err('no-door') : ok({ site, door: { ...door, policy: 'record-only' } });
  }

  #judgement(writer: Writer, report: Report): Judgement {
    const { terminal, passage, place, reported, isIdKnown, now } = report;
    const { direction } = reported;
    const trust = this.#parts.trust();
    const { at, isOff } = timeOf(reported.at, now, trust);
    const member = memberOf(writer, place, passage, at, trust);
    const { rules } = place.site;
    const decision =
      direction === 'in' ? decideEntry(rules, place.door, at, member) : decideExit(rules, place.door, at, member);
    const detail = {
      passage: digestOfId(reported.id).toString('hex').slice(0, 16),
      receivedAt: formatInstant(now),
      ...(at === reported.at ? {} : { reportedAt: formatInstant(reported.at) }),
      ...(isOff ? { clockOff: true } : {}),
      ...(isIdKnown ? { idAgain: true } : {}),
    };
    const event = { at, type: 'scan', doorId: terminal.doorId, readerId: terminal.id, direction, detail } as const;
    const basis = { door: terminal.doorId, at, direction, ticketId: null, policy: 'record-only', member } as const;
    return { event, decision, basis };
  }
}

interface Report {
  readonly terminal: TerminalConfig;
  readonly passage: PassageReport;
  readonly place: Place;
  readonly reported: ReportedPassage;
  /** The terminal has used the passage's id for another one: both are recorded. */
  readonly isIdKnown: boolean;
  /** Epoch ms. */
  readonly now: number;
}

function reportedOf(terminal: TerminalConfig, { id, at, direction }: PassageReport): ReportedPassage {
  const instant = parseInstant(at);
  if (instant === null) throw new Error('a checked passage has a time that is none');
  return { terminalId: terminal.id, id, at: instant, direction: direction ?? terminal.direction };
}

/** What is doubtful of ours can't judge theirs. */
function timeOf(reported: number, now: number, trust: ClockTrust): Time {
  if (trust === 'doubtful') return { at: reported, isOff: false };
  if (reported > now + AHEAD_MS || reported < now - LATE_MS) return { at: now, isOff: true };
  return { at: Math.min(reported, now), isOff: false };
}

/** Here a code names somebody and opens nothing: plans that want passes at doors don't forbid it. */
function memberOf(
  { facts }: Writer,
  place: Place,
  { memberId, code }: PassageReport,
  at: number,
  trust: ClockTrust,
): MemberFacts | null {
  const { placeId } = place.door;
  const window = factsWindow(place.site.rules, at);
  if (memberId !== undefined) return facts.memberById(memberId, placeId, window);
  const text = code ?? '';
  return facts.memberByCode(text, placeId, window) ?? identify(facts, NOTHING_USED, place, text, at, trust).member;
}
