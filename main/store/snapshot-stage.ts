/** Rows of a snapshot, one at a time, into its own tables. A row that comes again replaces the former. */
import type { Database, Statement } from 'better-sqlite3';
import * as z from 'zod';
import type { Change } from '../../sync/wire/entities.ts';
import { readDoubt, writeDoubt } from './doubt.ts';
import { EntityRows, type KeepCode, NewRows, Rows } from './entity-rows.ts';
import { HubHistory, isHistory } from './hub-history.ts';
import type { Keys } from './keys.ts';
import { eachDigest, eachMember, eachOwned, type Group, type Members, type Owned } from './prepared.ts';
import type { Whose } from './rows-source.ts';
import { prefixOf } from './snapshot-tables.ts';
import { StandingAside } from './standing.ts';

/** More stays than begin here while a snapshot comes. */
const AHEAD = 1_000_000;
const Staying = z.object({ n: z.int() });
const Revision = z.object({ revision: z.int() });

export class Stage {
  readonly #keys: Keys;
  readonly #rows: EntityRows;
  readonly #new: NewRows;
  readonly #newCodes: Rows;
  readonly #history: HubHistory;
  readonly #isThere: Statement<[string], { n: number }>;
  readonly #noCodes: Statement<[string]>;
  readonly #doubt: Statement<[string, Buffer]>;
  readonly #noDoubt: Statement<[string]>;
  readonly #doubts: Statement<[], { memberId: string; sealed: Buffer }>;
  readonly #master: Statement<[string, string, number, string | Buffer]>;
  readonly #noMaster: Statement<[string, string]>;
  readonly #keepCode: KeepCode;
  /** Rows in doubt, at least as many as there are: mostly none, and then nobody has to ask. */
  #inDoubt: number;

