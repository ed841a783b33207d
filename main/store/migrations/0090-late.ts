/**
 * `clock_mark`: when the clock was last trusted, and last vouched for (epoch ms). `late_taken`: up to which entry of the
 * reserve file the record has taken what happened while it could not be written.
 */
export const sql = `
CREATE TABLE clock_mark (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  trusted_at INTEGER NOT NULL,
  synced_at INTEGER NOT NULL
) STRICT;

CREATE TABLE late_taken (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  reserve TEXT NOT NULL,
  up_to INTEGER NOT NULL
) STRICT;
`;
