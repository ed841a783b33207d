/**
 * Changes of the hub's, whole, in the caller's transaction: what is wrong is thrown as `Refused`. Rules are compiled
 * anew only where something that they are made of has changed: then the unit's own revision grows.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { Change } from '../../sync/wire/entities.ts';
import { CodeRows } from './codes.ts';
import { EntityRows, type KeepCode } from './entity-rows.ts';
import { type HistoryChange, HubHistory, isHistory } from './hub-history.ts';
import type { Keys } from './keys.ts';
import { type MasterEntity, MasterRows, readMaster } from './master.ts';
import { prepareMembers, prepareReservations, prepareTickets } from './prepared.ts';
import { idsOf, type KnownIds, masterTrouble, Refused, settingsTrouble } from './refused.ts';
import { RemovedReferences } from './removed-references.ts';
import type { Whose } from './rows-source.ts';
import { writeSettings } from './settings.ts';
import { StandingHere } from './standing.ts';
import { TicketCounts } from './tickets.ts';

type Of<K extends Change['kind']> = Extract<Change, { readonly kind: K }>;
type MasterChange = Of<'site' | 'holidays' | 'store' | 'program' | 'place' | 'door' | 'plan' | 'ticketType'>;

/** What a delta has, told apart, each with its place in the list. */
interface Sorted {
  readonly master: MasterChange[];
  readonly settings: Of<'settings'>[];
  readonly members: (readonly [number, Of<'member'>])[];
  readonly tickets: (readonly [number, Of<'ticket'>])[];
  readonly reservations: (readonly [number, Of<'reservation'>])[];
  readonly history: HistoryChange[];
  readonly roster: Of<'roster'>[];
}

export class Delta {
  readonly #db: Database;
  readonly #keys: Keys;
  readonly #rows: EntityRows;
  readonly #tickets: TicketCounts;
  readonly #removed: RemovedReferences;
  readonly #standing: StandingHere;
  readonly #codes: CodeRows;
  readonly #forgetting: Statement<[number]>;
  readonly #known: KnownAtHub;
  #history: { readonly of: Whose; readonly rows: HubHistory } | null = null;

  constructor(db: Database, keys: Keys) {
    this.#db = db;
    this.#keys = keys;
    this.#rows = new EntityRows(db, '', '(SELECT revision FROM unit)');
    this.#tickets = new TicketCounts(db, '');
    this.#removed = new RemovedReferences(db);
    this.#standing = new StandingHere(db);
    this.#codes = new CodeRows(db);
    this.#forgetting = db.prepare('UPDATE retention SET forgetting = ?');
    this.#known = new KnownAtHub(db);
  }

  /** @param at epoch ms @throws Refused */
  apply(me: Whose, changes: readonly Change[], at: number): void {
    const sorted = sort(changes);
    const { master, settings, members, reservations } = sorted;
    const isNew = master.length + settings.length + members.length + reservations.length > 0;
    const revision = isNew ? this.#nextRevision(at) : this.#revision();
    if (master.length > 0) this.#changeMaster(master, revision, at);
    const data = readMaster(this.#db, Number.MAX_SAFE_INTEGER);
    if (data === null) throw new Refused(masterTrouble(data));
    for (const { body } of settings) {
      const lines = body === null ? [] : settingsTrouble(body, data);
      if (lines.length > 0) throw new Refused(lines);
      if (body === null) this.#db.prepare('DELETE FROM settings').run();
      else writeSettings(this.#db, this.#keys, body);
    }
    for (const { body } of sorted.roster) setRoster(this.#db, body);
    const touched = this.#changeEntities(sorted, idsOf(data));
    const removed = this.#removed.lines(master.filter(({ body }) => body === null).map(({ kind }) => kind));
    if (removed.length > 0) throw new Refused(removed);
    for (const ticket of this.#changeHistory(me, sorted.history)) touched.add(ticket);
    for (const ticket of touched) this.#tickets.recount(ticket);
  }

  #nextRevision(at: number): number {
    this.#db.prepare('UPDATE unit SET revision = revision + 1, imported_at = ?').run(at);
    return this.#revision();
  }

  #revision(): number {
    return this.#db.prepare<[], { revision: number }>('SELECT revision FROM unit').get()?.revision ?? 0;
  }

  #changeMaster(changes: readonly MasterChange[], revision: number, at: number): void {
    const entities = changes.flatMap(entityOf);
    const gone = changes.filter(({ body }) => body === null).map(goneOf);
    // There is one site, whatever it is called.
    const sites = this.#db
      .prepare<[], { id: string }>("SELECT id FROM master WHERE kind = 'site' AND replaced IS NULL")
      .all();
    const [site] = entities.filter(({ kind }) => kind === 'site');
    const former = site === undefined ? [] : sites.filter(({ id }) => id !== site.id);
    new MasterRows(this.#db, revision, at).change(entities, [
      ...gone,
      ...former.map(({ id }) => ({ kind: 'site', id })),
    ]);
    const lines = masterTrouble(readMaster(this.#db, Number.MAX_SAFE_INTEGER));
    if (lines.length > 0) throw new Refused(lines);
  }

  /** All that goes first, so that a code or contract may go over to somebody else. @returns tickets to be counted */
  #changeEntities({ members, tickets, reservations }: Sorted, known: KnownIds): Set<string> {
    for (const [, { id }] of tickets) this.#rows.removeOwned('tickets', id);
    for (const [, { id }] of reservations) this.#rows.removeOwned('reservations', id);
    for (const [, { id, body }] of members) {
      this.#codes.removeOf(id);
      this.#rows.removeContracts(id);
      if (body === null) this.#rows.removeMember(id);
    }
    const keepCode: KeepCode = (digest, memberId) => this.#codes.add(digest, memberId);
    for (const [index, { body, position }] of members) {
      if (body === null) continue;
      const strange = body.contracts.findIndex(({ planId }) => !known.plans.has(planId));
      if (strange >= 0) refuse(index, `contracts[${strange}].planId`, 'the id of a plan');
      const twice = this.#rows.putMember(prepareMembers([{ position, body }], this.#keys), keepCode);
      if (twice !== null) refuse(index, twice.path, 'what stands only once among all members');
    }
    this.#putTickets(tickets, known);
    this.#putReservations(reservations, known);
    return new Set(tickets.map(([, { id }]) => id));
  }

  #putTickets(tickets: Sorted['tickets'], { ticketTypes }: KnownIds): void {
    for (const [index, { body, position }] of tickets) {
      if (body === null) continue;
      if (!ticketTypes.has(body.typeId)) refuse(index, 'typeId', 'the id of a ticket type');
      if (!this.#rows.putOwned(prepareTickets([{ position, body }]))) refuse(index, 'memberId', 'the id of a member');
    }
  }

  #putReservations(reservations: Sorted['reservations'], { stores, programs }: KnownIds): void {
    for (const [index, { body, position }] of reservations) {
      if (body === null) continue;
      if (!stores.has(body.storeId)) refuse(index, 'storeId', 'the id of a store');
      if (!programs.has(body.programId)) refuse(index, 'programId', 'the id of a program');
      if (!this.#rows.putOwned(prepareReservations([{ position, body }])))
        refuse(index, 'memberId', 'the id of a member');
    }
  }

  #changeHistory(me: Whose, changes: readonly HistoryChange[]): ReadonlySet<string> {
    const history = this.#historyOf(me);
    history.touched.clear();
    const hasStays = changes.some(({ kind }) => kind === 'stay');
    // Entries and exits were counted by the events that they were.
    if (hasStays) this.#forgetting.run(1);
    for (const change of changes) history.apply(change);
    if (hasStays) this.#forgetting.run(0);
    this.#known.keep(me, changes);
    return history.touched;
  }

