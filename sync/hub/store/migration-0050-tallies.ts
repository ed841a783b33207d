/** Events go after 13 months; how many there were of each answer stays, without persons. */
import type { Words } from './migrate.ts';

/** What a database from before has let go already is counted by nobody. `door`, `direction`: empty where there is none. */
export function tallies({ text, int, end }: Words): readonly string[] {
  return [
    `CREATE TABLE tally (tenant ${text} NOT NULL, day ${text} NOT NULL, unit ${text} NOT NULL, door ${text} NOT NULL,
      direction ${text} NOT NULL, reason ${text} NOT NULL, times ${int} NOT NULL,
      PRIMARY KEY (tenant, day, unit, door, direction, reason)) ${end}`,
  ];
}
