/** What operators edit: whole documents and single entities, checked as bundles are. */
import { randomUUID } from 'node:crypto';
import { type DocumentError, errorText } from '../../../main/contract/issues.ts';
import { referenceErrors } from '../../../main/contract/references.ts';
import { parseSettings, type Settings } from '../../../main/contract/settings.ts';
import type { SiteBundle } from '../../../main/core/model.ts';
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { Change, ChangeKind } from '../../wire/entities.ts';
import { ChangeCheck } from './change-check.ts';
import { replaceClaims } from './claims.ts';
import { among, type HubDatabase, type Tx } from './database.ts';
import { changeOf, type Entity, entityOf, goneOf, isKey, isMaster, kindNumber } from './entities.ts';
import { exportSettings, exportSite } from './export.ts';
import { SiteImport } from './import-site.ts';
import { entities } from './load.ts';
import { lockTenant, TenantChange } from './tenant-change.ts';
import { timeId, writeAudit } from './tenants.ts';

type Lines = readonly string[];
type Changed = Result<number, Lines>;

/** Ends a transaction that has found, after writing, that the whole doesn't hold. */
class Refusal extends Error {
  readonly lines: Lines;

  constructor(lines: Lines) {
    super('refused');
    this.lines = lines;
  }
}

/** Characters of a row's JSON: with what stands around it, it fits into a message. */
const MOST_CHARS = 900_000;

export class Documents {
  readonly #hub: HubDatabase;

  constructor(hub: HubDatabase) {
    this.#hub = hub;
  }

