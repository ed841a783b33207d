/** Pairing, the tenant's units, and the roster that tells every unit of the others. */
import { err, ok, type Result } from '../../../main/core/result.ts';
import { Roster } from '../../wire/entities.ts';
import { WIRE } from '../../wire/limits.ts';
import type { HubStore, PairingFault, UnitRecord } from '../ports.ts';
import { base64url } from './chain.ts';
import { among, ask, type HubDatabase, type Tx } from './database.ts';
import { entityOf, isKey } from './entities.ts';
import type { UnitTable } from './schema.ts';
import { lockTenant, writeEntities } from './tenant-change.ts';

type Head = NonNullable<UnitRecord['head']>;

export class Units {
  readonly #hub: HubDatabase;

  constructor(hub: HubDatabase) {
    this.#hub = hub;
  }

  async createPairing({ codeDigest, by, expiresAt, ...rest }: Parameters<HubStore['createPairing']>[0]): Promise<void> {
    const row = { ...rest, code_digest: codeDigest, made_by: by, expires_at: expiresAt, unit: null };
    await this.#hub.transact((tx) =>
      tx
        .insertInto('pairing')
        .values(row)
        .onConflict((on) => on.column('code_digest').doNothing())
        .execute(),
    );
  }

  async redeem(
    codeDigest: string,
    unit: string,
    ownName: string | null,
    key: string,
    at: number,
  ): Promise<Result<{ readonly tenant: string; readonly site: string }, PairingFault>> {
    if (!isKey(unit) || (ownName !== null && !isKey(ownName))) return err('taken');
    return this.#hub.transact(async (tx) => {
      const query = tx.selectFrom('pairing').selectAll().where('code_digest', '=', codeDigest);
      const pairing = await (this.#hub.kind === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
      if (pairing === undefined) return err('code');
      const { tenant, site } = pairing;
      const name = ownName ?? pairing.name;
      const known = await tx.selectFrom('unit').selectAll().where('unit', '=', unit).executeTakeFirst();
      const isSame = known?.tenant === tenant && known.key === key && known.revoked_at === null;
      if (pairing.unit === unit && isSame) return ok({ tenant, site: known.site });
      if (pairing.unit !== null || pairing.expires_at <= at) return err('code');
      if (known !== undefined && !isSame) return err(known.revoked_at === null ? 'taken' : 'revoked');
      if (known === undefined && !(await this.#hasRoom(tx, tenant, site))) return err('full');
      await tx.updateTable('pairing').set({ unit }).where('code_digest', '=', codeDigest).execute();
      await this.#add(tx, { unit, tenant, site, name, key, at });
      return ok({ tenant, site });
    });
  }

  async #hasRoom(tx: Tx, tenant: string, site: string): Promise<boolean> {
    const { sites } = await rosterIn(tx, tenant);
    const here = sites.find((one) => one.site === site);
    return here === undefined ? sites.length < WIRE.sites : here.units.length < WIRE.unitsOfSite;
  }

  async #add(
    tx: Tx,
    { at, ...unit }: { unit: string; tenant: string; site: string; name: string; key: string; at: number },
  ): Promise<void> {
    await tx
      .insertInto('unit')
      .values({ ...unit, paired_at: at, revoked_at: null, applied_revision: 0, seen_at: null, queued: null })
      .onConflict((on) => on.column('unit').doUpdateSet({ site: unit.site, name: unit.name, paired_at: at }))
      .execute();
    await this.#tellRoster(tx, unit.tenant, at);
  }

  /** The roster is a row like others: units hear of a change as of any. */
  async #tellRoster(tx: Tx, tenant: string, at: number): Promise<void> {
    const state = await lockTenant(tx, this.#hub.kind, tenant);
    const body = await rosterIn(tx, tenant);
    const entity = entityOf({ kind: 'roster', id: 'roster', position: 0, body }, {});
    await writeEntities(tx, this.#hub, tenant, state, [entity], at);
  }

  async unit(unit: string): Promise<UnitRecord | null> {
    return this.#hub.reading(async (tx) => {
      const row = await tx.selectFrom('unit').selectAll().where('unit', '=', unit).executeTakeFirst();
      if (row === undefined) return null;
      const heads = await headsOf(tx, this.#hub.kind, row.tenant, [unit]);
      return recordOf(row, heads.get(unit) ?? null);
    });
  }

  async units(tenant: string): Promise<readonly UnitRecord[]> {
    return this.#hub.reading(async (tx) => {
      const rows = await tx.selectFrom('unit').selectAll().where('tenant', '=', tenant).orderBy('unit').execute();
      const names = rows.map(({ unit }) => unit);
      const heads = await headsOf(tx, this.#hub.kind, tenant, names);
      return rows.map((row) => recordOf(row, heads.get(row.unit) ?? null));
    });
  }

  async revoke(tenant: string, unit: string, at: number): Promise<boolean> {
    return this.#change(tenant, unit, { revoked_at: at }, at);
  }

  async revokedSince(at: number): Promise<readonly string[]> {
    const rows = await this.#hub.reading((tx) =>
      tx.selectFrom('unit').select('unit').where('revoked_at', '>=', at).orderBy('unit').execute(),
    );
    return rows.map(({ unit }) => unit);
  }

  async change(tenant: string, unit: string, to: { name?: string; site?: string }, at: number): Promise<boolean> {
    return this.#change(tenant, unit, to, at);
  }

  async #change(
    tenant: string,
    unit: string,
    to: { name?: string; site?: string; revoked_at?: number },
    at: number,
  ): Promise<boolean> {
    if (Object.keys(to).length === 0) return (await this.unit(unit))?.tenant === tenant;
    return this.#hub.transact(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('unit')
        .set(to)
        .where('tenant', '=', tenant)
        .where('unit', '=', unit)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await this.#tellRoster(tx, tenant, at);
      return true;
    });
  }

  async roster(tenant: string): Promise<Roster> {
    return this.#hub.reading((tx) => rosterIn(tx, tenant));
  }

  /** Sorted by unit, so that two processes never wait for one another. */
  async seen(reports: Parameters<HubStore['seen']>[0]): Promise<void> {
    const sorted = [...reports].sort((a, b) => (a.unit < b.unit ? -1 : 1));
    const rows = sorted.map(({ unit, at, appliedRevision, queued }) => [unit, at, appliedRevision, queued]);
    const { kind } = this.#hub;
    await this.#hub.transact(async (tx) => {
      if (kind === 'postgres') await ask(tx, kind, HELD, [sorted.map(({ unit }) => unit)]);
      await ask(tx, kind, SEEN[kind], [JSON.stringify(rows)]);
    });
  }
}

