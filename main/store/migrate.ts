/**
 * One file a step, numbered by tens; a step and its number are committed together. A database from the future is
 * refused and left as it is.
 */
import type { Database } from 'better-sqlite3';
import { err, ok, type Result } from '../core/result.ts';
import type { StoreFault } from './faults.ts';
import { sql as initial } from './migrations/0010-initial.ts';
import { sql as replay } from './migrations/0020-replay.ts';
import { sql as undo } from './migrations/0040-undo.ts';
import { sql as usedPasses } from './migrations/0060-used-passes.ts';
import { sql as history } from './migrations/0070-history.ts';
import { sql as terminals } from './migrations/0080-terminals.ts';
import { sql as late } from './migrations/0090-late.ts';
import { sql as doorOrders } from './migrations/0100-door-orders.ts';
import { sql as sync } from './migrations/0110-sync.ts';
import { sql as staff } from './migrations/0130-staff.ts';
import { sql as codes } from './migrations/0140-codes.ts';

interface Step {
  readonly version: number;
  readonly sql: string;
}

const STEPS: readonly Step[] = [
  { version: 10, sql: initial },
  { version: 20, sql: replay },
  { version: 40, sql: undo },
  { version: 60, sql: usedPasses },
  { version: 70, sql: history },
  { version: 80, sql: terminals },
  { version: 90, sql: late },
  { version: 100, sql: doorOrders },
  { version: 110, sql: sync },
  { version: 130, sql: staff },
  { version: 140, sql: codes },
];

/** The schema that this program writes. */
export const SCHEMA_VERSION = Math.max(...STEPS.map(({ version }) => version));

export function migrate(db: Database, file: string, mode: 'write' | 'read'): Result<void, StoreFault> {
  const found = versionOf(db);
  if (found > SCHEMA_VERSION) {
    const detail = `the database ${file} is of version ${found}, this program knows ${SCHEMA_VERSION}: install a newer program`;
    return err({ code: 'newer', detail });
  }
  if (found === SCHEMA_VERSION) return ok(undefined);
  if (mode === 'read') {
    return err({ code: 'missing', detail: `the database ${file} is not set up yet: start the controller once` });
  }
  for (const step of STEPS) db.transaction(apply).immediate(db, step);
  return ok(undefined);
}

/** Reads the version again inside the transaction: two programs may start at once. */
function apply(db: Database, { version, sql }: Step): void {
  if (versionOf(db) >= version) return;
  db.exec(sql);
  db.pragma(`user_version = ${version}`);
}

function versionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}
