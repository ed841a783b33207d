/** Whose share of a right should go where, as the hub works it out; the site that gives records it. */

export interface LeaseStep {
  readonly from: string;
  readonly uses: number;
}

/**
 * For somebody who was refused at `to`. The richest first, and half of what they have rather than one by one; the last
 * one goes too, since the member stands there.
 * @param balances what each site may spend (`available`)
 * @param away sites of which no unit can be asked
 * @param needed uses that `to` must have in the end
 * @returns nothing where `to` has enough, or nobody has; less than what is needed where that is all that can be had
 */
export function movesFor(
  balances: ReadonlyMap<string, number>,
  to: string,
  away: ReadonlySet<string>,
  needed: number,
): readonly LeaseStep[] {
  let missing = needed - (balances.get(to) ?? 0);
  const steps: LeaseStep[] = [];
  for (const { site, uses: has } of richest(balances, to)) {
    if (missing <= 0) break;
    if (away.has(site)) continue;
    const uses = Math.min(has, Math.max(missing, Math.floor(has / 2)));
    steps.push({ from: site, uses });
    missing -= uses;
  }
  return steps;
}

/** A site that has no more than this is looked after before somebody is refused there. */
const FEW = 1;

/**
 * After somebody used a right at `to`: people mostly go to one place, so half of what the others have goes there before
 * it runs out. Whoever gives keeps at least half.
 */
export function topUp(
  balances: ReadonlyMap<string, number>,
  to: string,
  away: ReadonlySet<string>,
): readonly LeaseStep[] {
  if ((balances.get(to) ?? 0) > FEW) return [];
  return richest(balances, to)
    .filter(({ site, uses }) => !away.has(site) && uses > FEW)
    .map(({ site, uses }) => ({ from: site, uses: Math.floor(uses / 2) }));
}

function richest(balances: ReadonlyMap<string, number>, but: string): { site: string; uses: number }[] {
  return [...balances]
    .filter(([site, uses]) => site !== but && uses > 0)
    .map(([site, uses]) => ({ site, uses }))
    .sort((a, b) => b.uses - a.uses || (a.site < b.site ? -1 : 1));
}
