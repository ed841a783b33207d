/**
 * A unit that has a hub. A row of history says whose it is: `event_seq` (`entry_seq`) is this unit's own event of this
 * epoch; else `wire_id` is its id at the hub, and `unit` the unit that recorded it (null: the hub has it from
 * elsewhere). With neither it came by hand. `at_hub`: 1 once it has come from the hub.
 *
 * A date counts once, however many units counted it: `usage` has one row of each, `usage_more` the rest. `hub_remaining`
 * is what the hub says that a ticket has left; `remaining` is less what is used here and not there yet.
 */
export const sql = `
ALTER TABLE usage ADD COLUMN unit TEXT;
ALTER TABLE usage ADD COLUMN wire_id TEXT;
ALTER TABLE usage ADD COLUMN at_hub INTEGER NOT NULL DEFAULT 0 CHECK (at_hub IN (0, 1));
CREATE INDEX usage_by_wire ON usage (wire_id) WHERE wire_id IS NOT NULL;

CREATE TABLE usage_more (
  id INTEGER PRIMARY KEY,
  member_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  contract_id TEXT NOT NULL,
  band_id TEXT NOT NULL,
  event_seq INTEGER,
  unit TEXT,
  wire_id TEXT,
  at_hub INTEGER NOT NULL DEFAULT 0 CHECK (at_hub IN (0, 1)),
  CHECK (event_seq IS NOT NULL OR wire_id IS NOT NULL)
) STRICT;
CREATE INDEX usage_more_of_member ON usage_more (member_id, day);
CREATE INDEX usage_more_by_wire ON usage_more (wire_id) WHERE wire_id IS NOT NULL;

ALTER TABLE ticket_use ADD COLUMN unit TEXT;
ALTER TABLE ticket_use ADD COLUMN wire_id TEXT;
ALTER TABLE ticket_use ADD COLUMN at_hub INTEGER NOT NULL DEFAULT 0 CHECK (at_hub IN (0, 1));
CREATE INDEX ticket_use_by_wire ON ticket_use (wire_id) WHERE wire_id IS NOT NULL;

ALTER TABLE ticket ADD COLUMN hub_remaining INTEGER CHECK (hub_remaining >= 0);

/* A stay may end at another unit's door: \`exited_at\` without \`exit_seq\`. */
CREATE TABLE stay_of_any (
  id INTEGER PRIMARY KEY,
  member_id TEXT NOT NULL,
  place_id TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  via_contract_id TEXT,
  via_until INTEGER,
  entry_seq INTEGER,
  exited_at INTEGER,
  exit_seq INTEGER,
  unit TEXT,
  wire_id TEXT,
  at_hub INTEGER NOT NULL DEFAULT 0 CHECK (at_hub IN (0, 1)),
  CHECK (via_until IS NULL OR via_contract_id IS NOT NULL),
  CHECK (exit_seq IS NULL OR exited_at IS NOT NULL)
) STRICT;
INSERT INTO stay_of_any (id, member_id, place_id, entered_at, via_contract_id, via_until, entry_seq, exited_at, exit_seq)
SELECT id, member_id, place_id, entered_at, via_contract_id, via_until, entry_seq, exited_at, exit_seq FROM stay;
DROP TABLE stay;
ALTER TABLE stay_of_any RENAME TO stay;
CREATE INDEX stay_by_member ON stay (member_id, entered_at);
CREATE INDEX stay_by_place ON stay (place_id, entered_at, exited_at);
CREATE INDEX stay_by_wire ON stay (wire_id) WHERE wire_id IS NOT NULL;

/* As before; and none of them while \`retention.forgetting\`, which is 1 too while the hub's changes are applied. */
CREATE TRIGGER entry_counts AFTER INSERT ON stay
WHEN new.entry_seq IS NOT NULL AND (SELECT forgetting FROM retention) = 0 BEGIN
  INSERT INTO traffic (place_id, quarter, entries) VALUES (new.place_id, new.entered_at / 900000, 1)
  ON CONFLICT DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER finished_stay_counts AFTER INSERT ON stay
WHEN new.exit_seq IS NOT NULL AND (SELECT forgetting FROM retention) = 0 BEGIN
  INSERT INTO traffic (place_id, quarter, exits) VALUES (new.place_id, new.exited_at / 900000, 1)
  ON CONFLICT DO UPDATE SET exits = exits + 1;
END;
CREATE TRIGGER exit_counts AFTER UPDATE OF exit_seq ON stay
WHEN old.exit_seq IS NULL AND new.exit_seq IS NOT NULL AND (SELECT forgetting FROM retention) = 0 BEGIN
  INSERT INTO traffic (place_id, quarter, exits) VALUES (new.place_id, new.exited_at / 900000, 1)
  ON CONFLICT DO UPDATE SET exits = exits + 1;
END;
CREATE TRIGGER exit_counts_no_more AFTER UPDATE OF exit_seq ON stay
WHEN old.exit_seq IS NOT NULL AND new.exit_seq IS NULL AND (SELECT forgetting FROM retention) = 0 BEGIN
  UPDATE traffic SET exits = exits - 1 WHERE place_id = old.place_id AND quarter = old.exited_at / 900000;
END;
CREATE TRIGGER stay_counts_no_more AFTER DELETE ON stay WHEN (SELECT forgetting FROM retention) = 0 BEGIN
  UPDATE traffic SET entries = entries - (old.entry_seq IS NOT NULL)
  WHERE place_id = old.place_id AND quarter = old.entered_at / 900000;
  UPDATE traffic SET exits = exits - (old.exit_seq IS NOT NULL)
  WHERE place_id = old.place_id AND quarter = old.exited_at / 900000;
END;

/* Rows that the hub has and that were taken back here, until it says so too. A ticket's uses are added again. */
CREATE TABLE given_back (
  kind TEXT NOT NULL CHECK (kind IN ('usage', 'ticketUse', 'stay', 'transfer')),
  wire_id TEXT NOT NULL,
  ticket_id TEXT,
  uses INTEGER CHECK (uses >= 1),
  PRIMARY KEY (kind, wire_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX given_back_of_ticket ON given_back (ticket_id) WHERE ticket_id IS NOT NULL;

/* Parts of leases that went from one site to another. \`right_key\`: JSON, ["ticket",ticketId] or
   ["band",contractId,bandId,"YYYY-MM"]. \`id\` is the one at the hub, of own ones too. */
CREATE TABLE transfer (
  id TEXT PRIMARY KEY,
  right_key TEXT NOT NULL CHECK (json_valid(right_key)),
  from_site TEXT NOT NULL,
  to_site TEXT NOT NULL,
  uses INTEGER NOT NULL CHECK (uses >= 1),
  event_seq INTEGER,
  unit TEXT,
  at_hub INTEGER NOT NULL DEFAULT 0 CHECK (at_hub IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX transfer_of_right ON transfer (right_key);

/* The unit's own key, the hub it is paired with, and how far it follows it. */
CREATE TABLE hub (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  /* PKCS#8, sealed by the unit's key; null: not made yet. */
  sealed_key BLOB,
  public_key TEXT,
  tenant TEXT,
  hub_key TEXT,
  seal_key TEXT,
  url TEXT,
  /* 0: a snapshot is needed. */
  revision INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0),
  /* Of what was taken in at last, by the hub or by hand: nothing older is. */
  newest INTEGER NOT NULL DEFAULT 0 CHECK (newest >= 0),
  /* JSON. */
  roster TEXT CHECK (json_valid(roster)),
  /* By the hub's time, of the first notice; null: the unit is one of the tenant's. */
  revoked_at INTEGER,
  /* The next number of what a snapshot's tables are called. */
  generation INTEGER NOT NULL DEFAULT 1,
  CHECK ((sealed_key IS NULL) = (public_key IS NULL)),
  CHECK ((tenant IS NULL) = (hub_key IS NULL) AND (tenant IS NULL) = (seal_key IS NULL) AND (tenant IS NULL) = (url IS NULL))
) STRICT;
INSERT INTO hub (id) VALUES (1);

/* Other units: up to which event their changes are in the rows here, and at the hub as far as is known here. */
CREATE TABLE peer (
  unit TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  heard INTEGER NOT NULL DEFAULT 0,
  known INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (unit, epoch)
) STRICT, WITHOUT ROWID;

/* What peers signed and the hub may not have, so that this unit can bring it there. */
CREATE TABLE peer_event (
  unit TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  body TEXT NOT NULL,
  /* At the last of those that came together: the chain's hash and the unit's signature of it, base64url. */
  hash TEXT,
  proof TEXT,
  PRIMARY KEY (unit, epoch, seq),
  CHECK ((hash IS NULL) = (proof IS NULL))
) STRICT, WITHOUT ROWID;

/* Rows of peers' events that the peers took back; until the hub says so too, its rows of them don't hold. */
CREATE TABLE peer_undone (
  unit TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  undo_seq INTEGER NOT NULL,
  PRIMARY KEY (unit, epoch, seq, kind)
) STRICT, WITHOUT ROWID;

/* A snapshot under way. Its tables are called snap_…, those that it has replaced gone_…. */
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL,
  cursor TEXT NOT NULL,
  rows INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  /* 1: what the hub doesn't know has begun to be put on top: no row of the hub's may come after that. */
  finishing INTEGER NOT NULL DEFAULT 0 CHECK (finishing IN (0, 1))
) STRICT;
CREATE TABLE snapshot_master (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  /* JSON; the settings are sealed. */
  body ANY NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
`;
