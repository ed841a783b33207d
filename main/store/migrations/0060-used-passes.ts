/** Which passes have opened which doors: a pass opens a door once. After `until` (epoch ms) it is refused anyway. */
export const sql = `
CREATE TABLE used_pass (
  pass_id TEXT NOT NULL,
  door_id TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (pass_id, door_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_pass_until ON used_pass (until);
`;
