/** Disks for tests: a small one that fills up, and databases with pages that nobody can read. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';

const PAGE = 4_096;

/** A disk of its own, mounted at `folder` until the test is over. @returns false: this user may not mount */
export function mountSmall(folder: string, megabytes: number): boolean {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    return false;
  }
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  onTestFinished(() => {
    spawnSync('umount', ['-l', folder]);
    rmdirSync(folder);
  });
  return status === 0;
}

/** Makes `file` as large as its disk allows, to the last byte. */
export function fillUp(file: string): void {
  const block = Buffer.alloc(65_536);
  for (let bytes = block.length; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      for (;;) writeFileSync(file, block.subarray(0, bytes), { flag: 'a' });
    } catch {
      // Smaller pieces may still fit.
    }
  }
}

/** Overwrites every page of a table. Nobody may have the database open. */
export function spoilTable(file: string, table: string): void {
  const db = new Database(file);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const pages = db.prepare<[string], { pageno: number }>('SELECT pageno FROM dbstat WHERE name = ?').all(table);
  db.close();
  const fd = openSync(file, 'r+');
  for (const { pageno } of pages) writeSync(fd, Buffer.alloc(PAGE, 0xa5), 0, PAGE, (pageno - 1) * PAGE);
  closeSync(fd);
}

/** Overwrites half of every page but the first, which says what it is. */
export function spoilPages(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    for (let at = PAGE; at < statSync(file).size; at += PAGE)
      writeSync(fd, Buffer.alloc(PAGE / 2, 0xa5), 0, PAGE / 2, at);
  } finally {
    closeSync(fd);
  }
}
