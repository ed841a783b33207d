// The hub is away, people come in, and the unit's database is damaged. The rebuilt one begins a new epoch; when the hub is
// back it gets the record of both, each event once, and the two say the same again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventsAtHub, findingsOfData } from './at-rest.ts';
import { spoilTable } from './disk.ts';
import { HubProcess } from './hub.ts';
import { DEMO } from './sync-campaign.ts';
import { SyncUnit, soon } from './sync-unit.ts';

const hub = new HubProcess();
let unit: SyncUnit;

beforeAll(async () => {
  await hub.found(DEMO);
  unit = await SyncUnit.make('Front', hub);
  await unit.pair(hub, DEMO.site.id);
  await unit.settled();
});

afterAll(async () => {
  await unit?.remove();
  await hub.remove();
});

test('what the damaged database had recorded and the hub had not heard arrives, once', async () => {
  unit.cable.cut();
  for (let count = 10; count < 25; count += 1) await unit.scan(`M00${count}`);
  await unit.stop();
  const former = unit.bodies();
  spoilTable(unit.folder.database, 'month_count');
  await unit.start();
  // Whoever reads the damaged table has it set aside.
  for (let count = 30; count < 40; count += 1) await unit.scan(`M00${count}`);
  await soon(
    'the next epoch',
    async () => unit.folder.query('SELECT epoch FROM unit')[0]?.['epoch'],
    (epoch) => epoch === 2,
  );
  unit.cable.lead();
  await unit.settled();
  const all = () => eventsAtHub(hub, unit.id);
  const there = await soon(
    'the record of both epochs',
    all,
    (events) => events.filter(({ epoch }) => epoch === 1).length >= former.length,
  );
  expect(
    there
      .filter(({ epoch }) => epoch === 1)
      .slice(0, former.length)
      .map(({ body }) => body),
  ).toEqual(former);
  expect((await all()).filter(({ epoch }) => epoch === 2).map(({ body }) => body)).toEqual(unit.bodies());
  expect(there.flatMap(({ flags }) => flags).filter((flag) => flag === 'chain' || flag === 'contradiction')).toEqual(
    [],
  );
  expect(await findingsOfData(hub, unit)).toEqual([]);
});
