/** What this site may spend of a member's rights, from the facts of a judgement. */
import type { LeaseFacts, TicketLease, UsageFacts } from './facts.ts';
import {
  available,
  balanceAt,
  balancesOf,
  bandTotal,
  firstCounts,
  type Moved,
  ranksOf,
  type Spent,
  ticketTotal,
} from './leases.ts';
import { formatDay, monthStart, nextMonthStart } from './time/day.ts';

/** Who shares, and how far this unit can know what its site has spent. */
export interface Sharing {
  readonly sites: readonly string[];
  /** This unit's; null: it is none of the roster's. */
  readonly site: string | null;
  /** All units of the site are heard. */
  readonly whole: boolean;
}

/** @param counted all usage that is known of these contracts; site null: no unit of the roster's has counted it */
export function leaseFactsOf(
  { sites, site, whole }: Sharing,
  contractIds: readonly string[],
  counted: readonly (UsageFacts & { readonly site: string | null })[],
  moved: readonly Moved[],
): LeaseFacts {
  const ranks = new Map(contractIds.map((id) => [id, ranksOf(id, sites)]));
  const rankOf = (id: string, of: string | null) => (of === null ? null : (ranks.get(id)?.get(of) ?? null));
  return {
    sites: new Set(sites).size,
    whole,
    contracts: contractIds.map((id) => ({ id, rank: rankOf(id, site) })),
    counted: counted.map(({ site: of, ...date }) => ({ ...date, rank: rankOf(date.contractId, of) })),
    moved: moved.flatMap(({ right, from, to, uses }) => {
      if (right.kind === 'ticket') return [];
      const { contractId, bandId, month } = right;
      const giver = rankOf(contractId, from);
      const taker = rankOf(contractId, to);
      // With a site that is no more: what it had is shared out anew.
      return giver === null || taker === null ? [] : [{ contractId, bandId, month, from: giver, to: taker, uses }];
    }),
  };
}

/** @param spent what is recorded of this ticket's uses by units @param moved transfers of this ticket's uses */
export function ticketLeaseOf(
  { sites, site, whole }: Sharing,
  ticketId: string,
  remaining: number,
  spent: readonly Spent[],
  moved: readonly Moved[],
): TicketLease {
  const sharing = spent.filter((one) => sites.includes(one.site));
  const total = ticketTotal(
    remaining,
    sharing.reduce((sum, { uses }) => sum + uses, 0),
  );
  const left = available({ kind: 'ticket', ticketId }, total, sites, sharing, moved);
  return { here: (site === null ? undefined : left.get(site)) ?? 0, whole };
}

/** `YYYY-MM` of an epoch day. */
export function monthOf(day: number): string {
  return formatDay(day).slice(0, 7);
}

/** Entries that this site may still grant by a contract's band in the month of `day`; below 0 where it granted more. */
export function bandLeftHere(
  leases: LeaseFacts,
  contractId: string,
  bandId: string,
  day: number,
  monthlyLimit: number,
): number {
  const from = monthStart(day);
  const to = nextMonthStart(day);
  const isOfBand = (of: { readonly contractId: string; readonly bandId: string }) =>
    of.contractId === contractId && of.bandId === bandId;
  const dates = leases.counted.filter((counted) => isOfBand(counted) && counted.day >= from && counted.day < to);
  const { outside, spent } = firstCounts(dates);
  const month = monthOf(day);
  const moved = leases.moved
    .filter((move) => isOfBand(move) && move.month === month)
    .flatMap((move) => [
      { rank: move.from, uses: move.uses },
      { rank: move.to, uses: -move.uses },
    ]);
  const balances = balancesOf(bandTotal(monthlyLimit, outside), leases.sites, [...spent, ...moved]);
  return balanceAt(balances, leases.contracts.find(({ id }) => id === contractId)?.rank ?? null);
}
