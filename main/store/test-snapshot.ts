/**
 * A unit that takes in the snapshot of another one's site until somebody kills it. A program of its own, for
 * `snapshot-kill.e2e.test.ts`: FILE SITE, the latter a file with the site's bundle. Ends by itself when all is in.
 */
import { readFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { parseSite } from '../contract/site.ts';
import { Store } from './store.ts';
import { changesOf } from './test-hub.ts';
import { KEYS } from './testing.ts';

const [, , file = '', siteFile = ''] = argv;
const site = parseSite(JSON.parse(readFileSync(siteFile, 'utf8')));
const store = Store.open(file, KEYS);
if (!site.ok || !store.ok) throw new Error('nothing to take in');
let ticks = 0;
const replica = store.value.replica(() => (ticks += 1));
const rows = changesOf(site.value);
const run = (work: { step(budget: number): boolean }) => {
  while (!work.step(8)) stdout.write('.');
};

const staged = replica.staged();
if (staged === null) replica.beginSnapshot(2);
for (let at = Number(staged?.cursor ?? 0); at < rows.length; at += 20) {
  run(replica.stage(rows.slice(at, at + 20), String(at + 20)));
}
const work = replica.finishSnapshot(2, [], 0);
run(work);
stdout.write(work.trouble().length === 0 ? 's' : 'x');
run(replica.tidy());
store.value.close();
