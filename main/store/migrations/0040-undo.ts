/**
 * Entries can be undone, once. `reuse` has the entries that used up nothing because something was counted, or a stay
 * was open, already: when what counted it is undone, it counts for the first of these.
 */
export const sql = `
CREATE TABLE undone (
  event_seq INTEGER PRIMARY KEY REFERENCES event (seq),
  undo_seq INTEGER NOT NULL UNIQUE REFERENCES event (seq),
  member_id TEXT,
  /* Business date of the undoing. */
  day INTEGER NOT NULL
) STRICT;
CREATE INDEX undone_of_member ON undone (member_id, day) WHERE member_id IS NOT NULL;

CREATE TABLE reuse (
  id INTEGER PRIMARY KEY,
  event_seq INTEGER NOT NULL REFERENCES event (seq),
  /* What it found there: a day's usage of a band, a ticket's use of that day, or a stay. */
  member_id TEXT NOT NULL,
  contract_id TEXT,
  band_id TEXT,
  ticket_id TEXT,
  stay_id INTEGER,
  day INTEGER,
  CHECK ((band_id IS NOT NULL) + (ticket_id IS NOT NULL) + (stay_id IS NOT NULL) = 1)
) STRICT;
CREATE INDEX reuse_of_member ON reuse (member_id, event_seq);
CREATE INDEX reuse_of_event ON reuse (event_seq);

CREATE INDEX usage_of_event ON usage (event_seq) WHERE event_seq IS NOT NULL;
CREATE INDEX ticket_use_of_event ON ticket_use (event_seq) WHERE event_seq IS NOT NULL;
CREATE INDEX stay_of_entry ON stay (entry_seq) WHERE entry_seq IS NOT NULL;
`;
