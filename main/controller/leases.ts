/** The hub asks this unit to give a part of its site's lease to another site: on record, if it is there to give. */
import type { Right } from '../core/leases.ts';
import { mayGive } from '../core/leases.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Rules } from '../core/rules.ts';
import type { Journal } from './journal.ts';
import type { SiteCache } from './site-cache.ts';

export interface LeaseDeskParts {
  readonly journal: Journal;
  readonly site: SiteCache;
}

interface Wish {
  readonly right: Right;
  readonly to: string;
  readonly uses: number;
}

type GiveFault = 'no-site' | 'unknown' | 'no-other-site' | 'none' | 'store';

const FAULTS: Readonly<Record<GiveFault, string>> = {
  'no-site': 'there is no site yet',
  unknown: 'nothing of this right is leased to this unit’s site',
  'no-other-site': 'the site that is to have it is not another one of the roster',
  none: 'nothing of it is here to give, or the unit doesn’t hear all of its site',
  store: 'the record can’t be written, and nothing is given without',
};

/** Gives as much of what is asked for as there is. @param actor who asked, and by which command */
export function giveLease(
  { journal, site }: LeaseDeskParts,
  { right, to, uses }: Wish,
  actor: { readonly by: string; readonly command: string },
): Result<void, string> {
  const rules = site.get()?.rules;
  if (rules === undefined) return err(FAULTS['no-site']);
  const given = journal.act((writer, note): Result<void, GiveFault> => {
    const held = writer.facts.leases.ofRight(right, (planId, bandId) => limitOf(rules, planId, bandId));
    if (held === null || held.site === null) return err('unknown');
    const { site: from, sites, memberId, lease } = held;
    if (to === from || !sites.includes(to)) return err('no-other-site');
    const count = mayGive(lease.here, lease.whole, uses);
    if (count === 0) return err('none');
    const gave = { right, from, to, uses: count };
    const seq = note({ type: 'system', detail: { what: 'lease', ...actor, effects: { memberId, gave } } });
    writer.recordTransfer(seq, gave);
    return ok(undefined);
  });
  return given.ok ? given : err(FAULTS[given.error]);
}

function limitOf(rules: Rules, planId: string, bandId: string): number | null {
  const entry = rules.plans.get(planId)?.entry;
  if (entry?.mode !== 'limits') return null;
  return entry.bands.find((band) => band.bandId === bandId)?.monthlyLimit ?? null;
}
