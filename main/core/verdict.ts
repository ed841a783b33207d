/** What a rule says, and how sayings are weighed against each other. */
import type { Right } from './leases.ts';

export type RefusalReason =
  | 'unknown-credential'
  | 'suspended'
  | 'no-contract'
  | 'no-band'
  | 'no-ticket'
  | 'wrong-store'
  | 'door-not-allowed'
  | 'clock-doubtful'
  | 'wrong-weekday'
  | 'holiday'
  | 'outside-hours'
  | 'limit-reached'
  | 'passback';

export type GrantReason =
  | 'plan'
  | 'reservation'
  | 'ticket'
  | 'schedule'
  | 'record-only'
  | 'exit'
  | 'override'
  | 'redeemed';

/** How far a contract got before it failed. Equal numbers are equally far. */
const LADDER = {
  'no-contract': 0,
  'no-band': 1,
  'no-ticket': 1,
  'wrong-store': 2,
  'door-not-allowed': 3,
  // Hours and counts, if only the time were known (guarantees 1.7).
  'clock-doubtful': 4,
  'wrong-weekday': 4,
  holiday: 4,
  'outside-hours': 5,
  'limit-reached': 6,
} as const satisfies Partial<Record<RefusalReason, number>>;

export type LadderReason = keyof typeof LADDER;

/** A count that is used up; `day` is the occurrence's date. */
export interface UsedUp {
  readonly used: number;
  readonly limit: number;
  readonly day: number;
}

export interface Refused {
  readonly granted: false;
  readonly reason: LadderReason;
  readonly usedUp: UsedUp | null;
  /** It would admit, but what is left of it is leased to other sites. */
  readonly elsewhere: Right | null;
}

export type Consumption =
  | { readonly kind: 'band'; readonly contractId: string; readonly bandId: string; readonly day: number }
  | { readonly kind: 'ticket'; readonly ticketId: string; readonly uses: number };

/** 0: nothing, or an unlimited band; 1: a limited band; 2: a ticket. */
export type Cost = 0 | 1 | 2;

export interface Granted {
  readonly granted: true;
  readonly reason: GrantReason;
  readonly contractId: string | null;
  readonly bandId: string | null;
  readonly consumed: Consumption | null;
  /** What it would have consumed, were that not counted already. */
  readonly reused: Consumption | null;
  readonly cost: Cost;
  readonly remaining: number | null;
  /** Until when leaving is in time (epoch ms); null: no such time. */
  readonly until: number | null;
  /** The booked program or the ticket that granted, for those who are told; null: neither. */
  readonly by: { readonly kind: 'program' | 'ticket'; readonly id: string } | null;
}

export type Verdict = Granted | Refused;

export function refused(
  reason: LadderReason,
  usedUp: UsedUp | null = null,
  elsewhere: Refused['elsewhere'] = null,
): Refused {
  return { granted: false, reason, usedUp, elsewhere };
}

/** The one that got further; on a tie the earlier, `a`. What is elsewhere would help whatever else is wrong. */
export function further(a: Refused, b: Refused): Refused {
  const furthest = LADDER[b.reason] > LADDER[a.reason] ? b : a;
  const elsewhere = a.elsewhere ?? b.elsewhere;
  return furthest.elsewhere === elsewhere ? furthest : { ...furthest, elsewhere };
}
