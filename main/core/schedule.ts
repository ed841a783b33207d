/** Locks that decide by themselves: given recurring keys (entitlements 3.4), or on their own (3.5). */
import { judgeDay, judgeWeekday } from './days.ts';
import type { ContractFacts, MemberFacts } from './facts.ts';
import { countUsage, noteBand } from './limits.ts';
import type { LimitBand, Plan } from './model.ts';
import type { Moment } from './moment.ts';
import { isInside, type Occurrence, occurrencesAt } from './occurrence.ts';
import type { DoorRules, Rules } from './rules.ts';
import { MINUTE_MS } from './time/day.ts';
import { type Consumption, type Cost, further, type Granted, refused, type Verdict } from './verdict.ts';

interface Match {
  readonly band: LimitBand;
  readonly occurrence: Occurrence;
}

/** Policy `schedule`. */
export function judgeSchedule(
  rules: Rules,
  door: DoorRules,
  moment: Moment,
  member: MemberFacts,
  contract: ContractFacts,
  plan: Plan,
): Verdict {
  if (plan.entry.mode === 'open') return byKey('schedule', contract, null, member);
  const own = judgeWindows(rules, door, moment, plan);
  if (own.match !== null) return byKey('schedule', contract, own.match, member);

  let refusal = own.refusal;
  for (const band of plan.booking?.bands ?? []) {
    for (const occurrence of occurrencesAt(door.store.bands.get(band.bandId), moment.today, 0, moment.at)) {
      const trouble = judgeWeekday(band, occurrence.day) ?? hourTrouble(occurrence, 0, moment);
      noteBand(moment, '3.4.2', band, occurrence.day, trouble ?? 'passes');
      if (trouble === null) return byKey('schedule', contract, null, member);
      refusal = further(refusal, refused(trouble));
    }
  }
  return refusal;
}

/** Policy `record-only`: always granted; looks for the contract and band that the passage counts for. */
export function judgeRecordOnly(
  rules: Rules,
  door: DoorRules,
  moment: Moment,
  member: MemberFacts,
  contracts: readonly ContractFacts[],
): Granted {
  for (const contract of contracts) {
    const { match } = judgeWindows(rules, door, moment, planOf(rules, contract));
    if (match !== null) return byKey('record-only', contract, match, member);
  }
  return byKey('record-only', contracts[0] ?? null, null, member);
}

/** The first limits band that has `moment` inside on an allowed day, whatever was counted; else the furthest reason. */
function judgeWindows(rules: Rules, door: DoorRules, moment: Moment, plan: Plan) {
  let refusal = refused('no-band');
  if (plan.entry.mode !== 'limits') return { match: null, refusal };
  const earlyMs = plan.entry.earlyMinutes * MINUTE_MS;
  for (const band of plan.entry.bands) {
    for (const occurrence of occurrencesAt(door.store.bands.get(band.bandId), moment.today, earlyMs, moment.at)) {
      const trouble = judgeDay(rules, band, occurrence.day) ?? hourTrouble(occurrence, earlyMs, moment);
      noteBand(moment, '3.4.2', band, occurrence.day, trouble ?? 'passes');
      const match: Match = { band, occurrence };
      if (trouble === null) return { match, refusal };
      refusal = further(refusal, refused(trouble));
    }
  }
  return { match: null, refusal };
}

function hourTrouble(occurrence: Occurrence, earlyMs: number, moment: Moment): 'outside-hours' | null {
  return isInside(occurrence, earlyMs, moment.at) ? null : 'outside-hours';
}

function byKey(
  reason: 'schedule' | 'record-only',
  contract: ContractFacts | null,
  match: Match | null,
  member: MemberFacts,
): Granted {
  const right = contract === null || match === null ? null : rightOf(contract, match);
  // Past the limit too, but once a date.
  const isCounted = right !== null && countUsage(member, right.contractId, right.bandId, right.day).counted;
  const cost: Cost = right !== null && !isCounted && match?.band.monthlyLimit !== null ? 1 : 0;
  return {
    granted: true,
    reason,
    contractId: contract?.id ?? null,
    bandId: match?.band.bandId ?? null,
    consumed: isCounted ? null : right,
    reused: isCounted ? right : null,
    cost,
    remaining: null,
    until: null,
    by: null,
  };
}

function rightOf({ id }: ContractFacts, { band, occurrence }: Match): Extract<Consumption, { kind: 'band' }> {
  return { kind: 'band', contractId: id, bandId: band.bandId, day: occurrence.day };
}

export function planOf(rules: Rules, contract: ContractFacts): Plan {
  const plan = rules.plans.get(contract.planId);
  if (plan === undefined) throw new Error('a contract has a plan that is not there');
  return plan;
}
