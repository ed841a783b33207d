/**
 * The unit in a folder begins a new database there, and ends itself at one point of that: just before the nth time that a
 * file gets another name, or that a document is written into the database. With another word it goes through. `swap`: for
 * a dead unit, by the documents beside its data; `put-back`: for itself, with what it has.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { SystemClock } from '../../../device/clock/system.ts';

const [folder = '', what = '', point = ''] = process.argv.slice(2);
const counted = new Map<string, number>();

function passes(kind: string): void {
  const count = (counted.get(kind) ?? 0) + 1;
  counted.set(kind, count);
  if (point === `${kind} ${count}`) process.kill(process.pid, 'SIGKILL');
}

const { renameSync } = fs;
fs.renameSync = (from, to) => {
  passes('rename');
  renameSync(from, to);
};
syncBuiltinESMExports();

const { Store } = await import('../../store/store.ts');
const { transact } = Store.prototype;
// Its type can't be said of a function that calls it on another `this`.
Object.assign(Store.prototype, {
  transact(this: object, body: unknown) {
    passes('document');
    return Reflect.apply(transact, this, [body]);
  },
});
const { swapStore } = await import('./swap.ts');
const { readyStore } = await import('../ready-store.ts');
const { loadConfig } = await import('../config-file.ts');
const { dataFiles } = await import('../../store/data-dir.ts');

const clock = new SystemClock();
const loaded = loadConfig(join(folder, 'genkan.config.json'));
if (!loaded.ok) throw new Error(loaded.error.join('\n'));
const files = dataFiles(loaded.value.dataDir);
const read = (name: string): unknown => JSON.parse(fs.readFileSync(join(folder, name), 'utf8'));

function swap() {
  const unit = { unitId: 'dead', epoch: 4, head: { seq: 812, hash: 'ab'.repeat(32) } };
  const by = { staffId: 'tom', name: 'Tom', role: 'technician' } as const;
  const plan = { site: read('site.json'), settings: read('settings.json'), unit, by };
  return swapStore(files, plan, { clock, trust: 'held' });
}

const done = what === 'swap' ? swap() : readyStore(loaded.value, files, clock, 'put-back');
if (!done.ok) throw new Error(done.error.join('\n'));
