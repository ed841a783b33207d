/** The store that the configuration names: PostgreSQL, or a file of SQLite in the data folder. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../main/core/clock.ts';
import { err, ok, type Result } from '../../main/core/result.ts';
import type { HubConfig } from './config.ts';
import { placeOf } from './log.ts';
import type { HubStore } from './ports.ts';
import { openHubStore } from './store/store.ts';

/** @returns one line that says why not: never the address, which may have a password in it */
export async function openStore({ databaseUrl, dataDir }: HubConfig, clock: Clock): Promise<Result<HubStore, string>> {
  try {
    if (databaseUrl !== null) return ok(await openHubStore({ url: databaseUrl }, clock));
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return ok(await openHubStore({ file: join(dataDir, 'hub.sqlite') }, clock));
  } catch (error) {
    const what = databaseUrl === null ? `HUB_DATA: ${dataDir}` : 'DATABASE_URL: the database';
    return err(`${what} can’t be opened (${placeOf(error)})`);
  }
}
