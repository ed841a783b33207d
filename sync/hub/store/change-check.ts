/** Whether single changes fit the rest: the checks of bundles, over a small bundle of what is changed and referred to. */
import { errorText } from '../../../main/contract/issues.ts';
import { referenceErrors } from '../../../main/contract/references.ts';
import type { SiteBundle } from '../../../main/core/model.ts';
import type { Change, ChangeKind } from '../../wire/entities.ts';
import { claimsOn } from './claims.ts';
import { among, type HubDatabase, type Tx } from './database.ts';
import { changeOf, isMaster, kindNumber, MASTER_KINDS } from './entities.ts';
import { historyIn, listsIn } from './lists.ts';
import { entities } from './load.ts';

const LIST_OF = {
  store: 'stores',
  program: 'programs',
  place: 'places',
  door: 'doors',
  plan: 'plans',
  ticketType: 'ticketTypes',
  member: 'members',
  ticket: 'tickets',
  reservation: 'reservations',
  usage: 'usage',
  ticketUse: 'ticketUses',
  stay: 'stays',
} as const satisfies Partial<Record<ChangeKind, keyof SiteBundle>>;

export class ChangeCheck {
  readonly #tx: Tx;
  readonly #kind: HubDatabase['kind'];
  readonly #tenant: string;
  readonly #changes: readonly Change[];

  constructor(tx: Tx, kind: HubDatabase['kind'], tenant: string, changes: readonly Change[]) {
    this.#tx = tx;
    this.#kind = kind;
    this.#tenant = tenant;
    this.#changes = changes;
  }

  /** `path: expected` lines; empty where all fits. What master data refers to is checked over the whole, once written. */
  async lines(): Promise<readonly string[]> {
    const repeated = this.#repeated();
    if (repeated.length > 0) return repeated;
    return [...(await this.#claimed()), ...(await this.#references())];
  }

  #repeated(): string[] {
    const keys = this.#changes.map(({ kind, id }) => `${kind} ${id}`);
    return keys.flatMap((key, index) =>
      keys.indexOf(key) < index ? [`changes[${index}].id: an entity that stands only once here`] : [],
    );
  }

  /** Codes and contract ids that are somebody else's, who is not changed here too. */
  async #claimed(): Promise<string[]> {
    const members = this.#changes.flatMap((change) => (change.kind === 'member' ? (change.body ?? []) : []));
    const claims = await claimsOn(this.#tx, this.#kind, this.#tenant, members);
    const changed = new Set(this.#changes.flatMap(({ kind, id }) => (kind === 'member' ? [id] : [])));
    const isTaken = (what: string, value: string) => {
      const owner = claims.get(`${what} ${value}`);
      return owner !== undefined && !changed.has(owner);
    };
    return this.#changes.flatMap((change, index) => {
      if (change.kind !== 'member' || change.body === null) return [];
      const { codes, contracts } = change.body;
      const path = `changes[${index}].body`;
      return [
        ...codes.flatMap((code, at) =>
          isTaken('code', code) ? [`${path}.codes[${at}]: a code that nobody else has`] : [],
        ),
        ...contracts.flatMap(({ id }, at) =>
          isTaken('contract', id) ? [`${path}.contracts[${at}].id: a contract id that nobody else has`] : [],
        ),
      ];
    });
  }

  /** What is changed stands first in its list, in the order of the changes; behind it what it refers to. */
  async #references(): Promise<string[]> {
    const kept = this.#changes.filter(({ kind, body }) => body !== null && kind in LIST_OF);
    if (kept.length === 0 || kept.every(({ kind }) => isMaster(kind))) return [];
    const listed = [...kept, ...(await this.#around(kept))];
    const bundle = bundleOf(listed);
    const places = placesOf(this.#changes, kept);
    return referenceErrors(bundle).flatMap((error) => {
      const [, list = '', place = '', rest = ''] = /^(\w+)\[(\d+)\](.*)$/.exec(error.path) ?? [];
      const index = places.get(`${list} ${place}`);
      return index === undefined ? [] : [errorText({ ...error, path: `changes[${index}].body${rest}` })];
    });
  }

  async #around(kept: readonly Change[]): Promise<Change[]> {
    const changed = new Set(this.#changes.map(({ kind, id }) => `${kind} ${id}`));
    const master = await this.#rows(MASTER_KINDS, null);
    const uses = kept.flatMap((change) => (change.kind === 'ticketUse' ? (change.body?.ticketId ?? []) : []));
    const tickets = uses.length === 0 ? [] : await this.#rows(['ticket'], uses);
    const members = [...kept, ...tickets].flatMap(({ body }) =>
      body !== null && 'memberId' in body && typeof body.memberId === 'string' ? [body.memberId] : [],
    );
    const people = members.length === 0 ? [] : await this.#rows(['member'], members);
    return [...master, ...tickets, ...people].filter(({ kind, id }) => !changed.has(`${kind} ${id}`));
  }

  async #rows(kinds: readonly ChangeKind[], ids: readonly string[] | null): Promise<Change[]> {
    const rows = await entities(this.#tx, this.#tenant, (query) => {
      const all = query.where(among(this.#kind, 'kind', kinds.map(kindNumber))).where('body', 'is not', null);
      return ids === null ? all : all.where(among(this.#kind, 'id', ids));
    });
    return rows.map(changeOf);
  }
}

function bundleOf(changes: readonly Change[]): SiteBundle {
  const { sites, ...lists } = listsIn(changes);
  const site = { id: 'site', name: '', timezone: 'UTC', dayStart: '00:00', maxStayHours: 24 };
  return { format: 'genkan-site/1', site: sites[0] ?? site, ...lists, ...historyIn(changes) };
}

/** Where in the changes a list's first members stand. */
function placesOf(changes: readonly Change[], kept: readonly Change[]): Map<string, number> {
  const counts = new Map<string, number>();
  return new Map(
    kept.map((change): [string, number] => {
      const list = change.kind in LIST_OF ? listOf(change.kind) : change.kind;
      const place = counts.get(list) ?? 0;
      counts.set(list, place + 1);
      return [`${list} ${place}`, changes.indexOf(change)];
    }),
  );
}

function listOf(kind: ChangeKind): string {
  return Object.entries(LIST_OF).find(([one]) => one === kind)?.[1] ?? kind;
}