  constructor(db: Database, keys: Keys, generation: number, me: Whose) {
    const prefix = prefixOf(generation);
    this.#keys = keys;
    // All of it holds from the switch on, which is the next revision, or a later one.
    const { revision } = Revision.parse(db.prepare('SELECT revision + 1 AS revision FROM unit').get());
    this.#rows = new EntityRows(db, prefix, String(revision));
    this.#new = new NewRows(db, prefix, String(revision));
    const { n } = Staying.parse(
      db
        .prepare(`SELECT max(coalesce((SELECT max(id) FROM stay) + ${AHEAD}, ${AHEAD}),
          coalesce((SELECT max(id) FROM ${prefix}stay), 0)) AS n`)
        .get(),
    );
    this.#history = new HubHistory(db, prefix, me, new StandingAside(db, '', n));
    this.#isThere = db.prepare(`SELECT count(*) AS n FROM ${prefix}member WHERE id = ?`);
    // By member: sorted only when all are there. Whether each is one member's is seen then.
    const addCodes = (rows: number) => `INSERT INTO ${prefix}member_code (member_id, digest)
      VALUES ${Array(rows).fill('(?, ?)').join(', ')} ON CONFLICT DO NOTHING`;
    this.#newCodes = new Rows(db, addCodes, 2);
    this.#noCodes = db.prepare(`DELETE FROM ${prefix}member_code WHERE member_id = ?`);
    this.#doubt = db.prepare(`
      INSERT INTO ${prefix}doubt (member_id, sealed) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET sealed = excluded.sealed`);
    this.#noDoubt = db.prepare(`DELETE FROM ${prefix}doubt WHERE member_id = ?`);
    this.#doubts = db.prepare(`SELECT member_id AS memberId, sealed FROM ${prefix}doubt`);
    this.#master = db.prepare(`
      INSERT INTO snapshot_master (kind, id, position, body) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET position = excluded.position, body = excluded.body`);
    this.#noMaster = db.prepare('DELETE FROM snapshot_master WHERE kind = ? AND id = ?');
    this.#inDoubt = this.#doubts.all().length;
    this.#keepCode = (digest, memberId) => {
      this.#newCodes.add([memberId, digest]);
      return true;
    };
  }

  put(group: Group): void {
    if (group.of === 'members') this.#putMembers(group);
    else if (group.of === 'change') this.#putChange(group.change);
    else if (this.#inDoubt > 0 || !this.#new.addOwned(group)) for (const one of eachOwned(group)) this.#putOwned(one);
  }

  /** Members whose contract was another's when they came, and what came before its member. @returns what is so still */
  settle(): readonly string[] {
    for (const { memberId, sealed } of this.#doubts.all()) {
      const one = readDoubt(this.#keys.open(doubtName(memberId), sealed));
      if (one.of === 'members') for (const member of eachMember(one)) this.#putMember(member);
      else for (const owned of eachOwned(one)) this.#putOwned(owned);
    }
    return this.#doubts.all().map(({ memberId }) => memberId);
  }

  #putChange(change: Change): void {
    if (isHistory(change)) this.#history.apply(change);
    else if (change.kind === 'member') this.#removeMember(change.id);
    else if (change.kind === 'ticket') this.#removeOwned('tickets', change.id);
    else if (change.kind === 'reservation') this.#removeOwned('reservations', change.id);
    else this.#putMaster(change);
  }

  #putMembers(group: Members): void {
    if (this.#new.addMembers(group)) {
      const codes: (Uint8Array | string)[] = [];
      for (const { digest, memberId } of eachDigest(group)) codes.push(memberId, digest);
      this.#newCodes.add(codes);
    } else for (const one of eachMember(group)) this.#putMember(one);
  }

  #putMember(one: Members & { readonly id: string }): void {
    this.#clearMember(one.id);
    if (this.#rows.putMember(one, this.#keepCode) !== null) this.#putInDoubt(`member ${one.id}`, one);
  }

  #removeMember(id: string): void {
    this.#clearMember(id);
    this.#rows.removeMember(id);
  }

  #clearMember(id: string): void {
    if ((this.#isThere.get(id)?.n ?? 0) === 0) return;
    this.#noCodes.run(id);
    this.#rows.removeContracts(id);
    this.#noDoubt.run(`member ${id}`);
  }

  /** Foreign keys hold here too: switching them off and on would have every statement of the door planned anew. */
  #putOwned(one: Owned & { readonly id: string }): void {
    if (this.#inDoubt > 0) this.#noDoubt.run(ownedName(one.of, one.id));
    if (this.#rows.putOwned(one)) return;
    this.#rows.removeOwned(one.of, one.id);
    this.#putInDoubt(ownedName(one.of, one.id), one);
  }

  #removeOwned(of: Owned['of'], id: string): void {
    if (this.#inDoubt > 0) this.#noDoubt.run(ownedName(of, id));
    this.#rows.removeOwned(of, id);
  }

  #putInDoubt(name: string, one: Members | Owned): void {
    this.#inDoubt += 1;
    this.#doubt.run(name, this.#keys.seal(doubtName(name), writeDoubt(one)));
  }

  #putMaster(change: Exclude<Change, { kind: 'member' | 'ticket' | 'reservation' | HubHistoryKind }>): void {
    const { kind, body, position } = change.kind === 'roster' ? { ...change, position: 0 } : change;
    const id = kind === 'site' || kind === 'settings' || kind === 'roster' || kind === 'holidays' ? kind : change.id;
    if (body === null) this.#noMaster.run(kind, id);
    else if (kind === 'settings') this.#master.run(kind, id, position, this.#keys.seal('settings', body));
    else this.#master.run(kind, id, position, JSON.stringify(body));
  }
}

type HubHistoryKind = 'usage' | 'ticketUse' | 'stay' | 'transfer';

function ownedName(of: Owned['of'], id: string): string {
  return `${of === 'tickets' ? 'ticket' : 'reservation'} ${id}`;
}

function doubtName(memberId: string): string {
  return `staged member ${memberId}`;
}
