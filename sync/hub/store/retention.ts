/**
 * What is older than 13 months goes, a slice at a time: events, with the chain's hash kept where they end; history that
 * no rule looks at any more, first as rows that say that they are gone; then those too, and whoever stands before them
 * takes a snapshot.
 */
import { sql } from 'kysely';
import { DAY_MS } from '../../../main/core/time/day.ts';
import type { HubDatabase, Tx } from './database.ts';
import { ENTITY_COLUMNS, goneOf } from './entities.ts';
import { lockTenant, writeEntities } from './tenant-change.ts';

/** As on the units: 13 months, and every month has its 31 days. */
const KEPT_MS = 396 * DAY_MS;
/** Rows of one slice. */
const SLICE = 1_000;

/**
 * A tenant of whom it fails holds up no other.
 * @param catchUp judges all that was taken: no event goes that isn't judged
 * @returns whether there may be more
 * @throws what failed first, once all tenants had their turn
 */
export async function retain(
  hub: HubDatabase,
  at: number,
  catchUp: (tenant: string) => Promise<void>,
): Promise<boolean> {
  const tenants = await hub.reading((tx) => tx.selectFrom('tenant').select('id').orderBy('id').execute());
  const failures: unknown[] = [];
  let isMore = false;
  for (const { id } of tenants) {
    try {
      await catchUp(id);
      isMore = (await retainTenant(hub, id, at)) || isMore;
    } catch (error) {
      failures.push(error);
    }
  }
  if (!isMore) await hub.tidy();
  if (failures.length > 0) throw failures[0];
  return isMore;
}

async function retainTenant(hub: HubDatabase, id: string, at: number): Promise<boolean> {
  const before = at - KEPT_MS;
  const slices = [
    await hub.transact((tx) => dropEvents(tx, id, before)),
    await hub.transact((tx) => ageHistory(tx, hub, id, before, at)),
    await hub.transact((tx) => dropGone(tx, hub, id, before)),
    await hub.transact((tx) => dropTraces(tx, id, before)),
  ];
  return slices.includes(true);
}

/** From the beginning of each part of a record, never its last event. */
async function dropEvents(tx: Tx, tenant: string, before: number): Promise<boolean> {
  const epochs = await tx.selectFrom('epoch').selectAll().where('tenant', '=', tenant).execute();
  let isMore = false;
  for (const { unit, epoch, head, begins_after: begins } of epochs) {
    const old = await tx
      .selectFrom('event')
      .select(['seq', 'received_at'])
      .where('tenant', '=', tenant)
      .where('unit', '=', unit)
      .where('epoch', '=', epoch)
      .where('seq', '<', head)
      .where('variant', '=', 0)
      .orderBy('seq')
      .limit(SLICE)
      .execute();
    const kept = old.findIndex((event) => event.received_at >= before);
    const to = (kept === -1 ? old.at(-1) : old[kept - 1])?.seq ?? begins;
    if (to <= begins) continue;
    isMore ||= kept === -1;
    const ofPart = { tenant, unit, epoch };
    await tx
      .deleteFrom('event')
      .where('tenant', '=', tenant)
      .where('unit', '=', unit)
      .where('epoch', '=', epoch)
      .where('seq', '<=', to)
      .execute();
    await tx
      .updateTable('epoch')
      .set({ begins_after: to })
      .where((eb) => eb.and(ofPart))
      .execute();
  }
  return isMore;
}

async function ageHistory(tx: Tx, hub: HubDatabase, tenant: string, before: number, at: number): Promise<boolean> {
  const state = await lockTenant(tx, hub.kind, tenant);
  const old = await tx
    .selectFrom('entity')
    .select(ENTITY_COLUMNS)
    .where('tenant', '=', tenant)
    .where('day', '<', new Date(before).toISOString().slice(0, 10))
    .where('body', 'is not', null)
    .limit(SLICE)
    .execute();
  await writeEntities(tx, hub, tenant, state, old.map(goneOf), at);
  return old.length === SLICE;
}

async function dropGone(tx: Tx, hub: HubDatabase, tenant: string, before: number): Promise<boolean> {
  const { horizon } = await lockTenant(tx, hub.kind, tenant);
  const gone = await tx
    .selectFrom('entity')
    .select(['kind', 'id', 'revision'])
    .where('tenant', '=', tenant)
    .where('body', 'is', null)
    .where('changed_at', '<', before)
    .orderBy('changed_at')
    .limit(SLICE)
    .execute();
  if (gone.length === 0) return false;
  for (const { kind, id } of gone) {
    await tx.deleteFrom('entity').where('tenant', '=', tenant).where('kind', '=', kind).where('id', '=', id).execute();
  }
  const to = Math.max(horizon, ...gone.map(({ revision }) => revision));
  await tx.updateTable('tenant').set({ horizon: to }).where('id', '=', tenant).execute();
  return gone.length === SLICE;
}

/** What only served late events, and what operators were told. */
async function dropTraces(tx: Tx, tenant: string, before: number): Promise<boolean> {
  await sql`DELETE FROM reuse WHERE tenant = ${tenant} AND received_at < ${before}`.execute(tx);
  await sql`DELETE FROM departure WHERE tenant = ${tenant} AND at < ${before}`.execute(tx);
  await sql`DELETE FROM alert WHERE tenant = ${tenant} AND at < ${before}`.execute(tx);
  await sql`DELETE FROM audit WHERE tenant = ${tenant} AND at < ${before}`.execute(tx);
  return false;
}
