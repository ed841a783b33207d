/** Whose share of a right should go where, as the hub works it out; the site that gives records it. */

export interface LeaseStep {
  readonly from: string;
  readonly to: string;
  readonly uses: number;
}

/** What each site may spend (`available`). */
type Balances = ReadonlyMap<string, number>;

/**
 * For somebody who was refused at `to`. The richest first, and half of what they have rather than one by one; the last
 * one goes too, since the member stands there.
 * @param away sites of which no unit can be asked
 * @param needed uses that `to` must have in the end
 * @returns nothing where `to` has enough, or nobody has; less than what is needed where that is all that can be had
 */
export function movesFor(
  balances: Balances,
  to: string,
  away: ReadonlySet<string>,
  needed: number,
): readonly LeaseStep[] {
  return collect(balances, to, away, needed, (has) => Math.floor(has / 2));
}

/**
 * A site has spent beyond its share, cut off or before the roster grew: the richest make up for it, so that sites that
 * can't hear each other don't spend that once more.
 */
export function covers(balances: Balances, away: ReadonlySet<string>): readonly LeaseStep[] {
  const left = new Map(balances);
  return [...balances.keys()].flatMap((to) => {
    const steps = collect(left, to, away, 0, () => 0);
    for (const { from, uses } of steps) left.set(from, balanceOf(left, from) - uses);
    return steps;
  });
}

/** A site that has no more than this is looked after before somebody is refused there. */
const FEW = 1;

/**
 * After somebody used a right at `to`: people mostly go to one place, so half of what the others have goes there before
 * it runs out. Whoever gives keeps at least half.
 */
export function topUp(balances: Balances, to: string, away: ReadonlySet<string>): readonly LeaseStep[] {
  if (balanceOf(balances, to) > FEW) return [];
  return richest(balances, to, away)
    .filter(([, has]) => has > FEW)
    .map(([from, has]) => ({ from, to, uses: Math.floor(has / 2) }));
}

/** @param willingly how much a site with so much gives, where less is missing */
function collect(
  balances: Balances,
  to: string,
  away: ReadonlySet<string>,
  needed: number,
  willingly: (has: number) => number,
): readonly LeaseStep[] {
  let missing = needed - balanceOf(balances, to);
  const steps: LeaseStep[] = [];
  for (const [from, has] of richest(balances, to, away)) {
    if (missing <= 0) break;
    const uses = Math.min(has, Math.max(missing, willingly(has)));
    steps.push({ from, to, uses });
    missing -= uses;
  }
  return steps;
}

function richest(balances: Balances, but: string, away: ReadonlySet<string>): (readonly [site: string, has: number])[] {
  return [...balances]
    .filter(([site, has]) => site !== but && has > 0 && !away.has(site))
    .sort(([a, hasA], [b, hasB]) => hasB - hasA || (a < b ? -1 : 1));
}

/** A site that isn't in the roster yet has nothing. */
function balanceOf(balances: Balances, site: string): number {
  return balances.get(site) ?? 0;
}
