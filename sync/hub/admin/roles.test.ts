// Two gyms share a hub. Whoever works for one must never see or touch anything of the other, and the trainee at the desk
// must not be able to revoke a door. Every call is tried with every kind of token; one that is added without a line here
// fails.
import { TRPCError } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { plainEvent } from '../../conformance/unit.ts';
import type { Role } from '../ports.ts';
import { gym } from '../store/testing.ts';
import { pairedUnit, seal, type TestHub, testHub } from '../testing.ts';
import type { Actor, AdminContext } from './call.ts';
import { adminRouter } from './router.ts';

/** The least role, and of whom. */
const CALLS: Readonly<Record<string, readonly [Role, 'tenant' | 'hub' | 'self' | 'anyone']>> = {
  'setup.claim': ['viewer', 'anyone'],
  'self.who': ['viewer', 'self'],
  'tenants.list': ['viewer', 'hub'],
  'tenants.create': ['admin', 'hub'],
  'tokens.list': ['admin', 'tenant'],
  'tokens.create': ['admin', 'tenant'],
  'tokens.revoke': ['admin', 'tenant'],
  'hubTokens.list': ['admin', 'hub'],
  'hubTokens.create': ['admin', 'hub'],
  'hubTokens.revoke': ['admin', 'hub'],
  'audit.list': ['admin', 'tenant'],
  'hubAudit.list': ['admin', 'hub'],
  'pairing.create': ['admin', 'tenant'],
  'units.list': ['viewer', 'tenant'],
  'units.change': ['admin', 'tenant'],
  'units.revoke': ['admin', 'tenant'],
  'commands.open': ['operator', 'tenant'],
  'commands.lockdown': ['operator', 'tenant'],
  'commands.refresh': ['operator', 'tenant'],
  'commands.restart': ['operator', 'tenant'],
  'entities.get': ['viewer', 'tenant'],
  'entities.list': ['viewer', 'tenant'],
  'entities.put': ['operator', 'tenant'],
  'entities.delete': ['operator', 'tenant'],
  'site.import': ['admin', 'tenant'],
  'site.export': ['admin', 'tenant'],
  'site.digest': ['viewer', 'tenant'],
  'settings.import': ['admin', 'tenant'],
  'settings.export': ['admin', 'tenant'],
  'carried.document': ['admin', 'tenant'],
  'carried.events': ['operator', 'tenant'],
  'events.page': ['viewer', 'tenant'],
  'counts.page': ['viewer', 'tenant'],
  'members.history': ['viewer', 'tenant'],
  'alerts.list': ['viewer', 'tenant'],
  'alerts.take': ['operator', 'tenant'],
  'alerts.live': ['viewer', 'tenant'],
  'leases.transfers': ['viewer', 'tenant'],
  'handovers.list': ['operator', 'tenant'],
  'handovers.accept': ['operator', 'tenant'],
  'handovers.reject': ['operator', 'tenant'],
  'upkeep.restored': ['admin', 'hub'],
};

const ROLES = ['viewer', 'operator', 'admin'] as const satisfies readonly Role[];
const actor = (tenant: string | null, role: Role): Actor => ({ tenant, role, person: 'Ana', digest: 'd' });

let hub: TestHub;
beforeAll(async () => {
  hub = await testHub(new VirtualClock());
  await pairedUnit(hub, 'ours', { tenant: 'a' });
  await pairedUnit(hub, 'theirs', { tenant: 'b' });
  await hub.store.importSite('a', gym(), 'test', 0);
});
afterAll(() => hub.close());

function context(who: Actor | null): AdminContext {
  return { parts: hub, units: hub.units, actor: who, unitUrl: 'ws://hub.test/v1/unit' };
}

/** The code of the refusal; `through`: the call itself was reached, whatever it then said of its input. */
async function tryCall(path: string, who: Actor | null, input: unknown): Promise<string> {
  const [area = '', name = ''] = path.split('.');
  const caller: unknown = adminRouter.createCaller(context(who));
  const call = Reflect.get(Object(Reflect.get(Object(caller), area)), name);
  try {
    await call(input);
    return 'through';
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    return error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN' ? error.code : 'through';
  }
}

test('every call is in the table, with its role', () => {
  const all: Readonly<Record<string, unknown>> = adminRouter._def.procedures;
  const calls = Object.entries(all).map(([path, call]) => {
    const meta: unknown = Reflect.get(Object(Reflect.get(Object(call), '_def')), 'meta');
    return [path, [Reflect.get(Object(meta), 'role'), Reflect.get(Object(meta), 'of')]];
  });
  expect(Object.fromEntries(calls)).toEqual(CALLS);
});

describe.each(Object.entries(CALLS))('%s', (path, [least, of]) => {
  // A form that no call takes: nothing is done, and whoever may not call must not even hear that it is wrong.
  const input = { tenant: 'a', nothing: 'of the kind' };

  test('without a token', async () => {
    expect(await tryCall(path, null, input)).toBe(of === 'anyone' ? 'through' : 'UNAUTHORIZED');
  });

  test.each(ROLES)('with a token of the tenant: %s', async (role) => {
    const isHigh = ROLES.indexOf(role) >= ROLES.indexOf(least);
    const may = of === 'anyone' || of === 'self' || (of === 'tenant' && isHigh);
    expect(await tryCall(path, actor('a', role), input)).toBe(may ? 'through' : 'FORBIDDEN');
  });

  test.each(ROLES)('with a token of the hub: %s', async (role) => {
    const may = of === 'anyone' || of === 'self' || ROLES.indexOf(role) >= ROLES.indexOf(least);
    expect(await tryCall(path, actor(null, role), input)).toBe(may ? 'through' : 'FORBIDDEN');
  });

  test.each(ROLES)('with a token of another tenant: %s', async (role) => {
    const may = of === 'anyone' || of === 'self';
    expect(await tryCall(path, actor('b', role), input)).toBe(may ? 'through' : 'FORBIDDEN');
  });
});

