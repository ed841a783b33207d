/** Tickets: at the door (entitlements 3.3) and at the counter (6). */
import { judgeWeekday } from './days.ts';
import type { ContractFacts, MemberFacts, TicketFacts } from './facts.ts';
import type { TicketType } from './model.ts';
import type { Moment } from './moment.ts';
import { isInside, occurrencesAt } from './occurrence.ts';
import type { DoorRules, Rules } from './rules.ts';
import {
  type Consumption,
  further,
  type Granted,
  type LadderReason,
  type Refused,
  refused,
  type Verdict,
} from './verdict.ts';

/** A ticket that may be used to enter. */
interface Candidate {
  readonly ticket: TicketFacts;
  readonly entry: NonNullable<TicketType['entry']>;
  /** Epoch day of its last date; infinite without an end. */
  readonly lastDay: number;
}

function candidatesOf(rules: Rules, member: MemberFacts): Candidate[] {
  return member.tickets.flatMap((ticket) => {
    const type = typeOf(rules, ticket);
    return type.entry === null ? [] : [{ ticket, entry: type.entry, lastDay: lastDayOf(ticket, type) }];
  });
}

function typeOf(rules: Rules, ticket: TicketFacts): TicketType {
  const type = rules.ticketTypes.get(ticket.typeId);
  if (type === undefined) throw new Error('a ticket has a type that is not there');
  return type;
}

function lastDayOf(ticket: TicketFacts, type: TicketType): number {
  return type.validDays === null ? Number.POSITIVE_INFINITY : ticket.issuedOn + type.validDays;
}

function isCurrent(ticket: TicketFacts, lastDay: number, businessDay: number): boolean {
  return ticket.issuedOn <= businessDay && businessDay <= lastDay;
}

function isUsedToday({ ticket, entry }: Candidate): boolean {
  return entry.consume === 'day' && ticket.usedToday;
}

/** Uses left once it has admitted: on the day of its use it goes on for nothing. */
export function leftAfter(candidate: Candidate): number {
  const { remaining } = candidate.ticket;
  return isUsedToday(candidate) ? remaining : remaining - 1;
}

/** Why a ticket doesn't admit; null where it does. */
function judgeCandidate(door: DoorRules, moment: Moment, candidate: Candidate): LadderReason | null {
  const { ticket, entry, lastDay } = candidate;
  if (!isCurrent(ticket, lastDay, moment.businessDay)) return 'no-ticket';
  if (ticket.remaining < 1 && !isUsedToday(candidate)) return 'no-ticket';
  if (entry.storeIds !== null && !entry.storeIds.includes(door.store.id)) return 'wrong-store';
  if (judgeWeekday(entry, moment.businessDay) !== null) return 'wrong-weekday';
  return isInBands(door, moment, entry.bandIds) ? null : 'outside-hours';
}

function isInBands(door: DoorRules, moment: Moment, bandIds: readonly string[] | null): boolean {
  if (bandIds === null) return true;
  return bandIds.some((id) =>
    occurrencesAt(door.store.bands.get(id), moment.today, 0, moment.at).some((found) => isInside(found, 0, moment.at)),
  );
}

/** The order of entitlements 3.3.3; 0 on a tie. */
function byPreference(a: Candidate, b: Candidate): number {
  const usedFirst = Number(isUsedToday(b)) - Number(isUsedToday(a));
  if (usedFirst !== 0) return usedFirst;
  if (a.lastDay !== b.lastDay) return a.lastDay - b.lastDay;
  return a.ticket.remaining - b.ticket.remaining;
}

/** The member's tickets that admit here and now, the one to be taken first, or why none does. */
export function ticketsThatAdmit(
  rules: Rules,
  door: DoorRules,
  moment: Moment,
  member: MemberFacts,
  chosenId: string | null,
): { readonly passes: readonly Candidate[]; readonly refusal: Refused } {
  let refusal = refused('no-ticket');
  const passes: Candidate[] = [];
  for (const candidate of candidatesOf(rules, member)) {
    if (chosenId !== null && candidate.ticket.id !== chosenId) continue;
    const trouble = judgeCandidate(door, moment, candidate);
    const { id, remaining } = candidate.ticket;
    const says = trouble ?? (isUsedToday(candidate) ? 'used-today' : 'passes');
    moment.note({ rule: '3.3.2', subject: 'ticket', id, day: moment.businessDay, says, numbers: { remaining } });
    if (trouble === null) passes.push(candidate);
    else refusal = further(refusal, refused(trouble));
  }
  return { passes: passes.sort(byPreference), refusal };
}

/** @param chosenId the one ticket that is to be looked at, or null for all of the member's */
export function judgeTickets(
  rules: Rules,
  door: DoorRules,
  moment: Moment,
  member: MemberFacts,
  contract: ContractFacts,
  chosenId: string | null,
): Verdict {
  const { passes, refusal } = ticketsThatAdmit(rules, door, moment, member, chosenId);
  const [taken] = passes;
  return taken === undefined ? refusal : byTicket(contract, taken);
}

function byTicket(contract: ContractFacts, taken: Candidate): Granted {
  const { ticket } = taken;
  const used = isUsedToday(taken);
  const right: Consumption = { kind: 'ticket', ticketId: ticket.id, uses: 1 };
  return {
    granted: true,
    reason: 'ticket',
    contractId: contract.id,
    bandId: null,
    consumed: used ? null : right,
    reused: used ? right : null,
    cost: used ? 0 : 2,
    remaining: leftAfter(taken),
    until: null,
    by: { kind: 'ticket', id: ticket.id },
  };
}

/** Epoch day; infinite without an end. */
export function lastDayOfTicket(rules: Rules, ticket: TicketFacts): number {
  return lastDayOf(ticket, typeOf(rules, ticket));
}

/** Whether `uses` of a ticket may be redeemed at the counter: its dates and what is left, nothing else. */
export function isRedeemable(rules: Rules, moment: Moment, ticket: TicketFacts, uses: number): boolean {
  return isCurrent(ticket, lastDayOfTicket(rules, ticket), moment.businessDay) && ticket.remaining >= uses;
}
