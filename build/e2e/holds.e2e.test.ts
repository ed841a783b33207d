// The café's door is held unlocked all day: the relay must not drop while the commands are renewed, and must drop at
// once when whoever holds it is gone.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SystemClock } from '../../device/clock/system.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';
import { Appliance, genkan, UnitFolder } from './appliance.ts';

const ON = 'a0 01 01 a2';
const REST = 'a0 01 00 a1';
const ALL_DAY = { do: 'held-unlocked', from: '00:00', to: '24:00', holiday: 'always' };

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
        pulseMs: 300,
        maxPulseMs: 4_000,
        repeatMs: 0,
        lock: { driver: 'serial-relay', protocol: 'lcus', path: relay.path, channel: 1, query: false },
        readers: [{ id: 'front-in', driver: 'serial', path: scanner.path, baudRate: 9_600, direction: 'in' }],
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

const outcomes = () => folder.events().filter(({ type }) => type === 'outcome').length;
const relayed = () => relay.hex().trim();

test('a hold lasts over many commands without the relay dropping, ends with its holder, and comes back with him', async () => {
  const settings = join(folder.path, 'settings.json');
  const doorSchedules = [{ doorId: 'front', bands: [ALL_DAY] }];
  writeFileSync(settings, JSON.stringify({ format: 'genkan-settings/1', tenant: null, doorSchedules }));
  expect(await genkan(['import', settings, '--config', folder.config])).toMatchObject({ code: 0 });
  await unit.healthy('the door is held', ({ doors }) => doors[0]?.state === 'held-unlocked');
  await until('the relay is on', () => relayed().endsWith(ON));
  const before = relayed().length;
  // Who scans meanwhile is settled at the next renewal: three of them are longer than any command.
  for (let count = 1; count <= 3; count += 1) {
    scanner.send('M0001\r');
    await until(`outcome ${count}`, () => outcomes() === count, { withinMs: 15_000 });
  }
  expect(relayed()).toHaveLength(before);

  await unit.kill();
  await until('the relay rests', () => relayed().endsWith(REST));
  unit = await Appliance.start(folder);
  await unit.healthy('the door is held again', ({ doors }) => doors[0]?.state === 'held-unlocked');
  await until('the relay is on again', () => relayed().endsWith(ON));
});
