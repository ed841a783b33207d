/** What was made here and the hub doesn't have yet: whoever replaces members and tickets as a whole puts it back. */
import type { Database } from 'better-sqlite3';
import { HeldStore } from './held.ts';
import { issueAgain } from './issued-tickets.ts';
import type { Keys } from './keys.ts';
import { ProvisionalStore } from './provisional.ts';

/** Cards first: a ticket may be of one. Only inside the transaction that replaced the rest. */
export function putBack(db: Database, keys: Keys): void {
  new ProvisionalStore(db, keys, new HeldStore(db, keys)).putBack();
  issueAgain(db, keys);
}
