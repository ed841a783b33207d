/** Rows of a snapshot, one at a time, into its own tables. A row that comes again replaces the former. */
import type { Database, Statement } from 'better-sqlite3';
import * as z from 'zod';
import { type Change, Change as ChangeForm } from '../../sync/wire/entities.ts';
import { EntityRows, type KeepCode } from './entity-rows.ts';
import { HubHistory, isHistory } from './hub-history.ts';
import type { Keys } from './keys.ts';
import type { Whose } from './rows-source.ts';
import { prefixOf } from './snapshot-tables.ts';
import { StandingAside } from './standing.ts';

type MemberChange = Extract<Change, { readonly kind: 'member' }>;
type OwnedChange = Extract<Change, { readonly kind: 'ticket' | 'reservation' }>;

/** More stays than begin here while a snapshot comes. */
const AHEAD = 1_000_000;
const Staying = z.object({ n: z.int() });

export class Stage {
  readonly #keys: Keys;
  readonly #rows: EntityRows;
  readonly #history: HubHistory;
  readonly #revision: number;
  readonly #isThere: Statement<[string], { n: number }>;
  readonly #code: Statement<[Buffer, string]>;
  readonly #void: Statement<[string]>;
  readonly #doubt: Statement<[string, number, Buffer]>;
  readonly #noDoubt: Statement<[string]>;
  readonly #doubts: Statement<[], { position: number; memberId: string; sealed: Buffer }>;
  readonly #master: Statement<[string, string, number, string | Buffer]>;
  readonly #noMaster: Statement<[string, string]>;
  readonly #keepCode: KeepCode;
  /** Rows in doubt, at least as many as there are: mostly none, and then nobody has to ask. */
  #inDoubt: number;

  constructor(db: Database, keys: Keys, generation: number, me: Whose) {
    const prefix = prefixOf(generation);
    this.#keys = keys;
    this.#rows = new EntityRows(db, keys, prefix);
    const { n } = Staying.parse(
      db
        .prepare(`SELECT max(coalesce((SELECT max(id) FROM stay) + ${AHEAD}, ${AHEAD}),
          coalesce((SELECT max(id) FROM ${prefix}stay), 0)) AS n`)
        .get(),
    );
    this.#history = new HubHistory(db, prefix, me, new StandingAside(db, '', n));
    // All of it holds from the switch on, which is the next revision, or a later one.
    this.#revision = z.object({ revision: z.int() }).parse(db.prepare('SELECT revision FROM unit').get()).revision + 1;
    this.#isThere = db.prepare(`SELECT count(*) AS n FROM ${prefix}member WHERE id = ?`);
    this.#code = db.prepare(`INSERT INTO ${prefix}raw_code (digest, member_id) VALUES (?, ?)`);
    this.#void = db.prepare(`
      INSERT INTO ${prefix}void_code (member_id, below)
      VALUES (?, (SELECT coalesce(max(id), 0) + 1 FROM ${prefix}raw_code))
      ON CONFLICT DO UPDATE SET below = excluded.below`);
    this.#doubt = db.prepare(`
      INSERT INTO ${prefix}doubt (member_id, position, sealed) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET position = excluded.position, sealed = excluded.sealed`);
    this.#noDoubt = db.prepare(`DELETE FROM ${prefix}doubt WHERE member_id = ?`);
    this.#doubts = db.prepare(`SELECT member_id AS memberId, position, sealed FROM ${prefix}doubt`);
    this.#master = db.prepare(`
      INSERT INTO snapshot_master (kind, id, position, body) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET position = excluded.position, body = excluded.body`);
    this.#noMaster = db.prepare('DELETE FROM snapshot_master WHERE kind = ? AND id = ?');
    this.#inDoubt = this.#doubts.all().length;
    this.#keepCode = (digest, memberId) => this.#code.run(digest, memberId).changes === 1;
  }

  put(change: Change): void {
    if (isHistory(change)) this.#history.apply(change);
    else if (change.kind === 'member') this.#putMember(change);
    else if (change.kind === 'ticket' || change.kind === 'reservation') this.#putOwned(change);
    else this.#putMaster(change);
  }

  /** Members whose contract was another's when they came, and what came before its member. @returns what is so still */
  settle(): readonly string[] {
    for (const { memberId, sealed } of this.#doubts.all()) {
      this.put(ChangeForm.parse(this.#keys.open(doubtName(memberId), sealed)));
    }
    return this.#doubts.all().map(({ memberId }) => memberId);
  }

  /** Foreign keys hold here too: switching them off and on would have every statement of the door planned anew. */
  #putOwned(change: OwnedChange): void {
    const key = `${change.kind} ${change.id}`;
    if (this.#inDoubt > 0) this.#noDoubt.run(key);
    if (this.#isPut(change)) return;
    if (change.kind === 'ticket') this.#rows.removeTicket(change.id);
    else this.#rows.removeReservation(change.id);
    if (change.body !== null) this.#putInDoubt(key, change);
  }

  #isPut(change: OwnedChange): boolean {
    const place = this.#place(change.position);
    if (change.body === null) return false;
    return change.kind === 'ticket'
      ? this.#rows.putTicket(change.body, place)
      : this.#rows.putReservation(change.body, place);
  }

  #putInDoubt(key: string, change: MemberChange | OwnedChange): void {
    this.#inDoubt += 1;
    this.#doubt.run(key, change.position, this.#keys.seal(doubtName(key), change));
  }

  #putMember(change: MemberChange): void {
    const { id, body, position } = change;
    if ((this.#isThere.get(id)?.n ?? 0) > 0) {
      this.#void.run(id);
      this.#rows.removeContracts(id);
      this.#noDoubt.run(`member ${id}`);
    }
    if (body === null) this.#rows.removeMember(id);
    else if (this.#rows.putMember(body, this.#place(position), this.#keepCode) !== null)
      this.#putInDoubt(`member ${id}`, change);
  }

  #putMaster(change: Exclude<Change, MemberChange | { kind: 'ticket' | 'reservation' | HubHistoryKind }>): void {
    const { kind, body, position } = change.kind === 'roster' ? { ...change, position: 0 } : change;
    const id = kind === 'site' || kind === 'settings' || kind === 'roster' || kind === 'holidays' ? kind : change.id;
    if (body === null) this.#noMaster.run(kind, id);
    else if (kind === 'settings') this.#master.run(kind, id, position, this.#keys.seal('settings', body));
    else this.#master.run(kind, id, position, JSON.stringify(body));
  }

  #place(position: number): { readonly position: number; readonly revision: number } {
    return { position, revision: this.#revision };
  }
}

type HubHistoryKind = 'usage' | 'ticketUse' | 'stay' | 'transfer';

function doubtName(memberId: string): string {
  return `staged member ${memberId}`;
}
