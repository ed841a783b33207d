/**
 * Opens the unit's store for a run: takes the site in at the very first start, rebuilds what is damaged, and finds a
 * stand-in where it can't be written, since people must get out all the same.
 */
import { existsSync } from 'node:fs';
import { unknownDoors } from '../contract/config.ts';
import { errorText } from '../contract/issues.ts';
import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import { bringBack, type EpochWhy, finishAside, setAside } from '../store/aside.ts';
import { type DataFiles, noteIdentity, openStore, readIdentity, readKey } from '../store/data-dir.ts';
import { type StoreFault, storeFault } from '../store/faults.ts';
import type { Keys } from '../store/keys.ts';
import { draftEpoch, placeEpoch, type Salvage, salvage } from '../store/salvage.ts';
import { Store } from '../store/store.ts';
import { trustAfter } from './clock-trust.ts';
import { type LoadedConfig, readJson, type Trouble } from './config-file.ts';
import { type NotTaken, takeBackDocument, takeDocument } from './import.ts';

export type RebuildWhy = Exclude<EpochWhy, 'swap'>;

const WHAT_WAS: Readonly<Record<RebuildWhy, string>> = {
  damaged: 'the database was damaged',
  'put-back': 'the database is an older copy of what the hub has of this unit',
};

export interface ReadyStore {
  readonly store: Store;
  /** Not null: `store` is the unit's own, for reading alone, or an empty one in memory; nothing may be written there. */
  readonly broken: StoreFault | null;
  /** What had to be done, in lines for the log. */
  readonly told: readonly string[];
  /** The database has to be begun anew for this, and couldn't be yet; null: it hasn't. */
  readonly unfinished: RebuildWhy | null;
}

export function readyStore(
  loaded: LoadedConfig,
  files: DataFiles,
  clock: Clock,
  rebuild: RebuildWhy | null = null,
): Result<ReadyStore, Trouble> {
  const { database } = files;
  const keys = readKey(files.key);
  if (!keys.ok) return err([keys.error.detail]);
  const finished = finishAside(database);
  if (!finished.ok) return standIn(database, keys.value, finished.error);
  const wasThere = existsSync(database);
  if (rebuild !== null) return rebuilt(loaded, files, keys.value, clock, rebuild);
  const opened = openStore(loaded.dataDir, 'write');
  if (opened.ok) {
    const usable = withSite(loaded, opened.value, clock);
    if (usable.ok) {
      noteUnit(files, opened.value);
      return ok({ store: opened.value, broken: null, told: [], unfinished: null });
    }
    opened.value.close();
    const { lines, fault } = usable.error;
    if (fault === null) return err(lines);
    return fault.code === 'corrupt'
      ? rebuilt(loaded, files, keys.value, clock, 'damaged')
      : standIn(database, keys.value, fault);
  }
  const { code, detail } = opened.error;
  if (code === 'corrupt') return rebuilt(loaded, files, keys.value, clock, 'damaged');
  const isDisk = code === 'full' || code === 'read-only' || code === 'failed' || code === 'busy';
  return wasThere && isDisk ? standIn(database, keys.value, opened.error) : err([detail]);
}

/** Reads the unit's own where that is possible; entries are then judged by it, as the door says. */
function standIn(file: string, keys: Keys, broken: StoreFault): Result<ReadyStore, Trouble> {
  const readable = Store.open(file, keys, 'read');
  const store = readable.ok ? readable : Store.open(':memory:', keys);
  if (!store.ok) return err([broken.detail]);
  return ok({ store: store.value, broken, told: [broken.detail], unfinished: null });
}

/** The old one goes on meanwhile, where a start can read what it needs of it. */
function postponed(file: string, keys: Keys, broken: StoreFault, why: RebuildWhy): Result<ReadyStore, Trouble> {
  const old = Store.open(file, keys, 'read');
  const isReadable = old.ok && canStart(old.value);
  if (old.ok && !isReadable) old.value.close();
  const store = isReadable ? old : Store.open(':memory:', keys);
  if (!store.ok) return err([broken.detail]);
  const trouble = broken.code === 'full' ? 'there is no room for a new one' : 'a new one could not be made';
  const told = [`${WHAT_WAS[why]}, and ${trouble}: ${broken.detail}. It stays, and is tried again`];
  return ok({ store: store.value, broken, told, unfinished: why });
}

/** Whatever is damaged of the rest is met by whoever asks for it, as in any run. */
function canStart(store: Store): boolean {
  try {
    const { record, doorOrders, clockMarks, staff, pinTrials, held, ownCodes } = store;
    for (const read of [() => record.unit(), () => record.last(), () => store.master(), () => store.settings()]) read();
    for (const read of [() => doorOrders.read(), () => clockMarks.read(), () => staff.list()]) read();
    for (const read of [() => pinTrials.all(), () => held.waitingCount(), () => ownCodes.staffCodes()]) read();
    return store.setupCode() !== undefined && store.outbox() >= 0 && store.memberCount() >= 0;
  } catch {
    return false;
  }
}

