/**
 * May the member enter? (entitlements 3 to 7.) Pure functions of the rules, a snapshot of facts and the time; the
 * caller commits the `changes` and then acts. Nothing here waits, throws on valid data, or knows how a code was found.
 */
import type { ContractFacts, MemberFacts, StayFacts, TicketFacts, Via } from './facts.ts';
import { type LeaseMark, leaseMark, ticketMark } from './lease-mark.ts';
import { judgeLimits } from './limits.ts';
import type { Plan } from './model.ts';
import { type Moment, momentOf } from './moment.ts';
import type { DoorRules, Rules } from './rules.ts';
import { judgeRecordOnly, judgeSchedule, planOf } from './schedule.ts';
import { feeOf } from './stay.ts';
import { type Note, UNASKED } from './steps.ts';
import { isRedeemable, isRedeemableHere, judgeTickets } from './tickets.ts';
import { formatDay, MINUTE_MS } from './time/day.ts';
import {
  type Consumption,
  further,
  type Granted,
  type GrantReason,
  type RefusalReason,
  type Refused,
  refused,
  type UsedUp,
  type Verdict,
} from './verdict.ts';

export type Warning = 'unknown-credential' | 'suspended' | 'no-entry' | 'overstay' | 'passback';

/** What is told and recorded (entitlements 7). Dates are `YYYY-MM-DD`. */
export interface DecisionResult {
  readonly granted: boolean;
  readonly reason: GrantReason | RefusalReason;
  readonly memberId: string | null;
  readonly contractId: string | null;
  readonly bandId: string | null;
  readonly consumed: readonly (
    | { readonly kind: 'band'; readonly bandId: string; readonly date: string }
    | { readonly kind: 'ticket'; readonly ticketId: string; readonly uses: number }
  )[];
  readonly remaining: number | null;
  readonly alert: 'none' | 'warning' | 'error';
  readonly warnings: readonly Warning[];
  readonly stay: { readonly minutes: number; readonly fee: number } | null;
}

/** What a decision changes in the member's history, to be committed with its event. */
export interface Changes {
  readonly consumed: Consumption | null;
  /** What was counted already, and is now relied on once more. */
  readonly reused: Consumption | null;
  /** The stay that an entry found open and left as it is (the store's number). */
  readonly inside: number | null;
  /** The date (epoch day) to which a ticket's use belongs. */
  readonly businessDay: number;
  readonly enter: { readonly placeId: string; readonly at: number; readonly via: Via | null } | null;
  /** Numbers of the stays that end. */
  readonly leave: readonly number[];
}

export interface Decision {
  readonly result: DecisionResult;
  readonly changes: Changes;
  /** The count that made a refusal, where one did. */
  readonly usedUp: UsedUp | null;
  /** When an exit came too late: until when it would have been in time (epoch ms). */
  readonly overstayUntil: number | null;
  /** The booked program or the ticket that granted an entry, for the words on the screen. */
  readonly by: Granted['by'];
  /** A refusal: of this right the rest is leased to other sites. */
  readonly elsewhere: Refused['elsewhere'];
  /** A grant: what its event says of the lease. */
  readonly lease: LeaseMark | null;
}

/** @param member whom the code names; null: nobody. @param ticketId the ticket that the member chose to spend */
export function decideEntry(
  rules: Rules,
  door: DoorRules,
  at: number,
  member: MemberFacts | null,
  ticketId: string | null = null,
  note: Note = UNASKED,
): Decision {
  const moment = momentOf(rules, at, note);
  return entryBy(rules, door, moment, member, (known) => judgeMember(rules, door, moment, known, ticketId));
}

/** Steps 1, 2 and 6 of entitlements 3. @param judge steps 3 to 5 */
export function entryBy(
  rules: Rules,
  door: DoorRules,
  moment: Moment,
  member: MemberFacts | null,
  judge: (member: MemberFacts) => Verdict,
): Decision {
  noteMember(moment, member);
  if (member === null) return refusal(moment, null, 'unknown-credential');
  if (member.suspended) return refusal(moment, member, 'suspended');
  const verdict = judge(member);
  if (!verdict.granted) return refusal(moment, member, verdict.reason, verdict);
  const inside = openStays(rules, member, moment.at).at(-1)?.id ?? null;
  const passback = inside !== null && door.policy !== 'record-only' ? door.passback : 'off';
  if (inside !== null)
    moment.note({ rule: '3.6', subject: 'stay', id: door.placeId, day: null, says: `passback-${passback}` });
  if (passback === 'deny') return refusal(moment, member, 'passback');
  const lease = leaseMark(rules, member, verdict.consumed);
  return { ...entry(moment, door, member, verdict, inside, passback === 'warn' ? ['passback'] : []), lease };
}

