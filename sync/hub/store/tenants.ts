/** Tenants, who may act for them, the hub's keys, what operators are told and what they did. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { Alert, AuditEntry, HubStore, Role } from '../ports.ts';
import type { HubDatabase, Tx } from './database.ts';

const RoleForm = z.enum(['viewer', 'operator', 'admin']);
const Detail = z.record(z.string(), z.unknown());

type Keys = Awaited<ReturnType<HubStore['keys']>>;

export class Tenants {
  readonly #hub: HubDatabase;

  constructor(hub: HubDatabase) {
    this.#hub = hub;
  }

  /** Several processes may start at once over an empty database: the first one's keys are everybody's. */
  async keys(make: () => Keys): Promise<Keys> {
    return this.#hub.transact(async (tx) => {
      const known = await tx.selectFrom('hub').select(['sign', 'seal']).executeTakeFirst();
      if (known !== undefined) return known;
      await tx
        .insertInto('hub')
        .values({ one: 1, ...make() })
        .onConflict((on) => on.column('one').doNothing())
        .execute();
      return tx.selectFrom('hub').select(['sign', 'seal']).executeTakeFirstOrThrow();
    });
  }

  async create(id: string, name: string, at: number): Promise<Result<void, 'exists'>> {
    return this.#hub.transact(async (tx) => {
      const row = { id, name, created_at: at, revision: 0, master_revision: 0, horizon: 0, proven: 0 };
      await tx
        .insertInto('tenant')
        .values(row)
        .onConflict((on) => on.column('id').doNothing())
        .execute();
      const there = await tx.selectFrom('tenant').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      // The same call again, after an answer that was lost, is no conflict.
      return there.name === name && there.created_at === at ? ok(undefined) : err('exists');
    });
  }

  async list(): Promise<readonly { readonly id: string; readonly name: string }[]> {
    return this.#hub.reading((tx) => tx.selectFrom('tenant').select(['id', 'name']).orderBy('id').execute());
  }

  async addToken({ digest, tenant, role, person, at }: Parameters<HubStore['addToken']>[0]): Promise<void> {
    await this.#hub.transact((tx) =>
      tx
        .insertInto('token')
        .values({ digest, tenant, role, person, created_at: at })
        .onConflict((on) => on.column('digest').doNothing())
        .execute(),
    );
  }

  async whoHas(digest: string): Promise<{ tenant: string | null; role: Role; person: string } | null> {
    const row = await this.#hub.reading((tx) =>
      tx.selectFrom('token').select(['tenant', 'role', 'person']).where('digest', '=', digest).executeTakeFirst(),
    );
    return row === undefined ? null : { ...row, role: RoleForm.parse(row.role) };
  }

  async revokeToken(digest: string): Promise<boolean> {
    return this.#hub.transact(async (tx) => {
      const { numDeletedRows } = await tx.deleteFrom('token').where('digest', '=', digest).executeTakeFirst();
      return numDeletedRows > 0n;
    });
  }

  async tokens(tenant: string | null): Promise<Awaited<ReturnType<HubStore['tokens']>>> {
    const rows = await this.#hub.reading((tx) =>
      tx
        .selectFrom('token')
        .select(['digest', 'role', 'person', 'created_at as at'])
        .where('tenant', tenant === null ? 'is' : '=', tenant)
        .orderBy('created_at')
        .execute(),
    );
    return rows.map((row) => ({ ...row, role: RoleForm.parse(row.role) }));
  }

  async alerts(tenant: string, limit: number): Promise<readonly Alert[]> {
    const rows = await this.#hub.reading((tx) =>
      tx
        .selectFrom('alert')
        .select(['id', 'at', 'unit', 'kind', 'detail', 'taken_by as takenBy'])
        .where('tenant', '=', tenant)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map((row) => ({ ...row, detail: Detail.parse(JSON.parse(row.detail)) }));
  }

  async takeAlert(tenant: string, id: string, by: string, at: number): Promise<boolean> {
    return this.#hub.transact(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('alert')
        .set({ taken_by: by, taken_at: at })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where('taken_by', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }

  async addAlert(alert: NewAlert): Promise<void> {
    await this.#hub.transact((tx) => writeAlerts(tx, [alert]));
  }

  async audit(tenant: string | null, by: string, what: string, detail: AlertDetail, at: number): Promise<void> {
    const row = { id: timeId(at), tenant, at, person: by, what, detail: JSON.stringify(detail) };
    await this.#hub.transact((tx) => writeAudit(tx, row));
  }

  async auditTrail(tenant: string | null, limit: number): Promise<readonly AuditEntry[]> {
    const rows = await this.#hub.reading((tx) =>
      tx
        .selectFrom('audit')
        .select(['at', 'person as by', 'what', 'detail'])
        .where('tenant', tenant === null ? 'is' : '=', tenant)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map((row) => ({ ...row, detail: Detail.parse(JSON.parse(row.detail)) }));
  }
}

type AlertDetail = Readonly<Record<string, unknown>>;

export interface NewAlert {
  readonly tenant: string;
  readonly id: string;
  readonly at: number;
  readonly unit: string | null;
  readonly kind: string;
  readonly detail: AlertDetail;
}

/** Sorted by time, and made before the transaction: the same alert is written once, however often that is tried. */
export function timeId(at: number): string {
  return `${at.toString(36).padStart(9, '0')}-${randomUUID().slice(0, 13)}`;
}

export async function writeAlerts(tx: Tx, alerts: readonly NewAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const rows = alerts.map((alert) => ({
    ...alert,
    detail: JSON.stringify(alert.detail),
    taken_by: null,
    taken_at: null,
  }));
  await tx
    .insertInto('alert')
    .values(rows)
    .onConflict((on) => on.columns(['tenant', 'id']).doNothing())
    .execute();
}

export async function writeAudit(
  tx: Tx,
  row: { id: string; tenant: string | null; at: number; person: string; what: string; detail: string },
): Promise<void> {
  await tx
    .insertInto('audit')
    .values(row)
    .onConflict((on) => on.column('id').doNothing())
    .execute();
}
