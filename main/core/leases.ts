/**
 * Rights that can run out, shared out among the sites of a tenant, so that sites that can't hear each other cannot both
 * spend the last one. Each site begins with a share that everybody works out alike; what goes from one site to another
 * is recorded by the one that gives. What a site may spend follows from what is known alone: nobody keeps a balance.
 */

/** A ticket's uses, or a contract's entries in a band and month (`YYYY-MM`). */
export type Right =
  | { readonly kind: 'ticket'; readonly ticketId: string }
  | { readonly kind: 'band'; readonly contractId: string; readonly bandId: string; readonly month: string };

/** So much of a right went from one site's lease to another's. */
export interface Moved {
  readonly right: Right;
  readonly from: string;
  readonly to: string;
  readonly uses: number;
}

/** What units of a site have spent of a right. */
export interface Spent {
  readonly site: string;
  readonly uses: number;
}

/** A change of the balance of the site of this rank; what was received is below 0. */
export interface Entry {
  readonly rank: number;
  readonly uses: number;
}

/** The contract or ticket that a right belongs to. It alone decides who gets the rest that can't be split. */
export function holderOf(right: Right): string {
  return right.kind === 'ticket' ? right.ticketId : right.contractId;
}

export function isSameRight(a: Right, b: Right): boolean {
  if (a.kind === 'ticket') return b.kind === 'ticket' && a.ticketId === b.ticketId;
  return b.kind === 'band' && a.contractId === b.contractId && a.bandId === b.bandId && a.month === b.month;
}

/**
 * The sites in an order of the holder's own, so that the single ones are spread over the sites, and that a new site
 * moves few of them.
 */
export function ranksOf(holder: string, sites: readonly string[]): ReadonlyMap<string, number> {
  const begun = fnv(`${holder}\n`, 0x811c9dc5);
  const keyed = [...new Set(sites)].map((site) => ({ site, key: `${hex(mixed(fnv(site, begun)))}${site}` }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return new Map(keyed.map(({ site }, rank) => [site, rank]));
}

/** An even split; the first ranks have one more where it doesn't come out even. Never less for a greater total. */
export function shareOf(total: number, sites: number, rank: number): number {
  const whole = Math.max(0, total);
  return Math.floor(whole / sites) + (rank < whole % sites ? 1 : 0);
}

/** @param sites of the roster @returns 0 for a site that isn't one of them */
export function initialShare(right: Right, total: number, sites: readonly string[], site: string): number {
  const ranks = ranksOf(holderOf(right), sites);
  const rank = ranks.get(site);
  return rank === undefined ? 0 : shareOf(total, ranks.size, rank);
}

/**
 * What is shared out of a ticket.
 * @param remaining as the ticket's row says @param spent by units of the roster's sites, known in the same cut
 */
export function ticketTotal(remaining: number, spent: number): number {
  return remaining + spent;
}

/** What is shared out of a band's month. @param outside dates that no unit of the roster's sites has counted */
export function bandTotal(monthlyLimit: number, outside: number): number {
  return Math.max(0, monthlyLimit - outside);
}

/**
 * What each site may spend, by rank: share − spent − given + received. Below 0 where a site has spent beyond its share;
 * the others hold theirs until the hub has had some of it moved there. All together it is what is left.
 */
export function balancesOf(total: number, sites: number, entries: readonly Entry[]): readonly number[] {
  const changes = new Map<number, number>();
  for (const { rank, uses } of entries) changes.set(rank, (changes.get(rank) ?? 0) + uses);
  return Array.from({ length: sites }, (_, rank) => shareOf(total, sites, rank) - (changes.get(rank) ?? 0));
}

/**
 * What each site of the roster may spend of a right.
 * @param spent by units of these sites; of sites that are not among them it must be off the total already
 * @param moved transfers of this right; one with a site that is no more plays no part
 */
export function available(
  right: Right,
  total: number,
  sites: readonly string[],
  spent: readonly Spent[],
  moved: readonly Moved[],
): ReadonlyMap<string, number> {
  const ranks = ranksOf(holderOf(right), sites);
  const entries = [...spendings(ranks, spent), ...transfers(ranks, right, moved)];
  const balances = balancesOf(total, ranks.size, entries);
  return new Map([...ranks].map(([site, rank]) => [site, balanceAt(balances, rank)]));
}

/** @param rank null: not one of the roster's sites, which has no share */
export function balanceAt(balances: readonly number[], rank: number | null): number {
  return (rank === null ? undefined : balances[rank]) ?? 0;
}

function spendings(ranks: ReadonlyMap<string, number>, spent: readonly Spent[]): Entry[] {
  return spent.flatMap(({ site, uses }) => {
    const rank = ranks.get(site);
    return rank === undefined ? [] : [{ rank, uses }];
  });
}

function transfers(ranks: ReadonlyMap<string, number>, right: Right, moved: readonly Moved[]): Entry[] {
  return moved.flatMap(({ right: of, from, to, uses }) => {
    const giver = ranks.get(from);
    const taker = ranks.get(to);
    if (giver === undefined || taker === undefined || !isSameRight(right, of)) return [];
    return [
      { rank: giver, uses },
      { rank: taker, uses: -uses },
    ];
  });
}

/** A date counted at some site, as `firstCounts` looks at it; rank null: outside the roster. */
export interface CountedDate {
  readonly day: number;
  readonly rank: number | null;
}

/**
 * Dates of one band and month count once, wherever they were counted: outside the roster first, else at the site that
 * comes first in the holder's order.
 */
export function firstCounts(dates: readonly CountedDate[]): { readonly outside: number; readonly spent: Entry[] } {
  const ranks = new Map<number, number | null>();
  for (const { day, rank } of dates) {
    const known = ranks.get(day);
    if (known === undefined || rank === null || (known !== null && rank < known)) ranks.set(day, rank);
  }
  const spent = [...ranks.values()].flatMap((rank) => (rank === null ? [] : [{ rank, uses: 1 }]));
  return { outside: ranks.size - spent.length, spent };
}

/**
 * How much of what it is asked for a unit may give away.
 * @param isWhole it hears all units of its site, so that it knows what they have spent
 */
export function mayGive(availableHere: number, isWhole: boolean, asked: number): number {
  return isWhole ? Math.max(0, Math.min(availableHere, asked)) : 0;
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function fnv(text: string, begun: number): number {
  let hash = begun;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}

/** FNV leaves the last character in the low bits, where it would hardly decide: murmur's finish spreads it. */
function mixed(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, '0');
}
