/**
 * What staff have ordered for doors, and a fire that nobody has reset: a restart forgets neither. `held_until` is epoch
 * ms.
 */
export const sql = `
CREATE TABLE door_order (
  door_id TEXT PRIMARY KEY,
  lockdown INTEGER NOT NULL CHECK (lockdown IN (0, 1)),
  held_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE fire_latch (
  id INTEGER PRIMARY KEY CHECK (id = 1)
) STRICT;
`;
