/** SQLite, for a hub that runs alone: one connection, each transaction short, since nothing else runs meanwhile. */
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import type { HubDatabase, Tx, Word } from './database.ts';
import { migrate } from './migrate.ts';
import type { HubTables } from './schema.ts';
import { writePlans } from './sqlite-plans.ts';

/** Statements that are kept ready. The hub has about a hundred. */
const STATEMENTS = 300;
/** Pages of the write-ahead log before it is worked into the database: 32 MB, so that bulk loads write once. */
const CHECKPOINT_PAGES = 8_000;
/** Pages that SQLite keeps itself; the system keeps all others, and reading one from there costs next to nothing. */
const CACHE_KB = 8_192;

/** @param file a path, or `:memory:` @throws Error where it can't be opened, or a newer program has written it */
export async function openSqlite(file: string): Promise<HubDatabase> {
  const connection = new Database(file);
  try {
    configure(connection);
    const db = new Kysely<HubTables>({ dialect: new SqliteDialect({ database: prepared(connection) }) });
    await migrate(db, 'sqlite');
    writePlans(connection);
    return new SqliteHub(db);
  } catch (error) {
    connection.close();
    throw error;
  }
}

function configure(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  // A WAL database comes back at NORMAL, where a power cut loses what was committed: set at every open.
  db.pragma('synchronous = FULL');
  const synchronous = db.pragma('synchronous', { simple: true });
  if (synchronous !== 2) throw new Error(`synchronous is ${String(synchronous)}, not FULL`);
  // What is deleted is overwritten: nobody who is gone stays in a free page.
  db.pragma('secure_delete = ON');
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma(`cache_size = -${CACHE_KB}`);
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
}

/** Kysely prepares each statement anew; this keeps those that are asked for again. */
function prepared(db: Database.Database): ConstructorParameters<typeof SqliteDialect>[0]['database'] & object {
  const statements = new Map<string, Database.Statement>();
  return {
    prepare: (text: string) => {
      const known = statements.get(text);
      if (known !== undefined) return known;
      const statement = db.prepare(text);
      const [oldest] = statements.keys();
      if (statements.size >= STATEMENTS && oldest !== undefined) statements.delete(oldest);
      statements.set(text, statement);
      return statement;
    },
    close: () => {
      db.close();
    },
  };
}

class SqliteHub implements HubDatabase {
  readonly kind = 'sqlite';
  readonly db: Kysely<HubTables>;
  readonly #ears = new Set<(word: Word) => void>();
  /** What transactions that aren't committed yet will say. */
  readonly #waiting = new WeakMap<Tx, Word[]>();

  constructor(db: Kysely<HubTables>) {
    this.db = db;
  }

  async transact<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    const words: Word[] = [];
    const value = await this.db.transaction().execute((tx) => {
      this.#waiting.set(tx, words);
      return body(tx);
    });
    for (const word of words) for (const hear of this.#ears) hear(word);
    return value;
  }

  reading<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.transaction().execute(body);
  }

  async say(tx: Tx, word: Word): Promise<void> {
    this.#waiting.get(tx)?.push(word);
  }

  async heard(hear: (word: Word) => void): Promise<() => Promise<void>> {
    this.#ears.add(hear);
    return async () => {
      this.#ears.delete(hear);
    };
  }

  /** What was written before stands in the log until something else takes its place there. */
  async tidy(): Promise<void> {
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(this.db);
  }

  close(): Promise<void> {
    return this.db.destroy();
  }
}
