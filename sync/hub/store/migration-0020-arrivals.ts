/** Events are taken first and judged later: what has come and isn't judged yet, in the order in which it came. */
import type { Words } from './migrate.ts';

/** A database from before has judged all that it has: both tables begin empty. */
export function arrivals({ text, int, end }: Words): readonly string[] {
  return [
    `CREATE TABLE intake (tenant ${text} PRIMARY KEY, last ${int} NOT NULL) ${end}`,
    `CREATE TABLE arrival (tenant ${text} NOT NULL, number ${int} NOT NULL, unit ${text} NOT NULL, epoch ${int} NOT NULL,
      first ${int} NOT NULL, last ${int} NOT NULL, site ${text} NOT NULL, received_at ${int} NOT NULL,
      PRIMARY KEY (tenant, number)) ${end}`,
  ];
}
