/** The store that the configuration names: PostgreSQL, or a file of SQLite in the data folder. */
import { join } from 'node:path';
import type { Clock } from '../../main/core/clock.ts';
import { err, ok, type Result } from '../../main/core/result.ts';
import type { HubConfig } from './config.ts';
import { makeFolder } from './folder.ts';
import { placeOf } from './log.ts';
import type { HubStore } from './ports.ts';
import { standAlone } from './store/alone.ts';
import { openHubStore } from './store/store.ts';

const ADDRESS = 'is PostgreSQL running, and the address right?';
const ACCESS = 'are person, password and database in it known there?';
const FOLDER = 'name a folder that the hub may write';
const BACKUP = 'put a backup in its place, as resources/manual/hub.md says';
/** By the codes of the system, of SQLite, of PostgreSQL. */
const HINTS: Readonly<Record<string, string>> = {
  ...{ EACCES: FOLDER, EEXIST: FOLDER, ENOTDIR: FOLDER, EROFS: FOLDER },
  ...{ SQLITE_CANTOPEN: FOLDER, SQLITE_READONLY: FOLDER },
  ...{ ENOSPC: 'make room on its disk', SQLITE_FULL: 'make room on its disk' },
  ...{ SQLITE_NOTADB: BACKUP, SQLITE_CORRUPT: BACKUP },
  ...{ ECONNREFUSED: ADDRESS, ENOENT: ADDRESS, ENOTFOUND: ADDRESS, ETIMEDOUT: ADDRESS, EHOSTUNREACH: ADDRESS },
  ...{ '28000': ACCESS, '28P01': ACCESS, '3D000': ACCESS },
};
const OTHERWISE = 'has a newer hub written it?';

/** @returns one line that says why not: never the address, which may have a password in it */
export async function openStore({ databaseUrl, dataDir }: HubConfig, clock: Clock): Promise<Result<HubStore, string>> {
  try {
    if (databaseUrl !== null) return ok(await openHubStore({ url: databaseUrl }, clock));
    makeFolder(dataDir);
    const file = join(dataDir, 'hub.sqlite');
    const giveBack = standAlone(`${file}.lock`);
    if (giveBack === null)
      return err(`HUB_DATA: another hub has ${dataDir}: end that one, or set another folder or DATABASE_URL`);
    return await openAlone(file, giveBack, clock);
  } catch (error) {
    const what = databaseUrl === null ? `HUB_DATA: ${dataDir}` : 'DATABASE_URL: the database';
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const hint = databaseUrl === null && code === 'ENOENT' ? FOLDER : (HINTS[code] ?? OTHERWISE);
    return err(`${what} can’t be opened: ${hint} (${placeOf(error)})`);
  }
}

async function openAlone(file: string, giveBack: () => void, clock: Clock): Promise<Result<HubStore, string>> {
  try {
    const store = await openHubStore({ file }, clock);
    return ok({ ...store, close: () => store.close().finally(giveBack) });
  } catch (error) {
    giveBack();
    throw error;
  }
}
