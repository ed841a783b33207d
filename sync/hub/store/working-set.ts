/**
 * The rows that a transaction reads and changes, in memory: read in a few statements beforehand, changed event by event,
 * written in a few statements at the end. One tenant's alone.
 */
import type { Change, ChangeKind } from '../../wire/entities.ts';
import { changeOf, type Entity, goneOf, kindNumber } from './entities.ts';
import type { DepartureTable, ReuseTable } from './schema.ts';

export type Reuse = Omit<ReuseTable, 'tenant' | 'received_at'>;
export type Departure = Omit<DepartureTable, 'tenant'>;

const keyOf = (kind: number, id: string) => `${kind} ${id}`;

export class WorkingSet {
  readonly #rows = new Map<string, Entity>();
  readonly #bySubject = new Map<string, Set<string>>();
  readonly #byOwner = new Map<string, Set<string>>();
  readonly #dirty = new Set<string>();
  readonly #parsed = new WeakMap<Entity, Change>();
  readonly #reuses = new Map<string, Reuse>();
  readonly #newReuses = new Set<string>();
  readonly #goneReuses = new Map<string, Reuse>();
  readonly #departures: Departure[] = [];
  readonly #newDepartures: Departure[] = [];

  /** As the database has it; a row that is here already stays as it is here. */
  load(entities: readonly Entity[]): void {
    for (const entity of entities) {
      if (!this.#rows.has(keyOf(entity.kind, entity.id))) this.#set(entity);
    }
  }

  loadReuses(reuses: readonly Reuse[]): void {
    for (const reuse of reuses) this.#reuses.set(`${reuse.id} ${reuse.subject}`, reuse);
  }

  loadDepartures(departures: readonly Departure[]): void {
    this.#departures.push(...departures);
  }

  /** A row that isn't gone. */
  find(kind: ChangeKind, id: string): Entity | null {
    const row = this.#rows.get(keyOf(kindNumber(kind), id));
    return row === undefined || row.body === null ? null : row;
  }

  /** @throws Error where the row isn't one of ours */
  read(entity: Entity): Change {
    const known = this.#parsed.get(entity);
    if (known !== undefined) return known;
    const change = changeOf(entity);
    this.#parsed.set(entity, change);
    return change;
  }

  /** @param change what the row holds, where that is at hand: it needs no reading then */
  put(entity: Entity, change: Change | null = null): void {
    if (change !== null) this.#parsed.set(entity, change);
    this.#set(entity);
    this.#dirty.add(keyOf(entity.kind, entity.id));
  }

  /** Leaves the word that it is gone, for units that have it. */
  remove(entity: Entity): void {
    this.put(goneOf(entity));
  }

  /** Rows that stand for this subject. */
  live(subject: string): Entity[] {
    return this.#all(this.#bySubject.get(subject));
  }

  owned(owner: string, kind: ChangeKind): Entity[] {
    const number = kindNumber(kind);
    return this.#all(this.#byOwner.get(owner)).filter((row) => row.kind === number);
  }

  dirty(): Entity[] {
    return this.#all(this.#dirty);
  }

  addReuse(reuse: Reuse): void {
    const key = `${reuse.id} ${reuse.subject}`;
    if (this.#reuses.has(key)) return;
    this.#reuses.set(key, reuse);
    this.#newReuses.add(key);
  }

  /** @param subject null: all of this event */
  removeReuse(id: string, subject: string | null): void {
    for (const [key, reuse] of [...this.#reuses]) {
      if (reuse.id !== id || (subject !== null && reuse.subject !== subject)) continue;
      this.#reuses.delete(key);
      if (!this.#newReuses.delete(key)) this.#goneReuses.set(key, reuse);
    }
  }

  /** The earliest event that relies on it. */
  firstReuse(subject: string): Reuse | null {
    const all = [...this.#reuses.values()].filter((reuse) => reuse.subject === subject);
    return all.sort((a, b) => a.at.localeCompare(b.at) || (a.id < b.id ? -1 : 1))[0] ?? null;
  }

  changedReuses(): { readonly added: readonly Reuse[]; readonly gone: readonly Reuse[] } {
    const added = [...this.#newReuses].flatMap((key) => this.#reuses.get(key) ?? []);
    return { added, gone: [...this.#goneReuses.values()] };
  }

  addDeparture(departure: Departure): void {
    this.#departures.push(departure);
    this.#newDepartures.push(departure);
  }

  /** The first exit of the member there at this time (epoch ms) or after it. */
  departureAfter(member: string, place: string, at: number): Departure | null {
    const after = this.#departures.filter((one) => one.member === member && one.place === place && one.at >= at);
    return after.sort((a, b) => a.at - b.at)[0] ?? null;
  }

  newDepartures(): readonly Departure[] {
    return this.#newDepartures;
  }

  #set(entity: Entity): void {
    const key = keyOf(entity.kind, entity.id);
    const before = this.#rows.get(key);
    if (before?.subject != null) this.#bySubject.get(before.subject)?.delete(key);
    if (before?.owner != null) this.#byOwner.get(before.owner)?.delete(key);
    this.#rows.set(key, entity);
    if (entity.body === null) return;
    if (entity.subject !== null) addTo(this.#bySubject, entity.subject, key);
    if (entity.owner !== null) addTo(this.#byOwner, entity.owner, key);
  }

  #all(keys: ReadonlySet<string> | undefined): Entity[] {
    return [...(keys ?? [])].flatMap((key) => this.#rows.get(key) ?? []);
  }
}

function addTo(index: Map<string, Set<string>>, key: string, value: string): void {
  const there = index.get(key);
  if (there === undefined) index.set(key, new Set([value]));
  else there.add(value);
}
