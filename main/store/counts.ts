import type { Database } from 'better-sqlite3';

/**
 * Runs `replace`, which replaces contracts and usage as a whole. Counting each row as it comes would take three times
 * as long as counting all of them at the end.
 */
export function countedAnew(db: Database, replace: () => void): void {
  db.prepare('UPDATE retention SET importing = 1').run();
  replace();
  db.prepare('DELETE FROM month_count').run();
  db.prepare(`
    INSERT INTO month_count (contract_id, month, band_id, member_id, plan_id, days)
    SELECT contract_id, unixepoch(min(day, 2932896) * 86400, 'unixepoch', 'start of month') / 86400 AS month, band_id,
      usage.member_id, plan_id, count(*)
    FROM usage LEFT JOIN contract ON contract.id = contract_id
    GROUP BY contract_id, month, band_id, usage.member_id`).run();
  db.prepare('UPDATE retention SET importing = 0').run();
}