function rebuilt(
  loaded: LoadedConfig,
  files: DataFiles,
  keys: Keys,
  clock: Clock,
  why: RebuildWhy,
): Result<ReadyStore, Trouble> {
  const { database } = files;
  const aside = setAside(database, why);
  if (!aside.ok) return postponed(database, keys, aside.error, why);
  const begun = begunAnew(loaded, files, keys, clock, aside.value, why);
  if (begun.ok) {
    const told = [`${WHAT_WAS[why]} and is set aside as ${aside.value}`, ...begun.value.told];
    noteUnit(files, begun.value.store);
    return ok({ store: begun.value.store, broken: null, told, unfinished: null });
  }
  const { lines, fault } = begun.error;
  const back = bringBack(database, aside.value);
  if (!back.ok) return postponed(database, keys, back.error, why);
  return fault === null ? err(lines) : postponed(database, keys, fault, why);
}

/** With all that could be read of the old one, or what the configuration has: a unit that knows nobody is no unit. */
function begunAnew(
  loaded: LoadedConfig,
  { database, identity }: DataFiles,
  keys: Keys,
  clock: Clock,
  aside: string,
  why: RebuildWhy,
): Result<{ readonly store: Store; readonly told: readonly string[] }, NotTaken> {
  const found = salvage(aside, keys, readIdentity(identity));
  const moment = { at: clock.wall(), clock: trustOf(clock, found) };
  const draft = draftEpoch(database, keys, aside, found, moment, { why });
  if (!draft.ok) return failed(draft.error);
  const taken = takeBack(draft.value, found, clock);
  const ready = taken.ok ? withSite(loaded, draft.value, clock) : taken;
  if (!taken.ok || !ready.ok) draft.value.close();
  if (!taken.ok) return taken;
  if (!ready.ok) return ready;
  const store = placeEpoch(database, keys, draft.value);
  return store.ok ? ok({ store: store.value, told: taken.value }) : failed(store.error);
}

function failed(fault: StoreFault): Result<never, NotTaken> {
  return err({ lines: [fault.detail], fault });
}

/** In the new epoch's first event: nobody has vouched for a clock that is behind what the old one knew. */
function trustOf(clock: Clock, { clock: past }: Salvage) {
  return trustAfter(clock, { trustedAt: past?.trustedAt ?? null, syncedAt: past?.syncedAt ?? null, before: null });
}

/** What could be read of the old one: members, settings, history. @returns lines for the log */
function takeBack(store: Store, { site, settings }: Salvage, clock: Clock): Result<string[], NotTaken> {
  const told: string[] = [];
  for (const document of [site, settings]) {
    if (document === null) continue;
    const taken = takeBackDocument(store, document, clock.wall());
    if (!taken.ok && taken.error.fault !== null) return taken;
    told.push(taken.ok ? `taken over from it: ${taken.value}` : 'what it has of the site is damaged');
  }
  return ok(told.length > 0 ? told : ['nothing of its site could be read: the site of the configuration holds']);
}

/** Takes site and settings in where there are none; checks that every configured door is one of the site's. */
function withSite(loaded: LoadedConfig, store: Store, clock: Clock): Result<void, NotTaken> {
  try {
    const { config, siteFile, settingsFile } = loaded;
    const site = store.master() === null && siteFile !== null ? firstImport(store, siteFile, clock) : ok(undefined);
    // A hub's unit has its settings from there.
    const wantsSettings = site.ok && store.settings() === null && store.documentRule() === null;
    const settings = wantsSettings && settingsFile !== null ? firstImport(store, settingsFile, clock) : site;
    if (!settings.ok && settings.error.fault !== null) return settings;
    const doors = new Set(store.master()?.doors.map(({ id }) => id));
    const unknown = doors.size === 0 ? [] : unknownDoors(config, doors).map(errorText);
    const lines = [...(settings.ok ? [] : settings.error.lines), ...unknown];
    return lines.length === 0 ? ok(undefined) : err({ lines, fault: null });
  } catch (error) {
    return failed(storeFault(error, loaded.dataDir));
  }
}

function firstImport(store: Store, file: string, clock: Clock): Result<void, NotTaken> {
  const json = readJson(file);
  if (!json.ok) return err({ lines: [json.error], fault: null });
  const taken = takeDocument(store, json.value, clock.wall());
  if (taken.ok) return ok(undefined);
  const { lines, fault } = taken.error;
  return err({ lines: lines.map((line) => `${file}: ${line}`), fault });
}

function noteUnit({ identity }: DataFiles, store: Store): void {
  const { unit_id: unitId, epoch } = store.record.unit();
  noteIdentity(identity, { unitId, epoch });
}
