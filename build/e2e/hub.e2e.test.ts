// A unit that knows nothing is paired with a hub by its one-time code. It takes the club's members from there, decides by
// them, and what happens at its door is on record at the hub, once, whatever ends in between.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { SystemClock } from '../../device/clock/system.ts';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from './appliance.ts';
import { HubProcess } from './hub.ts';

const Site = z.looseObject({ members: z.array(z.looseObject({ id: z.string(), codes: z.array(z.string()) })) });
const site = Site.parse(JSON.parse(readFileSync(DEMO_SITE, 'utf8')));
const clock = new SystemClock();
const hub = new HubProcess();
let folder: UnitFolder;
let unit: Appliance;

const Status = z.object({
  revision: z.int(),
  outbox: z.int(),
  hub: z.looseObject({ state: z.string(), queue: z.int() }).nullable(),
});
const health = async () => Status.parse(await (await fetch(`${unit.url}healthz`)).json());

/** Asks until `probe` likes the answer. */
async function soon<T>(what: string, ask: () => Promise<T>, probe: (answer: T) => boolean): Promise<T> {
  let last: T | undefined;
  for (let count = 0; count < 150; count += 1) {
    last = await ask();
    if (probe(last)) return last;
    await new Promise<void>((resolve) => {
      clock.after(what, 100, resolve);
    });
  }
  throw new Error(`waited for ${what}; last: ${JSON.stringify(last)}`);
}

const scan = (code: string) => unit.demo('scan', { reader: 'front-in', code });
const scans = () => folder.events().filter(({ type }) => type === 'scan');
const atHub = async () => {
  const lines = await hub.ctl('events', 'list', '--limit', '500');
  return lines
    .trim()
    .split('\n')
    .map((line) => z.looseObject({ seq: z.int() }).parse(JSON.parse(line)));
};
/** The hub has all that was on record a moment ago, each once. */
const isWhole = async () => {
  const least = folder.events().length;
  const seqs = (await atHub()).map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  expect(seqs.length).toBeGreaterThanOrEqual(least);
};
const unitId = () => String(folder.query('SELECT unit_id FROM unit')[0]?.['unit_id']);

beforeAll(async () => {
  await hub.found(site);
  folder = new UnitFolder({
    site: null,
    hub: { url: hub.url },
    // The same code is held up until it is refused.
    doors: [{ id: 'front', repeatMs: 0, lock: { driver: 'sim' }, readers: [{ id: 'front-in', driver: 'sim' }] }],
  });
  unit = await Appliance.start(folder);
});

afterAll(async () => {
  await unit?.stop();
  folder?.remove();
  await hub.remove();
});

test('a unit that is paired takes the members from the hub and decides by them', async () => {
  expect((await health()).hub).toMatchObject({ state: 'unpaired' });
  const { code } = z.looseObject({ code: z.string() }).parse(JSON.parse(await hub.ctl('pairing', 'tokyo', 'New')));
  const unnamed = await genkan(['pair', hub.url, code, '--name', '', '--config', folder.config]);
  expect(unnamed).toMatchObject({ code: 1, stderr: 'genkan: --name takes 1 to 200 characters\n' });
  const paired = await genkan(['pair', hub.url, code, '--name', 'Front', '--config', folder.config]);
  expect(paired).toMatchObject({ code: 0, stdout: 'paired with club: the unit takes its data from the hub now\n' });
  // Its own name, not the one that came with the code.
  expect(JSON.parse(await hub.ctl('unit', 'list'))).toMatchObject({ name: 'Front' });
  await soon('the first sync', health, (now) => now.hub?.state === 'live' && now.revision > 0);
  await scan('M0001');
  expect(scans().at(-1)?.result).toMatchObject({ granted: true });
});

test('what happened at the door is on record at the hub', async () => {
  await soon('an empty outbox', health, ({ outbox }) => outbox === 0);
  await isWhole();
});

test('a change at the hub is decided by a moment later', async () => {
  const member = site.members.find(({ codes }) => codes.includes('M0001'));
  await hub.put({
    kind: 'member',
    id: member?.id,
    position: 0,
    body: { ...member, suspended: { profile: true, identity: false } },
  });
  await soon(
    'the refusal',
    async () => {
      await scan('M0001');
      return scans().at(-1)?.result?.granted;
    },
    (granted) => granted === false,
  );
  await hub.put({ kind: 'member', id: member?.id, position: 0, body: member });
});

test('somebody at the hub opens the door, and is named on record', async () => {
  // In the first moments of a unit none is: whether one was before isn't known.
  const opened = await soon(
    'the door opened from afar',
    () => hub.tryCtl('open', unitId(), 'front'),
    ({ code }) => code === 0,
  );
  expect(opened.out).toContain('commanded');
  expect(folder.events().findLast(({ type }) => type === 'staff')?.detail).toMatchObject({ what: 'open', by: 'ana' });
  const again = await hub.tryCtl('open', unitId(), 'front');
  expect(again.code).toBe(1);
});

test('the hub is killed while events go up: none is lost, none is there twice', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 2; round += 1) {
    for (let count = 0; count < 10; count += 1) await scan(`M00${10 + round * 10 + count}`);
    await hub.kill();
    for (let count = 0; count < 5; count += 1) await scan(`M01${10 + round * 10 + count}`);
    expect((await health()).outbox).toBeGreaterThan(0);
    await hub.start();
    await soon('an empty outbox', health, ({ outbox }) => outbox === 0);
  }
  await isWhole();
});

test('the controller is restarted from afar, and goes on from where it was', async () => {
  const before = (await health()).revision;
  await hub.ctl('restart', unitId());
  await soon(
    'the restart',
    async () => folder.events(),
    (events) => events.some(({ type, detail }) => type === 'system' && detail['what'] === 'restart'),
  );
  await soon(
    'the hub again',
    () => health().catch(() => null),
    (now) => now?.hub?.state === 'live' && now.outbox === 0,
  );
  expect((await health()).revision).toBe(before);
});