  /** Made once: its thirty statements take longer to prepare than a delta to apply. */
  #historyOf(me: Whose): HubHistory {
    const known = this.#history;
    if (known?.of.unit === me.unit && known.of.epoch === me.epoch) return known.rows;
    const rows = new HubHistory(this.#db, '', me, this.#standing);
    this.#history = { of: me, rows };
    return rows;
  }
}

/** Up to which event of each other unit the hub is known to have all. */
class KnownAtHub {
  readonly #keep: Statement<[string, number, number]>;
  readonly #forget: Statement<[string, number, number]>;

  constructor(db: Database) {
    this.#keep = db.prepare(`
      INSERT INTO peer (unit, epoch, known) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET known = max(known, excluded.known)`);
    this.#forget = db.prepare('DELETE FROM peer_event WHERE unit = ? AND epoch = ? AND seq <= ?');
  }

  keep(me: Whose, changes: readonly HistoryChange[]): void {
    const last = new Map<string, NonNullable<HistoryChange['origin']>>();
    for (const { origin } of changes) {
      if (origin === null || origin.unit === me.unit) continue;
      const key = `${origin.epoch} ${origin.unit}`;
      if (origin.seq > (last.get(key)?.seq ?? 0)) last.set(key, origin);
    }
    for (const { unit, epoch, seq } of last.values()) {
      this.#keep.run(unit, epoch, seq);
      this.#forget.run(unit, epoch, seq);
    }
  }
}

function refuse(index: number, path: string, expected: string): never {
  throw new Refused([`changes[${index}].body.${path}: ${expected}`]);
}

export function setRoster(db: Database, roster: Of<'roster'>['body']): void {
  db.prepare('UPDATE hub SET roster = ?').run(roster === null ? null : JSON.stringify(roster));
}

/** A site and its holidays are one each, whatever the hub calls the row. */
export function masterId({ kind, id, body }: MasterChange): string {
  if (kind === 'holidays') return 'holidays';
  return kind === 'site' && body !== null ? body.id : id;
}

function entityOf(change: MasterChange): MasterEntity[] {
  const { kind, position, body } = change;
  return body === null ? [] : [{ kind, id: masterId(change), position, body: JSON.stringify(body) }];
}

function goneOf(change: MasterChange): Pick<MasterEntity, 'kind' | 'id'> {
  return { kind: change.kind, id: masterId(change) };
}

function sort(changes: readonly Change[]): Sorted {
  const sorted: Sorted = {
    ...{ master: [], settings: [], members: [], tickets: [], reservations: [], history: [], roster: [] },
  };
  for (const [index, change] of changes.entries()) {
    if (isHistory(change)) sorted.history.push(change);
    else if (change.kind === 'settings') sorted.settings.push(change);
    else if (change.kind === 'roster') sorted.roster.push(change);
    else if (change.kind === 'member') sorted.members.push([index, change]);
    else if (change.kind === 'ticket') sorted.tickets.push([index, change]);
    else if (change.kind === 'reservation') sorted.reservations.push([index, change]);
    else sorted.master.push(change);
  }
  return sorted;
}
