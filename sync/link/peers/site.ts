/** The units of this unit's site, by the roster that the hub signed for. */
import type { Roster } from '../../wire/entities.ts';

export interface SiteUnits {
  readonly site: string;
  /** Public keys of the others, by unit. */
  readonly keys: ReadonlyMap<string, string>;
}

/** null: the unit is none of the roster's, and has no peers. */
export function unitsOfSite(roster: Roster | null, own: string): SiteUnits | null {
  const here = roster?.sites.find(({ units }) => units.some(({ unit }) => unit === own));
  if (here === undefined) return null;
  const others = here.units.filter(({ unit }) => unit !== own);
  return { site: here.site, keys: new Map(others.map(({ unit, key }) => [unit, key])) };
}
