/** What this site may spend of a member's rights, from the facts of a judgement. */
import type { LeaseFacts } from './facts.ts';
import { balanceAt, balancesOf, bandTotal, firstCounts } from './leases.ts';
import { formatDay, monthStart, nextMonthStart } from './time/day.ts';

/** `YYYY-MM` of an epoch day. */
export function monthOf(day: number): string {
  return formatDay(day).slice(0, 7);
}

/** Entries that this site may still grant by a contract's band in the month of `day`. Never more than are left at all. */
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
