/** The unit's own folder, and its configuration beside its site. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, unknownDoors } from '../contract/config.ts';
import { errorText } from '../contract/issues.ts';
import { parseSettings, type Settings } from '../contract/settings.ts';
import { parseSite } from '../contract/site.ts';
import { readJson } from '../controller/config-file.ts';
import type { MasterData } from '../core/model.ts';
import { err } from '../core/result.ts';
import { DAY_MS } from '../core/time/day.ts';
import { countAside, listAside, MOST_PUT_BACK } from '../store/aside.ts';
import type { DataFiles } from '../store/data-dir.ts';
import { quickCheck } from '../store/quick-check.ts';
import { bad, type Check, fine } from './doctor-check.ts';

const LEAST_BYTES = 200_000_000;
const ENOUGH_BYTES = 1_000_000_000;
const TMPFS = 0x0102_1994;
const RAMFS = 0x8584_58f6;

/** The data folder, its key and its database. Nothing is written. */
export function dataChecks(dataDir: string, files: DataFiles): readonly Check[] {
  const there = nearest(dataDir);
  const checks = [room(dataDir, there), permission(dataDir, there)];
  if (!existsSync(files.database)) return [...checks, fine('data/database', 'none yet: made at the first start')];
  return [...checks, key(files.key), database(files.database), ...copies(files.database)];
}

/** Databases that were set aside, and the disk that they take. */
function copies(file: string): readonly Check[] {
  const byWhy = Map.groupBy(listAside(file), ({ why }) => why);
  if (byWhy.size === 0) return [];
  const kept = [...byWhy].map(([why, all]) => {
    const first = new Date(Math.min(...all.map(({ since }) => since))).toISOString();
    return `${file}.${why}-N: ${all.length}, since ${first.slice(0, first.indexOf('T'))}`;
  });
  const detail = `set aside beside the database, with members: ${kept.join('; ')}`;
  if (countAside(file, 'put-back') < MOST_PUT_BACK)
    return [
      fine(
        'data/copies',
        detail,
        'once the hub has all events of this unit (outbox 0 in healthz), move them to another disk, or delete them with what is beside them as -wal and -shm',
      ),
    ];
  const todo = 'no further epoch is begun: see why the hub says that this disk is an older copy, then move them away';
  return [bad('data/copies', detail, todo)];
}

/** The folder itself, or the nearest one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

function room(dataDir: string, there: string): Check {
  const { bavail, bsize, type } = statfsSync(there);
  const free = bavail * bsize;
  const detail = `${dataDir}: ${Math.floor(free / 1e6)} MB free`;
  if (free < LEAST_BYTES)
    return bad('data/space', detail, 'free space on its disk: what can’t be recorded isn’t opened for');
  if (type === TMPFS || type === RAMFS)
    return fine('data/space', `${detail}, in memory`, 'put dataDir on a disk: a power cut loses the record');
  return fine('data/space', detail, free < ENOUGH_BYTES ? 'a gigabyte is a good year; free some space' : null);
}

function permission(dataDir: string, there: string): Check {
  try {
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return bad(
      'data/permission',
      `${dataDir} cannot be written`,
      'run this as the user that the controller runs as, or give that user the folder',
    );
  }
  if (there !== dataDir) return fine('data/permission', `${dataDir} is made at the first start`);
  const others = statSync(dataDir).mode & 0o007;
  const todo = `chmod 700 ${dataDir}: other users of this machine could read it`;
  return fine('data/permission', `${dataDir} can be written`, others === 0 ? null : todo);
}

function key(file: string): Check {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined)
    return bad('data/key', `${file} is not there`, 'restore it from the last backup: without it nobody is known');
  if ((found.mode & 0o077) !== 0) return bad('data/key', `${file} can be read by other users`, `chmod 600 ${file}`);
  return fine('data/key', `${file} is its user’s alone`);
}

function database(file: string): Check {
  const checked = quickCheck(file);
  if (checked.ok) return fine('data/database', `${file} is whole (quick check)`);
  return bad('data/database', checked.error.detail, 'the door admits nobody from a damaged record: act now');
}

/** What configuration and site say of each other. @param siteFile taken in at the first start; null: none */
export function siteChecks(
  config: Config,
  { site: imported, isPaired }: Pick<SettingsLook, 'site' | 'isPaired'>,
  siteFile: string | null,
): readonly Check[] {
  if (imported !== null) return compared(config, imported);
  if (isPaired)
    return [
      fine(
        'site',
        'none yet: it comes from the hub',
        'it comes while the controller runs: see hub in healthz; or import what the hub has signed',
      ),
    ];
  if (siteFile === null) {
    const way = config.hub === null ? 'genkan import FILE, or "site" in the configuration' : 'genkan pair URL CODE';
    return [fine('site', 'none has been imported', way)];
  }
  const json = readJson(siteFile);
  const site = json.ok ? parseSite(json.value) : err([{ path: 'site', expected: json.error }]);
  if (!site.ok)
    return [
      bad('site', site.error.slice(0, 5).map(errorText).join('; '), 'correct it: each mistake is named by its path'),
    ];
  return [fine('site', `${siteFile} is taken in at the first start`), ...compared(config, site.value)];
}

export interface SettingsLook {
  /** null: none are in the store, or there is none. */
  readonly imported: Settings | null;
  /** What they refer to: that of the store. */
  readonly site: MasterData | null;
  /** They come from the hub, and from no file. */
  readonly isPaired: boolean;
}

