/** `node client.ts FOLDER DATA URL OPTIONS`: replicates once and prints `{ ms, written }`. */
import { performance } from 'node:perf_hooks';
import { loadPouchDb } from './load.ts';

const [folder = '', data = '', url = '', options = '{}'] = process.argv.slice(2);
const Database = loadPouchDb(folder, data);
const begun = performance.now();
const done = await new Database('copy').replicate.from(url, JSON.parse(options));
if (done.errors.length > 0) throw new Error('the replication had errors');
console.log(JSON.stringify({ ms: performance.now() - begun, written: done.docs_written }));
process.exit(0);
