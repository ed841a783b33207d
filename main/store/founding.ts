/** A new database belongs to a new unit. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Keys } from './keys.ts';

/** What it is sealed as. */
export const SETUP_CODE = 'setup code';

/** The 8 digits with which the first manager is made. */
export function freshSetupCode(): string {
  return String(randomInt(100_000_000)).padStart(8, '0');
}

export function foundUnit(db: Database, keys: Keys): void {
  db.prepare('INSERT OR IGNORE INTO unit (id, unit_id, epoch, sealed_setup_code) VALUES (1, ?, 1, ?)').run(
    randomBytes(6).toString('hex'),
    keys.seal(SETUP_CODE, freshSetupCode()),
  );
}
