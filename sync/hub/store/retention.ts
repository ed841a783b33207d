/**
 * What is older than 13 months goes, a slice at a time: events, with the chain's hash kept where they end and what they
 * answered counted without persons (`tallies.ts`); history that
 * no rule looks at any more, first as rows that say that they are gone; then those too, and whoever stands before them
 * takes a snapshot.
 */
import { sql } from 'kysely';
import { DAY_MS } from '../../../main/core/time/day.ts';
import type { Zone } from '../../../main/core/time/zone.ts';
import { ask, type HubDatabase, type Tx } from './database.ts';
import { ENTITY_COLUMNS, goneOf } from './entities.ts';
import { addTallies, tallied, zoneOf } from './tallies.ts';
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
    await dropEvents(hub, id, before),
    await hub.transact((tx) => ageHistory(tx, hub, id, before, at)),
    await hub.transact((tx) => dropGone(tx, hub, id, before)),
    await hub.transact((tx) => dropTraces(tx, id, before)),
  ];
  return slices.includes(true);
}

const WITH_OLD = `SELECT unit, epoch FROM epoch WHERE tenant = ? AND (SELECT received_at FROM event
    WHERE event.tenant = epoch.tenant AND event.unit = epoch.unit AND event.epoch = epoch.epoch AND seq > begins_after
      AND seq < head AND variant = 0 ORDER BY seq LIMIT 1) < ? ORDER BY unit, epoch`;

/** Of each part of a record, a part a transaction: a tenant may have thousands of doors. */
async function dropEvents(hub: HubDatabase, tenant: string, before: number): Promise<boolean> {
  const { parts, zone } = await hub.reading(async (tx) => ({
    parts: await ask<Pick<Part, 'unit' | 'epoch'>>(tx, hub.kind, WITH_OLD, [tenant, before]),
    zone: await zoneOf(tx, hub.kind, tenant),
  }));
  let isMore = false;
  for (const { unit, epoch } of parts) {
    const part = { tenant, unit, epoch };
    isMore = (await hub.transact((tx) => dropPart(tx, hub.kind, part, zone, before))) || isMore;
  }
  return isMore;
}

interface Part {
  readonly tenant: string;
  readonly unit: string;
  readonly epoch: number;
}

/** From its beginning, never its last event; what they answered is counted. */
async function dropPart(tx: Tx, kind: HubDatabase['kind'], part: Part, zone: Zone, before: number): Promise<boolean> {
  const { tenant, unit } = part;
  // Another process may be at it too: whoever comes second finds nothing left to count.
  await lockTenant(tx, kind, tenant);
  const old = await oldEvents(tx, part);
  const kept = old.findIndex((event) => event.received_at >= before);
  const going = kept === -1 ? old : old.slice(0, kept);
  const to = going.at(-1)?.seq;
  if (to === undefined) return false;
  const bodies = going.map(({ body }) => Buffer.from(body).toString());
  await addTallies(tx, kind, tallied(tenant, unit, bodies, zone));
  const ofPart = { ...part };
  await tx
    .deleteFrom('event')
    .where((eb) => eb.and(ofPart))
    .where('seq', '<=', to)
    .execute();
  await tx
    .updateTable('epoch')
    .set({ begins_after: to })
    .where((eb) => eb.and(ofPart))
    .execute();
  return kept === -1;
}

function oldEvents(tx: Tx, { tenant, unit, epoch }: Part) {
  return tx
    .selectFrom('event')
    .innerJoin('epoch', (on) =>
      on
        .onRef('epoch.tenant', '=', 'event.tenant')
        .onRef('epoch.unit', '=', 'event.unit')
        .onRef('epoch.epoch', '=', 'event.epoch'),
    )
    .select(['seq', 'received_at', 'body'])
    .where('event.tenant', '=', tenant)
    .where('event.unit', '=', unit)
    .where('event.epoch', '=', epoch)
    .whereRef('seq', '>', 'begins_after')
    .whereRef('seq', '<', 'head')
    .where('variant', '=', 0)
    .orderBy('seq')
    .limit(SLICE)
    .execute();
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
