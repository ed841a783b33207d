/** One file a step, numbered by tens; the same steps on both databases, which differ in a few words of their SQL. */
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { initial } from './migration-0010-initial.ts';
import { arrivals } from './migration-0020-arrivals.ts';
import { proofs } from './migration-0030-proofs.ts';
import { settled } from './migration-0040-settled.ts';
import { tallies } from './migration-0050-tallies.ts';
import type { HubTables } from './schema.ts';

/** What the databases call the same. */
export interface Words {
  readonly text: string;
  readonly bytes: string;
  readonly int: string;
  /** Behind a table's bracket. */
  readonly end: string;
}

const WORDS: Readonly<Record<'sqlite' | 'postgres', Words>> = {
  sqlite: { text: 'TEXT', bytes: 'BLOB', int: 'INTEGER', end: 'STRICT, WITHOUT ROWID' },
  postgres: { text: 'TEXT COLLATE "C"', bytes: 'BYTEA', int: 'BIGINT', end: '' },
};

const STEPS = new Map([
  ['0010', initial],
  ['0020', arrivals],
  ['0030', proofs],
  ['0040', settled],
  ['0050', tallies],
]);

/** @throws Error where a newer program has written the database, or a step fails; nothing is changed then */
export async function migrate(db: Kysely<HubTables>, kind: 'sqlite' | 'postgres'): Promise<void> {
  const migrations = Object.fromEntries(
    [...STEPS].map(([name, step]): [string, Migration] => [name, { up: (on) => run(on, step(WORDS[kind])) }]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('the database could not be set up');
}

async function run(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
