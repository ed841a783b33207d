/** Plans of mode `limits` (entitlements 3.2): reservations, bands by day, hour and monthly count. */
import { judgeDay } from './days.ts';
import type { ContractFacts, MemberFacts, ReservationFacts } from './facts.ts';
import { bandLeftHere, monthOf } from './leased.ts';
import type { Right } from './leases.ts';
import type { LimitBand, Limits } from './model.ts';
import type { Moment } from './moment.ts';
import { isInside, type Occurrence, occurrencesAt } from './occurrence.ts';
import type { DoorRules, Rules } from './rules.ts';
import type { Step } from './steps.ts';
import { MINUTE_MS, monthStart, nextMonthStart } from './time/day.ts';
import { type Consumption, further, type Granted, type Refused, refused, type Verdict } from './verdict.ts';

export function judgeLimits(
  rules: Rules,
  door: DoorRules,
  moment: Moment,
  member: MemberFacts,
  contract: ContractFacts,
  limits: Limits,
): Verdict {
  const lateMs = limits.lateMinutes * MINUTE_MS;
  const reservation = findReservation(door, moment, member, limits);
  if (reservation !== null) {
    moment.note({ rule: '3.2.1', subject: 'reservation', id: reservation.programId, day: null, says: 'passes' });
    return byReservation(contract, reservation, lateMs);
  }

  let refusal: Refused = refused('no-band');
  let best: Pass | null = null;
  const earlyMs = limits.earlyMinutes * MINUTE_MS;
  for (const band of limits.bands) {
    const occurrences = occurrencesAt(door.store.bands.get(band.bandId), moment.today, earlyMs, moment.at);
    if (occurrences.length === 0) noteBand(moment, '3.2.2', band, null, 'no-band');
    for (const occurrence of occurrences) {
      const judged = judgeOccurrence(rules, moment, member, contract, band, occurrence, earlyMs);
      if ('granted' in judged) refusal = further(refusal, judged);
      else if (best === null || isBetter(judged, best)) best = judged;
    }
  }
  return best === null ? refusal : byBand(contract, best, lateMs);
}

function byReservation(
  { id: contractId }: ContractFacts,
  { programId, end }: ReservationFacts,
  lateMs: number,
): Granted {
  return {
    granted: true,
    reason: 'reservation',
    contractId,
    bandId: null,
    consumed: null,
    reused: null,
    cost: 0,
    remaining: null,
    until: end + lateMs,
    by: { kind: 'program', id: programId },
  };
}

/** The booked lesson that is on (early minutes before it too); of several the one that ends first. */
function findReservation(
  door: DoorRules,
  moment: Moment,
  member: MemberFacts,
  limits: Limits,
): ReservationFacts | null {
  const { freeWithReservation: free, earlyMinutes } = limits;
  if (free === null) return null;
  let found: ReservationFacts | null = null;
  for (const reservation of member.reservations) {
    if (free !== 'any' && !free.includes(reservation.programId)) continue;
    if (reservation.storeId !== door.store.id) continue;
    if (!isInside({ day: 0, ...reservation }, earlyMinutes * MINUTE_MS, moment.at)) continue;
    if (found === null || reservation.end < found.end) found = reservation;
  }
  return found;
}

/** An occurrence that admits. */
interface Pass {
  readonly band: LimitBand;
  readonly occurrence: Occurrence;
  readonly counted: boolean;
  /** Entries left before this one; infinite for an unlimited band, below 0 where more were counted than allowed. */
  readonly left: number;
}

function judgeOccurrence(
  rules: Rules,
  moment: Moment,
  member: MemberFacts,
  contract: ContractFacts,
  band: LimitBand,
  occurrence: Occurrence,
  earlyMs: number,
): Pass | Refused {
  const { day } = occurrence;
  const trouble = judgeDay(rules, band, day) ?? (isInside(occurrence, earlyMs, moment.at) ? null : 'outside-hours');
  if (trouble !== null) {
    noteBand(moment, '3.2.3', band, day, trouble);
    return refused(trouble);
  }
  const { used, counted } = countUsage(member, contract.id, band.bandId, day);
  const limit = band.monthlyLimit;
  const isUsedUp = !counted && limit !== null && used >= limit;
  noteBand(moment, '3.2.4', band, day, isUsedUp ? 'limit-reached' : counted ? 'counted' : 'passes', { used, limit });
  if (isUsedUp) return refused('limit-reached', { used, limit, day });
  const elsewhere = counted || limit === null ? null : elsewhereOf(moment, member, contract, band, day, limit);
  if (elsewhere !== null) return refused('limit-reached', null, elsewhere);
  return { band, occurrence, counted, left: limit === null ? Number.POSITIVE_INFINITY : limit - used };
}

/** The right of which this site has none left while others have; null: it has, or nothing is leased. */
function elsewhereOf(
  moment: Moment,
  { leases }: MemberFacts,
  { id: contractId }: ContractFacts,
  { bandId }: LimitBand,
  day: number,
  limit: number,
): Right | null {
  if (leases === null || bandLeftHere(leases, contractId, bandId, day, limit) > 0) return null;
  moment.note({ rule: '2.3', subject: 'lease', id: bandId, day, says: 'elsewhere' });
  return { kind: 'band', contractId, bandId, month: monthOf(day) };
}

export function noteBand(
  moment: Moment,
  rule: string,
  { bandId }: { readonly bandId: string },
  day: number | null,
  says: string,
  numbers: Step['numbers'] = {},
): void {
  moment.note({ rule, subject: 'band', id: bandId, day, says, numbers });
}

/** How many different dates of `day`'s month were counted for this contract and band, and whether `day` is one. */
export function countUsage(
  member: MemberFacts,
  contractId: string,
  bandId: string,
  day: number,
): { readonly used: number; readonly counted: boolean } {
  const from = monthStart(day);
  const to = nextMonthStart(day);
  const days = new Set<number>();
  for (const usage of member.usage) {
    if (usage.contractId === contractId && usage.bandId === bandId && usage.day >= from && usage.day < to) {
      days.add(usage.day);
    }
  }
  return { used: days.size, counted: days.has(day) };
}

/** The order of entitlements 3.2.5; false on a tie, so that the earlier in list and date order stays. */
function isBetter(a: Pass, b: Pass): boolean {
  if (a.counted !== b.counted) return a.counted;
  if (a.left !== b.left) return a.left > b.left;
  return a.occurrence.end < b.occurrence.end;
}

function byBand(contract: ContractFacts, pass: Pass, lateMs: number): Granted {
  const { band, occurrence, counted, left } = pass;
  const limited = band.monthlyLimit !== null;
  const right: Consumption = { kind: 'band', contractId: contract.id, bandId: band.bandId, day: occurrence.day };
  return {
    granted: true,
    reason: 'plan',
    contractId: contract.id,
    bandId: band.bandId,
    consumed: counted ? null : right,
    reused: counted ? right : null,
    cost: counted || !limited ? 0 : 1,
    remaining: limited ? Math.max(0, counted ? left : left - 1) : null,
    until: occurrence.end + lateMs,
    by: null,
  };
}