  importSite(tenant: string, bundle: SiteBundle, by: string, at: number): Promise<Changed> {
    const lines = bundleTrouble(bundle);
    if (lines.length > 0) return Promise.resolve(err(lines));
    return this.#edit(tenant, by, 'import-site', at, async (tx, change) => {
      await new SiteImport(tx, this.#hub, tenant, change).take(bundle);
      await this.#checkSettings(tx, tenant);
      return {};
    });
  }

  importSettings(tenant: string, settings: Settings, by: string, at: number): Promise<Changed> {
    return this.#edit(tenant, by, 'import-settings', at, async (tx, change) => {
      const site = await exportSite(tx, this.#hub.kind, tenant);
      if (site === null) throw new Refusal(['$: a site, before its settings']);
      const checked = parseSettings(settings, site);
      if (!checked.ok) throw new Refusal(checked.error.map(errorText));
      const before = await exportSettings(tx, this.#hub.kind, tenant);
      if (JSON.stringify(before) === JSON.stringify(checked.value)) return {};
      await change.put([entityOf({ kind: 'settings', id: 'settings', position: 0, body: checked.value }, {})]);
      return {};
    });
  }

  change(tenant: string, changes: readonly Change[], by: string, at: number): Promise<Changed> {
    const lines = formTrouble(changes);
    if (lines.length > 0) return Promise.resolve(err(lines));
    const what = changes.map(({ kind, id, body }) => ({ kind, id, gone: body === null }));
    return this.#edit(tenant, by, 'change', at, async (tx, change) => {
      const check = new ChangeCheck(tx, this.#hub.kind, tenant, changes);
      const trouble = await check.lines();
      if (trouble.length > 0) throw new Refusal(trouble);
      await change.put(await this.#withFollowers(tx, tenant, changes));
      await this.#claim(tx, tenant, changes);
      if (changes.some(({ kind }) => isMaster(kind))) await this.#checkAll(tx, tenant);
      if (changes.some(({ kind }) => kind === 'settings')) await this.#checkSettings(tx, tenant);
      return { changes: what.slice(0, 100) };
    });
  }

  async entity(tenant: string, kind: ChangeKind, id: string): Promise<Change | null> {
    if (!isKey(id)) return null;
    const [row] = await this.#hub.reading((tx) =>
      entities(tx, tenant, (query) => query.where('kind', '=', kindNumber(kind)).where('id', '=', id)),
    );
    return row === undefined || row.body === null ? null : changeOf(row);
  }

  async entities(tenant: string, kind: ChangeKind, after: string | null, limit: number): Promise<Change[]> {
    const rows = await this.#hub.reading((tx) =>
      entities(tx, tenant, (query) => {
        const all = query.where('kind', '=', kindNumber(kind)).where('body', 'is not', null).orderBy('id').limit(limit);
        return after === null || !isKey(after) ? all : all.where('id', '>', after);
      }),
    );
    return rows.map(changeOf);
  }

  async memberHistory(tenant: string, memberId: string, limit: number): Promise<Change[]> {
    if (!isKey(memberId)) return [];
    return this.#hub.reading(async (tx) => {
      const kinds = [kindNumber('usage'), kindNumber('stay'), kindNumber('ticket')];
      const of = (owners: readonly string[], some: readonly number[]) =>
        entities(tx, tenant, (query) =>
          query
            .where(among(this.#hub.kind, 'owner', owners))
            .where(among(this.#hub.kind, 'kind', some))
            .where('body', 'is not', null)
            .orderBy('day', 'desc')
            .limit(limit),
        );
      const own = await of([memberId], kinds);
      const tickets = own.filter(({ kind }) => kind === kindNumber('ticket')).map(({ id }) => id);
      const uses = tickets.length === 0 ? [] : await of(tickets, [kindNumber('ticketUse')]);
      return [...own, ...uses].slice(0, limit).map(changeOf);
    });
  }

  async #edit(
    tenant: string,
    by: string,
    what: string,
    at: number,
    body: (tx: Tx, change: TenantChange) => Promise<object>,
  ): Promise<Changed> {
    const id = timeId(at);
    try {
      const revision = await this.#hub.transact(async (tx) => {
        const state = await lockTenant(tx, this.#hub.kind, tenant);
        const change = new TenantChange(tx, this.#hub, tenant, state, at);
        const detail = await body(tx, change);
        const revision = await change.finish();
        await writeAudit(tx, { id, tenant, at, person: by, what, detail: JSON.stringify({ ...detail, revision }) });
        return revision;
      });
      return ok(revision);
    } catch (error) {
      if (error instanceof Refusal) return err(error.lines);
      throw error;
    }
  }

  /** With a member goes what is theirs. A ticket that is new here has been used, perhaps, before it was known. */
  async #withFollowers(tx: Tx, tenant: string, changes: readonly Change[]): Promise<Entity[]> {
    const gone = changes.flatMap(({ kind, id, body }) => (kind === 'member' && body === null ? [id] : []));
    const owned = (owners: readonly string[]) =>
      owners.length === 0
        ? []
        : entities(tx, tenant, (query) =>
            query.where(among(this.#hub.kind, 'owner', owners)).where('body', 'is not', null),
          );
    const theirs = await owned(gone);
    const tickets = theirs.filter(({ kind }) => kind === kindNumber('ticket')).map(({ id }) => id);
    const uses = await owned(tickets);
    const followers = [...theirs, ...uses].map(goneOf);
    const named = await Promise.all(changes.map((change) => this.#entityFor(tx, tenant, change)));
    const keys = new Set(named.map(({ kind, id }) => `${kind} ${id}`));
    return [...followers.filter(({ kind, id }) => !keys.has(`${kind} ${id}`)), ...named];
  }

  async #entityFor(tx: Tx, tenant: string, change: Change): Promise<Entity> {
    if (change.kind !== 'ticket' || change.body === null) return entityOf(change, {});
    const ticket = await entities(tx, tenant, (query) =>
      query.where('kind', '=', kindNumber('ticket')).where('id', '=', change.id).where('body', 'is not', null),
    );
    if (ticket.length > 0) return entityOf(change, {});
    const uses = await entities(tx, tenant, (query) =>
      query.where('owner', '=', change.id).where('kind', '=', kindNumber('ticketUse')).where('body', 'is not', null),
    );
    const used = uses
      .map(changeOf)
      .reduce((sum, one) => sum + (one.kind === 'ticketUse' ? (one.body?.uses ?? 0) : 0), 0);
    const { remaining } = change.body;
    const overdrawn = Math.max(0, used - remaining);
    return entityOf({ ...change, body: { ...change.body, remaining: Math.max(0, remaining - used) } }, { overdrawn });
  }

  async #claim(tx: Tx, tenant: string, changes: readonly Change[]): Promise<void> {
    const members = changes.flatMap((change) => (change.kind === 'member' ? [change] : []));
    const gone = members.flatMap(({ id, body }) => (body === null ? [id] : []));
    const here = members.flatMap(({ body }) => body ?? []);
    await replaceClaims(tx, this.#hub.kind, tenant, gone, here);
  }

  async #checkAll(tx: Tx, tenant: string): Promise<void> {
    const site = await exportSite(tx, this.#hub.kind, tenant);
    if (site === null) throw new Refusal(['$: a site']);
    const errors: readonly DocumentError[] = referenceErrors(site);
    if (errors.length > 0) throw new Refusal(errors.map(errorText));
    await this.#checkSettings(tx, tenant);
  }

  async #checkSettings(tx: Tx, tenant: string): Promise<void> {
    const settings = await exportSettings(tx, this.#hub.kind, tenant);
    const site = settings === null ? null : await exportSite(tx, this.#hub.kind, tenant);
    if (settings === null) return;
    if (site === null) throw new Refusal(['$: a site, before its settings']);
    const checked = parseSettings(settings, site);
    if (!checked.ok) throw new Refusal(checked.error.map((one) => `settings: ${errorText(one)}`));
  }
}

/** An id for a row of history that the hub makes itself. */
export function ownId(): string {
  return `hub/${randomUUID()}`;
}

function bundleTrouble(bundle: SiteBundle): Lines {
  const lists = { ...bundle, format: [], site: [bundle.site], holidays: [], usage: [], ticketUses: [], stays: [] };
  return Object.entries(lists).flatMap(([list, items]) =>
    [...items].flatMap((item: unknown, index) => rowTrouble(`${list}[${index}]`, item)),
  );
}

function formTrouble(changes: readonly Change[]): Lines {
  return changes.flatMap(({ kind, id, body }, index) => {
    const path = `changes[${index}]`;
    if (kind === 'roster' || kind === 'transfer') return [`${path}.kind: something that operators edit`];
    if (!isKey(id)) return [`${path}.id: an id of well-formed characters`];
    if (body !== null && 'id' in body && body.id !== id && kind !== 'site')
      return [`${path}.body.id: the row's own id`];
    return rowTrouble(`${path}.body`, body);
  });
}

/** What both databases can hold, and a message can carry. */
function rowTrouble(path: string, body: unknown): Lines {
  const text = JSON.stringify(body) ?? '';
  if (text.length > MOST_CHARS) return [`${path}: at most ${MOST_CHARS} characters as JSON`];
  // Written so by JSON.stringify, whatever stands before it; an escaped backslash before it is no such character.
  const isOdd = /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f]..)/.test(text);
  return isOdd ? [`${path}: well-formed characters, none of them NUL`] : [];
}
