// The database is damaged, and the disk has no room for a new one. The unit says so, keeps what it has, lets people out,
// and builds itself anew with its members once there is room: it never goes on as a unit that knows nobody.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../device/sim/wait.ts';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from './appliance.ts';
import { fillUp, mountSmall, spoilTable } from './disk.ts';

const FRONT = {
  id: 'front',
  pulseMs: 300,
  repeatMs: 0,
  lock: { driver: 'sim' },
  readers: [
    { id: 'front-in', driver: 'sim' },
    { id: 'front-out', driver: 'sim', direction: 'out' },
  ],
};
/** Bytes: an empty database and its log, and little more. */
const ENOUGH_FOR_A_DRAFT = 2_000_000;
const MEMBERS = 4_000;
const DEMO = JSON.parse(readFileSync(DEMO_SITE, 'utf8'));
const NO_ROOM = /the database was damaged, and there is no room for a new one/;

const opens = async (unit: Appliance, reader: string) => {
  await unit.healthy('the door is shut', ({ doors }) => doors[0]?.state === 'locked');
  await unit.demo('scan', { reader, code: 'M0001' }).catch(() => undefined);
  return (await unit.health()).doors[0]?.state === 'unlocking';
};
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const count = (text: string, of: RegExp) => text.match(new RegExp(of, 'g'))?.length ?? 0;

function members(): unknown[] {
  const [first] = DEMO.members;
  const more = Array.from({ length: MEMBERS - DEMO.members.length }, (_, at) => ({
    ...{ ...first, id: `more-${at}`, name: 'n'.repeat(200), codes: [`MORE${at}`] },
    contracts: first.contracts.map((one: { id: string }) => ({ ...one, id: `c-${at}-${one.id}` })),
  }));
  return [...DEMO.members, ...more];
}

/** A unit on a small disk, which somebody has used; no file has its site any more. */
async function used() {
  const folder = new UnitFolder({ dataDir: 'mounted/data', doors: [FRONT], site: 'site.json' });
  onTestFinished(() => folder.remove());
  writeFileSync(join(folder.path, 'site.json'), JSON.stringify({ ...DEMO, members: members() }));
  const mounted = join(folder.path, 'mounted');
  if (!mountSmall(mounted, 30)) return null;
  const unit = await Appliance.start(folder);
  onTestFinished(() => unit.kill());
  await unit.healthy('the unit is ok');
  expect(await opens(unit, 'front-in')).toBe(true);
  await unit.stop();
  folder.configure({ dataDir: 'mounted/data', doors: [FRONT], site: null });
  return {
    folder,
    ballast: join(mounted, 'ballast'),
    database: join(mounted, 'data/genkan.db'),
    data: join(mounted, 'data'),
  };
}

/** As whoever looks finds it while there is no room. */
async function holdsOut(unit: Appliance): Promise<void> {
  await unit.healthy('it says that something is wrong', ({ status }) => status === 'degraded');
  expect(await opens(unit, 'front-in')).toBe(false);
  expect(await opens(unit, 'front-out')).toBe(true);
}

/** There is room: nothing has to be done by hand. */
async function comesBack(unit: Appliance, folder: UnitFolder, data: string): Promise<void> {
  await unit.healthy('it is whole again');
  expect(await opens(unit, 'front-in')).toBe(true);
  expect(await unit.stop()).toMatchObject({ code: 0 });
  expect(readdirSync(data).filter((name) => /damaged-\d+$/.test(name))).toEqual(['genkan.db.damaged-1']);
  const { stdout } = await genkan(['export', '--config', folder.config]);
  expect(JSON.parse(stdout).members).toHaveLength(MEMBERS);
  expect((await genkan(['verify', '--config', folder.config])).code).toBe(0);
}

test('damaged while it runs, and room for a new database but not for its members', async ({ skip }) => {
  const made = await used();
  if (made === null) return skip('full disk not run: this user may not mount');
  const { folder, ballast, database, data } = made;
  spoilTable(database, 'month_count');
  const unit = await Appliance.start(folder);
  onTestFinished(() => unit.kill());
  await unit.healthy('the unit is ok');
  fillUp(ballast);
  truncateSync(ballast, statSync(ballast).size - ENOUGH_FOR_A_DRAFT);
  for (let tries = 0; !unit.running.stderr.includes('is damaged'); tries += 1) {
    if (tries === 200) throw new Error('the damage was never seen');
    await unit.demo('scan', { reader: 'front-in', code: `M00${10 + (tries % 90)}` });
  }
  const log = () => unit.running.stderr;
  await until('what became of it', () => NO_ROOM.test(log()) || /set aside as/.test(log()), {
    withinMs: 30_000,
    seen: log,
  });
  expect(log()).toMatch(NO_ROOM);
  await holdsOut(unit);
  rmSync(ballast);
  await comesBack(unit, folder, data);
  // Tried once in vain: each try ends the controller for a moment.
  expect(count(unit.running.stderr, NO_ROOM)).toBe(1);
});

test('damaged at a start, and no room at all', async ({ skip }) => {
  const made = await used();
  if (made === null) return skip('full disk not run: this user may not mount');
  const { folder, ballast, database, data } = made;
  spoilTable(database, 'unit');
  const before = digest(database);
  fillUp(ballast);
  const unit = await Appliance.start(folder);
  onTestFinished(() => unit.kill());
  await holdsOut(unit);
  expect(digest(database)).toBe(before);
  rmSync(ballast);
  await comesBack(unit, folder, data);
});
