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
import { importDocument, takeBackDocument } from './import.ts';

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
    const usable = tried(database, () => withSite(loaded, opened.value, clock));
    if (usable.ok) {
      if (usable.value.ok) noteUnit(files, opened.value);
      return usable.value.ok ? ok({ store: opened.value, broken: null, told: [] }) : usable.value;
    }
    opened.value.close();
    return usable.error.code === 'corrupt'
      ? rebuilt(loaded, files, keys.value, clock, 'damaged')
      : standIn(database, keys.value, usable.error);
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
  return store.ok ? ok({ store: store.value, broken, told: [broken.detail] }) : err([broken.detail]);
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
  if (!aside.ok) return standIn(database, keys, aside.error);
  const found = salvage(aside.value, keys, readIdentity(files.identity));
  const moment = { at: clock.wall(), clock: trustOf(clock, found) };
  const draft = draftEpoch(database, keys, aside.value, found, moment, { why });
  const taken = draft.ok ? takeBack(draft.value, found, clock) : [];
  const store = draft.ok ? placeEpoch(database, keys, draft.value) : draft;
  if (!store.ok) {
    // What it has can still be read, and is tried again.
    const back = bringBack(database, aside.value);
    return standIn(database, keys, back.ok ? store.error : back.error);
  }
  const told = [`${WHAT_WAS[why]} and is set aside as ${aside.value}`, ...taken];
  const site = withSite(loaded, store.value, clock);
  if (!site.ok) return site;
  noteUnit(files, store.value);
  return ok({ store: store.value, broken: null, told });
}

/** In the new epoch's first event: nobody has vouched for a clock that is behind what the old one knew. */
function trustOf(clock: Clock, { clock: past }: Salvage) {
  return trustAfter(clock, { trustedAt: past?.trustedAt ?? null, syncedAt: past?.syncedAt ?? null, before: null });
}

/** What could be read of the old one: members, settings, history. */
function takeBack(store: Store, { site, settings }: Salvage, clock: Clock): string[] {
  const taken = [site, settings].flatMap((document) =>
    document === null ? [] : [takeBackDocument(store, document, clock.wall())],
  );
  if (taken.length === 0) return ['nothing of its site could be read: the site of the configuration holds'];
  return taken.map((result) =>
    result.ok ? `taken over from it: ${result.value}` : 'what it has of the site is damaged',
  );
}

/** Takes site and settings in where there are none; checks that every configured door is one of the site's. */
function withSite({ config, siteFile, settingsFile }: LoadedConfig, store: Store, clock: Clock): Result<void, Trouble> {
  const ofSite = store.master() === null && siteFile !== null ? firstImport(store, siteFile, clock) : [];
  // A hub's unit has its settings from there.
  const wantsSettings = ofSite.length === 0 && store.settings() === null && store.documentRule() === null;
  const ofSettings = wantsSettings && settingsFile !== null ? firstImport(store, settingsFile, clock) : [];
  const trouble = [...ofSite, ...ofSettings];
  const doors = new Set(store.master()?.doors.map(({ id }) => id));
  const unknown = doors.size === 0 ? [] : unknownDoors(config, doors).map(errorText);
  if (trouble.length === 0 && unknown.length === 0) return ok(undefined);
  store.close();
  return err([...trouble, ...unknown]);
}

function firstImport(store: Store, file: string, clock: Clock): Trouble {
  const json = readJson(file);
  if (!json.ok) return [json.error];
  const taken = importDocument(store, json.value, clock.wall());
  return taken.ok ? [] : taken.error.map((line) => `${file}: ${line}`);
}

function noteUnit({ identity }: DataFiles, store: Store): void {
  const { unit_id: unitId, epoch } = store.record.unit();
  noteIdentity(identity, { unitId, epoch });
}

function tried<T>(file: string, body: () => T): Result<T, StoreFault> {
  try {
    return ok(body());
  } catch (error) {
    return err(storeFault(error, file));
  }
}