/** Staff let somebody in, whatever the rules say (entitlements 5). @param consume count it where the rules would */
export function decideOverride(
  rules: Rules,
  door: DoorRules,
  at: number,
  member: MemberFacts | null,
  consume: boolean,
): Decision {
  const moment = momentOf(rules, at);
  const result = plain(true, 'override', member?.id ?? null);
  if (member === null) return decision(moment, result, {});
  const verdict = consume && !member.suspended ? judgeMember(rules, door, moment, unleased(member), null) : null;
  const { consumed, reused } = verdict?.granted ? verdict : { consumed: null, reused: null };
  const inside = openStays(rules, member, at).at(-1)?.id ?? null;
  const enter = inside !== null ? null : { placeId: door.placeId, at, via: null };
  const lease = leaseMark(rules, member, consumed);
  return { ...decision(moment, { ...result, consumed: listed(consumed) }, { consumed, reused, inside, enter }), lease };
}

/** Staff answer for it: what they count is counted, whichever site had it. */
function unleased(member: MemberFacts): MemberFacts {
  return { ...member, leases: null, tickets: member.tickets.map((ticket) => ({ ...ticket, lease: null })) };
}

/** Leaving is never refused (entitlements 4). */
export function decideExit(
  rules: Rules,
  door: DoorRules,
  at: number,
  member: MemberFacts | null,
  note: Note = UNASKED,
): Decision {
  const moment = momentOf(rules, at, note);
  noteMember(moment, member);
  if (member === null) return exitOfNobody(moment);
  const open = openStays(rules, member, at);
  const last = open.reduce<StayFacts | null>((a, b) => (a === null || b.enteredAt >= a.enteredAt ? b : a), null);
  const until = last?.via?.until ?? Number.POSITIVE_INFINITY;
  const isLate = at > until;
  const says = last === null ? 'no-entry' : isLate ? 'overstay' : 'closes';
  moment.note({ rule: '4', subject: 'stay', id: door.placeId, day: null, says });
  const warnings: Warning[] = [];
  if (member.suspended) warnings.push('suspended');
  if (last === null) warnings.push('no-entry');
  if (isLate) warnings.push('overstay');
  const minutes = last === null ? 0 : Math.floor((at - last.enteredAt) / MINUTE_MS);
  const stay = last === null ? null : { minutes, fee: feeOf(rules, door, member, last, minutes) };
  return {
    ...decision(moment, warned({ ...plain(true, 'exit', member.id), stay }, warnings), {
      leave: open.map(({ id }) => id),
    }),
    overstayUntil: isLate ? until : null,
  };
}

/** A unit that has no site yet, or not this door: it knows nobody, and lets everybody out. */
export function decideWithoutSite(direction: 'in' | 'out'): Decision {
  const nowhere: Moment = { at: 0, today: 0, businessDay: 0, note: UNASKED };
  if (direction === 'in') return refusal(nowhere, null, 'unknown-credential');
  return exitOfNobody(nowhere);
}

function exitOfNobody(moment: Moment): Decision {
  return decision(moment, warned(plain(true, 'exit', null), ['unknown-credential']), {});
}

/** Staff redeem a ticket at the counter (entitlements 6). @param ticket null: there is none of that id */
export function decideRedemption(rules: Rules, at: number, ticket: TicketFacts | null, uses: number): Decision {
  const moment = momentOf(rules, at);
  const memberId = ticket?.memberId ?? null;
  if (ticket === null || !isRedeemable(rules, moment, ticket, uses)) {
    return decision(moment, plain(false, 'no-ticket', memberId), {});
  }
  if (!isRedeemableHere(ticket, uses)) {
    const elsewhere = { kind: 'ticket', ticketId: ticket.id } as const;
    return { ...decision(moment, plain(false, 'no-ticket', memberId), {}), elsewhere };
  }
  const consumed: Consumption = { kind: 'ticket', ticketId: ticket.id, uses };
  const remaining = ticket.remaining - uses;
  const result = { ...plain(true, 'redeemed', memberId), consumed: listed(consumed), remaining };
  return { ...decision(moment, result, { consumed }), lease: ticketMark(ticket.lease, uses) };
}

/** Steps 3 to 5 of entitlements 3, for a member who is known and not suspended. */
function judgeMember(
  rules: Rules,
  door: DoorRules,
  moment: Moment,
  member: MemberFacts,
  ticketId: string | null,
): Verdict {
  const contracts = contractsInEffect(moment, member);
  for (const contract of member.contracts) {
    if (!contracts.includes(contract)) noteContract(moment, '3', contract, 'no-contract');
  }
  if (door.policy === 'record-only') return judgeRecordOnly(rules, door, moment, member, contracts);
  let refusal: Refused = refused('no-contract');
  let best: Granted | null = null;
  const chosen = door.policy === 'schedule' ? null : ticketId;
  for (const contract of contracts) {
    const trouble = placeTrouble(rules, door, contract);
    if (trouble !== null) noteContract(moment, '3.1', contract, trouble.reason);
    const verdict = trouble ?? judgeContract(rules, door, moment, member, contract, chosen);
    if (trouble === null) noteContract(moment, '3.1', contract, verdict.granted ? 'passes' : verdict.reason);
    if (verdict.granted) {
      if (best === null || verdict.cost < best.cost) best = verdict;
    } else refusal = further(refusal, verdict);
    // A chosen ticket is judged for the first contract that holds at this door, and for no other.
    if (chosen !== null && trouble === null) return verdict;
  }
  return best ?? refusal;
}

