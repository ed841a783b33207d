/** The units' records as they are here: epochs, events, what was handed over. */
import type { HandedOver, HubStore, Taken } from '../ports.ts';
import { nextNumbers } from './arrivals.ts';
import { base64url, genesis } from './chain.ts';
import { among, type HubDatabase, insertMany, type Tx } from './database.ts';
import { storedFlags } from './incoming.ts';
import { type NewAlert, timeId, writeAlerts } from './tenants.ts';

type Before = Parameters<HubStore['beginEpoch']>[3];
type Events = Awaited<ReturnType<HubStore['events']>>;

export class UnitRecords {
  readonly #hub: HubDatabase;

  constructor(hub: HubDatabase) {
    this.#hub = hub;
  }

  async acknowledged(tenant: string, unit: string, epoch: number): Promise<number | null> {
    return this.#hub.reading(async (tx) => {
      const head = (await epochOf(tx, tenant, unit, epoch))?.head ?? 0;
      return head === 0 ? null : head;
    });
  }

  async beginEpoch(tenant: string, unit: string, epoch: number, before: Before, at: number): Promise<Taken> {
    const id = timeId(at);
    return this.#hub.transact(async (tx) => {
      // The lock alone: nobody takes events of the tenant meanwhile.
      await nextNumbers(tx, this.#hub.kind, new Map([[tenant, 0]]));
      const ours = await tx
        .selectFrom('unit')
        .select('unit')
        .where('tenant', '=', tenant)
        .where('unit', '=', unit)
        .executeTakeFirst();
      if (ours === undefined) throw new Error('the epoch is of a unit that is not of this tenant');
      const alert = (kind: string, detail: NewAlert['detail']) =>
        writeAlerts(tx, [{ tenant, id, at, unit, kind, detail: { epoch, ...detail } }]);
      const known = await epochOf(tx, tenant, unit, epoch);
      if (before?.epoch === epoch) {
        const head = known?.head ?? 0;
        if (before.seq <= head) return { acknowledged: head };
        await this.#goOnAfter(tx, tenant, unit, before);
        await alert('begins-late', { missing: [head + 1, before.seq] });
        return { acknowledged: before.seq };
      }
      if (known === null) {
        await this.#insert(tx, tenant, unit, epoch, before);
        const trouble = before === null ? null : await this.#troubleWith(tx, tenant, unit, before);
        if (trouble !== null) await alert(trouble, { before: { epoch: before?.epoch, seq: before?.seq } });
        if (before === null && epoch > 1) await alert('unknown-head', {});
      }
      return { acknowledged: known?.head ?? 0 };
    });
  }

  /** The unit has nothing up to there any more: what comes next hangs on the hash that it names. */
  async #goOnAfter(tx: Tx, tenant: string, unit: string, before: NonNullable<Before>): Promise<void> {
    const to = { head: before.seq, hash: Buffer.from(before.hash, 'base64url'), begins_after: before.seq };
    await tx
      .insertInto('epoch')
      .values({ tenant, unit, epoch: before.epoch, before: null, proof: null, ...to })
      .onConflict((on) => on.columns(['tenant', 'unit', 'epoch']).doUpdateSet(to))
      .execute();
  }

  async #insert(tx: Tx, tenant: string, unit: string, epoch: number, before: Before): Promise<void> {
    const hash = genesis(unit, epoch);
    const row = { tenant, unit, epoch, head: 0, hash, proof: null, begins_after: 0 };
    await tx
      .insertInto('epoch')
      .values({ ...row, before: before === null ? null : JSON.stringify(before) })
      .execute();
  }

  /** Whether what the unit says of its former part fits what is here of it. */
  async #troubleWith(tx: Tx, tenant: string, unit: string, before: NonNullable<Before>): Promise<string | null> {
    const known = await epochOf(tx, tenant, unit, before.epoch);
    const head = known?.head ?? 0;
    // The unit was put back: what it did in between is here, and it doesn't know.
    if (head > before.seq) return 'epoch-behind';
    // Events of the former part never came, and the new database may not have them.
    if (head < before.seq) return 'epoch-ahead';
    return known !== null && base64url(known.hash) === before.hash ? null : 'chain';
  }

  async events(
    tenant: string,
    unit: string | null,
    after: { readonly unit: string; readonly epoch: number; readonly seq: number } | null,
    limit: number,
  ): Promise<Events> {
    const rows = await this.#hub.reading((tx) => {
      const all = tx
        .selectFrom('event')
        .select(['unit', 'epoch', 'seq', 'body', 'flags'])
        .where('tenant', '=', tenant)
        .orderBy('unit')
        .orderBy('epoch')
        .orderBy('seq')
        .orderBy('variant')
        .limit(limit);
      const of = unit === null ? all : all.where('unit', '=', unit);
      if (after === null) return of.execute();
      return of
        .where((eb) => eb(eb.refTuple('unit', 'epoch', 'seq'), '>', eb.tuple(after.unit, after.epoch, after.seq)))
        .execute();
    });
    return rows.map(({ body, flags, ...row }) => ({
      ...row,
      body: Buffer.from(body).toString(),
      flags: storedFlags(flags),
    }));
  }

  async handover(
    tenant: string,
    unit: string,
    items: readonly { readonly id: string; readonly kind: string; readonly body: string }[],
    at: number,
  ): ReturnType<HubStore['handover']> {
    const rows = items.map(({ id, kind, body }) => [tenant, id, unit, kind, body.replaceAll('\0', '\uFFFD'), at]);
    const columns = ['tenant', 'id', 'unit', 'kind', 'body', 'at'];
    const conflict = 'ON CONFLICT (tenant, unit, id) DO NOTHING';
    const ids = items.map(({ id }) => id);
    return this.#hub.transact(async (tx) => {
      const known = () =>
        tx
          .selectFrom('handover')
          .select(['id', 'settled_at'])
          .where('tenant', '=', tenant)
          .where('unit', '=', unit)
          .where(among(this.#hub.kind, 'id', ids))
          .execute();
      const before = new Map((await known()).map(({ id, settled_at: settledAt }) => [id, settledAt]));
      await insertMany(tx, this.#hub.kind, { table: 'handover', columns, conflict }, rows);
      return ids.map((id) => ({ id, isNew: !before.has(id), isSettled: (before.get(id) ?? null) !== null }));
    });
  }

  async handovers(tenant: string, open: boolean, limit: number): Promise<readonly HandedOver[]> {
    const rows = await this.#hub.reading((tx) => {
      const all = tx.selectFrom('handover').selectAll().where('tenant', '=', tenant).orderBy('at').orderBy('id');
      return (open ? all.where('settled_at', 'is', null) : all).limit(limit).execute();
    });
    return rows.map(({ id, unit, kind, body, at, accepted, settled_by: by, settled_at: settledAt }) => ({
      ...{ id, unit, kind, body, at },
      settled: by === null || settledAt === null ? null : { accepted: accepted === 1, by, at: settledAt },
    }));
  }

  async settle(tenant: string, unit: string, id: string, accepted: boolean, by: string, at: number): Promise<boolean> {
    return this.#hub.transact(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('handover')
        // It may have somebody's name or code, and is a row by now, or nothing.
        .set({ accepted: Number(accepted), settled_by: by, settled_at: at, body: '' })
        .where('tenant', '=', tenant)
        .where('unit', '=', unit)
        .where('id', '=', id)
        .where('settled_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }
}

async function epochOf(
  tx: Tx,
  tenant: string,
  unit: string,
  epoch: number,
): Promise<{ readonly head: number; readonly hash: Uint8Array } | null> {
  const row = await tx
    .selectFrom('epoch')
    .select(['head', 'hash'])
    .where('tenant', '=', tenant)
    .where('unit', '=', unit)
    .where('epoch', '=', epoch)
    .executeTakeFirst();
  return row ?? null;
}
