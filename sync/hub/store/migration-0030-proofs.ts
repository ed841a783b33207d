/** What a unit's own connection brings is taken before its signature is checked; it is kept with the arrival until then. */
import type { Words } from './migrate.ts';

/** What waits in a database from before was checked when it came. */
export function proofs({ text, bytes, int }: Words): readonly string[] {
  return [
    `ALTER TABLE arrival ADD COLUMN proof ${text}`,
    `ALTER TABLE arrival ADD COLUMN base ${bytes}`,
    `ALTER TABLE tenant ADD COLUMN proven ${int} NOT NULL DEFAULT 0`,
  ];
}
