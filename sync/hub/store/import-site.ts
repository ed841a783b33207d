/** A whole bundle becomes the tenant's rows. What is as it was keeps its revision; history is merged by identity. */
import { createHash } from 'node:crypto';
import type { SiteBundle } from '../../../main/core/model.ts';
import { parseInstant } from '../../../main/core/time/instant.ts';
import { Change, type ChangeKind } from '../../wire/entities.ts';
import { replaceClaims } from './claims.ts';
import type { HubDatabase, Tx } from './database.ts';
import { changeOf, type Entity, entityOf, goneOf, kindNumber, subjectOf } from './entities.ts';
import { entities } from './load.ts';
import type { TenantChange } from './tenant-change.ts';

type Row = Extract<Change, { readonly position: number }>;
type HistoryRow = Extract<Change, { readonly origin: unknown }>;

export class SiteImport {
  readonly #tx: Tx;
  readonly #hub: HubDatabase;
  readonly #tenant: string;
  readonly #change: TenantChange;

  /** @param change of the tenant, under way */
  constructor(tx: Tx, hub: HubDatabase, tenant: string, change: TenantChange) {
    this.#tx = tx;
    this.#hub = hub;
    this.#tenant = tenant;
    this.#change = change;
  }

  async take(bundle: SiteBundle): Promise<void> {
    for (const [kind, rows] of listsOf(bundle)) await this.#replace(kind, rows);
    await this.#members(bundle);
    const unknown = await this.#ticketUses(bundle);
    await this.#replace('ticket', ticketRows(bundle, unknown));
    await this.#replace('reservation', rowsOf('reservation', bundle.reservations));
    await this.#usage(bundle);
    await this.#stays(bundle);
  }

  /** All rows of a kind, as they are now. */
  async #replace(
    kind: ChangeKind,
    rows: readonly Row[],
  ): Promise<{ changed: readonly Row[]; gone: readonly string[] }> {
    const before = new Map((await this.#rows(kind)).map((row) => [row.id, row]));
    const changed: Row[] = [];
    for (const row of rows) {
      const known = before.get(row.id);
      before.delete(row.id);
      if (known?.body === JSON.stringify(row.body) && known.position === row.position) continue;
      changed.push(row);
    }
    await this.#change.put(changed.map((row) => entityOf(row, {})));
    await this.#change.put([...before.values()].map(goneOf));
    return { changed, gone: [...before.keys()] };
  }

  async #members({ members }: SiteBundle): Promise<void> {
    const { changed, gone } = await this.#replace('member', rowsOf('member', members));
    const ids = new Set(changed.map(({ id }) => id));
    const claimants = members.filter(({ id }) => ids.has(id));
    await replaceClaims(this.#tx, this.#hub.kind, this.#tenant, gone, claimants);
  }

  /** Dates that an event counts already need no row of their own. */
  async #usage({ usage }: SiteBundle): Promise<void> {
    const rows = await this.#rows('usage');
    const counted = new Set(rows.filter(isOfEvent).map(({ subject }) => subject));
    const wanted = usage
      .filter((body) => !counted.has(subjectOf({ kind: 'band', ...body })))
      .map((body): HistoryRow => ({ kind: 'usage', id: idOf(body), origin: null, body }));
    await this.#merge(rows, wanted);
  }

  /**
   * A bundle doesn't say which of the units' uses it knows. On each date it is taken to know as many as it lists.
   * @returns by ticket the uses beyond that, which its `remaining` doesn't know
   */
  async #ticketUses({ ticketUses }: SiteBundle): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#rows('ticketUse');
    const ours = new Map<string, { readonly ticketId: string; uses: number }>();
    for (const change of rows.filter(isOfEvent).map(changeOf)) {
      if (change.kind !== 'ticketUse' || change.body === null) continue;
      const { ticketId, date, uses } = change.body;
      const key = JSON.stringify([ticketId, date]);
      ours.set(key, { ticketId, uses: (ours.get(key)?.uses ?? 0) + uses });
    }
    const wanted = ticketUses.flatMap((body): HistoryRow[] => {
      const { ticketId, date } = body;
      const known = ours.get(JSON.stringify([ticketId, date]));
      const common = Math.min(body.uses, known?.uses ?? 0);
      if (known !== undefined) known.uses -= common;
      const uses = body.uses - common;
      return uses === 0
        ? []
        : [{ kind: 'ticketUse', id: idOf({ ticketId, date }), origin: null, body: { ...body, uses } }];
    });
    await this.#merge(rows, wanted);
    const unknown = new Map<string, number>();
    for (const { ticketId, uses } of ours.values()) unknown.set(ticketId, (unknown.get(ticketId) ?? 0) + uses);
    return unknown;
  }

  /** A stay that an event began or ended is known better here than in the bundle. */
  async #stays({ stays }: SiteBundle): Promise<void> {
    const rows = await this.#rows('stay');
    const known = new Set<string>();
    for (const change of rows.filter((row) => isOfEvent(row) || row.subject === null).map(changeOf)) {
      if (change.kind === 'stay' && change.body !== null) known.add(stayKey(change.body));
    }
    const wanted = stays
      .filter((stay) => !known.has(stayKey(stay)))
      .map((stay): HistoryRow => {
        const body = { ...stay, exitedAt: null };
        return { kind: 'stay', id: idOf(body), origin: null, body };
      });
    await this.#merge(
      rows.filter(({ subject }) => subject !== null),
      wanted,
    );
  }

  /** Rows that no event made are as the bundle has them. */
  async #merge(rows: readonly Entity[], wanted: readonly HistoryRow[]): Promise<void> {
    const before = new Map(rows.filter((row) => !isOfEvent(row)).map((row) => [row.id, row]));
    const changed = wanted.filter((row) => {
      const known = before.get(row.id);
      before.delete(row.id);
      return known?.body !== JSON.stringify(row.body);
    });
    await this.#change.put(changed.map((row) => entityOf(row, {})));
    await this.#change.put([...before.values()].map(goneOf));
  }

  #rows(kind: ChangeKind): Promise<Entity[]> {
    return entities(this.#tx, this.#tenant, (query) =>
      query.where('kind', '=', kindNumber(kind)).where('body', 'is not', null),
    );
  }
}

