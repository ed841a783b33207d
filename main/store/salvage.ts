/**
 * A damaged database is set aside, not removed; what can still be read of it goes over to a new one, in which a new
 * epoch of the same unit begins.
 */
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import type { Settings } from '../contract/settings.ts';
import type { ClockTrust } from '../core/clock.ts';
import type { SiteBundle } from '../core/model.ts';
import { err, type Result } from '../core/result.ts';
import { draftOf, type EpochWhy, putInPlace, removeDraft } from './aside.ts';
import { ClockMarks } from './clock-mark.ts';
import { type Connection, openDatabase } from './database.ts';
import { type StoreFault, storeFault } from './faults.ts';
import { foundUnit } from './founding.ts';
import { type Held, HeldStore } from './held.ts';
import type { Keys } from './keys.ts';
import { keepLeftOver, type LeftEvent, readLeftOver } from './left-over.ts';
import { readSettings } from './settings.ts';
import { exportSite } from './site.ts';
import { type StaffEntry, StaffStore } from './staff.ts';
import { Store } from './store.ts';
import { makeWriter } from './writer.ts';

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
  /** Who was made a part of the team here. */
  readonly staff: readonly StaffEntry[];
  /** What the hub doesn't have. */
  readonly held: readonly Held[];
  /** Of this and earlier epochs: the hub doesn't have them. */
  readonly unsent: readonly LeftEvent[];
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

const NOTHING: Omit<Salvage, 'identity'> = {
  ...{
    head: null,
    site: null,
    settings: null,
    staff: [],
    held: [],
    unsent: [],
    clock: null,
    setupCode: null,
    hub: null,
  },
};

/** Reads what can be read of a database that is set aside. @param known what is known of the unit from elsewhere */
export function salvage(aside: string, keys: Keys, known: Identity | null): Salvage {
  let db: Database.Database;
  try {
    db = new Database(aside, { fileMustExist: true });
  } catch {
    return { ...NOTHING, identity: known };
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
  const found: Salvage = {
    identity: isIdentity(unit) ? { unitId: unit.unitId, epoch: unit.epoch } : known,
    head: head === null ? null : { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') },
    site: tried(() => exportSite(db, keys)),
    settings: tried(() => readSettings(db, keys)),
    staff: tried(() => new StaffStore(db, keys).own()) ?? [],
    held: tried(() => new HeldStore(db, keys).waiting(MOST_HELD)) ?? [],
    unsent: readLeftOver(db),
    clock: tried(() => clockOf(new ClockMarks(db).read())),
    setupCode: unit?.setupCode ?? null,
    hub: tried(() => db.prepare<[], HubRow>(HUB).get()),
  };
  tried(() => db.close());
  return found;
}

/** More than anybody makes before the internet is back. */
const MOST_HELD = 10_000;

function clockOf({ trustedAt, syncedAt }: ReturnType<ClockMarks['read']>): Salvage['clock'] {
  return trustedAt === null || syncedAt === null ? null : { trustedAt, syncedAt };
}

interface Moment {
  readonly at: number;
  readonly clock: ClockTrust;
}

/** For the first event: why, and who ordered it. */
interface Cause {
  readonly why: EpochWhy;
  readonly staffId?: string;
}

/**
 * Begins a new database where one was set aside; its first event names the head of the one before. It is made beside its
 * place, so that it can be given whatever else it begins with before `placeEpoch` lets it stand there.
 */
export function draftEpoch(
  file: string,
  keys: Keys,
  aside: string,
  found: Salvage,
  moment: Moment,
  cause: Cause,
): Result<Store, StoreFault> {
  try {
    removeDraft(file);
    const draft = openDatabase(draftOf(file));
    if (!draft.ok) return draft;
    try {
      const begin = draft.value.transaction(() => beginIn(draft.value, keys, aside, found, moment, cause));
      begin.immediate();
    } finally {
      draft.value.close();
    }
  } catch (error) {
    return err(storeFault(error, file));
  }
  return Store.open(draftOf(file), keys);
}

/** Whatever becomes of it, the draft is closed. */
export function placeEpoch(file: string, keys: Keys, draft: Store): Result<Store, StoreFault> {
  try {
    // What only its log has would stay behind under the draft's name.
    const isWhole = draft.purge();
    draft.close();
    if (!isWhole) return err({ code: 'busy', detail: `${draftOf(file)} is read by another program: end that one` });
    putInPlace(file);
  } catch (error) {
    draft.close();
    return err(storeFault(error, file));
  }
  return Store.open(file, keys);
}

function beginIn(db: Connection, keys: Keys, aside: string, found: Salvage, moment: Moment, cause: Cause): void {
  const { identity, head, clock, staff, held } = found;
  if (identity !== null) beginAs(db, keys, identity, found);
  foundUnit(db, keys);
  const writer = makeWriter(db, keys);
  const before =
    identity === null ? null : { epoch: identity.epoch, head: head?.seq ?? null, hash: head?.hash ?? null };
  const nothing = { doorId: null, readerId: null, direction: null, result: null, of: null };
  const detail = { what: 'epoch', ...cause, before, aside: basename(aside) };
  const seq = writer.record.append({ ...nothing, ...moment, type: 'system', detail });
  for (const entry of staff) writer.staff.put(entry);
  for (const { kind, body, madeAt, memberId } of held) writer.held.keep(kind, body, { seq, at: madeAt, memberId });
  if (clock !== null) writer.clockMarks.set(clock.trustedAt, clock.syncedAt);
}

function beginAs(db: Connection, keys: Keys, { unitId, epoch }: Identity, found: Salvage): void {
  const insert = 'INSERT INTO unit (id, unit_id, epoch, sealed_setup_code) VALUES (1, ?, ?, ?)';
  db.prepare(insert).run(unitId, epoch + 1, found.setupCode);
  if (found.hub !== null) takeOverHub(db, found.hub);
  keepLeftOver(db, keys, found.unsent);
}

/** It goes on as the unit that it was; what it has of the tenant comes anew. */
function takeOverHub(db: Connection, hub: HubRow): void {
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
