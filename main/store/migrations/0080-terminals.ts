/**
 * Passages that terminals reported, by the terminal's own id of it (SHA-256), so that one that is sent again is known.
 * No foreign key to the event: it goes by its own time.
 */
export const sql = `
CREATE TABLE reported_passage (
  terminal_id TEXT NOT NULL,
  passage BLOB NOT NULL CHECK (length(passage) = 32),
  /* As the terminal said them, epoch ms. */
  at INTEGER NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  event_seq INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, passage, at, direction)
) STRICT, WITHOUT ROWID;
CREATE INDEX reported_passage_by_time ON reported_passage (received_at);
`;
