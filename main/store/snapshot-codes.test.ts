// A tenant with more codes than are sorted at once: they are taken in some rounds, each code once, and a code of two
// members is found in whatever round it comes.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sortCodes } from './snapshot-codes.ts';

test('several rounds bring all codes, each once, and name who has another’s', () => {
  const db = new Database(':memory:');
  db.exec(`
    CREATE TABLE s_member_code (member_id TEXT, digest BLOB, PRIMARY KEY (member_id, digest)) WITHOUT ROWID;
    CREATE TABLE s_code (digest BLOB PRIMARY KEY, member_id TEXT) WITHOUT ROWID;
    WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 410000)
    INSERT INTO s_member_code SELECT 'm' || (i % 1000), randomblob(32) FROM n;
    INSERT INTO s_member_code SELECT 'twice', min(digest) FROM s_member_code UNION SELECT 'twice', max(digest) FROM s_member_code;`);
  const trouble: string[] = [];
  const pieces = [...sortCodes(db, 's_', trouble)];
  expect(db.prepare('SELECT count(*) AS n FROM s_code').get()).toEqual({ n: 410_000 });
  const strange = db.prepare(
    'SELECT count(*) AS n FROM (SELECT member_id, digest FROM s_code EXCEPT SELECT * FROM s_member_code)',
  );
  expect(strange.get()).toEqual({ n: 0 });
  expect(trouble).toEqual(Array(2).fill('member twice.codes: a code that stands only once'));
  // Each is a slice that a scan may wait for.
  expect(pieces.length).toBeGreaterThan(3 * 512);
});
