/**
 * A damaged database is set aside, never removed; what can still be read of it goes over to a new one, in which a new
 * epoch of the same unit begins.
 */
import { existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import type { Settings } from '../contract/settings.ts';
import type { ClockTrust } from '../core/clock.ts';
import type { SiteBundle } from '../core/model.ts';
import { err, type Result } from '../core/result.ts';
import { ClockMarks } from './clock-mark.ts';
import { openDatabase } from './database.ts';
import { type StoreFault, storeFault } from './faults.ts';
import type { Keys } from './keys.ts';
import { readSettings } from './settings.ts';
import { exportSite } from './site.ts';
import { Store } from './store.ts';

/** Which unit wrote a database, as far as anybody can tell. */
export interface Identity {
  readonly unitId: string;
  readonly epoch: number;
}

/** What could still be read; null: it could not, or wasn't there. */
export interface Salvage {
  readonly identity: Identity | null;
  /** The last event that could be read. The hash is in hexadecimal digits. */
  readonly head: { readonly seq: number; readonly hash: string } | null;
  readonly site: SiteBundle | null;
  readonly settings: Settings | null;
  readonly clock: { readonly trustedAt: number; readonly syncedAt: number } | null;
  /** Sealed, of the first manager who isn't there yet. */
  readonly setupCode: Buffer | null;
  /** The unit's key and its hub; null: it has none. */
  readonly hub: HubRow | null;
}

interface HubRow {
  readonly sealedKey: Buffer | null;
  readonly publicKey: string | null;
  readonly tenant: string | null;
  readonly hubKey: string | null;
  readonly sealKey: string | null;
  readonly url: string | null;
  readonly newest: number;
  readonly roster: string | null;
  readonly revokedAt: number | null;
}

const HUB = `
  SELECT sealed_key AS sealedKey, public_key AS publicKey, tenant, hub_key AS hubKey, seal_key AS sealKey, url, newest,
    roster, revoked_at AS revokedAt FROM hub`;

/** Renames the database and what belongs to it. @returns its new path */
export function setAside(file: string): Result<string, StoreFault> {
  let number = 1;
  while (existsSync(`${file}.damaged-${number}`)) number += 1;
  const aside = `${file}.damaged-${number}`;
  try {
    // The log first: a database without it is an older one, a log without its database nothing.
    for (const part of ['-wal', '-shm', '']) if (existsSync(file + part)) renameSync(file + part, aside + part);
    return { ok: true, value: aside };
  } catch (error) {
    return err(storeFault(error, file));
  }
}

/** Reads what can be read of a database that is set aside. @param known what is known of the unit from elsewhere */
export function salvage(aside: string, keys: Keys, known: Identity | null): Salvage {
  let db: Database.Database;
  try {
    db = new Database(aside, { fileMustExist: true });
  } catch {
    return { identity: known, head: null, site: null, settings: null, clock: null, setupCode: null, hub: null };
  }
  const unit = tried(() =>
    db
      .prepare<[], { unitId: string; epoch: number; setupCode: Buffer | null }>(
        'SELECT unit_id AS unitId, epoch, sealed_setup_code AS setupCode FROM unit',
      )
      .get(),
  );
  const head = tried(() =>
    db.prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1').get(),
  );
  const mark = tried(() => new ClockMarks(db).read());
  const found: Salvage = {
    identity: isIdentity(unit) ? { unitId: unit.unitId, epoch: unit.epoch } : known,
    head: head === null ? null : { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') },
    site: tried(() => exportSite(db, keys)),
    settings: tried(() => readSettings(db, keys)),
    clock:
      mark === null || mark.trustedAt === null || mark.syncedAt === null
        ? null
        : { trustedAt: mark.trustedAt, syncedAt: mark.syncedAt },
    setupCode: unit?.setupCode ?? null,
    hub: tried(() => db.prepare<[], HubRow>(HUB).get()),
  };
  tried(() => db.close());
  return found;
}

/** Begins a new database where a damaged one was; its first event names the head of the one before. */
export function beginEpoch(
  file: string,
  keys: Keys,
  aside: string,
  found: Salvage,
  moment: { readonly at: number; readonly clock: ClockTrust },
): Result<Store, StoreFault> {
  const { identity, head, clock, setupCode } = found;
  if (identity !== null) {
    const opened = openDatabase(file);
    if (!opened.ok) return opened;
    const insert = 'INSERT INTO unit (id, unit_id, epoch, sealed_setup_code) VALUES (1, ?, ?, ?)';
    opened.value.prepare(insert).run(identity.unitId, identity.epoch + 1, setupCode);
    if (found.hub !== null) takeOverHub(opened.value, found.hub);
    opened.value.close();
  }
  const store = Store.open(file, keys);
  if (!store.ok) return store;
  const before =
    identity === null ? null : { epoch: identity.epoch, head: head?.seq ?? null, hash: head?.hash ?? null };
  const begun = store.value.transact((writer) => {
    const nothing = { doorId: null, readerId: null, direction: null, result: null, of: null };
    const detail = { what: 'epoch', why: 'damaged', before, aside: basename(aside) };
    writer.record.append({ ...nothing, ...moment, type: 'system', detail });
    if (clock !== null) writer.clockMarks.set(clock.trustedAt, clock.syncedAt);
  });
  if (begun.ok) return store;
  store.value.close();
  return begun;
}

/** It goes on as the unit that it was; what it has of the tenant comes anew. */
function takeOverHub(db: Database.Database, hub: HubRow): void {
  db.prepare(`
    UPDATE hub SET sealed_key = @sealedKey, public_key = @publicKey, tenant = @tenant, hub_key = @hubKey,
      seal_key = @sealKey, url = @url, newest = @newest, roster = @roster, revoked_at = @revokedAt`).run(hub);
  if (hub.tenant !== null) db.prepare('UPDATE retention SET hub_paired = 1').run();
}

function isIdentity(row: { readonly unitId: string; readonly epoch: number } | null): row is Identity {
  return row !== null && typeof row.unitId === 'string' && row.unitId !== '' && Number.isInteger(row.epoch);
}

/** Whatever goes wrong while reading a damaged database, there is nothing of it then. */
function tried<T>(read: () => T): NonNullable<T> | null {
  try {
    return read() ?? null;
  } catch {
    return null;
  }
}
