/**
 * Whose codes are whose stands in a table of its own, in the order of members. As an index of `code` it was written at
 * random: a page for each code of a snapshot. A snapshot under way begins anew.
 */
export const sql = `
CREATE TABLE member_code (
  member_id TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
  digest BLOB NOT NULL,
  PRIMARY KEY (member_id, digest)
) STRICT, WITHOUT ROWID;
INSERT INTO member_code (member_id, digest) SELECT member_id, digest FROM code ORDER BY member_id, digest;
CREATE TABLE code_by_digest (
  digest BLOB PRIMARY KEY,
  member_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO code_by_digest (digest, member_id) SELECT digest, member_id FROM code ORDER BY digest;
DROP TABLE code;
ALTER TABLE code_by_digest RENAME TO code;
CREATE TRIGGER code_goes_with_member AFTER DELETE ON member_code BEGIN
  DELETE FROM code WHERE digest = old.digest AND member_id = old.member_id;
END;
DELETE FROM snapshot;
DELETE FROM snapshot_master;
`;