function noteMember(moment: Moment, member: MemberFacts | null): void {
  const says = member === null ? 'unknown-credential' : member.suspended ? 'suspended' : 'known';
  moment.note({ rule: '3', subject: 'member', id: member?.id ?? null, day: null, says });
  moment.note({ rule: '2.2', subject: 'date', id: null, day: moment.businessDay, says: 'business-date' });
}

function noteContract({ note, businessDay }: Moment, rule: string, { id }: ContractFacts, says: string): void {
  note({ rule, subject: 'contract', id, day: businessDay, says });
}

export function contractsInEffect({ businessDay }: Moment, member: MemberFacts): ContractFacts[] {
  return member.contracts.filter(({ from, to }) => from <= businessDay && (to === null || businessDay <= to));
}

export function holdsIn({ storeIds }: Plan, storeId: string): boolean {
  return storeIds === null || storeIds.includes(storeId);
}

/** Entitlements 3.1, steps 1 and 2: does the contract hold at this door at all? Null where it does. */
export function placeTrouble(rules: Rules, door: DoorRules, contract: ContractFacts): Refused | null {
  const plan = planOf(rules, contract);
  if (!holdsIn(plan, door.store.id)) return refused('wrong-store');
  const admitted = door.policy !== 'device-and-plan' || door.admitsPlans === null || door.admitsPlans.includes(plan.id);
  return admitted ? null : refused('door-not-allowed');
}

export function judgeContract(
  rules: Rules,
  door: DoorRules,
  moment: Moment,
  member: MemberFacts,
  contract: ContractFacts,
  chosenTicketId: string | null,
): Verdict {
  const plan = planOf(rules, contract);
  if (door.policy === 'schedule') return judgeSchedule(rules, door, moment, member, contract, plan);
  if (chosenTicketId !== null) return judgeTickets(rules, door, moment, member, contract, chosenTicketId);
  switch (plan.entry.mode) {
    case 'open':
      return byOpenPlan(contract);
    case 'ticket':
      return judgeTickets(rules, door, moment, member, contract, null);
    case 'limits':
      return judgeLimits(rules, door, moment, member, contract, plan.entry);
  }
}

function byOpenPlan({ id: contractId }: ContractFacts): Granted {
  return {
    granted: true,
    reason: 'plan',
    contractId,
    bandId: null,
    consumed: null,
    reused: null,
    cost: 0,
    remaining: null,
    until: null,
    by: null,
  };
}

/** Stays at the door's place that have begun, have not ended and are not too old to be believed (entitlements 3.6). */
export function openStays(rules: Rules, member: MemberFacts, at: number): StayFacts[] {
  return member.stays.filter(({ enteredAt }) => enteredAt <= at && at < enteredAt + rules.maxStayMs);
}

function plain(granted: boolean, reason: DecisionResult['reason'], memberId: string | null): DecisionResult {
  return {
    granted,
    reason,
    memberId,
    contractId: null,
    bandId: null,
    consumed: [],
    remaining: null,
    alert: granted ? 'none' : 'error',
    warnings: [],
    stay: null,
  };
}

function entry(
  moment: Moment,
  door: DoorRules,
  member: MemberFacts,
  grant: Granted,
  inside: number | null,
  warnings: readonly Warning[],
): Decision {
  const { reason, contractId, bandId, consumed, reused, remaining, until } = grant;
  const via = contractId === null ? null : { contractId, until };
  const result = { ...plain(true, reason, member.id), contractId, bandId, consumed: listed(consumed), remaining };
  const enter = inside !== null ? null : { placeId: door.placeId, at: moment.at, via };
  const changes = { consumed, reused, inside, enter };
  return { ...decision(moment, warned(result, warnings), changes), by: grant.by };
}

function refusal(
  moment: Moment,
  member: MemberFacts | null,
  reason: RefusalReason,
  { usedUp, elsewhere }: Pick<Refused, 'usedUp' | 'elsewhere'> = { usedUp: null, elsewhere: null },
): Decision {
  return { ...decision(moment, plain(false, reason, member?.id ?? null), {}), usedUp, elsewhere };
}

function warned(result: DecisionResult, warnings: readonly Warning[]): DecisionResult {
  return { ...result, warnings, alert: warnings.length > 0 ? 'warning' : 'none' };
}

function decision(moment: Moment, result: DecisionResult, changes: Partial<Changes>): Decision {
  const { businessDay } = moment;
  const none: Changes = { consumed: null, reused: null, inside: null, businessDay, enter: null, leave: [] };
  const nothing = { usedUp: null, overstayUntil: null, by: null, elsewhere: null, lease: null };
  return { result, changes: { ...none, ...changes }, ...nothing };
}

function listed(consumed: Consumption | null): DecisionResult['consumed'] {
  if (consumed === null) return [];
  if (consumed.kind === 'ticket') return [consumed];
  return [{ kind: 'band', bandId: consumed.bandId, date: formatDay(consumed.day) }];
}
