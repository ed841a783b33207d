/** The parts of PouchDB that the bench calls, loaded from where they were installed. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface Database {
  bulkDocs(documents: readonly object[]): Promise<unknown>;
  readonly replicate: {
    from(url: string, options: object): Promise<{ readonly docs_written: number; readonly errors: readonly unknown[] }>;
  };
}
export type DatabaseClass = new (name: string) => Database;

interface PouchDb {
  defaults(options: { readonly prefix: string }): DatabaseClass;
}

export interface ExpressApp {
  use(path: string, handler: unknown): void;
  listen(port: number, host: string, listening: () => void): { address(): { readonly port: number } | string | null };
}

/** @param data folder in which the databases are kept */
export function loadPouchDb(folder: string, data: string): DatabaseClass {
  const pouchDb: PouchDb = createRequire(join(folder, 'index.js'))('pouchdb-node');
  return pouchDb.defaults({ prefix: join(data, '/') });
}

export function loadServer(folder: string): {
  readonly express: () => ExpressApp;
  readonly serve: (database: DatabaseClass, options: object) => unknown;
} {
  const load = createRequire(join(folder, 'index.js'));
  return { express: load('express'), serve: load('express-pouchdb') };
}
