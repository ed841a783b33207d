/**
 * `first-reference.ts MESSAGES DATABASE NEW`: the reference of `sync.first`. Parses the messages that the unit was sent and
 * inserts the rows that it made of them, with the same indexes, in one transaction. Prints the milliseconds.
 */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { SystemClock } from '../../device/clock/system.ts';

const TABLES = ['member', 'contract', 'code', 'member_code', 'ticket', 'reservation'];
const [messages = '', database = '', made = ''] = process.argv.slice(2);
const clock = new SystemClock();

const from = new Database(database, { readonly: true });
const schema = z.array(z.object({ sql: z.string() })).parse(
  from
    .prepare(
      `SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL
         AND tbl_name IN (${TABLES.map(() => '?').join(', ')}) ORDER BY type DESC`,
    )
    .all(...TABLES),
);
const rows = new Map(
  TABLES.map((table) => [
    table,
    z.array(z.array(z.unknown())).parse(from.prepare(`SELECT * FROM ${table}`).raw().all()),
  ]),
);
from.close();

const db = new Database(made);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
for (const { sql } of schema) db.exec(sql);
const text = readFileSync(messages, 'utf8');

const begun = clock.mono();
for (const line of text.split('\n')) JSON.parse(line);
db.transaction(() => {
  for (const [table, all] of rows) {
    const insert = db.prepare(`INSERT INTO ${table} VALUES (${(all[0] ?? []).map(() => '?').join(', ')})`);
    for (const row of all) insert.run(...row);
  }
})();
process.stdout.write(String(clock.mono() - begun));
