/** One change of a tenant's data: takes the tenant's lock, gives what changes the next revision, tells everybody. */
import type { ChangedBy } from '../ports.ts';
import { ask, type HubDatabase, insertMany, type Tx } from './database.ts';
import { ENTITY_COLUMNS, type Entity, isMaster, KINDS } from './entities.ts';

const COLUMNS = ['tenant', 'revision', 'changed_at', ...ENTITY_COLUMNS];
const REPLACED = ['revision', 'changed_at', ...ENTITY_COLUMNS.slice(2)];
const CONFLICT = `ON CONFLICT (tenant, kind, id) DO UPDATE SET ${REPLACED.map((name) => `${name} = excluded.${name}`).join(', ')}`;

export interface TenantState {
  readonly revision: number;
  readonly master_revision: number;
  readonly horizon: number;
  readonly proven: number;
}

const STATE = 'SELECT revision, master_revision, horizon, proven FROM tenant WHERE id = ?';
const REVISED = 'UPDATE tenant SET revision = ? WHERE id = ?';
const REMASTERED = 'UPDATE tenant SET revision = ?, master_revision = ? WHERE id = ?';

/**
 * The tenant's revision, locked until the end of the transaction: revisions are given in the order of commits, so a
 * reader never sees one while an earlier one is still to come.
 * @throws Error where there is no such tenant
 */
export async function lockTenant(tx: Tx, kind: HubDatabase['kind'], tenant: string): Promise<TenantState> {
  const [row] = await ask<TenantState>(tx, kind, kind === 'postgres' ? `${STATE} FOR UPDATE` : STATE, [tenant]);
  if (row === undefined) throw new Error('there is no such tenant');
  return row;
}

/** Rows written as the tenant's next revision. Only after `lockTenant`. */
export class TenantChange {
  readonly #tx: Tx;
  readonly #hub: HubDatabase;
  readonly #tenant: string;
  readonly #state: TenantState;
  readonly #at: number;
  #hasRows = false;
  #hasMaster = false;

  constructor(tx: Tx, hub: HubDatabase, tenant: string, state: TenantState, at: number) {
    this.#tx = tx;
    this.#hub = hub;
    this.#tenant = tenant;
    this.#state = state;
    this.#at = at;
  }

  get revision(): number {
    return this.#state.revision + (this.#hasRows ? 1 : 0);
  }

  async put(entities: readonly Entity[]): Promise<void> {
    if (entities.length === 0) return;
    this.#hasRows = true;
    this.#hasMaster ||= entities.some(({ kind }) => isMaster(KINDS[kind] ?? 'roster'));
    const stamp = [this.#tenant, this.revision, this.#at];
    const rows = entities.map((entity) => [...stamp, ...ENTITY_COLUMNS.map((name) => entity[name])]);
    await insertMany(this.#tx, this.#hub.kind, { table: 'entity', columns: COLUMNS, conflict: CONFLICT }, rows);
  }

  /** @returns the tenant's revision: the old one where nothing was written */
  async finish(by: ChangedBy = 'hub'): Promise<number> {
    const { revision } = this;
    if (!this.#hasRows) return revision;
    const text = this.#hasMaster ? REMASTERED : REVISED;
    const revisions = this.#hasMaster ? [revision, revision] : [revision];
    await ask(this.#tx, this.#hub.kind, text, [...revisions, this.#tenant]);
    await this.#hub.say(this.#tx, { about: 'revision', tenant: this.#tenant, revision, by });
    return revision;
  }
}

export async function writeEntities(
  tx: Tx,
  hub: HubDatabase,
  tenant: string,
  state: TenantState,
  entities: readonly Entity[],
  at: number,
  by: ChangedBy = 'hub',
): Promise<number> {
  const change = new TenantChange(tx, hub, tenant, state, at);
  await change.put(entities);
  return change.finish(by);
}