/** What is beside the site. @param siteFile what it refers to where none is imported @param file taken in where none are; null: none */
export function settingsChecks(
  { imported, site, isPaired }: SettingsLook,
  siteFile: string | null,
  file: string | null,
): readonly Check[] {
  if (imported !== null) return [fine('settings', settingsText(imported))];
  if (isPaired) return [fine('settings', 'none yet: they come from the hub')];
  if (file === null)
    return [
      fine('settings', 'none: no passes are taken, no hours or closed days hold, nobody is sent by the operator'),
    ];
  const json = readJson(file);
  if (!json.ok) return [bad('settings', json.error, 'correct "settings" in the configuration, or set it to null')];
  const master = site ?? siteIn(siteFile);
  if (master === null)
    return [fine('settings', `${file} waits for a site, which it refers to`, 'import the site first')];
  const settings = parseSettings(json.value, master);
  if (settings.ok) return [fine('settings', `${file} is taken in at the next start: ${settingsText(settings.value)}`)];
  const lines = settings.error.slice(0, 5).map(errorText).join('; ');
  return [bad('settings', lines, 'correct it: each mistake is named by its path')];
}

/** Counts: who looks at this need not know whose. */
function settingsText({ tenant, passKeys, staff, doorSchedules, closedDays }: Settings): string {
  const passes = tenant === null ? 'no passes' : `passes by ${passKeys.length} keys`;
  return `${passes}, ${staff.length} of the team, hours of ${doorSchedules.length} doors, closed days of ${closedDays.length}`;
}

function siteIn(file: string | null): MasterData | null {
  const json = file === null ? null : readJson(file);
  const site = json?.ok ? parseSite(json.value) : null;
  return site?.ok ? site.value : null;
}

function compared(config: Config, master: MasterData): readonly Check[] {
  return [doorsCheck(config, master), ...passback(config, master), ...terminals(config, master)];
}

function doorsCheck(config: Config, master: MasterData): Check {
  const unknown = unknownDoors(config, new Set(master.doors.map(({ id }) => id)));
  if (unknown.length > 0)
    return bad('site/doors', unknown.map(errorText).join('; '), 'correct the id, or import the site that has it');
  const own = new Set([
    ...config.doors.map(({ id }) => id),
    ...(config.lan?.terminals ?? []).map(({ doorId }) => doorId),
  ]);
  const others = master.doors.filter(({ id }) => !own.has(id)).map(({ id }) => id);
  const detail = `${master.doors.length} in the site, ${config.doors.length} in the configuration`;
  const todo = `without configuration here: ${others.join(', ')}; right if another unit has them`;
  return fine('site/doors', detail, others.length === 0 ? null : todo);
}

/** Whoever went out without being seen is not let in again. */
function passback({ doors, lan }: Config, master: MasterData): readonly Check[] {
  const placeOf = new Map(master.doors.map(({ id, placeId }) => [id, placeId]));
  const exits = [
    ...doors.filter(({ readers }) => readers.some(({ direction }) => direction !== 'in')).map(({ id }) => id),
    ...(lan?.terminals ?? []).filter(({ direction }) => direction === 'out').map(({ doorId }) => doorId),
  ];
  const withExit = new Set(exits.map((door) => placeOf.get(door)));
  const own = new Set(doors.map(({ id }) => id));
  return master.doors
    .filter(({ id, passback: rule, policy }) => rule === 'deny' && policy !== 'record-only' && own.has(id))
    .map(({ id, placeId }) => {
      const name = `passback/${id}`;
      if (withExit.has(placeId)) return fine(name, `anti-passback deny, and ${placeId} has an exit reader`);
      const detail = `anti-passback deny at ${placeId}, which has no exit reader here: who has left is refused until the stay is too old`;
      return bad(
        name,
        detail,
        'add a reader with direction out or toggle (also on another unit), or set passback to warn',
      );
    });
}

function terminals({ lan }: Config, master: MasterData): readonly Check[] {
  return (lan?.terminals ?? []).flatMap(({ id, doorId }) => {
    const policy = master.doors.find((door) => door.id === doorId)?.policy;
    if (policy === undefined || policy === 'record-only') return [];
    const detail = `its door ${doorId} has the policy ${policy}; what it reports is judged as record-only all the same`;
    return [fine(`terminals/${id}`, detail, 'set the door’s policy to record-only')];
  });
}

/** The LAN server's certificate. @param now epoch ms */
export function lanChecks({ lan }: Config, now: number): readonly Check[] {
  if (lan === null) return [];
  if (lan.tls === null) return [fine('lan', `plain, on ${lan.host} alone`)];
  const { cert, key: keyFile } = lan.tls;
  try {
    const certificate = new X509Certificate(readFileSync(cert));
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile)))) {
      return [
        bad(
          'lan/certificate',
          `${cert} and ${keyFile} don’t belong together`,
          'name the key with which the certificate was made',
        ),
      ];
    }
    return [validity(certificate, cert, now), keyMode(keyFile)];
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return [
      bad('lan/certificate', `${cert} or ${keyFile} can’t be used (${why})`, 'name PEM files that this user may read'),
    ];
  }
}

function validity({ validToDate }: X509Certificate, file: string, now: number): Check {
  const days = Math.floor((validToDate.getTime() - now) / DAY_MS);
  const todo = 'make a new one, give it to the terminals, restart the controller';
  if (days < 0) return bad('lan/certificate', `${file} ended ${-days} days ago`, todo);
  return fine('lan/certificate', `${file} holds for ${days} days`, days < 30 ? todo : null);
}

function keyMode(file: string): Check {
  if ((statSync(file).mode & 0o007) === 0) return fine('lan/key', `${file} is not for everybody`);
  return bad('lan/key', `${file} can be read by every user`, `chmod 640 ${file}`);
}
