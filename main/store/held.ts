/**
 * What is made on the unit and belongs to the hub later: tickets, visitor passes, provisional cards, forms. It waits
 * here, sealed, until the hub says that it is durable there.
 */
import { randomBytes } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import type { HandoverKind } from '../../sync/wire/handover.ts';
import type { Keys } from './keys.ts';

export type HeldKind = HandoverKind;

export interface Held {
  readonly id: string;
  readonly kind: HeldKind;
  /** Whose data it is; null: nobody's that is known here. */
  readonly memberId: string | null;
  /** As it was kept; whoever takes it parses it. */
  readonly body: unknown;
  /** Epoch ms. */
  readonly madeAt: number;
  /** The event that says who made it. */
  readonly seq: number;
}

interface HeldRow {
  readonly id: string;
  readonly kind: HeldKind;
  readonly memberId: string | null;
  readonly sealed: Buffer;
  readonly madeAt: number;
  readonly seq: number;
}

const COLUMNS = 'id, kind, member_id AS memberId, sealed, made_at AS madeAt, event_seq AS seq';

/** Of the event that says who made it, in whose transaction it is kept. */
export interface HeldFor {
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  /** Whose data it is; null: nobody's that is known here. */
  readonly memberId: string | null;
}

export class HeldStore {
  readonly #keys: Keys;
  readonly #keep: Statement<[string, string, string | null, Buffer, number, number]>;
  readonly #waiting: Statement<[number], HeldRow>;
  readonly #waitingOf: Statement<[string], HeldRow>;
  readonly #count: Statement<[], { n: number }>;
  readonly #taken: Statement<[number, string]>;

  constructor(db: Database, keys: Keys) {
    this.#keys = keys;
    this.#keep = db.prepare(
      'INSERT INTO held (id, kind, member_id, sealed, made_at, event_seq) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#waiting = db.prepare(`SELECT ${COLUMNS} FROM held WHERE taken_at IS NULL ORDER BY event_seq, id LIMIT ?`);
    this.#waitingOf = db.prepare(
      `SELECT ${COLUMNS} FROM held WHERE kind = ? AND taken_at IS NULL ORDER BY event_seq, id`,
    );
    this.#count = db.prepare('SELECT count(*) AS n FROM held WHERE taken_at IS NULL');
    this.#taken = db.prepare("UPDATE held SET taken_at = ?, sealed = x'' WHERE id = ? AND taken_at IS NULL");
  }

  /** @param body JSON; names and codes may stand in it: it is sealed @returns its id */
  keep(kind: HeldKind, body: unknown, { seq, at, memberId }: HeldFor): string {
    const id = `h-${randomBytes(9).toString('hex')}`;
    this.#keep.run(id, kind, memberId, this.#keys.seal(sealName(id), body), at, seq);
    return id;
  }

  /** What the hub doesn't have, in the order in which it was made. */
  waiting(limit: number): Held[] {
    return this.#waiting.all(limit).map((row) => this.#open(row));
  }

  waitingOf(kind: HeldKind): Held[] {
    return this.#waitingOf.all(kind).map((row) => this.#open(row));
  }

  waitingCount(): number {
    return this.#count.get()?.n ?? 0;
  }

  /** The hub has it, durably: it isn't kept here as well. @param at epoch ms @returns false where nothing of this id waits */
  taken(id: string, at: number): boolean {
    return this.#taken.run(at, id).changes === 1;
  }

  #open({ sealed, ...row }: HeldRow): Held {
    return { ...row, body: this.#keys.open(sealName(row.id), sealed) };
  }
}

function sealName(id: string): string {
  return `held ${id}`;
}
