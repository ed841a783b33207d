/** Master data has gone: does anything of a member still refer to it? */
import type { Database } from 'better-sqlite3';

const REFERENCES = {
  plan: [['contract', 'plan_id', 'contracts']],
  ticketType: [['ticket', 'type_id', 'tickets']],
  store: [['reservation', 'store_id', 'reservations']],
  program: [['reservation', 'program_id', 'reservations']],
} as const;

export class RemovedReferences {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Looks through whole tables: only where such an entity has gone, which is seldom. @returns lines */
  lines(goneKinds: readonly string[]): readonly string[] {
    return Object.entries(REFERENCES).flatMap(([kind, references]) =>
      goneKinds.includes(kind) ? references.flatMap((reference) => this.#broken(kind, reference)) : [],
    );
  }

  #broken(kind: string, [table, column, list]: readonly [string, string, string]): readonly string[] {
    const row = this.#db
      .prepare<[string], { id: string }>(`
        SELECT id FROM ${table} WHERE ${column} NOT IN (SELECT id FROM master WHERE kind = ? AND replaced IS NULL)
        LIMIT 1`)
      .get(kind);
    return row === undefined ? [] : [`${list}: one refers to a ${kind} that is gone: the id of one that is there`];
  }
}
