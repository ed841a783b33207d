/**
 * The reference of `door.scan_to_relay`: the least that a program can do that reads a code from one serial line, makes
 * a row of 450 bytes durable and writes four bytes to another line. Arguments: scanner, relay, database.
 */
import Database from 'better-sqlite3';
import { SerialPort } from 'serialport';

const [scannerPath = '', relayPath = '', file = ''] = process.argv.slice(2);
const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT) STRICT');
const insert = db.prepare('INSERT INTO row (body) VALUES (?)');
const body = 'x'.repeat(450);
const ON = Buffer.from([0xa0, 0x01, 0x01, 0xa2]);
const OFF = Buffer.from([0xa0, 0x01, 0x00, 0xa1]);

const relay = new SerialPort({ path: relayPath, baudRate: 9_600 });
const scanner = new SerialPort({ path: scannerPath, baudRate: 9_600 });
scanner.on('data', (bytes: Buffer) => {
  if (bytes.at(-1) !== 0x0d) return;
  insert.run(body);
  relay.write(ON);
  relay.write(OFF);
});
scanner.on('open', () => process.stdout.write('ready\n'));
process.stdin.on('end', () => process.exit(0)).resume();