describe('another tenant’s ids under one’s own name find nothing:', () => {
  const caller = () => adminRouter.createCaller(context(actor('b', 'admin')));
  const tenant = 'b';

  test.each([
    ['units.change', () => caller().units.change({ tenant, unit: 'ours', name: 'mine' })],
    ['units.revoke', () => caller().units.revoke({ tenant, unit: 'ours' })],
    ['commands.open', () => caller().commands.open({ tenant, unit: 'ours', doorId: 'front' })],
    ['commands.lockdown', () => caller().commands.lockdown({ tenant, unit: 'ours', doorId: null, on: true })],
    ['entities.get', () => caller().entities.get({ tenant, kind: 'member', id: 'ann' })],
    ['entities.delete', () => caller().entities.delete({ tenant, kind: 'member', id: 'ann' })],
    ['site.export', () => caller().site.export({ tenant })],
    ['carried.document', () => caller().carried.document({ tenant, what: 'site' })],
  ])('%s', async (_, call) => {
    await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('tokens, alerts, handovers', async () => {
    const admin = adminRouter.createCaller(context(actor('a', 'admin')));
    const { id } = await admin.tokens.create({ tenant: 'a', role: 'viewer', person: 'Bo' });
    await hub.store.addAlert('a', null, 'test', {}, 0);
    await hub.store.handover('a', 'ours', [{ id: 'h1', kind: 'note', body: '{}' }], 0);
    const alert = (await admin.alerts.list({ tenant: 'a' })).find(({ kind }) => kind === 'test');
    const refusals = [
      caller().tokens.revoke({ tenant, id }),
      caller().alerts.take({ tenant, id: alert?.id ?? 'none' }),
      caller().handovers.accept({ tenant, unit: 'ours', id: 'h1', changes: [] }),
      caller().handovers.reject({ tenant, unit: 'ours', id: 'h1' }),
    ];
    for (const refusal of refusals) await expect(refusal).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await admin.tokens.list({ tenant: 'a' })).toHaveLength(1);
    expect(await admin.handovers.list({ tenant: 'a' })).toHaveLength(1);
  });

  test('lists and histories are empty', async () => {
    expect(await caller().entities.list({ tenant, kind: 'member' })).toEqual([]);
    expect(await caller().members.history({ tenant, memberId: 'ann' })).toEqual([]);
    expect(await caller().events.page({ tenant, unit: 'ours' })).toEqual([]);
    expect((await caller().units.list({ tenant })).map(({ unit }) => unit)).toEqual(['theirs']);
  });
});

test('a tenant that isn’t there is said only to the hub’s own operator', async () => {
  const nowhere = { tenant: 'nowhere' };
  const own = adminRouter.createCaller(context(actor(null, 'viewer')));
  await expect(own.units.list(nowhere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const other = adminRouter.createCaller(context(actor('a', 'admin')));
  await expect(other.units.list(nowhere)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('what a unit has handed over becomes a member, once', async () => {
  const operator = adminRouter.createCaller(context(actor('a', 'operator')));
  const card = { memberId: 'card-1', code: 'PC1', contractId: 'k1', planId: 'four', fromDay: 20_783, toDay: 20_812 };
  await hub.store.handover('a', 'ours', [{ id: 'h2', kind: 'provisional-card', body: JSON.stringify(card) }], 0);
  await operator.handovers.accept({ tenant: 'a', unit: 'ours', id: 'h2' });
  const member = await operator.entities.get({ tenant: 'a', kind: 'member', id: 'card-1' });
  const contracts = [{ id: 'k1', planId: 'four', from: '2026-11-26', to: '2026-12-25' }];
  expect(member.body).toMatchObject({ codes: ['PC1'], contracts });
  await expect(operator.handovers.accept({ tenant: 'a', unit: 'ours', id: 'h2' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('events that come by hand are stored like others, from units of the tenant alone', async () => {
  const unit = await pairedUnit(hub, 'offline', { tenant: 'a' });
  const parts = [unit.identity.events(1, [plainEvent(1), plainEvent(2)])];
  const document = seal(hub.keys.sealKey, 'offline', { parts });
  const ours = adminRouter.createCaller(context(actor('a', 'operator')));
  const theirs = adminRouter.createCaller(context(actor('b', 'operator')));
  const heads = [{ unit: 'offline', epoch: 1, seq: 2 }];
  const receipt = { payload: JSON.stringify({ format: 'genkan-acknowledged/1', heads }) };
  await expect(theirs.carried.events({ tenant: 'b', document })).rejects.toThrow(/not one of the tenant/);
  expect(await ours.carried.events({ tenant: 'a', document })).toMatchObject({ events: 2, receipt });
  expect(await ours.carried.events({ tenant: 'a', document })).toMatchObject({ events: 2, receipt });
  expect(await ours.events.page({ tenant: 'a', unit: 'offline' })).toHaveLength(2);
  const spoilt = { ...document, sealed: `${document.sealed.startsWith('A') ? 'B' : 'A'}${document.sealed.slice(1)}` };
  await expect(ours.carried.events({ tenant: 'a', document: spoilt })).rejects.toThrow(/not sealed for this hub/);
});
