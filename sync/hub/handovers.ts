/**
 * What units have made and the hub shall own: a provisional card becomes a member with its contract, a ticket that was
 * issued a ticket. Everything else is settled by a person alone.
 */
import { err, ok, type Result } from '../../main/core/result.ts';
import { formatDay } from '../../main/core/time/day.ts';
import { Change } from '../wire/entities.ts';
import { type Handover, parseHandover } from '../wire/handover.ts';
import type { HandedOver, HubStore } from './ports.ts';

export interface Taking {
  readonly tenant: string;
  readonly unit: string;
  readonly by: string;
  /** Epoch ms. */
  readonly at: number;
}

const GIVE_ROWS = 'give the rows in a file (hubctl handover accept UNIT ID FILE), or reject it';

type Item = Pick<HandedOver, 'id' | 'kind' | 'body'>;

/** The row that it stands for; null: a person must see to it. */
export function rowOf({ kind, body }: Pick<Item, 'kind' | 'body'>): Change | null {
  const form = parseHandover(kind, body);
  if (form?.kind === 'provisional-card') return fitting(memberOf(form.body));
  if (form?.kind === 'ticket') return fitting(ticketOf(form.body));
  return null;
}

function memberOf({ memberId, code, contractId, planId, fromDay, toDay }: Handover<'provisional-card'>): unknown {
  const contract = { id: contractId, planId, from: formatDay(fromDay), to: formatDay(toDay) };
  const suspended = { profile: false, identity: false };
  const body = { id: memberId, name: '', kana: null, codes: [code], suspended, contracts: [contract] };
  return { kind: 'member', id: memberId, position: 0, body };
}

/** The store takes off what has been used of it meanwhile. */
function ticketOf({ ticketId, typeId, memberId, issuedDay, uses }: Handover<'ticket'>): unknown {
  const body = { id: ticketId, typeId, memberId, issuedOn: formatDay(issuedDay), remaining: uses };
  return { kind: 'ticket', id: ticketId, position: 0, body };
}

function fitting(row: unknown): Change | null {
  return Change.safeParse(row).data ?? null;
}

/**
 * A unit hands something over, maybe again. It may let go of it once it is settled here, or where nothing at the unit
 * stands for it: before that its card must go on opening there.
 * @returns whether the unit may let go of it
 */
export async function arrive(store: HubStore, taking: Taking, item: Item): Promise<boolean> {
  const { tenant, unit, at } = taking;
  const [kept] = await store.handover(tenant, unit, [item], at);
  if (kept?.isSettled === true || rowOf(item) === null) return true;
  const settings = await store.exportSettings(tenant);
  if (settings?.handovers === 'by-hand') return false;
  const taken = await accept(store, taking, item, null);
  if (!taken.ok && kept?.isNew === true)
    await store.addAlert(tenant, unit, 'handover-refused', { id: item.id, kind: item.kind }, at);
  return taken.ok;
}

/**
 * Once; what is here already under its id, of a try that was cut off say, stays as it is.
 * @param changes instead of the row that it stands for @returns `path: expected` lines where they don't fit
 */
export async function accept(
  store: HubStore,
  { tenant, unit, by, at }: Taking,
  item: Item,
  changes: readonly Change[] | null,
): Promise<Result<boolean, readonly string[]>> {
  const row = changes === null ? rowOf(item) : null;
  if (changes === null && row === null) return err([`it stands for no row by itself: ${GIVE_ROWS}`]);
  const isHere = row !== null && (await store.entity(tenant, row.kind, row.id)) !== null;
  const rows = changes ?? (row === null || isHere ? [] : [row]);
  if (rows.length > 0) {
    const changed = await store.change(tenant, rows, by, at);
    if (!changed.ok)
      return changes === null ? err([`${changed.error.join('; ')}: set that right, or ${GIVE_ROWS}`]) : changed;
  }
  return ok(await store.settleHandover(tenant, unit, item.id, true, by, at));
}

/** The row that stands for it at the unit goes, with the next revision. @returns false: it is settled already */
export async function reject(store: HubStore, { tenant, unit, by, at }: Taking, item: Item): Promise<boolean> {
  const row = rowOf(item);
  const isHere = row !== null && (await store.entity(tenant, row.kind, row.id)) !== null;
  if (row !== null && !isHere) {
    const gone = await store.change(tenant, [{ ...row, body: null }], by, at);
    if (!gone.ok) return false;
  }
  return store.settleHandover(tenant, unit, item.id, false, by, at);
}
