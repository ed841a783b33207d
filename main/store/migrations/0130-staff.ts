/**
 * What is made on the unit. `held` has what belongs to the hub later: it stays until the hub says that it is durable
 * there (`taken_at`). Staff of the unit stand beside those of the settings. Codes are found by their keyed digest alone:
 * who made one sees it once. `pin_trial` remembers wrong PINs across a restart. Times are epoch ms.
 */
export const sql = `
CREATE TABLE held (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  /* Whose data it is, so that it goes when the person is erased; null: nobody's that is known here. */
  member_id TEXT,
  /* Empty once the hub has it. */
  sealed BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  /* The event that says who made it. No foreign key: it goes by its own time. */
  event_seq INTEGER NOT NULL,
  taken_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX held_waiting ON held (event_seq, id) WHERE taken_at IS NULL;
CREATE INDEX held_of_member ON held (member_id) WHERE member_id IS NOT NULL;

CREATE TABLE unit_staff (
  id TEXT PRIMARY KEY,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pin_trial (
  /* \`staff ID\`, \`setup\` or \`unit\`. */
  who TEXT PRIMARY KEY,
  failures INTEGER NOT NULL CHECK (failures >= 1),
  failed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_code (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
  id TEXT NOT NULL UNIQUE,
  staff_id TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE visitor_pass (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
  id TEXT NOT NULL UNIQUE,
  until INTEGER NOT NULL,
  /* The ids of the doors that it opens. */
  doors TEXT NOT NULL CHECK (json_valid(doors)),
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visitor_pass_until ON visitor_pass (until);
`;