function listsOf(bundle: SiteBundle): [ChangeKind, readonly Row[]][] {
  const { site, holidays } = bundle;
  return [
    ['site', [{ kind: 'site', id: site.id, position: 0, body: site }]],
    ['holidays', [{ kind: 'holidays', id: 'holidays', position: 0, body: [...holidays] }]],
    ['store', rowsOf('store', bundle.stores)],
    ['program', rowsOf('program', bundle.programs)],
    ['place', rowsOf('place', bundle.places)],
    ['door', rowsOf('door', bundle.doors)],
    ['plan', rowsOf('plan', bundle.plans)],
    ['ticketType', rowsOf('ticketType', bundle.ticketTypes)],
  ];
}

/** A list of the bundle as rows, each of the protocol's form. */
function rowsOf(kind: ChangeKind, items: readonly { readonly id: string }[]): Row[] {
  return items.flatMap((body, position) => {
    const row = Change.parse({ kind, id: body.id, position, body });
    return 'position' in row ? [row] : [];
  });
}

function ticketRows({ tickets }: SiteBundle, unknown: ReadonlyMap<string, number>): Row[] {
  const left = tickets.map((ticket) => {
    const remaining = Math.max(0, ticket.remaining - (unknown.get(ticket.id) ?? 0));
    return { ...ticket, remaining };
  });
  return rowsOf('ticket', left);
}

function isOfEvent({ origin_unit: unit }: Entity): boolean {
  return unit !== null;
}

/** The same row of history has the same id, whoever imports it. */
function idOf(body: object): string {
  return `hub/${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}`;
}

function stayKey({ memberId, placeId, enteredAt }: SiteBundle['stays'][number]): string {
  return JSON.stringify([memberId, placeId, parseInstant(enteredAt)]);
}
