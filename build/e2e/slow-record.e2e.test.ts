// Something else has the database for seconds: a backup, a card that stalls. Who wants out doesn't wait for that.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, test } from 'vitest';
import { SystemClock } from '../../device/clock/system.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';
import { Appliance, UnitFolder } from './appliance.ts';

const ON = 'a0 01 01 a2';
const REST = 'a0 01 00 a1';

const clock = new SystemClock();
let scanner: Pty;
let relay: Pty;
let folder: UnitFolder;
let unit: Appliance;

beforeAll(async () => {
  scanner = await Pty.make(clock, 'scanner');
  relay = await Pty.make(clock, 'relay');
  folder = new UnitFolder({
    doors: [
      {
        id: 'front',
        pulseMs: 500,
        lock: { driver: 'serial-relay', protocol: 'lcus', path: relay.path, channel: 1, query: false },
        readers: [{ id: 'front-out', driver: 'serial', path: scanner.path, baudRate: 9_600, direction: 'out' }],
      },
    ],
  });
  unit = await Appliance.start(folder);
  await unit.healthy('the unit is ok');
});

afterAll(async () => {
  await unit?.stop();
  await scanner?.remove();
  await relay?.remove();
  folder?.remove();
});

const relayed = () => relay.hex().trim();

test('an exit opens while the record waits, once, and is on record with its outcome when it can be', async () => {
  const before = relayed();
  const other = new Database(join(folder.path, 'data', 'genkan.db'));
  other.exec('BEGIN IMMEDIATE');
  scanner.send('M0001\r');
  await until('the door opens, and rests again, with the database still held', () => {
    const since = relayed().slice(before.length).trim();
    return since.startsWith(ON) && since.endsWith(REST);
  });
  other.exec('ROLLBACK');
  other.close();
  const recorded = () => folder.events().filter(({ type, direction }) => type === 'scan' && direction === 'out');
  await until('the exit is on record', () => recorded().length === 1);
  const [exit] = recorded();
  await until('its outcome is', () => folder.events().some(({ type, of }) => type === 'outcome' && of === exit?.seq));
});
