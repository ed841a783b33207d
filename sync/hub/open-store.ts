/** The store that the configuration names: PostgreSQL, or a file of SQLite. */
import type { Clock } from '../../main/core/clock.ts';
import { err, type Result } from '../../main/core/result.ts';
import type { HubConfig } from './config.ts';
import type { HubStore } from './ports.ts';

export async function openHubStore(_config: HubConfig, _clock: Clock): Promise<Result<HubStore, string>> {
  return err('there is no store yet');
}
