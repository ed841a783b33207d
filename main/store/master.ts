/** Master data with its former revisions, which replays need. */
import type { Database, Statement } from 'better-sqlite3';
import { MasterForm } from '../contract/site.ts';
import type { MasterData } from '../core/model.ts';

export interface MasterEntity {
  readonly kind: string;
  readonly id: string;
  readonly position: number;
  readonly body: string;
}

/** Changes what holds at a revision: what is as it was keeps its own, of the rest the former one stays. */
export class MasterRows {
  readonly #current: Statement<[], MasterEntity>;
  readonly #replace: Statement<[number, number, string, string]>;
  readonly #insert: Statement<[string, string, number, number, string]>;
  readonly #revision: number;
  readonly #at: number;

  /** @param revision the new one @param at epoch ms */
  constructor(db: Database, revision: number, at: number) {
    this.#revision = revision;
    this.#at = at;
    this.#current = db.prepare('SELECT kind, id, position, body FROM master WHERE replaced IS NULL');
    this.#replace = db.prepare(
      'UPDATE master SET replaced = ?, replaced_at = ? WHERE kind = ? AND id = ? AND replaced IS NULL',
    );
    this.#insert = db.prepare('INSERT INTO master (kind, id, revision, position, body) VALUES (?, ?, ?, ?, ?)');
  }

  replaceAll(entities: readonly MasterEntity[]): void {
    const known = this.#known();
    for (const entity of entities) {
      this.#put(entity, known.get(keyOf(entity)));
      known.delete(keyOf(entity));
    }
    for (const { kind, id } of known.values()) this.#replace.run(this.#revision, this.#at, kind, id);
  }

  /** Changes some; the rest holds on. */
  change(entities: readonly MasterEntity[], gone: readonly Pick<MasterEntity, 'kind' | 'id'>[]): void {
    const known = this.#known();
    for (const { kind, id } of gone) this.#replace.run(this.#revision, this.#at, kind, id);
    for (const entity of entities) this.#put(entity, known.get(keyOf(entity)));
  }

  #known(): Map<string, MasterEntity> {
    return new Map(this.#current.all().map((entity) => [keyOf(entity), entity]));
  }

  #put({ kind, id, position, body }: MasterEntity, before: MasterEntity | undefined): void {
    if (before?.body === body && before.position === position) return;
    if (before !== undefined) this.#replace.run(this.#revision, this.#at, kind, id);
    this.#insert.run(kind, id, this.#revision, position, body);
  }
}

function keyOf({ kind, id }: Pick<MasterEntity, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

export function masterEntities(bundle: MasterData): MasterEntity[] {
  const of = (kind: string, items: readonly { readonly id: string }[]) =>
    items.map((item, position) => ({ kind, id: item.id, position, body: JSON.stringify(item) }));
  return [
    ...of('site', [bundle.site]),
    ...of('store', bundle.stores),
    { kind: 'holidays', id: 'holidays', position: 0, body: JSON.stringify(bundle.holidays) },
    ...of('program', bundle.programs),
    ...of('place', bundle.places),
    ...of('door', bundle.doors),
    ...of('plan', bundle.plans),
    ...of('ticketType', bundle.ticketTypes),
  ];
}

/** The master data as it stood at `revision`; null where there was none, or parts of it are no longer kept. */
export function readMaster(db: Database, revision: number): MasterData | null {
  const rows = db
    .prepare<[number, number], { kind: string; body: string }>(
      'SELECT kind, body FROM master WHERE revision <= ? AND (replaced IS NULL OR replaced > ?) ORDER BY kind, position',
    )
    .all(revision, revision);
  if (rows.length === 0) return null;
  const of = (kind: string) => rows.filter((row) => row.kind === kind).map(({ body }): unknown => JSON.parse(body));
  return MasterForm.parse({
    site: of('site')[0],
    stores: of('store'),
    holidays: of('holidays')[0],
    programs: of('program'),
    places: of('place'),
    doors: of('door'),
    plans: of('plan'),
    ticketTypes: of('ticketType'),
  });
}
