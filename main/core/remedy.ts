/**
 * What would change a refusal, as data: the nearest thing. Found by asking the very rules that refused, about other
 * times, stores, doors and tickets. Every field is null or empty where it has nothing to say.
 */
import { contractsInEffect, type DecisionResult, decideEntry, holdsIn, openStays, placeTrouble } from './decide.ts';
import type { MemberFacts } from './facts.ts';
import { type Moment, momentOf } from './moment.ts';
import type { DoorRules, Rules } from './rules.ts';
import { planOf } from './schedule.ts';
import { leftAfter, ticketsThatAdmit } from './tickets.ts';
import { MINUTE_MS, nextMonthStart } from './time/day.ts';
import type { UsedUp } from './verdict.ts';

export interface TicketOffer {
  readonly ticketId: string;
  readonly typeId: string;
  /** Uses left now, and once it has been spent: the same where it was used today already. */
  readonly remaining: number;
  readonly after: number;
}

export interface Remedy {
  /** The first instant (epoch ms) at which hours and days would admit, early minutes taken off; at most 31 days ahead. */
  readonly opensAt: number | null;
  /** No contract yet: the first day (epoch day) on which one begins. */
  readonly startsOn: number | null;
  /** The count that is used up, and the first day (epoch day) of the month in which it begins anew. */
  readonly limit: { readonly used: number; readonly limit: number; readonly renewsOn: number } | null;
  /** Tickets of the member that would admit here and now, in the order in which they would be taken. */
  readonly tickets: readonly TicketOffer[];
  /** Stores where a contract in effect holds; only when this one is not among them. */
  readonly storeIds: readonly string[];
  /** Doors of this store that a contract in effect may use; only when this one is not among them. */
  readonly doorIds: readonly string[];
  /** Passback: when the open stay began (epoch ms). */
  readonly insideSince: number | null;
}

const NO_REMEDY: Remedy = {
  opensAt: null,
  startsOn: null,
  limit: null,
  tickets: [],
  storeIds: [],
  doorIds: [],
  insideSince: null,
};

/** @param usedUp of the decision that refused */
export function remedyFor(
  rules: Rules,
  door: DoorRules,
  at: number,
  member: MemberFacts | null,
  reason: DecisionResult['reason'],
  usedUp: UsedUp | null,
): Remedy {
  if (member === null || member.suspended) return NO_REMEDY;
  const moment = momentOf(rules, at);
  switch (reason) {
    case 'no-contract':
      return { ...NO_REMEDY, startsOn: firstStart(moment, member) };
    case 'wrong-store':
      return { ...NO_REMEDY, storeIds: storesThatServe(rules, moment, member) };
    case 'door-not-allowed':
      return { ...NO_REMEDY, doorIds: doorsThatServe(rules, door, moment, member) };
    case 'wrong-weekday':
    case 'holiday':
    case 'outside-hours':
      return {
        ...NO_REMEDY,
        opensAt: nextOpening(rules, door, moment, member),
        tickets: offers(rules, door, moment, member),
      };
    case 'limit-reached':
      return { ...NO_REMEDY, limit: renewal(usedUp), tickets: offers(rules, door, moment, member) };
    case 'passback':
      return { ...NO_REMEDY, insideSince: Math.min(...openStays(rules, member, at).map(({ enteredAt }) => enteredAt)) };
    default:
      // Granted, or nothing that the member could do about it but ask the staff.
      return NO_REMEDY;
  }
}

function renewal(usedUp: UsedUp | null): Remedy['limit'] {
  if (usedUp === null) return null;
  return { used: usedUp.used, limit: usedUp.limit, renewsOn: nextMonthStart(usedUp.day) };
}

function firstStart({ businessDay }: Moment, member: MemberFacts): number | null {
  const starts = member.contracts.map(({ from }) => from).filter((from) => from > businessDay);
  return starts.length === 0 ? null : Math.min(...starts);
}

function storesThatServe(rules: Rules, moment: Moment, member: MemberFacts): string[] {
  const plans = contractsInEffect(moment, member).map((contract) => planOf(rules, contract));
  return [...rules.stores.keys()].filter((storeId) => plans.some((plan) => holdsIn(plan, storeId)));
}

function doorsThatServe(rules: Rules, door: DoorRules, moment: Moment, member: MemberFacts): string[] {
  const contracts = contractsInEffect(moment, member);
  return [...rules.doors.values()]
    .filter((other) => other.store.id === door.store.id)
    .filter((other) => contracts.some((contract) => placeTrouble(rules, other, contract) === null))
    .map(({ id }) => id);
}

/** Tickets that the member could choose to spend, where a scan may choose one at all (entitlements 3.3.4). */
function offers(rules: Rules, door: DoorRules, moment: Moment, member: MemberFacts): Remedy['tickets'] {
  const canChoose = door.policy === 'plan' || door.policy === 'device-and-plan';
  // Hours, days or counts refuse only a contract that holds at this door, so that a choice would have one.
  if (!canChoose) return [];
  return ticketsThatAdmit(rules, door, moment, member, null).passes.map((candidate) => ({
    ticketId: candidate.ticket.id,
    typeId: candidate.ticket.typeId,
    remaining: candidate.ticket.remaining,
    after: leftAfter(candidate),
  }));
}

const SEARCHED_DAYS = 31;

/** Asks the rules at each moment at which they could change their mind, in order, until they admit. */
function nextOpening(rules: Rules, door: DoorRules, moment: Moment, member: MemberFacts): number | null {
  // Who is inside now will have left by then, and a ticket used today is not yet used on another day.
  const then = { ...member, stays: [], tickets: member.tickets.map((ticket) => ({ ...ticket, usedToday: false })) };
  for (const at of possibleOpenings(rules, door, moment, member)) {
    const sameDay = momentOf(rules, at).businessDay === moment.businessDay;
    const known = sameDay ? { ...then, tickets: member.tickets } : then;
    if (decideEntry(rules, door, at, known).result.granted) return at;
  }
  return null;
}

function possibleOpenings(rules: Rules, door: DoorRules, moment: Moment, member: MemberFacts): number[] {
  const openings = new Set<number>();
  for (const contract of contractsInEffect(moment, member)) {
    const { entry } = planOf(rules, contract);
    const own = entry.mode === 'limits' ? entry : { bands: [], earlyMinutes: 0 };
    for (let day = moment.today; day <= moment.today + SEARCHED_DAYS; day += 1) {
      // A ticket's weekdays change with the business date.
      openings.add(rules.zone.instantOf(day, rules.dayStart));
      for (const { bandId } of own.bands) addStart(openings, door, bandId, day, own.earlyMinutes);
      // Those of bookings and tickets.
      for (const bandId of door.store.bands.keys()) addStart(openings, door, bandId, day, 0);
    }
    for (const { start } of member.reservations) openings.add(start - own.earlyMinutes * MINUTE_MS);
  }
  return [...openings].filter((at) => at > moment.at).sort((a, b) => a - b);
}

function addStart(openings: Set<number>, door: DoorRules, bandId: string, day: number, earlyMinutes: number): void {
  const occurrence = door.store.bands.get(bandId)?.on(day);
  if (occurrence) openings.add(occurrence.start - earlyMinutes * MINUTE_MS);
}
