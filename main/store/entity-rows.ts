/** Members with what is theirs, tickets and reservations, one at a time, as the hub says them. */
import DatabaseFile, { type Database, type Statement } from 'better-sqlite3';
import { eachDigest, type Members, type Owned, type Value, WIDTH } from './prepared.ts';

/** How a member's code is kept; false: it is another member's. */
export type KeepCode = (digest: Uint8Array, memberId: string) => boolean;

export class EntityRows {
  readonly #member: Statement<(Value | Uint8Array)[]>;
  readonly #contract: Statement<Value[]>;
  readonly #put: Readonly<Record<Owned['of'], Statement<Value[]>>>;
  readonly #no: Readonly<Record<Owned['of'], Statement<[string]>>>;
  readonly #noContracts: Statement<[string]>;
  readonly #noMember: Statement<[string]>;

  /** @param revision of the unit, in SQL */
  constructor(db: Database, prefix: string, revision: string) {
    const statements = statementsOf(prefix, revision, 1);
    this.#member = db.prepare(`${statements.member} ON CONFLICT (id) DO UPDATE SET position = excluded.position,
      revision = excluded.revision, suspended_profile = excluded.suspended_profile,
      suspended_identity = excluded.suspended_identity, sealed = excluded.sealed`);
    this.#contract = db.prepare(`${statements.contract} ON CONFLICT DO NOTHING`);
    this.#put = {
      tickets: db.prepare(`${statements.tickets} ON CONFLICT (id) DO UPDATE SET member_id = excluded.member_id,
        position = excluded.position, revision = excluded.revision, type_id = excluded.type_id,
        issued_day = excluded.issued_day, remaining = excluded.remaining, hub_remaining = excluded.hub_remaining`),
      reservations: db.prepare(`${statements.reservations} ON CONFLICT (id) DO UPDATE SET
        member_id = excluded.member_id, position = excluded.position, revision = excluded.revision,
        store_id = excluded.store_id, program_id = excluded.program_id, start_at = excluded.start_at,
        end_at = excluded.end_at, status = excluded.status`),
    };
    this.#no = {
      tickets: db.prepare(`DELETE FROM ${prefix}ticket WHERE id = ?`),
      reservations: db.prepare(`DELETE FROM ${prefix}reservation WHERE id = ?`),
    };
    this.#noContracts = db.prepare(`DELETE FROM ${prefix}contract WHERE member_id = ?`);
    this.#noMember = db.prepare(`DELETE FROM ${prefix}member WHERE id = ?`);
  }

  /**
   * A member, alone in its group, whose contracts and codes have been taken away.
   * @returns the index of the first contract that is another member's, or of the first such code; null: all is well
   */
  putMember(one: Members, keepCode: KeepCode): { readonly path: string } | null {
    this.#member.run(...one.members.slice(0, -1), one.sealed);
    for (let at = 0; at < one.contracts.length; at += WIDTH.contract) {
      if (this.#contract.run(...one.contracts.slice(at, at + WIDTH.contract)).changes === 0)
        return { path: `contracts[${at / WIDTH.contract}].id` };
    }
    let place = 0;
    for (const { digest, memberId } of eachDigest(one)) {
      if (!keepCode(digest, memberId)) return { path: `codes[${place}]` };
      place += 1;
    }
    return null;
  }

  removeContracts(memberId: string): void {
    this.#noContracts.run(memberId);
  }

  removeMember(memberId: string): void {
    this.#noMember.run(memberId);
  }

  /** One row. What a ticket has left is counted by the caller. @returns whether it is there; not without its member */
  putOwned({ of, values }: Owned): boolean {
    return whereItsMemberIs(() => this.#put[of].run(...values).changes === 1);
  }

  removeOwned(of: Owned['of'], id: string): void {
    this.#no[of].run(id);
  }
}

/** The same into tables that mostly have none of the rows yet: a group at a time, which takes two thirds of the time. */
export class NewRows {
  readonly #member: Rows;
  readonly #contract: Rows;
  readonly #owned: Readonly<Record<Owned['of'], Rows>>;

  constructor(db: Database, prefix: string, revision: string) {
    const rows = (of: keyof Statements, width: number) =>
      new Rows(db, (count) => `${statementsOf(prefix, revision, count)[of]} ON CONFLICT DO NOTHING`, width);
    this.#member = rows('member', WIDTH.member);
    this.#contract = rows('contract', WIDTH.contract);
    this.#owned = { tickets: rows('tickets', WIDTH.ticket), reservations: rows('reservations', WIDTH.reservation) };
  }

  /** Without their codes. @returns false: something was there before, and now a part of these is; put them one by one */
  addMembers({ members, contracts, sealed }: Members): boolean {
    return this.#member.add(withSealed(members, sealed)) && this.#contract.add(contracts);
  }

  /** @returns false: something was there, or a member isn't; put them one by one */
  addOwned({ of, values }: Owned): boolean {
    return whereItsMemberIs(() => this.#owned[of].add(values));
  }
}

/** Rows bound so many at once, and the rest one by one. */
export class Rows {
  readonly #many: Statement<(Value | Uint8Array)[]>;
  readonly #one: Statement<(Value | Uint8Array)[]>;
  readonly #width: number;

  /** @param insert SQL for so many rows, which leaves what is there as it is @param width values of a row */
  constructor(db: Database, insert: (rows: number) => string, width: number) {
    this.#many = db.prepare(insert(AT_ONCE));
    this.#one = db.prepare(insert(1));
    this.#width = width;
  }

  /** @returns whether none was there */
  add(values: readonly (Value | Uint8Array)[]): boolean {
    let added = 0;
    let at = 0;
    const step = AT_ONCE * this.#width;
    for (; at + step <= values.length; at += step) added += this.#many.run(...values.slice(at, at + step)).changes;
    for (; at < values.length; at += this.#width) added += this.#one.run(...values.slice(at, at + this.#width)).changes;
    return added * this.#width === values.length;
  }
}

const AT_ONCE = 32;

type Statements = Readonly<Record<'member' | 'contract' | Owned['of'], string>>;

function statementsOf(prefix: string, revision: string, rows: number): Statements {
  const valuesOf = (row: string) => `VALUES ${Array(rows).fill(`(${row})`).join(', ')}`;
  return {
    member: `
      INSERT INTO ${prefix}member (id, position, suspended_profile, suspended_identity, sealed, revision)
      ${valuesOf(`?, ?, ?, ?, ?, ${revision}`)}`,
    contract: `
      INSERT INTO ${prefix}contract (member_id, position, id, plan_id, from_day, to_day) ${valuesOf('?, ?, ?, ?, ?, ?')}`,
    tickets: `
      INSERT INTO ${prefix}ticket (id, member_id, position, type_id, issued_day, remaining, hub_remaining, revision)
      ${valuesOf(`?, ?, ?, ?, ?, ?, ?, ${revision}`)}`,
    reservations: `
      INSERT INTO ${prefix}reservation
        (id, member_id, position, store_id, program_id, start_at, end_at, status, revision)
      ${valuesOf(`?, ?, ?, ?, ?, ?, ?, ?, ${revision}`)}`,
  };
}

/** For the length of what is sealed, that itself. */
function withSealed(members: readonly Value[], sealed: Uint8Array): (Value | Uint8Array)[] {
  const values: (Value | Uint8Array)[] = [...members];
  let byte = 0;
  for (let at = WIDTH.member - 1; at < values.length; at += WIDTH.member) {
    const end = byte + Number(members[at]);
    values[at] = sealed.subarray(byte, end);
    byte = end;
  }
  return values;
}

/** Nothing is put where a row names a member that isn't there. */
function whereItsMemberIs(put: () => boolean): boolean {
  try {
    return put();
  } catch (error) {
    if (error instanceof DatabaseFile.SqliteError && error.code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return false;
    throw error;
  }
}
