/** The unit's database and reserve on a real disk, which can be made to fail, and which outlive the controller. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Reserve, ReserveFile } from '../../main/controller/reserve-file.ts';
import type { Result } from '../../main/core/result.ts';
import type { StoreFault } from '../../main/store/faults.ts';
import { KEY_BYTES, Keys } from '../../main/store/keys.ts';
import { Store, type Writer } from '../../main/store/store.ts';

/** `refuses`: nothing can be begun; `commit-fails`: all is done but the last step; `unreadable`: not even read. */
export type DiskTrouble = 'refuses' | 'commit-fails' | 'unreadable';

const FULL: StoreFault = { code: 'full', detail: 'the disk is full' };
const BROKEN: StoreFault = { code: 'failed', detail: 'the disk gives nothing' };

export class WeekDisk {
  readonly #folder: string;
  readonly #keys = new Keys(randomBytes(KEY_BYTES));
  trouble: DiskTrouble | null = null;
  /** The last entry that the reserve took. */
  reserved = 0;

  constructor() {
    // What a disk makes of fsync is the kill tests' business; in memory it takes no time.
    const memory = '/dev/shm';
    this.#folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'genkan-week-'));
  }

  openStore(): Store {
    const opened = Store.open(this.#file, this.#keys);
    if (!opened.ok) throw new Error(opened.error.detail);
    return opened.value;
  }

  /** `store` as the unit has it: with this disk's troubles. */
  shaky(store: Store): Store {
    return new Proxy(store, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        if (key === 'transact') return (body: (writer: Writer) => unknown) => this.#transact(target, body);
        return (...args: unknown[]) =>
          key === 'read' && this.trouble === 'unreadable'
            ? { ok: false, error: BROKEN }
            : Reflect.apply(value, target, args);
      },
    });
  }

  /** The reserve, noting up to where it is written. */
  openReserve(): Reserve | null {
    const file = ReserveFile.open(join(this.#folder, 'reserve'), 262_144);
    if (file === null) return null;
    return {
      found: file.found,
      append: (json) => {
        const entry: { readonly n: number } = JSON.parse(json);
        const done = file.append(json);
        if (done) this.reserved = entry.n;
        return done;
      },
      clear: () => file.clear(),
      close: () => file.close(),
    };
  }

  /** Reads the database past the store. */
  query(sql: string): Record<string, unknown>[] {
    const db = new Database(this.#file, { readonly: true });
    try {
      return db.prepare<unknown[], Record<string, unknown>>(sql).all();
    } finally {
      db.close();
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, 'genkan.db');
  }

  #transact(store: Store, body: (writer: Writer) => unknown): Result<unknown, StoreFault> {
    if (this.trouble === 'refuses') return { ok: false, error: FULL };
    if (this.trouble === 'unreadable') return { ok: false, error: BROKEN };
    if (this.trouble === null) return store.transact(body);
    return store.transact((writer) => {
      body(writer);
      throw new Database.SqliteError('the disk is full', 'SQLITE_FULL');
    });
  }
}
