/** PostgreSQL, for any number of hubs over the same data. It may go away and come back: calls wait and go on. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Clock } from '../../../main/core/clock.ts';
import type { HubDatabase, Tx, Word } from './database.ts';
import { migrate } from './migrate.ts';
import { CHANNEL, PostgresEar } from './postgres-ear.ts';
import type { HubTables } from './schema.ts';

const CONNECTIONS = 10;
/** How long a call waits for a database that is away, and the pause between two tries. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 200;

/** SQLSTATE: serialization failure, deadlock; and all by which a server says that it goes, comes or is full. */
const AGAIN = /^(?:40001|40P01|08...|57P0[123]|53300)$/;
const GONE = /ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|terminated|not queryable|timeout exceeded when trying to connect/;

const INT8 = 20;
/** Numbers of ours stay far below 2^53. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format),
};

/** @param url `postgres://…`; nothing of it is ever in an error's text @throws Error where it can't be reached or set up */
export async function openPostgres(url: string, clock: Clock): Promise<HubDatabase> {
  const options = { connectionString: url, types: TYPES, connectionTimeoutMillis: 5_000, keepAlive: true };
  const pool = new pg.Pool({ ...options, max: CONNECTIONS, statement_timeout: 60_000 });
  // A connection that breaks says so to whoever uses it; without a listener that would end the process as well.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<HubTables>({ dialect: new PostgresDialect({ pool }) });
  const hub = new PostgresHub(db, clock, () => new pg.Client(options));
  try {
    await hub.patiently(() => migrate(db, 'postgres'));
    return hub;
  } catch (error) {
    await hub.close();
    throw error;
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return AGAIN.test(code) || GONE.test(code) || GONE.test(error.message);
}

class PostgresHub implements HubDatabase {
  readonly kind = 'postgres';
  readonly db: Kysely<HubTables>;
  readonly #clock: Clock;
  readonly #ear: PostgresEar;
  #isClosed = false;

  constructor(db: Kysely<HubTables>, clock: Clock, connect: () => pg.Client) {
    this.db = db;
    this.#clock = clock;
    this.#ear = new PostgresEar(clock, connect, () =>
      db.selectFrom('tenant').select(['id', 'revision']).where('revision', '>', 0).execute(),
    );
  }

  transact<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    return this.patiently(() => this.db.transaction().execute(body));
  }

  reading<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    const transaction = () =>
      this.db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(body);
    return this.patiently(transaction);
  }

  async say(tx: Tx, word: Word): Promise<void> {
    await sql`SELECT pg_notify(${CHANNEL}, ${JSON.stringify(word)})`.execute(tx);
  }

  heard(hear: (word: Word) => void): Promise<() => Promise<void>> {
    return this.#ear.add(hear);
  }

  /** Its autovacuum and its log are the server's own. */
  async tidy(): Promise<void> {}

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#ear.close();
    await this.db.destroy();
  }

  /** Tries again while the database is away. All that is tried may be done twice (`store.ts`). */
  async patiently<T>(attempt: () => Promise<T>): Promise<T> {
    const until = this.#clock.mono() + PATIENCE_MS;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (this.#isClosed || !isPassing(error) || this.#clock.mono() >= until) throw error;
      }
      await new Promise<void>((resolve) => this.#clock.after('hub database again', PAUSE_MS, resolve));
    }
  }
}
