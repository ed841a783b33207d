// The power goes just when a technician puts this unit in a dead one's place, or gives it a site with other doors. Whenever
// that is, it comes back with a configuration and a site that belong together, and says what became of it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from '../../../build/e2e/appliance.ts';
import { openClient } from '../../api/testing.ts';
import type { ConfigChange, SetupView } from '../../contract/technician.ts';
import type { Point } from '../probe.ts';

const PIN = '135790';
const Site = z.looseObject({
  site: z.looseObject({ name: z.string() }),
  doors: z.array(z.looseObject({ id: z.string() })),
});
const SITE = Site.parse(JSON.parse(readFileSync(DEMO_SITE, 'utf8')));

let folder: UnitFolder;
let former: string;
beforeEach(() => {
  folder = new UnitFolder({ doors: [{ id: 'front', lock: { driver: 'sim' }, readers: [] }] });
  onTestFinished(() => folder.remove());
  former = readFileSync(folder.config, 'utf8');
});

function write(name: string, content: unknown): string {
  const path = join(folder.path, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

async function start(dieAt: Point | null): Promise<Appliance> {
  const unit = await Appliance.start(folder, dieAt === null ? {} : { env: { GENKAN_DIE_AT: dieAt } });
  onTestFinished(() => unit.kill());
  return unit;
}

/** Signed in as the first manager, who is made with the code of the console. */
async function signedIn(unit: Appliance) {
  const opened = await openClient(Number(new URL(unit.url).port));
  const { staff } = opened.client;
  const { people, firstManager } = await staff.who.query();
  if (firstManager) {
    const { stdout } = await genkan(['setup-code', '--config', folder.config]);
    await staff.makeFirstManager.mutate({ code: stdout.trim(), name: 'Tech', pin: PIN });
  } else await staff.signIn.mutate({ staffId: people[0]?.staffId ?? '', pin: PIN });
  return opened;
}
type Client = Awaited<ReturnType<typeof signedIn>>['client'];

type Deed = (client: Client) => Promise<{ readonly ok: boolean }>;

/** The power goes at `point` of what the technician does. @returns the unit, started again */
async function cutAt(point: Point, deed: Deed): Promise<Appliance> {
  const unit = await start(point);
  const opened = await signedIn(unit);
  // Where the power goes at once there is no answer.
  const answer = await deed(opened.client).catch(() => null);
  // A line that has nobody at its other end any more never says that it is closed.
  void opened[Symbol.asyncDispose]();
  if (answer !== null) expect(answer).toMatchObject({ ok: true });
  expect(await unit.running.ended).toMatchObject({ signal: 'SIGKILL' });
  return start(null);
}

async function viewOf(unit: Appliance): Promise<SetupView> {
  await using opened = await signedIn(unit);
  return await new Promise<SetupView>((resolve, reject) => {
    const watching = opened.client.setup.watch.subscribe(undefined, {
      onData: (view) => {
        watching.unsubscribe();
        resolve(view);
      },
      onError: reject,
    });
  });
}

/** What stands in file and database, which have to be of one piece, and the door as the page has it. */
async function found(unit: Appliance) {
  await unit.healthy('a door that is locked', ({ doors }) => doors[0]?.state === 'locked');
  const { stdout } = await genkan(['export', '--config', folder.config]);
  const { site, doors } = Site.parse(JSON.parse(stdout));
  const config = Site.pick({ doors: true }).parse(JSON.parse(readFileSync(folder.config, 'utf8')));
  expect((await genkan(['verify', '--config', folder.config])).code).toBe(0);
  return { name: site.name, doors: doors.map(({ id }) => id), configured: config.doors.map(({ id }) => id) };
}

const AS_BEFORE = { name: SITE.site.name, doors: SITE.doors.map(({ id }) => id), configured: ['front'] };

async function isAsBefore(unit: Appliance): Promise<void> {
  expect(await found(unit)).toEqual(AS_BEFORE);
  expect(readFileSync(folder.config, 'utf8')).toBe(former);
  expect(existsSync(`${folder.config}.trial`)).toBe(false);
  expect((await viewOf(unit)).wentBack?.join(' ')).toMatch(
    /left for the one before: the power went before it was done/,
  );
}

const OTHER = {
  ...SITE,
  site: { ...SITE.site, name: 'Other' },
  doors: SITE.doors.map((one) => (one.id === 'front' ? { ...one, id: 'gate' } : one)),
};
const AS_OTHER = { name: 'Other', doors: OTHER.doors.map(({ id }) => id), configured: ['gate'] };

const swap: Deed = (client) => {
  const head = { seq: 8, hash: 'ab'.repeat(32) };
  const doors = [{ id: 'gate', lock: { driver: 'sim' }, readers: [] }];
  const files = {
    site: write('swap-site.json', OTHER),
    settings: null,
    config: write('swap-config.json', { dataDir: 'x', doors }),
    unit: write('unit.json', { format: 'genkan-unit/1', unitId: 'dead', epoch: 4, head }),
  };
  return client.setup.swap.mutate(files);
};

const importOther: Deed = (client) => {
  const changes: ConfigChange[] = [{ do: 'rename-door', door: 'front', to: 'gate' }];
  return client.setup.importFile.mutate({ path: write('other.json', OTHER), changes });
};

test('a swap whose configuration is written and whose database is not there is none, and can be done again', async () => {
  const unit = await cutAt('configuration-written', swap);
  await isAsBefore(unit);
  await using opened = await signedIn(unit);
  expect(await swap(opened.client)).toMatchObject({ ok: true });
  await unit.healthy('the other door', ({ doors }) => doors[0]?.id === 'gate');
  expect(await found(unit)).toEqual(AS_OTHER);
});

test('a swap whose database is there goes on with its configuration', async () => {
  const unit = await cutAt('data-there', swap);
  expect(await found(unit)).toEqual(AS_OTHER);
  expect(folder.query('SELECT unit_id, epoch FROM unit')).toStrictEqual([{ unit_id: 'dead', epoch: 5 }]);
  expect((await viewOf(unit)).wentBack).toBeNull();
});

test('a swap that is there keeps its configuration, however often the power goes: the one before is for other doors', async () => {
  const first = await cutAt('data-there', swap);
  await first.kill();
  await (await start(null)).kill();
  const unit = await start(null);
  expect(await found(unit)).toEqual(AS_OTHER);
  expect((await viewOf(unit)).wentBack?.join(' ')).toMatch(
    /stays, .* not for the doors of this site: .* again and again/,
  );
});

test('a site with other doors that is not there yet leaves the doors what they were', async () => {
  await isAsBefore(await cutAt('configuration-written', importOther));
});

test('a site with other doors that is there has them', async () => {
  const unit = await cutAt('data-there', importOther);
  expect(await found(unit)).toEqual(AS_OTHER);
  expect((await viewOf(unit)).wentBack).toBeNull();
});
