// A club with two gyms. Two hubs over one PostgreSQL serve it: a unit that is led from one to the other in the midst of its
// first snapshot goes on there. Then all are cut off, and somebody comes to every door with the last use of a ticket.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SystemClock } from '../../device/clock/system.ts';
import { ranksOf } from '../../main/core/leases.ts';
import type { SiteBundle } from '../../main/core/model.ts';
import { formatDay } from '../../main/core/time/day.ts';
import { benchSite, codeOf } from '../bench/data.ts';
import { findingsAtRest, findingsOfData, siteAtHub } from './at-rest.ts';
import { HubProcess, TENANT } from './hub.ts';
import { PrivatePostgres } from './postgres.ts';
import { SyncUnit, soon } from './sync-unit.ts';

const MEMBERS = 1_500;
/** Bytes of all their rows, a third or so. */
const PART = 300_000;
/** The tables of a unit that is new are the first generation. */
const FIRST_SNAPSHOT = 2;
const [AOBA, KOBE] = ['aoba', 'kobe'] as const;
/** Come by ticket alone; each has one with one use left, which is leased to the gym of this name. */
const HOLDERS = { [AOBA]: 3, [KOBE]: 8 };
const TICKETS = { [AOBA]: ticketOf(AOBA), [KOBE]: ticketOf(KOBE) };

const postgres = new PrivatePostgres(false);
const hubs: HubProcess[] = [];
const units: SyncUnit[] = [];

function ticketOf(gym: string): string {
  const ids = Array.from({ length: 50 }, (_, at) => `last-${at}`);
  return ids.find((id) => ranksOf(id, [AOBA, KOBE]).get(gym) === 0) ?? '';
}

function site(): SiteBundle {
  const issuedOn = formatDay(Math.floor(new SystemClock().wall() / 86_400_000) - 2);
  const tickets = [AOBA, KOBE].map((gym) => ({
    ...{ id: TICKETS[gym], typeId: 'tt', memberId: `m${HOLDERS[gym]}`, issuedOn, remaining: 1 },
  }));
  return { ...benchSite(MEMBERS), usage: [], tickets };
}

/** Granted or not, and whether that was for a lease: of the last scan there. */
function lastAt(unit: SyncUnit): unknown {
  const { result, detail } = unit.folder.events().findLast(({ type }) => type === 'scan') ?? {};
  return [result?.granted, detail?.['lease'] ?? null];
}

/** The first hub, and the one beside it. */
function bothHubs(): readonly [HubProcess, HubProcess] {
  const [one, other] = hubs;
  if (one === undefined || other === undefined) throw new Error('the hubs don’t run');
  return [one, other];
}

beforeAll(async () => {
  await postgres.start();
  const env = { DATABASE_URL: await postgres.database() };
  hubs.push(new HubProcess(env), new HubProcess(env));
  for (const [at, hub] of hubs.entries()) await (at === 0 ? hub.found(site()) : hub.start());
});

afterAll(async () => {
  for (const unit of units) await unit.remove();
  for (const hub of hubs) await hub.remove();
  await postgres.remove();
});

test('led to the other hub in the midst of its first snapshot, it goes on there and has all there is', async () => {
  const [one, other] = bothHubs();
  const unit = await SyncUnit.make('Aoba', one);
  units.push(unit);
  const isHalted = unit.cable.haltAfter(PART);
  await unit.pair(one, AOBA);
  await isHalted;
  const staged = async () => Number(unit.folder.query('SELECT rows FROM snapshot')[0]?.['rows']);
  await soon('rows that came before', staged, (rows) => rows > 100);
  unit.cable.cut();
  expect(unit.site()).toBeNull();
  // Meanwhile who has come already gets another name, and somebody goes.
  const [first] = site().members;
  await one.put(
    { kind: 'member', id: 'm0', position: 0, body: { ...first, name: 'Renamed' } },
    { kind: 'member', id: 'm10', position: 0, body: null },
  );
  unit.cable.lead(other.port);
  await unit.settled();
  expect(await findingsOfData(one, unit)).toEqual([]);
  expect(unit.site()?.members.find(({ id }) => id === 'm0')?.name).toBe('Renamed');
  // The first one was never given up.
  expect(unit.folder.query('SELECT generation FROM hub')).toEqual([{ generation: FIRST_SNAPSHOT }]);
});

test('the last use at two gyms that are cut off: one admits; where a gym’s units can’t hear each other the excess is named', async () => {
  const [one, other] = bothHubs();
  const join = async (name: string) => {
    const unit = await SyncUnit.make(name, other);
    units.push(unit);
    await unit.pair(one, KOBE);
  };
  await Promise.all(['Kobe 1', 'Kobe 2'].map(join));
  expect(await findingsAtRest(one, units)).toEqual([]);
  for (const unit of units) unit.cable.cut();
  const isAway = async () => Promise.all(units.map((unit) => unit.health()));
  await soon('all cut off', isAway, (all) => all.every(({ hub }) => hub?.state !== 'live'));
  const said = async (member: number) => {
    await Promise.all(units.map((unit) => unit.scan(codeOf(member))));
    return units.map(lastAt);
  };
  const elsewhere = [false, 'elsewhere'];
  expect(await said(HOLDERS[AOBA])).toEqual([[true, null], elsewhere, elsewhere]);
  expect(await said(HOLDERS[KOBE])).toEqual([elsewhere, [true, 'cut-off'], [true, 'cut-off']]);

  for (const unit of units) unit.cable.lead();
  expect(await findingsAtRest(one, units)).toEqual([]);
  const { ticketUses, tickets } = await soon(
    'what was used',
    () => siteAtHub(one),
    (there) => there.ticketUses.reduce((sum, { uses }) => sum + uses, 0) === 3,
  );
  expect(new Map(ticketUses.map(({ ticketId, uses }) => [ticketId, uses]))).toEqual(
    new Map([
      [TICKETS[AOBA], 1],
      [TICKETS[KOBE], 2],
    ]),
  );
  expect(tickets.map(({ remaining }) => remaining)).toEqual([0, 0]);
  const alerts = await soon(
    'the overdraft',
    async () => (await one.calls.alerts.list.query({ tenant: TENANT })).filter(({ kind }) => kind === 'overdraft'),
    (list) => list.length > 0,
  );
  expect(alerts).toMatchObject([{ detail: { right: { kind: 'ticket', ticketId: TICKETS[KOBE] }, by: 1 } }]);
});
