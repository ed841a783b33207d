import Database from 'better-sqlite3';

/** Why the database doesn't serve. `detail` is one line that says what, where and what to do. */
export interface StoreFault {
  readonly code: 'newer' | 'read-only' | 'corrupt' | 'full' | 'busy' | 'missing' | 'failed';
  readonly detail: string;
}

const CODES: readonly (readonly [prefix: string, code: StoreFault['code'], todo: string])[] = [
  ['SQLITE_READONLY', 'read-only', 'is read-only: give the program the right to write there'],
  ['SQLITE_CANTOPEN', 'read-only', 'cannot be opened or made: give the program the right to write in its folder'],
  ['SQLITE_CORRUPT', 'corrupt', 'is damaged: set it aside and restore the last backup'],
  ['SQLITE_NOTADB', 'corrupt', 'is not a database: set it aside and restore the last backup'],
  ['SQLITE_FULL', 'full', 'has no room left: free space on its disk'],
  ['SQLITE_BUSY', 'busy', 'is in use by another program: end that first'],
  ['SQLITE_IOERR', 'failed', 'cannot be read or written: check its disk'],
];

const FILE_FAULTS: ReadonlyMap<string, readonly [code: StoreFault['code'], todo: string]> = new Map([
  ['EROFS', ['read-only', 'cannot be written: give the program the right to write there']],
  ['EACCES', ['read-only', 'cannot be written: give the program the right to write there']],
  ['ENOSPC', ['full', 'has no room left: free space on its disk']],
  ['EDQUOT', ['full', 'has no room left: free space on its disk']],
  ['EIO', ['failed', 'cannot be read or written: check its disk']],
]);

/** Names SQLite's trouble with `file`; throws on anything that isn't SQLite's or the file system's. */
export function storeFault(error: unknown, file: string): StoreFault {
  if (error instanceof Database.SqliteError) {
    const known = CODES.find(([prefix]) => error.code.startsWith(prefix));
    if (known !== undefined) return { code: known[1], detail: `the database ${file} ${known[2]}` };
  }
  const known = error instanceof Error && 'code' in error ? FILE_FAULTS.get(String(error.code)) : undefined;
  if (known !== undefined) return { code: known[0], detail: `${file} ${known[1]}` };
  if (error instanceof TypeError && error.message.includes('directory does not exist')) {
    return { code: 'missing', detail: `the folder of the database ${file} is not there: make it` };
  }
  throw error;
}
