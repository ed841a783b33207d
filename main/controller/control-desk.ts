/** The running controller's answers to commands, and what the technicians' screens do in the same way. */
import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Store } from '../store/store.ts';
import type { Trouble } from './config-file.ts';
import type { ControlAnswer, ControlRequest } from './control.ts';
import { eraseByControl } from './erase.ts';
import { type HubLink, pairByControl, pairedText } from './hub-link.ts';
import { importDocument } from './import.ts';
import { staffActByControl } from './staff-acts.ts';
import { healthOf } from './status.ts';
import type { Unit } from './unit.ts';

export interface ControlParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly version: string;
}

/** What a command asks of the running controller. */
export function handleControl(
  request: ControlRequest,
  unit: Unit,
  hub: HubLink,
  { store, clock, version }: ControlParts,
): ControlAnswer | Promise<ControlAnswer> {
  if (request.do === 'health') return { ok: true, lines: [JSON.stringify(healthOf(unit, hub, store, clock, version))] };
  if (request.do === 'pair') return pairByControl(hub, request);
  if (request.do === 'wipe') return hub.wipe();
  if (request.do === 'erase') {
    const erased = eraseByControl(store, clock, unit.trust, request.memberId);
    unit.dataChanged();
    return erased;
  }
  if (request.do !== 'import') {
    const { journal, site } = unit;
    return staffActByControl({ store, clock, journal, site }, request);
  }
  return takeIn(request.document, unit, hub, { store, clock });
}

/** As `genkan import` does. */
export function takeIn(
  document: unknown,
  unit: Unit,
  hub: HubLink,
  { store, clock }: Pick<ControlParts, 'store' | 'clock'>,
): ControlAnswer {
  // What waits was decided by the site that goes.
  unit.journal.flush();
  const taken = importDocument(store, document, clock.wall());
  if (!taken.ok) return { ok: false, lines: [...taken.error] };
  unit.dataChanged();
  hub.dataChanged();
  return { ok: true, lines: [taken.value] };
}

/** As `genkan pair` does. */
export async function pairFor(hub: HubLink, url: string, code: string): Promise<Result<string, Trouble>> {
  const paired = await hub.pair(url, code, null);
  return paired.ok ? ok(pairedText(paired.value)) : err([paired.error]);
}
