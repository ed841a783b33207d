/** The record: events in a hash chain, only ever added to. What is old enough goes from its beginning (`retention.ts`). */
import { createHash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import type { ClockTrust } from '../core/clock.ts';
import type { DecisionResult } from '../core/decide.ts';
import { formatInstant, parseInstant } from '../core/time/instant.ts';
import { AnchorReader, isTold } from './anchor.ts';

export const EVENT_TYPES = [
  'scan',
  'outcome',
  'override',
  'redeem',
  'undo',
  'input',
  'alarm',
  'device',
  'staff',
  'clock',
  'system',
] as const;

/** An event before the record gives it its number. Member ids may stand in it, names and codes never. */
export interface EventDraft {
  /** Epoch ms. */
  readonly at: number;
  readonly type: (typeof EVENT_TYPES)[number];
  readonly doorId: string | null;
  readonly readerId: string | null;
  readonly direction: 'in' | 'out' | null;
  readonly result: DecisionResult | null;
  /** The number of the event that this one is about. */
  readonly of: number | null;
  readonly clock: ClockTrust;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Verification {
  readonly ok: boolean;
  readonly events: number;
  /** Numbers of the first and the last event that are there; null where there is none. */
  readonly first: number | null;
  readonly head: number | null;
  /** Up to this event somebody outside has vouched for the chain; null: nobody has yet. */
  readonly anchored: number | null;
  /** The first event that is missing or not as it was written. */
  readonly brokenAt: number | null;
}

export interface UnitRow {
  readonly unit_id: string;
  readonly epoch: number;
  readonly acknowledged: number;
  readonly revision: number;
  readonly imported_at: number | null;
}

interface EventRow {
  readonly seq: number;
  readonly body: string;
  readonly hash: Buffer;
}

export class RecordReader {
  readonly #unit: Statement<[], UnitRow>;
  readonly #since: Statement<[number], EventRow>;
  readonly #before: Statement<[number, number], { body: string }>;
  readonly #find: Statement<[number], { body: string }>;
  readonly #last: Statement<[], { seq: number; hash: Buffer }>;
  readonly #commanded: Statement<[], { seq: number; doorId: string | null }>;
  readonly #lastAt: Statement<[], { at: string }>;
  readonly #anchor: AnchorReader;

  constructor(db: Database) {
    this.#anchor = new AnchorReader(db);
    this.#unit = db.prepare('SELECT unit_id, epoch, acknowledged, revision, imported_at FROM unit');
    this.#since = db.prepare('SELECT seq, body, hash FROM event WHERE seq > ? ORDER BY seq');
    this.#before = db.prepare('SELECT body FROM event WHERE seq < ? ORDER BY seq DESC LIMIT ?');
    this.#find = db.prepare('SELECT body FROM event WHERE seq = ?');
    this.#last = db.prepare('SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1');
    this.#commanded = db.prepare(
      "SELECT seq, body ->> 'doorId' AS doorId FROM command JOIN event ON seq = event_seq ORDER BY seq",
    );
    // What a terminal reports has happened at some other time; ours is when it came.
    this.#lastAt = db.prepare(
      "SELECT coalesce(body ->> '$.detail.receivedAt', body ->> 'at') AS at FROM event ORDER BY seq DESC LIMIT 1",
    );
  }

  unit(): UnitRow {
    const row = this.#unit.get();
    if (row === undefined) throw new Error('the database has no unit');
    return row;
  }

  last(): { readonly seq: number; readonly hash: Buffer } | null {
    return this.#last.get() ?? null;
  }

  /** The body of one event; null where there is none of this number. */
  find(seq: number): string | null {
    return this.#find.get(seq)?.body ?? null;
  }

  /** The bodies of all events after `seq`, one at a time. */
  *since(seq: number): Generator<string> {
    for (const { body } of this.#since.iterate(seq)) yield body;
  }

  /** The bodies of the last events before `seq`, newest first, one at a time. */
  *before(seq: number, most: number): Generator<string> {
    for (const { body } of this.#before.iterate(seq, most)) yield body;
  }

  /** Events that commanded a door and have no outcome yet. */
  withoutOutcome(): readonly { readonly seq: number; readonly doorId: string | null }[] {
    return this.#commanded.all();
  }

  /** Epoch ms of the last event; null where there is none. */
  lastAt(): number | null {
    const time = this.#lastAt.get()?.at;
    return time === undefined ? null : parseInstant(time);
  }

  verify(): Verification {
    const { acknowledged } = this.unit();
    const anchor = this.#anchor.read();
    let before = anchor.hash ?? genesis(this.unit());
    let first: number | null = null;
    let head = anchor.prunedTo;
    let events = 0;
    // What is gone without a word in the record is missing.
    let brokenAt: number | null = isTold(anchor) ? null : 1;
    for (const row of this.#since.iterate(0)) {
      first ??= row.seq;
      if (brokenAt === null && (row.seq !== head + 1 || !isUnchanged(row, before)))
        brokenAt = Math.min(row.seq, head + 1);
      before = row.hash;
      head = row.seq;
      events += 1;
    }
    if (brokenAt === null && head < acknowledged) brokenAt = head + 1;
    const anchored = acknowledged > 0 ? acknowledged : null;
    return { ok: brokenAt === null, events, first, head: first === null ? null : head, anchored, brokenAt };
  }
}

/** The chain begins with the unit and its epoch, so that the events of one can't be passed off as another's. */
function genesis({ unit_id, epoch }: UnitRow): Buffer {
  return createHash('sha256').update(`genkan ${unit_id} ${epoch}`).digest();
}

function link(before: Buffer, body: string): Buffer {
  return createHash('sha256').update(before).update(body).digest();
}

function isUnchanged({ seq, body, hash }: EventRow, before: Buffer): boolean {
  return link(before, body).equals(hash) && body.startsWith(`{"seq":${seq},`);
}

export class RecordWriter {
  readonly #db: Database;
  readonly #reader: RecordReader;
  readonly #insert: Statement<[number, string, Buffer]>;
  readonly #command: Statement<[number]>;
  readonly #settle: Statement<[number]>;

  constructor(db: Database, reader: RecordReader) {
    this.#db = db;
    this.#reader = reader;
    this.#insert = db.prepare('INSERT INTO event (seq, body, hash) VALUES (?, ?, ?)');
    this.#command = db.prepare('INSERT INTO command (event_seq) VALUES (?)');
    this.#settle = db.prepare('DELETE FROM command WHERE event_seq = ?');
  }

  /** The event `seq` is about to command a door; from now on it owes an outcome. */
  commanding(seq: number): void {
    this.#command.run(seq);
  }

  /** The event `seq` has its outcome. */
  settled(seq: number): void {
    this.#settle.run(seq);
  }

  /** Adds an event. Only inside a transaction. Returns its number. */
  append(draft: EventDraft): number {
    if (!this.#db.inTransaction) throw new Error('an event is added inside a transaction');
    const unit = this.#reader.unit();
    const last = this.#reader.last();
    const seq = (last?.seq ?? 0) + 1;
    const { at, type, doorId, readerId, direction, result, of, clock, detail } = draft;
    const id = `${unit.unit_id}-${unit.epoch}-${seq}`;
    const { revision } = unit;
    const time = formatInstant(at);
    const event = { seq, id, at: time, type, doorId, readerId, direction, result, of, clock, revision, detail };
    const body = JSON.stringify(event);
    this.#insert.run(seq, body, link(last?.hash ?? genesis(unit), body));
    return seq;
  }
}
