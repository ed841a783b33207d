import type { Database } from 'better-sqlite3';
import { type Settings, SettingsForm } from '../contract/settings.ts';
import type { Keys } from './keys.ts';

const SETTINGS = 'settings';

/** null while none have been imported. */
export function readSettings(db: Database, keys: Keys): Settings | null {
  const row = db.prepare<[], { sealed: Buffer }>('SELECT sealed FROM settings').get();
  return row === undefined ? null : SettingsForm.parse(keys.open(SETTINGS, row.sealed));
}

export function writeSettings(db: Database, keys: Keys, settings: Settings): void {
  db.prepare(
    'INSERT INTO settings (id, revision, sealed) VALUES (1, 1, ?) ON CONFLICT (id) DO UPDATE SET revision = revision + 1, sealed = excluded.sealed',
  ).run(keys.seal(SETTINGS, settings));
}
