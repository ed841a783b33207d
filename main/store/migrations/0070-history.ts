/**
 * History that answers quickly, ends after its time and can be erased. usage, ticket_use and stay lose their references
 * to events, which go before them, and their indexes by event, each of them a page more to write at each entry; `event_seq` null still means: came by import. Counts are kept by triggers, so that
 * whoever writes history can't forget them. A month is the epoch day of its first, a quarter the number of quarter-hours
 * since 1970: offsets of time zones are whole quarters, so hours of any zone can be made of them.
 */
export const sql = `
CREATE TABLE retention (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  /* Events up to this one are gone; \`anchor\` is the hash of the last of them, on which the rest hangs. */
  pruned_to INTEGER NOT NULL DEFAULT 0,
  anchor BLOB CHECK (length(anchor) = 32),
  /* The event that says that they go. */
  told_by INTEGER,
  /* 1 once a hub is paired: an event that it hasn't acknowledged stays. */
  hub_paired INTEGER NOT NULL DEFAULT 0 CHECK (hub_paired IN (0, 1)),
  /* 1 while stays are removed that are still to count: their time is over, or their member was erased. */
  forgetting INTEGER NOT NULL DEFAULT 0 CHECK (forgetting IN (0, 1)),
  /* 1 while usage is replaced as a whole; the counts are made anew afterwards. */
  importing INTEGER NOT NULL DEFAULT 0 CHECK (importing IN (0, 1)),
  CHECK ((pruned_to = 0) = (anchor IS NULL))
) STRICT;
INSERT INTO retention (id) VALUES (1);
CREATE TRIGGER retention_stays BEFORE DELETE ON retention BEGIN SELECT RAISE(ABORT, 'the anchor is not removed'); END;
CREATE TRIGGER retention_goes_on BEFORE UPDATE OF pruned_to, anchor ON retention
WHEN new.pruned_to < old.pruned_to OR new.anchor IS NOT (SELECT hash FROM event WHERE seq = new.pruned_to) BEGIN
  SELECT RAISE(ABORT, 'the anchor is the hash of the last event that goes');
END;
DROP TRIGGER event_is_not_removed;
CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event
WHEN old.seq > coalesce((SELECT pruned_to FROM retention), 0) BEGIN
  SELECT RAISE(ABORT, 'events are not removed');
END;

CREATE TABLE usage_by_member (
  member_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  contract_id TEXT NOT NULL,
  band_id TEXT NOT NULL,
  event_seq INTEGER,
  PRIMARY KEY (member_id, day, contract_id, band_id)
) STRICT, WITHOUT ROWID;
INSERT INTO usage_by_member SELECT member_id, day, contract_id, band_id, event_seq FROM usage
ORDER BY member_id, day, contract_id, band_id;
DROP TABLE usage;
ALTER TABLE usage_by_member RENAME TO usage;

/* \`member_id\`, \`type_id\`: of the ticket when it was used; null where it was gone before these were kept. */
CREATE TABLE ticket_use_of_member (
  id INTEGER PRIMARY KEY,
  ticket_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  uses INTEGER NOT NULL CHECK (uses >= 1),
  event_seq INTEGER,
  member_id TEXT,
  type_id TEXT
) STRICT;
INSERT INTO ticket_use_of_member
SELECT ticket_use.id, ticket_id, day, uses, event_seq, member_id, type_id
FROM ticket_use LEFT JOIN ticket ON ticket.id = ticket_id;
DROP TABLE ticket_use;
ALTER TABLE ticket_use_of_member RENAME TO ticket_use;
CREATE INDEX ticket_use_of_ticket ON ticket_use (ticket_id, day);
CREATE INDEX ticket_use_by_member ON ticket_use (member_id, day);
CREATE INDEX ticket_use_by_type ON ticket_use (type_id, day);
CREATE INDEX ticket_use_by_day ON ticket_use (day);

/* A member's tickets lie together, so that a scan finds them on one page. */
CREATE TABLE ticket_of_owner (
  id TEXT NOT NULL UNIQUE,
  member_id TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  type_id TEXT NOT NULL,
  issued_day INTEGER NOT NULL,
  remaining INTEGER NOT NULL CHECK (remaining >= 0),
  PRIMARY KEY (member_id, position, id)
) STRICT, WITHOUT ROWID;
INSERT INTO ticket_of_owner SELECT id, member_id, position, revision, type_id, issued_day, remaining FROM ticket
ORDER BY member_id, position, id;
DROP TABLE ticket;
ALTER TABLE ticket_of_owner RENAME TO ticket;

CREATE TABLE stay_at_place (
  id INTEGER PRIMARY KEY,
  member_id TEXT NOT NULL,
  place_id TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  via_contract_id TEXT,
  via_until INTEGER,
  entry_seq INTEGER,
  exited_at INTEGER,
  exit_seq INTEGER,
  CHECK (via_until IS NULL OR via_contract_id IS NOT NULL),
  CHECK ((exited_at IS NULL) = (exit_seq IS NULL))
) STRICT;
INSERT INTO stay_at_place
SELECT id, member_id, place_id, entered_at, via_contract_id, via_until, entry_seq, exited_at, exit_seq FROM stay;
DROP TABLE stay;
ALTER TABLE stay_at_place RENAME TO stay;
CREATE INDEX stay_by_member ON stay (member_id, entered_at);
/* With exited_at, so that who is still inside is found without looking at each stay. */
CREATE INDEX stay_by_place ON stay (place_id, entered_at, exited_at);

/* SQLite counts months up to 9999; what little may lie beyond belongs to the last (day 2932896). */
/* On how many days of a month a contract's band was used. \`plan_id\`: the contract's; null while it isn't there. */
CREATE TABLE month_count (
  contract_id TEXT NOT NULL,
  month INTEGER NOT NULL,
  band_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  plan_id TEXT,
  days INTEGER NOT NULL CHECK (days >= 1),
  PRIMARY KEY (contract_id, month, band_id, member_id)
) STRICT, WITHOUT ROWID;
INSERT INTO month_count (contract_id, month, band_id, member_id, plan_id, days)
SELECT contract_id, unixepoch(min(day, 2932896) * 86400, 'unixepoch', 'start of month') / 86400 AS month, band_id, usage.member_id,
  plan_id, count(*)
FROM usage LEFT JOIN contract ON contract.id = contract_id GROUP BY contract_id, month, band_id, usage.member_id;
CREATE INDEX month_count_by_plan ON month_count (month, plan_id, band_id, days);

CREATE TRIGGER usage_counts AFTER INSERT ON usage WHEN (SELECT importing FROM retention) = 0 BEGIN
  INSERT INTO month_count (contract_id, month, band_id, member_id, plan_id, days)
  VALUES (new.contract_id, unixepoch(min(new.day, 2932896) * 86400, 'unixepoch', 'start of month') / 86400, new.band_id,
    new.member_id, (SELECT plan_id FROM contract WHERE id = new.contract_id), 1)
  ON CONFLICT DO UPDATE SET days = days + 1;
END;
CREATE TRIGGER usage_counts_no_more AFTER DELETE ON usage WHEN (SELECT importing FROM retention) = 0 BEGIN
  DELETE FROM month_count WHERE contract_id = old.contract_id AND band_id = old.band_id AND member_id = old.member_id
    AND month = unixepoch(min(old.day, 2932896) * 86400, 'unixepoch', 'start of month') / 86400 AND days = 1;
  UPDATE month_count SET days = days - 1
  WHERE changes() = 0 AND contract_id = old.contract_id AND band_id = old.band_id AND member_id = old.member_id
    AND month = unixepoch(min(old.day, 2932896) * 86400, 'unixepoch', 'start of month') / 86400;
END;
CREATE TRIGGER contract_has_plan AFTER INSERT ON contract WHEN (SELECT importing FROM retention) = 0 BEGIN
  UPDATE month_count SET plan_id = new.plan_id WHERE contract_id = new.id AND plan_id IS NOT new.plan_id;
END;
CREATE TRIGGER contract_changes_plan AFTER UPDATE OF id, plan_id ON contract BEGIN
  UPDATE month_count SET plan_id = new.plan_id WHERE contract_id = new.id AND plan_id IS NOT new.plan_id;
END;

/* Entries and exits of this unit's own events, without persons. They outlive the stays that they were counted from. */
CREATE TABLE traffic (
  place_id TEXT NOT NULL,
  quarter INTEGER NOT NULL,
  entries INTEGER NOT NULL DEFAULT 0 CHECK (entries >= 0),
  exits INTEGER NOT NULL DEFAULT 0 CHECK (exits >= 0),
  PRIMARY KEY (place_id, quarter)
) STRICT, WITHOUT ROWID;
INSERT INTO traffic (place_id, quarter, entries)
SELECT place_id, entered_at / 900000, count(*) FROM stay WHERE entry_seq IS NOT NULL GROUP BY 1, 2;
INSERT INTO traffic (place_id, quarter, exits)
SELECT place_id, exited_at / 900000, count(*) FROM stay WHERE exit_seq IS NOT NULL GROUP BY 1, 2
ON CONFLICT DO UPDATE SET exits = excluded.exits;

CREATE TRIGGER entry_counts AFTER INSERT ON stay WHEN new.entry_seq IS NOT NULL BEGIN
  INSERT INTO traffic (place_id, quarter, entries) VALUES (new.place_id, new.entered_at / 900000, 1)
  ON CONFLICT DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER finished_stay_counts AFTER INSERT ON stay WHEN new.exit_seq IS NOT NULL BEGIN
  INSERT INTO traffic (place_id, quarter, exits) VALUES (new.place_id, new.exited_at / 900000, 1)
  ON CONFLICT DO UPDATE SET exits = exits + 1;
END;
CREATE TRIGGER exit_counts AFTER UPDATE OF exit_seq ON stay
WHEN old.exit_seq IS NULL AND new.exit_seq IS NOT NULL BEGIN
  INSERT INTO traffic (place_id, quarter, exits) VALUES (new.place_id, new.exited_at / 900000, 1)
  ON CONFLICT DO UPDATE SET exits = exits + 1;
END;
CREATE TRIGGER exit_counts_no_more AFTER UPDATE OF exit_seq ON stay
WHEN old.exit_seq IS NOT NULL AND new.exit_seq IS NULL BEGIN
  UPDATE traffic SET exits = exits - 1 WHERE place_id = old.place_id AND quarter = old.exited_at / 900000;
END;
CREATE TRIGGER stay_counts_no_more AFTER DELETE ON stay WHEN (SELECT forgetting FROM retention) = 0 BEGIN
  UPDATE traffic SET entries = entries - (old.entry_seq IS NOT NULL)
  WHERE place_id = old.place_id AND quarter = old.entered_at / 900000;
  UPDATE traffic SET exits = exits - (old.exit_seq IS NOT NULL)
  WHERE place_id = old.place_id AND quarter = old.exited_at / 900000;
END;

/* What was answered, counted from events before they go. \`door_id\` is empty for what has no door. */
CREATE TABLE reason_count (
  month INTEGER NOT NULL,
  door_id TEXT NOT NULL,
  direction TEXT NOT NULL,
  reason TEXT NOT NULL,
  times INTEGER NOT NULL CHECK (times >= 1),
  PRIMARY KEY (month, door_id, direction, reason)
) STRICT, WITHOUT ROWID;
`;
