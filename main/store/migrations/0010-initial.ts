/**
 * Dates are epoch days, instants epoch milliseconds, `position` is the place in the bundle's list. Names and codes
 * stand only inside `sealed`; a code is found by its keyed digest. History (usage, ticket_use, stay) has no foreign
 * key to members: it outlives a member who leaves the bundle and may come back. `event_seq` null: came by import.
 */
export const sql = `
CREATE TABLE unit (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  unit_id TEXT NOT NULL,
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  /* Up to this event the hub has said that it is durable there. */
  acknowledged INTEGER NOT NULL DEFAULT 0,
  /* Grows with every import. 0: no site yet. */
  revision INTEGER NOT NULL DEFAULT 0,
  imported_at INTEGER,
  sealed_setup_code BLOB
) STRICT;

CREATE TABLE master (
  kind TEXT NOT NULL CHECK (kind IN ('site', 'store', 'holidays', 'program', 'place', 'door', 'plan', 'ticketType')),
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;

CREATE TABLE member (
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  suspended_profile INTEGER NOT NULL CHECK (suspended_profile IN (0, 1)),
  suspended_identity INTEGER NOT NULL CHECK (suspended_identity IN (0, 1)),
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE code (
  digest BLOB PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX code_of_member ON code (member_id);

CREATE TABLE contract (
  member_id TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  plan_id TEXT NOT NULL,
  from_day INTEGER NOT NULL,
  to_day INTEGER,
  PRIMARY KEY (member_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  type_id TEXT NOT NULL,
  issued_day INTEGER NOT NULL,
  remaining INTEGER NOT NULL CHECK (remaining >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_of_member ON ticket (member_id, position);

CREATE TABLE reservation (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  store_id TEXT NOT NULL,
  program_id TEXT NOT NULL,
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL CHECK (end_at > start_at),
  status TEXT NOT NULL CHECK (status IN ('booked', 'cancelled'))
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_of_member ON reservation (member_id, end_at);

CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  /* The event as it is printed and hashed: one JSON object. */
  body TEXT NOT NULL CHECK (json_valid(body)),
  /* SHA-256 of the hash before and this body. */
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are not changed'); END;
CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are not removed'); END;

/* Events that commanded a door and have no outcome yet; what is here at a start was cut off. */
CREATE TABLE command (
  event_seq INTEGER PRIMARY KEY REFERENCES event (seq)
) STRICT;

CREATE TABLE usage (
  member_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  contract_id TEXT NOT NULL,
  band_id TEXT NOT NULL,
  event_seq INTEGER REFERENCES event (seq),
  PRIMARY KEY (member_id, day, contract_id, band_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_use (
  id INTEGER PRIMARY KEY,
  ticket_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  uses INTEGER NOT NULL CHECK (uses >= 1),
  event_seq INTEGER REFERENCES event (seq)
) STRICT;
CREATE INDEX ticket_use_of_ticket ON ticket_use (ticket_id, day);

CREATE TABLE stay (
  id INTEGER PRIMARY KEY,
  member_id TEXT NOT NULL,
  place_id TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  via_contract_id TEXT,
  via_until INTEGER,
  entry_seq INTEGER REFERENCES event (seq),
  exited_at INTEGER,
  exit_seq INTEGER REFERENCES event (seq),
  CHECK (via_until IS NULL OR via_contract_id IS NOT NULL),
  CHECK ((exited_at IS NULL) = (exit_seq IS NULL))
) STRICT;
CREATE INDEX stay_without_exit ON stay (member_id, place_id, entered_at) WHERE exited_at IS NULL;
`;
