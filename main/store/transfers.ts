/** Parts of leases that went from one site to another. */
import type { Database, Statement } from 'better-sqlite3';
import * as z from 'zod';
import type { Transfer } from '../../sync/wire/entities.ts';
import { Right } from '../../sync/wire/rights.ts';
import { type Source, type Whose, wireIdOf } from './rows-source.ts';

/** One text for each right, by which its transfers are found. */
export function rightKey(right: Right): string {
  if (right.kind === 'ticket') return JSON.stringify([right.kind, right.ticketId]);
  return JSON.stringify([right.kind, right.contractId, right.bandId, right.month]);
}

const Key = z.union([
  z.tuple([z.literal('ticket'), z.string()]).transform(([kind, ticketId]) => ({ kind, ticketId })),
  z
    .tuple([z.literal('band'), z.string(), z.string(), z.string()])
    .transform(([kind, contractId, bandId, month]) => ({ kind, contractId, bandId, month })),
]);

export function rightOf(key: string): Right {
  return Right.parse(Key.parse(JSON.parse(key)));
}

type Row = [string, string, string, string, number, number | null, string | null, number];

export class TransferRows {
  readonly #put: Statement<Row>;
  readonly #record: Statement<Row>;
  readonly #remove: Statement<[string]>;

  constructor(db: Database, prefix: string) {
    const insert = `INSERT INTO ${prefix}transfer (id, right_key, from_site, to_site, uses, event_seq, unit, at_hub)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO`;
    this.#record = db.prepare(`${insert} NOTHING`);
    this.#put = db.prepare(`${insert} UPDATE SET right_key = excluded.right_key, from_site = excluded.from_site,
      to_site = excluded.to_site, uses = excluded.uses, event_seq = excluded.event_seq, unit = excluded.unit, at_hub = 1`);
    this.#remove = db.prepare(`DELETE FROM ${prefix}transfer WHERE id = ?`);
  }

  /** As an event says it that the hub may not have. */
  record(whose: Whose, seq: number, { right, from, to, uses }: Transfer): void {
    const own = whose.own ? seq : null;
    const unit = whose.own ? null : whose.unit;
    this.#record.run(wireIdOf(whose, seq), rightKey(right), from, to, uses, own, unit, 0);
  }

  /** As the hub says it. */
  put(id: string, { seq, unit }: Source, { right, from, to, uses }: Transfer): void {
    this.#put.run(id, rightKey(right), from, to, uses, seq, unit, 1);
  }

  remove(id: string): void {
    this.#remove.run(id);
  }
}
