// A site without a network: a stick goes between the unit and its hub. What happened at the door reaches the hub and
// leaves the outbox by the hub's receipt; what the hub has signed reaches the door, and nothing else does.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { DEMO_SITE, genkan } from './appliance.ts';
import { HubProcess } from './hub.ts';
import { SyncUnit, soon } from './sync-unit.ts';

const Site = z.looseObject({ site: z.looseObject({ name: z.string() }), members: z.array(z.looseObject({})) });
const site = Site.parse(JSON.parse(readFileSync(DEMO_SITE, 'utf8')));
const hub = new HubProcess();
let unit: SyncUnit;

const onStick = (name: string) => join(hub.folder, name);
const run = (...args: readonly string[]) => genkan([...args, '--config', unit.folder.config]);
const read = (name: string): unknown => JSON.parse(readFileSync(onStick(name), 'utf8'));
const acknowledged = () => Number(unit.folder.query('SELECT acknowledged FROM unit')[0]?.['acknowledged']);
const refused = (why: string) => ({ code: 1, stderr: expect.stringContaining(why) });

beforeAll(async () => {
  await hub.found(site);
  unit = await SyncUnit.make('Front', hub);
  await unit.pair(hub, 'tokyo');
  await unit.settled();
  // From here on the two have nothing but the stick.
  unit.cable.cut();
  await soon(
    'no network',
    () => unit.health(),
    (now) => now.hub?.state !== 'live',
  );
});

afterAll(async () => {
  await unit?.remove();
  await hub.remove();
});

test('what happened goes to the hub on the stick, and stays in the outbox until its receipt is back', async () => {
  const before = acknowledged();
  await unit.scan('M0001');
  expect(await run('export', '--events', onStick('events.json'))).toMatchObject({ code: 0, stderr: '' });
  const { events } = z
    .strictObject({ events: z.int().min(1) })
    .parse(JSON.parse(await hub.ctl('events', 'take', onStick('events.json'), onStick('receipt.json'))));
  expect(acknowledged()).toBe(before);
  // What happens while the stick is on its way waits for the next one.
  await unit.scan('M0002');
  expect(await run('import', onStick('receipt.json'))).toMatchObject({ code: 0, stderr: '' });
  expect(acknowledged()).toBe(before + events);
  await soon(
    'the figure',
    () => unit.health(),
    ({ outbox }) => outbox === unit.bodies().length - before - events,
  );
  expect(unit.bodies().length).toBeGreaterThan(before + events);
  // Both once more change nothing.
  await hub.ctl('events', 'take', onStick('events.json'));
  expect((await run('import', onStick('receipt.json'))).code).toBe(0);
  expect(acknowledged()).toBe(before + events);
  const lines = (await hub.ctl('events', 'list', '--limit', '500')).trim().split('\n');
  expect(lines).toHaveLength(before + events);
});

test('only what the hub has signed is taken, nothing altered and nothing older', async () => {
  await hub.ctl('site', 'sign', onStick('old.json'));
  writeFileSync(onStick('named.json'), JSON.stringify({ ...site, site: { ...site.site, name: 'By stick' } }));
  await hub.ctl('site', 'import', onStick('named.json'));
  await hub.ctl('site', 'sign', onStick('new.json'));
  expect(await run('import', DEMO_SITE)).toMatchObject(refused('only documents that its hub has signed'));
  const altered = z.looseObject({ payload: z.string() }).parse(read('new.json'));
  writeFileSync(
    onStick('bad.json'),
    JSON.stringify({ ...altered, payload: altered.payload.replace('By stick', 'Mine') }),
  );
  expect(await run('import', onStick('bad.json'))).toMatchObject(refused('sig: '));
  expect(unit.site()?.site.name).not.toBe('By stick');
  expect(await run('import', onStick('new.json'))).toMatchObject({ code: 0, stderr: '' });
  expect(unit.site()?.site.name).toBe('By stick');
  expect(await run('import', onStick('old.json'))).toMatchObject(refused('revision: '));
  // The receipt is of an older revision than the site by now, and true all the same.
  expect((await run('import', onStick('receipt.json'))).code).toBe(0);
});