const HELD = 'SELECT unit FROM unit WHERE unit IN ? ORDER BY unit FOR UPDATE';

/** What wasn't said stays as it was. */
const TO_SEEN = `UPDATE unit SET seen_at = report.at, applied_revision = coalesce(report.revision, applied_revision),
  queued = coalesce(report.queued, unit.queued)`;
const SEEN = {
  sqlite: `${TO_SEEN} FROM (SELECT value ->> 0 AS name, value ->> 1 AS at, value ->> 2 AS revision, value ->> 3 AS queued
    FROM json_each(?)) AS report WHERE unit.unit = report.name`,
  postgres: `${TO_SEEN} FROM (SELECT value ->> 0 AS name, (value ->> 1)::bigint AS at, (value ->> 2)::bigint AS revision,
    (value ->> 3)::bigint AS queued FROM json_array_elements(?::json)) AS report WHERE unit.unit = report.name`,
} as const;

/** Of each unit the last durable event of its latest epoch. */
async function headsOf(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  units: readonly string[],
): Promise<Map<string, Head>> {
  const rows = await tx
    .selectFrom('epoch')
    .select(['unit', 'epoch', 'head', 'hash'])
    .where('tenant', '=', tenant)
    .where(among(kind, 'unit', units))
    .orderBy('epoch')
    .execute();
  const begun = rows.filter(({ head }) => head > 0);
  return new Map(begun.map(({ unit, epoch, head, hash }) => [unit, { epoch, seq: head, hash: base64url(hash) }]));
}

export async function rosterIn(tx: Tx, tenant: string): Promise<Roster> {
  const rows = await tx
    .selectFrom('unit')
    .select(['unit', 'site', 'name', 'key'])
    .where('tenant', '=', tenant)
    .where('revoked_at', 'is', null)
    .orderBy('site')
    .orderBy('unit')
    .execute();
  const sites = Map.groupBy(rows, ({ site }) => site);
  return Roster.parse({
    sites: [...sites].map(([site, units]) => ({
      site,
      units: units.map(({ unit, name, key }) => ({ unit, name, key })),
    })),
  });
}

function recordOf(row: UnitTable, head: Head | null): UnitRecord {
  const { unit, tenant, site, name, key } = row;
  const { paired_at: pairedAt, revoked_at: revokedAt, applied_revision: appliedRevision, seen_at: seenAt } = row;
  return { unit, tenant, site, name, key, pairedAt, revokedAt, head, appliedRevision, seenAt };
}
