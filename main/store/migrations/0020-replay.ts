/**
 * Decisions can be replayed: master data keeps its former revisions, and each judged event the facts that it was
 * judged by. `replaced` is the revision at which an entity stopped to hold; null: it holds.
 */
export const sql = `
CREATE TABLE master_revision (
  kind TEXT NOT NULL CHECK (kind IN ('site', 'store', 'holidays', 'program', 'place', 'door', 'plan', 'ticketType')),
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  replaced INTEGER CHECK (replaced > revision),
  /* When it stopped to hold, epoch ms. */
  replaced_at INTEGER,
  position INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  PRIMARY KEY (kind, id, revision),
  CHECK ((replaced IS NULL) = (replaced_at IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO master_revision (kind, id, revision, position, body) SELECT kind, id, revision, position, body FROM master;
DROP TABLE master;
ALTER TABLE master_revision RENAME TO master;

CREATE TABLE basis (
  event_seq INTEGER PRIMARY KEY REFERENCES event (seq),
  member_id TEXT,
  /* JSON; the event's detail has its SHA-256. */
  facts TEXT NOT NULL CHECK (json_valid(facts))
) STRICT;
CREATE INDEX basis_of_member ON basis (member_id) WHERE member_id IS NOT NULL;
`;
