// The administrator of one gym has got hold of ids of another: its units, members, tokens, alerts. Whatever call is made
// with them says nothing of the other gym and changes nothing there. A call that is added without a line here fails.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import type { Settings } from '../../../main/contract/settings.ts';
import { DAY_MS } from '../../../main/core/time/day.ts';
import { plainEvent } from '../../conformance/unit.ts';
import { gym, TestUnit } from '../store/testing.ts';
import { pairedUnit, seal, type TestHub, testHub } from '../testing.ts';
import type { Actor, AdminContext } from './call.ts';
import { adminRouter } from './router.ts';

/** Stands in whatever is the other gym's, and nowhere else. */
const MARK = 'OURS';
const UNIT = `${MARK}-unit`;
const MEMBER = `${MARK}-ann`;
const YEARS = 2 * 366 * DAY_MS;
const SETTINGS: Settings = {
  format: 'genkan-settings/1',
  tenant: null,
  passKeys: [],
  revokedPasses: [],
  staticCodesOff: [],
  staff: [],
  closedDays: [],
  doorSchedules: [],
  carryOver: null,
  provisionalCards: null,
};

interface Known {
  readonly token: string;
  readonly alert: string;
  readonly events: unknown;
}

const member = { kind: 'member', id: MEMBER } as const;
const lists = () => ({});
const ofUnit = () => ({ unit: UNIT });

/** What is asked with each of them, beside the own tenant. */
const CALLS: Readonly<Record<string, (known: Known) => Readonly<Record<string, unknown>>>> = {
  'tokens.list': lists,
  'tokens.create': () => ({ role: 'viewer', person: 'Bo' }),
  'tokens.revoke': ({ token }) => ({ id: token }),
  'audit.list': lists,
  'pairing.create': () => ({ site: 'tokyo', name: 'Door' }),
  'units.list': lists,
  'units.change': () => ({ unit: UNIT, name: 'mine', site: 'mine' }),
  'units.revoke': ofUnit,
  'commands.open': () => ({ unit: UNIT, doorId: 'front' }),
  'commands.lockdown': () => ({ unit: UNIT, doorId: null, on: true }),
  'commands.refresh': ofUnit,
  'commands.restart': ofUnit,
  'entities.get': () => member,
  'entities.list': () => ({ kind: 'member' }),
  'entities.put': () => ({ changes: [{ ...member, position: 0, body: null }] }),
  'entities.delete': () => member,
  'site.import': () => ({ document: gym() }),
  'site.export': lists,
  'site.digest': lists,
  'settings.import': () => ({ document: SETTINGS }),
  'settings.export': lists,
  'carried.document': () => ({ what: 'site' }),
  'carried.events': ({ events }) => ({ document: events }),
  'events.page': () => ({ unit: UNIT }),
  'counts.page': lists,
  'members.history': () => ({ memberId: MEMBER }),
  'alerts.list': lists,
  'alerts.take': ({ alert }) => ({ id: alert }),
  'alerts.live': lists,
  'leases.transfers': lists,
  'handovers.list': () => ({ open: false }),
  'handovers.accept': () => ({ unit: UNIT, id: 'h', changes: [] }),
  'handovers.reject': () => ({ unit: UNIT, id: 'h' }),
};

let hub: TestHub;
let known: Known;
const context = (tenant: string): AdminContext => {
  const actor: Actor = { tenant, role: 'admin', person: tenant === 'a' ? `${MARK}-ana` : 'Eve', digest: 'd' };
  return { parts: hub, units: hub.units, actor, unitUrl: 'ws://hub.test/v1/unit' };
};

