/**
 * Events of earlier epochs of this unit that the hub doesn't have. They are read from a database that is set aside, and
 * wait among those of peers until somebody has brought them to the hub.
 */
import type { Database } from 'better-sqlite3';
import { headText } from '../../sync/wire/signed.ts';
import type { Keys } from './keys.ts';
import { UnitKey } from './unit-key.ts';

/** The chain's hash is base64url. */
export interface LeftEvent {
  readonly unit: string;
  readonly epoch: number;
  readonly seq: number;
  readonly body: string;
  readonly hash: string;
}

/** How many wait. */
export function countLeftOver(db: Database): number {
  const sql = 'SELECT count(*) AS events FROM peer_event JOIN unit ON unit = unit_id';
  return db.prepare<[], { events: number }>(sql).get()?.events ?? 0;
}

type OwnRow = Omit<LeftEvent, 'hash'> & { readonly hash: Buffer };

/** Up to the first that can't be read, of each epoch in order. */
export function readLeftOver(db: Database): LeftEvent[] {
  return [
    ...readable(db, EARLIER, ({ hash, ...row }) => ({ ...row, hash: String(hash) })),
    ...readable(db, OWN, encoded),
  ];
}

const EARLIER = `
  SELECT unit, peer_event.epoch, seq, body, hash FROM peer_event JOIN unit ON unit = unit_id
  WHERE hash IS NOT NULL ORDER BY peer_event.epoch, seq`;
const OWN = `
  SELECT unit_id AS unit, epoch, seq, body, hash FROM event JOIN unit ON seq > acknowledged ORDER BY seq`;

function encoded({ hash, ...row }: OwnRow): LeftEvent {
  return { ...row, hash: hash.toString('base64url') };
}

function readable(db: Database, sql: string, make: (row: OwnRow) => LeftEvent): LeftEvent[] {
  const found: LeftEvent[] = [];
  try {
    for (const row of db.prepare<[], OwnRow>(sql).iterate()) found.push(make(row));
  } catch {
    // What comes behind a page that is gone would be refused: the record has no gaps.
  }
  return found;
}

/** Each is vouched for by itself, so that parts of any size can be sent. Not applied: the site that goes over has it all. */
export function keepLeftOver(db: Database, keys: Keys, events: readonly LeftEvent[]): void {
  const key = new UnitKey(db, keys);
  if (key.publicKey() === null) return;
  const keep = db.prepare(
    'INSERT OR IGNORE INTO peer_event (unit, epoch, seq, body, hash, proof) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const heard = db.prepare(`
    INSERT INTO peer (unit, epoch, heard) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET heard = max(heard, excluded.heard)`);
  for (const { unit, epoch, seq, body, hash } of events) {
    keep.run(unit, epoch, seq, body, hash, key.sign(headText(unit, epoch, seq, hash)));
    heard.run(unit, epoch, seq);
  }
}
