/** One scan's judgement: who it is, by which clock, by which rules. What becomes of it is `scan-flow.ts`'s. */
import type { DoorConfig, ReaderConfig } from '../contract/config.ts';
import type { ClockTrust } from '../core/clock.ts';
import { type Decision, decideEntry, decideExit, decideOverride, decideWithoutSite } from '../core/decide.ts';
import { decideEntryInDoubt, type InDoubt, inDoubt } from '../core/doubt.ts';
import type { MemberFacts } from '../core/facts.ts';
import type { FactsReader } from '../store/facts.ts';
import type { OwnCodes, VisitorPass } from '../store/own-codes.ts';
import { type Identified, identify, type Place } from './credential.ts';
import type { Judgement } from './journal.ts';
import type { UsedPasses } from './passes/used-passes.ts';

export type Direction = 'in' | 'out';

export interface ReaderPlace {
  readonly door: DoorConfig;
  readonly reader: ReaderConfig;
}

export interface Scan extends ReaderPlace {
  readonly text: string;
  /** When the code's last byte was there, or the choice was made. */
  readonly mono: number;
  /** The ticket that the member took up after a refusal; `shownAt` as in `JudgedScan`. */
  readonly chosen: { readonly ticketId: string; readonly shownAt: number } | null;
}

/** A scan that was judged, with what the screen wants to know besides. */
export interface JudgedScan extends Judgement {
  readonly place: ReaderPlace;
  readonly direction: Direction;
  readonly member: MemberFacts | null;
  /** The code, for when its owner takes up an offer. In memory alone. */
  readonly text: string;
  /** Epoch ms at which the code was held up: a pass that was good then is still good for the choice. */
  readonly shownAt: number;
  /** Epoch ms by which the rules were asked: the event's, or in doubt the last that could be believed. */
  readonly judgedAt: number;
}

/** When a scan is judged, and how far that can be believed. */
export interface ScanTime {
  /** Epoch ms. */
  readonly at: number;
  /** null: by `at`, as ever. */
  readonly doubt: InDoubt | null;
}

/** What a unit without a site knows. */
export const NOBODY: Identified = { member: null, pass: null, detail: {} };

export function scanTime({ door }: ReaderPlace, at: number, trust: ClockTrust, trustedAt: number): ScanTime {
  return { at, doubt: inDoubt(trust, door.onDoubtfulClock, trustedAt) };
}

/** Whom the scanned code names. @param used `NOTHING_USED` at an exit */
export function whoIs(
  facts: FactsReader,
  used: Pick<UsedPasses, 'isUsed'>,
  place: Place | null,
  { text, chosen }: Scan,
  { at, doubt }: ScanTime,
): Identified {
  if (place === null) return NOBODY;
  // A door that trusts the clock all the same does so for passes too.
  return doubt === null
    ? identify(facts, used, place, text, at, 'held', chosen?.shownAt ?? at)
    : identify(facts, used, place, text, at, 'doubtful', doubt.trustedAt);
}

export function judgeScan(
  scan: Scan,
  direction: Direction,
  place: Place | null,
  { member, detail }: Identified,
  time: ScanTime,
): JudgedScan {
  const { door, reader, text, chosen } = scan;
  const { at } = time;
  const doubt = direction === 'in' ? time.doubt : null;
  const ticketId = chosen?.ticketId ?? null;
  return {
    event: { at, type: 'scan', doorId: door.id, readerId: reader.id, direction, detail },
    decision: place === null ? decideWithoutSite(direction) : decide(place, direction, { at, doubt }, member, ticketId),
    basis: { door: door.id, at, direction, ticketId, member, doubt },
    place: { door, reader },
    direction,
    member,
    text,
    shownAt: chosen?.shownAt ?? at,
    judgedAt: doubt?.trustedAt ?? at,
  };
}

/** The visitor's pass that a code is; `why` it opens nothing here; null: it is none of this unit. */
export function visitorOf(
  codes: Pick<OwnCodes, 'findPass'>,
  { text, door }: Scan,
  { at, doubt }: ScanTime,
): { readonly pass: VisitorPass; readonly why: 'door' | 'expired' | 'clock' | null } | null {
  const pass = codes.findPass(text);
  if (pass === null) return null;
  if (!pass.doorIds.includes(door.id)) return { pass, why: 'door' };
  // Nobody could tell when it ends.
  if (doubt !== null) return { pass, why: 'clock' };
  return { pass, why: at < pass.until ? null : 'expired' };
}

/** Let in as a guest of the staff's, as far as the door's orders allow it: nothing is counted. */
export function judgeVisitor(scan: Scan, { site, door: rules }: Place, visitor: string, { at }: ScanTime): JudgedScan {
  const { door, reader, text } = scan;
  return {
    event: { at, type: 'scan', doorId: door.id, readerId: reader.id, direction: 'in', detail: { visitor } },
    decision: decideOverride(site.rules, rules, at, null, false),
    basis: null,
    place: { door, reader },
    direction: 'in',
    member: null,
    text,
    shownAt: at,
    judgedAt: at,
  };
}

function decide(
  { site: { rules }, door }: Place,
  direction: Direction,
  { at, doubt }: ScanTime,
  member: MemberFacts | null,
  ticketId: string | null,
): Decision {
  if (direction === 'out') return decideExit(rules, door, at, member);
  if (doubt === null) return decideEntry(rules, door, at, member, ticketId);
  return decideEntryInDoubt(rules, door, at, doubt, member);
}
