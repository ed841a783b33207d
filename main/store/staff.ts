/** The team: who stands in the settings, and beside them those that a manager has made on this unit. */
import { randomBytes } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { StaffForm } from '../contract/settings.ts';
import { freshSetupCode, SETUP_CODE } from './founding.ts';
import type { Keys } from './keys.ts';
import { readSettings } from './settings.ts';

type Role = 'staff' | 'manager' | 'technician';

export interface StaffEntry {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** A PHC string of argon2id. */
  readonly pinHash: string;
}

export interface TeamEntry extends StaffEntry {
  readonly from: 'settings' | 'unit';
}

interface Row {
  readonly id: string;
  readonly sealed: Buffer;
}

export class StaffStore {
  readonly #db: Database;
  readonly #keys: Keys;
  readonly #revision: Statement<[], { revision: number }>;
  readonly #own: Statement<[], Row>;
  readonly #put: Statement<[string, Buffer]>;
  readonly #remove: Statement<[string]>;
  readonly #setSetupCode: Statement<[Buffer | null]>;

  /** Of the settings of this revision: staff are asked for at each call of theirs, and settings may be long. */
  #settled: { readonly revision: number; readonly staff: readonly StaffEntry[] } = { revision: 0, staff: [] };

  constructor(db: Database, keys: Keys) {
    this.#db = db;
    this.#keys = keys;
    this.#revision = db.prepare('SELECT revision FROM settings');
    this.#own = db.prepare('SELECT id, sealed FROM unit_staff ORDER BY id');
    this.#put = db.prepare(
      'INSERT INTO unit_staff (id, sealed) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed',
    );
    this.#remove = db.prepare('DELETE FROM unit_staff WHERE id = ?');
    this.#setSetupCode = db.prepare('UPDATE unit SET sealed_setup_code = ?');
  }

  /** Where an id stands in both, the settings hold. */
  list(): TeamEntry[] {
    const settled = this.#ofSettings();
    const ids = new Set(settled.map(({ id }) => id));
    const own = this.own().filter(({ id }) => !ids.has(id));
    return [
      ...settled.map((entry) => ({ ...entry, from: 'settings' as const })),
      ...own.map((entry) => ({ ...entry, from: 'unit' as const })),
    ];
  }

  /** Those of this unit, also where the settings hold. */
  own(): StaffEntry[] {
    return this.#own.all().map((row) => this.#open(row));
  }

  /** Adds a person under an id that nobody has, or changes one of this unit. */
  put(entry: StaffEntry): void {
    this.#put.run(entry.id, this.#keys.seal(sealName(entry.id), entry));
  }

  remove(id: string): void {
    this.#remove.run(id);
  }

  /** There is a manager: the code makes no other one. */
  endSetupCode(): void {
    this.#setSetupCode.run(null);
  }

  /** There is no manager any more: a new code makes one. */
  renewSetupCode(): void {
    this.#setSetupCode.run(this.#keys.seal(SETUP_CODE, freshSetupCode()));
  }

  #ofSettings(): readonly StaffEntry[] {
    const revision = this.#revision.get()?.revision ?? 0;
    if (revision !== this.#settled.revision) {
      this.#settled = { revision, staff: readSettings(this.#db, this.#keys)?.staff ?? [] };
    }
    return this.#settled.staff;
  }

  #open({ id, sealed }: Row): StaffEntry {
    return StaffForm.parse(this.#keys.open(sealName(id), sealed));
  }
}

/** Told from those of the settings at a glance. */
export function freshStaffId(): string {
  return `unit-${randomBytes(4).toString('hex')}`;
}

function sealName(id: string): string {
  return `staff ${id}`;
}
