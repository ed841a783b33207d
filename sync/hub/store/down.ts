/** What units are given: a snapshot page by page, or all that changed since a revision. */
import * as z from 'zod';
import type { Clock } from '../../../main/core/clock.ts';
import type { Cut, SnapshotClosing, SnapshotPage } from '../ports.ts';
import { firstUnjudged } from './arrivals.ts';
import { ask, type HubDatabase, type Tx } from './database.ts';
import { changeText } from './entities.ts';
import { lockTenant } from './tenant-change.ts';
import { timeId, writeAlerts } from './tenants.ts';

/** Characters of the bodies of a page: with what stands around them it fits into a message. */
const PAGE_CHARS = 500_000;
/** So far a unit can be ahead of a hub that was put back to an earlier state. */
const MOST_AHEAD = 1_000_000_000;
/** A count of rows is told again until so many changes later. */
const COUNT_KEPT = 1_000;

const Cursor = z.tuple([z.int(), z.string()]);

const COLUMNS = ['kind', 'id', 'position', 'origin_unit', 'origin_epoch', 'origin_seq', 'body'] as const;

export class Down {
  readonly #hub: HubDatabase;
  readonly #clock: Clock;
  readonly #counts = new Map<string, { readonly revision: number; readonly rows: number }>();

  constructor(hub: HubDatabase, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
  }

  async revision(tenant: string): Promise<number> {
    return this.#hub.reading(async (tx) => (await standOf(tx, this.#hub.kind, tenant)).revision);
  }

  /** For a progress bar: about so many. */
  async count(tenant: string): Promise<number> {
    return this.#hub.reading(async (tx) => {
      const { revision } = await standOf(tx, this.#hub.kind, tenant);
      const known = this.#counts.get(tenant);
      if (known !== undefined && Math.abs(revision - known.revision) < COUNT_KEPT) return known.rows;
      const all = tx
        .selectFrom('entity')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('tenant', '=', tenant);
      // Two walks along indexes: to count those that are there reads all their bodies.
      const [everAt, goneAt] = [all, all.where('body', 'is', null)];
      const rows = (await everAt.executeTakeFirstOrThrow()).n - (await goneAt.executeTakeFirstOrThrow()).n;
      // A small tenant's rows are counted in no time, and its bar should be right.
      if (rows > COUNT_KEPT) this.#counts.set(tenant, { revision, rows });
      return rows;
    });
  }

  async page(tenant: string, cursor: string | null, limit: number): Promise<SnapshotPage> {
    const [kind, id] = cursorOf(cursor);
    const rows = await this.#hub.reading((tx) =>
      tx
        .selectFrom('entity')
        .select(COLUMNS)
        .where('tenant', '=', tenant)
        .where((eb) => eb(eb.refTuple('kind', 'id'), '>', eb.tuple(kind, id)))
        .where('body', 'is not', null)
        .orderBy('kind')
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
    let chars = 0;
    const fitting = rows.findIndex(({ body }, index) => {
      chars += body?.length ?? 0;
      return chars > PAGE_CHARS && index > 0;
    });
    const page = fitting === -1 ? rows : rows.slice(0, fitting);
    const last = page.at(-1);
    const isEnd = last === undefined || (fitting === -1 && rows.length < limit);
    return { changes: page.map(changeText), cursor: isEnd ? null : JSON.stringify([last.kind, last.id]) };
  }

  async close(tenant: string, since: number): Promise<SnapshotClosing | null> {
    return this.#hub.reading(async (tx) => {
      const { revision, horizon } = await standOf(tx, this.#hub.kind, tenant);
      if (since < horizon || since > revision) return null;
      const rows = await changed(tx, tenant, since).execute();
      return { revision, changes: rows.map(changeText), knows: await this.#judgedHeads(tx, tenant) };
    });
  }

  /** Events that are durable and not judged yet aren't in the rows. */
  async #judgedHeads(tx: Tx, tenant: string): Promise<SnapshotClosing['knows']> {
    const heads = await tx.selectFrom('epoch').select(['unit', 'epoch', 'head']).where('tenant', '=', tenant).execute();
    const unjudged = await firstUnjudged(tx, this.#hub.kind, tenant);
    const judged = heads.map(({ unit, epoch, head }) => {
      const first = unjudged.get(`${epoch} ${unit}`);
      return { unit, epoch, seq: first === undefined ? head : first - 1 };
    });
    return judged.filter(({ seq }) => seq > 0);
  }

  async since(tenant: string, since: number, limit: number): Promise<Cut | null> {
    const cut = await this.#hub.reading(async (tx) => {
      const { revision: to, horizon } = await standOf(tx, this.#hub.kind, tenant);
      if (since > to) return 'ahead';
      if (since < horizon || since === 0) return null;
      const rows =
        since === to
          ? []
          : await ask<Parameters<typeof changeText>[0]>(tx, this.#hub.kind, CHANGED, [tenant, since, limit + 1]);
      return rows.length > limit ? null : { from: since, to, changes: rows.map(changeText) };
    });
    if (cut !== 'ahead') return cut;
    await this.#overtake(tenant, since);
    return null;
  }

  /** All that was given after the state to which the database was put back is unknown here: everybody begins anew. */
  async restored(at: number): Promise<void> {
    const tenants = await this.#hub.reading((tx) => tx.selectFrom('tenant').select(['id', 'revision']).execute());
    for (const { id, revision } of tenants) await this.#overtake(id, revision + MOST_AHEAD / 1_000, at);
  }

  /** A unit has seen a revision that isn't here yet: this database was put back to an earlier state. */
  async #overtake(tenant: string, seen: number, at = this.#clock.wall()): Promise<void> {
    const told = timeId(at);
    await this.#hub.transact(async (tx) => {
      const { revision } = await lockTenant(tx, this.#hub.kind, tenant);
      if (seen <= revision || seen - revision > MOST_AHEAD) return;
      const next = seen + 1;
      const to = { revision: next, master_revision: next, horizon: next };
      await tx.updateTable('tenant').set(to).where('id', '=', tenant).execute();
      const detail = { revision, seen };
      await writeAlerts(tx, [{ tenant, id: told, at, unit: null, kind: 'restored', detail }]);
      await this.#hub.say(tx, { about: 'revision', tenant, revision: next, by: 'hub' });
    });
  }
}

const STAND = 'SELECT revision, horizon FROM tenant WHERE id = ?';
const CHANGED = `SELECT ${COLUMNS.join(', ')} FROM entity WHERE tenant = ? AND revision > ?
  ORDER BY revision, kind, id LIMIT ?`;

interface Stand {
  readonly revision: number;
  readonly horizon: number;
}

async function standOf(tx: Tx, kind: HubDatabase['kind'], tenant: string): Promise<Stand> {
  const [stand] = await ask<Stand>(tx, kind, STAND, [tenant]);
  if (stand === undefined) throw new Error('there is no such tenant');
  return stand;
}

function changed(tx: Tx, tenant: string, since: number) {
  return tx
    .selectFrom('entity')
    .select(COLUMNS)
    .where('tenant', '=', tenant)
    .where('revision', '>', since)
    .orderBy('revision')
    .orderBy('kind')
    .orderBy('id');
}

/** Before all rows where there is none, or one that we never gave. */
function cursorOf(cursor: string | null): [kind: number, id: string] {
  if (cursor === null) return [-1, ''];
  let json: unknown = null;
  try {
    json = JSON.parse(cursor);
  } catch {
    return [-1, ''];
  }
  const place = Cursor.safeParse(json);
  return place.success && !place.data[1].includes('\0') ? place.data : [-1, ''];
}
