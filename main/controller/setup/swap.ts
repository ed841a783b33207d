/**
 * A new unit takes a dead one's place: its site, its settings, its configuration and its name. The record begins anew, in
 * the next epoch of the old unit, and its first event says how far the old one is known to have come.
 */
import type { SetupRefusal } from '../../api/setup-port.ts';
import { errorText } from '../../contract/issues.ts';
import { parseSettings } from '../../contract/settings.ts';
import { parseSite } from '../../contract/site.ts';
import type { Person } from '../../contract/staff.ts';
import type { Clock, ClockTrust } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { bringBack, setAside } from '../../store/aside.ts';
import { type DataFiles, noteIdentity, readKey } from '../../store/data-dir.ts';
import { draftEpoch, placeEpoch, type Salvage, salvage } from '../../store/salvage.ts';
import type { Trouble } from '../config-file.ts';
import { importDocument } from '../import.ts';
import { refused } from './refusal.ts';
import { UnitDocument, type UnitIdentity } from './report.ts';

export interface SwapPlan {
  readonly site: unknown;
  /** null: the site comes without. */
  readonly settings: unknown;
  /** null: nobody knows who the old unit was; then this one goes on under its own name. */
  readonly unit: UnitIdentity | null;
  readonly by: Person;
}

export interface SwapMoment {
  readonly clock: Clock;
  readonly trust: ClockTrust;
}

/** Checks all documents, and changes nothing. */
export function plannedSwap(
  documents: Omit<SwapPlan, 'unit'> & { readonly unit: unknown },
): Result<SwapPlan, SetupRefusal> {
  const site = parseSite(documents.site);
  if (!site.ok) return refused('refused', site.error.map(errorText));
  if (documents.settings !== null) {
    const settings = parseSettings(documents.settings, site.value);
    if (!settings.ok) return refused('refused', settings.error.map(errorText));
  }
  if (documents.unit === null) return ok({ ...documents, unit: null });
  const unit = UnitDocument.safeParse(documents.unit);
  if (!unit.success) return refused('refused', ['the file that says who the old unit was is none: genkan-unit/1']);
  const { unitId, epoch, head } = unit.data;
  return ok({ ...documents, unit: { unitId, epoch, head } });
}

/** Only while the store is closed. Where it fails, the unit has what it had. */
export function swapStore(files: DataFiles, plan: SwapPlan, { clock, trust }: SwapMoment): Result<void, Trouble> {
  const keys = readKey(files.key);
  if (!keys.ok) return err([keys.error.detail]);
  const aside = setAside(files.database, 'swap');
  if (!aside.ok) return err([aside.error.detail]);
  const own = salvage(aside.value, keys.value, null);
  const found: Salvage = plan.unit === null ? own : { ...own, identity: plan.unit, head: plan.unit.head };
  const moment = { at: clock.wall(), clock: trust };
  const cause = { why: 'swap', staffId: plan.by.staffId } as const;
  const draft = draftEpoch(files.database, keys.value, aside.value, found, moment, cause);
  if (!draft.ok) return restored(files, aside.value, [draft.error.detail]);
  const documents = plan.settings === null ? [plan.site] : [plan.site, plan.settings];
  for (const document of documents) {
    const taken = importDocument(draft.value, document, clock.wall());
    if (taken.ok) continue;
    draft.value.close();
    return restored(files, aside.value, taken.error);
  }
  const begun = placeEpoch(files.database, keys.value, draft.value);
  if (!begun.ok) return restored(files, aside.value, [begun.error.detail]);
  const { unit_id: unitId, epoch } = begun.value.record.unit();
  begun.value.close();
  noteIdentity(files.identity, { unitId, epoch });
  return ok(undefined);
}

function restored(files: DataFiles, aside: string, lines: Trouble): Result<void, Trouble> {
  const back = bringBack(files.database, aside);
  return err(back.ok ? lines : [...lines, back.error.detail]);
}