beforeAll(async () => {
  hub = await testHub(new VirtualClock());
  const { identity } = await pairedUnit(hub, UNIT, { tenant: 'a' });
  await pairedUnit(hub, 'theirs', { tenant: 'b' });
  const old = new TestUnit('a', `${MARK}-old`);
  await old.pair(hub.store);
  for (let n = 0; n < 2; n += 1) old.record({ result: { granted: true, reason: 'plan' } });
  await old.send(hub.store, 0);
  await hub.store.retain(YEARS);
  const site = gym();
  const [ann] = site.members;
  const members = ann === undefined ? [] : [{ ...ann, id: MEMBER, name: MARK, codes: [MARK] }];
  await hub.store.importSite('a', { ...site, site: { ...site.site, name: MARK }, members, tickets: [] }, MARK, 0);
  await hub.store.importSettings('a', SETTINGS, MARK, 0);
  await hub.store.addAlert('a', UNIT, 'test', {}, 0);
  // Whoever watches hears of something.
  await hub.store.addAlert('b', null, 'test', {}, 0);
  await hub.store.handover('a', UNIT, [{ id: 'h', kind: 'note', body: JSON.stringify(MARK) }], 0);
  const ours = adminRouter.createCaller(context('a'));
  const { id: token } = await ours.tokens.create({ tenant: 'a', role: 'viewer', person: MARK });
  const part = identity.events(1, [plainEvent(1)]);
  await ours.carried.events({ tenant: 'a', document: seal(hub.keys.sealKey, UNIT, { parts: [part] }) });
  const events = seal(hub.keys.sealKey, UNIT, { parts: [identity.events(1, [plainEvent(1), plainEvent(2)])] });
  const [alert] = await ours.alerts.list({ tenant: 'a' });
  known = { token, alert: alert?.id ?? '', events };
});
afterAll(() => hub.close());

/** All that there is of the other gym. */
async function ours(): Promise<string> {
  const { store } = hub;
  const counts = await store.tallies('a', { from: null, to: null }, null, 9);
  const documents = [await store.exportSite('a'), await store.exportSettings('a'), await store.revision('a')];
  const people = [await store.tokens('a'), await store.auditTrail('a', 100), await store.alerts('a', 100)];
  const record = [
    await store.units('a'),
    await store.events('a', null, null, 100),
    await store.handovers('a', false, 9),
  ];
  return JSON.stringify([...documents, ...people, ...record, counts]);
}

/** What the call says, or why it doesn't. */
async function answerOf(path: string, input: unknown): Promise<string> {
  const [area = '', name = ''] = path.split('.');
  const caller: unknown = adminRouter.createCaller(context('b'));
  const call = Reflect.get(Object(Reflect.get(Object(caller), area)), name);
  try {
    const answer: unknown = await call(input);
    const isLive = typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
    return JSON.stringify(isLive ? await firstOf(Object(answer)) : answer);
  } catch (error) {
    return String(error);
  }
}

async function firstOf(answers: AsyncIterable<unknown>): Promise<unknown> {
  for await (const answer of answers) return answer;
  return null;
}

test('every call about a tenant is tried', () => {
  const all: Readonly<Record<string, unknown>> = adminRouter._def.procedures;
  const isOfTenant = (call: unknown) => {
    const meta: unknown = Reflect.get(Object(Reflect.get(Object(call), '_def')), 'meta');
    return Reflect.get(Object(meta), 'of') === 'tenant';
  };
  const paths = Object.keys(all).filter((path) => isOfTenant(all[path]));
  expect(Object.keys(CALLS).sort()).toEqual(paths.sort());
});

test('what is to be found is there for its own', async () => {
  expect((await ours()).split(MARK).length).toBeGreaterThan(10);
  expect(await hub.store.tallies('a', { from: null, to: null }, null, 9)).toMatchObject([{ unit: `${MARK}-old` }]);
  expect([known.token, known.alert]).not.toContain('');
});

test.each(Object.entries(CALLS))('%s', async (path, inputOf) => {
  const before = await ours();
  const answer = await answerOf(path, { tenant: 'b', ...inputOf(known) });
  expect(answer).not.toContain(MARK);
  // The form is right: it is refused, or answered, for what it asks.
  expect(answer).not.toContain('not as expected');
  expect(await ours()).toBe(before);
});
