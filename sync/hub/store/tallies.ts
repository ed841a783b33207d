/**
 * What stays of events that go: how often each door gave each answer on each date, without persons. As on the units
 * (`reason_count`), by date instead of by month.
 */
import * as z from 'zod';
import { Id, Reason } from '../../../main/contract/values.ts';
import { formatDay } from '../../../main/core/time/day.ts';
import { parseInstant } from '../../../main/core/time/instant.ts';
import { Zone } from '../../../main/core/time/zone.ts';
import type { Tally, TallyKey } from '../ports.ts';
import { type HubDatabase, insertMany, type Tx } from './database.ts';
import { isKey } from './entities.ts';
import { listedRows } from './lists.ts';

/** Of forms that the hub knows: a text of a unit's own could name somebody. */
const Counted = z.looseObject({
  at: z.string(),
  doorId: Id.refine(isKey).nullable(),
  direction: z.enum(['in', 'out']).nullable(),
  result: z.looseObject({ reason: Reason }),
});

/** The zone of the tenant's site, by which its dates go; UTC where there is no site. */
export async function zoneOf(tx: Tx, kind: HubDatabase['kind'], tenant: string): Promise<Zone> {
  const [site] = await listedRows(tx, kind, tenant, ['site']);
  return new Zone(site?.kind === 'site' && site.body !== null ? site.body.timezone : 'UTC');
}

type Row = [tenant: string, day: string, unit: string, door: string, direction: string, reason: string, times: number];

/** @param bodies of events; what can't be read, or has no answer, is not counted @returns rows of `tally`, each key once */
export function tallied(tenant: string, unit: string, bodies: readonly string[], zone: Zone): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const body of bodies) {
    const event = read(body);
    const at = event === null ? null : parseInstant(event.at);
    if (event === null || at === null) continue;
    const { doorId, direction, result } = event;
    const key = [formatDay(zone.localDay(at)), unit, doorId ?? '', direction ?? '', result.reason] as const;
    const row = rows.get(key.join('\0')) ?? [tenant, ...key, 0];
    row[6] += 1;
    rows.set(key.join('\0'), row);
  }
  return [...rows.values()];
}

function read(body: string): z.infer<typeof Counted> | null {
  try {
    return Counted.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

const TALLY = {
  table: 'tally',
  columns: ['tenant', 'day', 'unit', 'door', 'direction', 'reason', 'times'],
  conflict: `ON CONFLICT (tenant, day, unit, door, direction, reason) DO UPDATE SET times = tally.times + excluded.times`,
} as const;

/** Only in the transaction in which the events go, with the tenant's lock: else another process counts them too. */
export async function addTallies(tx: Tx, kind: HubDatabase['kind'], rows: readonly Row[]): Promise<void> {
  await insertMany(tx, kind, TALLY, rows);
}

/** In the order of their keys. @param from,to dates, both included; null: without end @param after the last of the page before */
export function listTallies(
  tx: Tx,
  tenant: string,
  { from, to }: { readonly from: string | null; readonly to: string | null },
  after: TallyKey | null,
  limit: number,
): Promise<Tally[]> {
  let query = tx
    .selectFrom('tally')
    .select(['day', 'unit', 'door', 'direction', 'reason', 'times'])
    .where('tenant', '=', tenant);
  if (from !== null) query = query.where('day', '>=', from);
  if (to !== null) query = query.where('day', '<=', to);
  if (after !== null) {
    const { day, unit, door, direction, reason } = after;
    query = query.where((eb) =>
      eb(eb.refTuple('day', 'unit', 'door', 'direction', 'reason'), '>', eb.tuple(day, unit, door, direction, reason)),
    );
  }
  return query
    .orderBy('day')
    .orderBy('unit')
    .orderBy('door')
    .orderBy('direction')
    .orderBy('reason')
    .limit(limit)
    .execute();
}
