/** `node peer.ts FOLDER DATA MEMBERS`: the site's members behind a CouchDB address, whose port it prints. */
import { join } from 'node:path';
import { benchDocuments } from './documents.ts';
import { loadPouchDb, loadServer } from './load.ts';

const [folder = '', data = '', members = '0'] = process.argv.slice(2);
const Database = loadPouchDb(folder, data);
const { express, serve } = loadServer(folder);
const app = express();
app.use('/', serve(Database, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: join(data, 'log.txt') }));

const AT_ONCE = 5_000;
const site = new Database('site');
const documents = benchDocuments(Number(members));
for (let at = 0; at < documents.length; at += AT_ONCE) await site.bulkDocs(documents.slice(at, at + AT_ONCE));
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) console.log(address.port);
});
process.stdin.on('end', () => process.exit(0)).resume();
