/**
 * Begins the next epoch of the unit in a folder, and ends itself at one point of that: just before the nth time that a file
 * gets another name, or in the midst of what the new database begins with. With another word it goes through.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [folder = '', point = ''] = process.argv.slice(2);

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('it did not end');
}

let renames = 0;
const { renameSync } = fs;
fs.renameSync = (from, to) => {
  renames += 1;
  if (point === `rename ${renames}`) die();
  renameSync(from, to);
};
syncBuiltinESMExports();

const { dataFiles, openStore, readKey } = await import('./data-dir.ts');
const { setAside } = await import('./aside.ts');
const { draftEpoch, placeEpoch, salvage } = await import('./salvage.ts');

const { database, key } = dataFiles(folder);
const keys = readKey(key);
const store = openStore(folder, 'write');
if (!keys.ok || !store.ok) throw new Error('no unit there');
const moment = { at: Date.UTC(2026, 10, 2, 4), clock: 'held' } as const;
const nothing = { doorId: null, readerId: null, direction: null, result: null, of: null, detail: {} } as const;
// Durable, and in the log alone.
store.value.transact((writer) => writer.record.append({ ...nothing, ...moment, type: 'input' }));
const aside = setAside(database, 'damaged');
if (!aside.ok) throw new Error(aside.error.detail);
const found = salvage(aside.value, keys.value, null);
const held = [...found.held];
if (point === 'midst') Object.defineProperty(held, Symbol.iterator, { value: die });
const draft = draftEpoch(database, keys.value, aside.value, { ...found, held }, moment, { why: 'damaged' });
if (!draft.ok) throw new Error(draft.error.detail);
const begun = placeEpoch(database, keys.value, draft.value);
if (!begun.ok) throw new Error(begun.error.detail);
