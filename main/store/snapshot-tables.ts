/**
 * The tables of a snapshot: made like those that decide, filled aside, and put in their place by their names alone. The
 * former ones are then emptied a little at a time: dropping them at once would overwrite all their pages in one go.
 */
import type { Database } from 'better-sqlite3';
import type { Piece } from './sliced.ts';

/** Whose rows a snapshot has; the record and what is counted from it stay. */
const TABLES = [
  'member',
  'code',
  'member_code',
  'contract',
  'ticket',
  'reservation',
  'usage',
  'usage_more',
  'ticket_use',
  'stay',
  'month_count',
  'given_back',
  'transfer',
] as const;

const IN_TABLES = `(${TABLES.map((table) => `'${table}'`).join(', ')})`;
const LEFT_OVER = /^(?:snap|gone)(\d+)_[a-z_]+$/;
/** Rows that are destroyed at once. */
const ROWS = 50;

interface Definition {
  readonly name: string;
  readonly sql: string;
}

export function prefixOf(generation: number): string {
  return `snap${generation}_`;
}

/** Only inside a transaction. */
export function makeTables(db: Database, generation: number): void {
  const prefix = prefixOf(generation);
  for (const { sql } of definitions(db, 'table')) {
    const made = sql
      .replace(/^CREATE TABLE "?(\w+)"?/, `CREATE TABLE ${prefix}$1`)
      .replace(/REFERENCES "?member"?/g, `REFERENCES ${prefix}member`);
    db.exec(made);
  }
  for (const { sql } of definitions(db, 'index')) {
    const made = sql.replace(
      /^CREATE (UNIQUE )?INDEX "?(\w+?)(?:_g\d+)?"? ON "?(\w+)"?/,
      (_, unique: string | undefined, name: string, table: string) =>
        `CREATE ${unique ?? ''}INDEX ${name}_g${generation} ON ${prefix}${table}`,
    );
    db.exec(made);
  }
  db.exec(`
    CREATE TABLE ${prefix}doubt (member_id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;`);
}

/** Only inside a transaction. Triggers would follow their table's name: they are made anew. */
export function switchTables(db: Database, generation: number): void {
  const triggers = definitions(db, 'trigger');
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  for (const table of TABLES) db.exec(`ALTER TABLE ${table} RENAME TO gone${generation}_${table}`);
  for (const table of TABLES) db.exec(`ALTER TABLE ${prefixOf(generation)}${table} RENAME TO ${table}`);
  for (const { sql } of triggers) db.exec(sql);
}

/** What earlier snapshots left, a few rows at a time. @param keep the generation of the one under way; null: none is */
export function* destroyLeftOvers(db: Database, keep: number | null): Generator<Piece, void> {
  // Rows that others refer to go last: members.
  for (const table of leftOvers(db, keep).sort((a, b) => Number(isMembers(a)) - Number(isMembers(b)))) {
    const some = removeSome(db, table);
    while (some()) yield 'more';
    db.exec(`DROP TABLE ${table}`);
    yield 'slice';
  }
}

export function leftOvers(db: Database, keep: number | null): string[] {
  return db
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name)
    .filter((name) => {
      const [, generation] = LEFT_OVER.exec(name) ?? [];
      return generation !== undefined && !(name.startsWith('snap') && Number(generation) === keep);
    });
}

function isMembers(table: string): boolean {
  return table.endsWith('_member');
}

/** @returns a function that removes some rows and says whether there may be more */
function removeSome(db: Database, table: string): () => boolean {
  const key = db
    .prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
    .all(table)
    .map(({ name }) => name)
    .join(', ');
  const remove = db.prepare(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} LIMIT ${ROWS})`);
  return () => remove.run().changes === ROWS;
}

function definitions(db: Database, type: 'table' | 'index' | 'trigger'): Definition[] {
  return db
    .prepare<[string], Definition>(`
      SELECT name, sql FROM sqlite_schema WHERE type = ? AND tbl_name IN ${IN_TABLES} AND sql IS NOT NULL ORDER BY rowid`)
    .all(type);
}
