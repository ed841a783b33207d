/** What the store needs of a database, whichever it is: transactions, lists as parameters, word of changes. */
import { CompiledQuery, type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { ChangedBy } from '../ports.ts';
import type { HubTables } from './schema.ts';

export type Tx = Transaction<HubTables>;
export type Unsubscribe = () => Promise<void>;

export interface HubDatabase {
  readonly kind: 'sqlite' | 'postgres';
  readonly db: Kysely<HubTables>;
  /**
   * A transaction; durable when the promise is resolved. `body` may run again where the database says that it has to,
   * or was away: it changes nothing but the database.
   */
  transact<T>(body: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads that belong together: all see the same. */
  reading<T>(body: (tx: Tx) => Promise<T>): Promise<T>;
  /** Told to all processes when the transaction is committed, to none otherwise. */
  say(tx: Tx, word: Word): Promise<void>;
  heard(hear: (word: Word) => void): Promise<Unsubscribe>;
  /** Clears what the database's own files still have of rows that are gone, as far as that is a hub's to do. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export type Word =
  | { readonly about: 'revision'; readonly tenant: string; readonly revision: number; readonly by: ChangedBy }
  | { readonly about: 'told'; readonly topic: string; readonly text: string };

type Value = string | number | Uint8Array | null;

/** Rows at a time: few sizes, so that there are few statements to prepare. */
const SIZES = [128, 16, 1];

/**
 * Inserts rows, each a list of values in the order of `columns`.
 * @param conflict what follows the values: `ON CONFLICT …`
 */
export async function insertMany(
  tx: Tx,
  kind: HubDatabase['kind'],
  into: { readonly table: keyof HubTables; readonly columns: readonly string[]; readonly conflict: string },
  rows: readonly (readonly Value[])[],
): Promise<void> {
  let at = 0;
  for (const size of SIZES) {
    while (rows.length - at >= size) {
      const text = insertText(kind, into.table, into.columns, size, into.conflict);
      await tx.executeQuery(CompiledQuery.raw(text, rows.slice(at, at + size).flat()));
      at += size;
    }
  }
}

const texts = new Map<string, string>();

function insertText(
  kind: HubDatabase['kind'],
  table: string,
  columns: readonly string[],
  rows: number,
  conflict: string,
): string {
  const key = `${kind} ${rows} ${table} ${conflict}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const mark = (index: number) => (kind === 'postgres' ? `$${index + 1}` : '?');
  const row = (at: number) => `(${columns.map((_, column) => mark(at * columns.length + column)).join(', ')})`;
  const values = Array.from({ length: rows }, (_, at) => row(at)).join(', ');
  const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values} ${conflict}`;
  texts.set(key, text);
  return text;
}

/** What stands for a list, or for one value, in the text of a statement. */
export type Asked = string | number | Uint8Array | null | readonly (string | number)[];

/**
 * Rows of a statement that is asked for with every group of events: as text, since building it anew costs several times
 * what running it does. `?` is a value, `IN ?` a list of texts or, as `IN ?n`, of numbers.
 */
export async function ask<Row>(
  tx: Tx,
  kind: HubDatabase['kind'],
  text: string,
  values: readonly Asked[],
): Promise<Row[]> {
  const given = values.map((value) => (kind === 'sqlite' && Array.isArray(value) ? JSON.stringify(value) : value));
  const { rows } = await tx.executeQuery<Row>(CompiledQuery.raw(askedText(kind, text), given));
  return rows;
}

const askedTexts = new Map<string, string>();

function askedText(kind: HubDatabase['kind'], text: string): string {
  const key = `${kind} ${text}`;
  const known = askedTexts.get(key);
  if (known !== undefined) return known;
  let count = 0;
  const made = text.replaceAll(/IN \?n?|\?/g, (found) => {
    count += 1;
    if (kind === 'sqlite') return found === '?' ? '?' : 'IN (SELECT value FROM json_each(?))';
    return found === '?' ? `$${count}` : `= ANY($${count}::${found.endsWith('n') ? 'bigint' : 'text'}[])`;
  });
  askedTexts.set(key, made);
  return made;
}

/** Whether a column has one of these values, as one parameter however many they are. */
export function among(
  kind: HubDatabase['kind'],
  column: string,
  values: readonly (string | number)[],
): RawBuilder<boolean> {
  if (kind === 'sqlite') {
    return sql<boolean>`${sql.ref(column)} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
  }
  const type = sql.raw(typeof values[0] === 'number' ? 'bigint[]' : 'text[]');
  return sql<boolean>`${sql.ref(column)} = ANY(${values}::${type})`;
}
