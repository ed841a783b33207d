/** How what was used up stands to this site's lease, for the event that says so. */
import type { MemberFacts, TicketLease } from './facts.ts';
import { bandLeftHere } from './leased.ts';
import type { Right } from './leases.ts';
import type { Rules } from './rules.ts';
import { planOf } from './schedule.ts';
import type { Consumption } from './verdict.ts';

export type LeaseMark =
  /** Granted by what is known of the site's share, by a unit that doesn't hear all units of its site. */
  | 'cut-off'
  /** More than the site had: staff or a lock that decides by itself had it so. */
  | 'beyond';

/** What the event says of it; a refusal, that the right is leased to another site. */
export function leaseDetail(decision: { readonly lease: LeaseMark | null; readonly elsewhere: Right | null }): {
  readonly lease?: LeaseMark | 'elsewhere';
} {
  const lease = decision.elsewhere === null ? decision.lease : 'elsewhere';
  return lease === null ? {} : { lease };
}

/** @returns null: nothing is leased, or the lease holds */
export function leaseMark(rules: Rules, member: MemberFacts, consumed: Consumption | null): LeaseMark | null {
  if (consumed === null) return null;
  if (consumed.kind === 'band') return markOf(bandLease(rules, member, consumed), 1);
  return ticketMark(member.tickets.find(({ id }) => id === consumed.ticketId)?.lease ?? null, consumed.uses);
}

export function ticketMark(lease: TicketLease | null, uses: number): LeaseMark | null {
  return markOf(lease, uses);
}

function markOf(lease: TicketLease | null, uses: number): LeaseMark | null {
  if (lease === null) return null;
  if (lease.here < uses) return 'beyond';
  return lease.whole ? null : 'cut-off';
}

function bandLease(
  rules: Rules,
  { contracts, leases }: MemberFacts,
  { contractId, bandId, day }: Extract<Consumption, { kind: 'band' }>,
): TicketLease | null {
  const contract = contracts.find(({ id }) => id === contractId);
  if (leases === null || contract === undefined) return null;
  const { entry } = planOf(rules, contract);
  const limit = entry.mode === 'limits' ? entry.bands.find((band) => band.bandId === bandId)?.monthlyLimit : null;
  if (limit === null || limit === undefined) return null;
  return { here: bandLeftHere(leases, contractId, bandId, day, limit), whole: leases.whole };
}
