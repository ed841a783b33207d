// Bob may come so often a month, and has two gyms to go to. What one gym has left must reach him at the other: before he
// is refused where that can be foreseen, and on his second try where it can't. Real units, the real hub.
import { afterEach, expect, test } from 'vitest';
import { TEST_SITE } from '../../main/controller/testing.ts';
import { ranksOf } from '../../main/core/leases.ts';
import type { SiteBundle } from '../../main/core/model.ts';
import { TENANT } from './test-real-hub.ts';
import { TestTenant } from './test-tenant.ts';

let tenant: TestTenant | null = null;
afterEach(() => tenant?.close());

/** @param counted dates of this month that Bob has been to some other place */
function siteWith(monthlyLimit: number, ...counted: readonly string[]): SiteBundle {
  const plans = TEST_SITE.plans.map((plan) => {
    if (plan.entry.mode !== 'limits') return plan;
    const bands = plan.entry.bands.map((band) => ({ ...band, monthlyLimit }));
    return { ...plan, entry: { ...plan.entry, bands } };
  });
  const usage = counted.map((date) => ({ memberId: 'bob', contractId: 'c-bob', bandId: 'day', date }));
  return { ...TEST_SITE, plans, usage };
}

async function twoGyms(site: SiteBundle) {
  tenant = await TestTenant.make(site);
  const units = [await tenant.add('aoba'), await tenant.add('kobe')] as const;
  const transfers = async () => (await tenant?.hub.store.entities(TENANT, 'transfer', null, 10)) ?? [];
  return { tenant, units, transfers };
}

test('who is refused since the last entry is the other gym’s is let in on the second try', async () => {
  const { tenant, units, transfers } = await twoGyms(siteWith(2, '2026-11-01'));
  const isOfAoba = ranksOf('c-bob', ['aoba', 'kobe']).get('aoba') === 0;
  const unlucky = units[isOfAoba ? 1 : 0];
  expect(await unlucky.scan('BOB')).toBe('limit-reached');
  await tenant.pass(5_000);
  expect(await transfers()).toMatchObject([{ body: { uses: 1 } }]);
  expect(await unlucky.scan('BOB')).toBe('plan');
  await tenant.pass(5_000);
  expect(await tenant.hub.store.alerts(TENANT, 10)).toEqual([]);
  expect((await tenant.hub.store.memberHistory(TENANT, 'bob', 10)).filter(({ kind }) => kind === 'usage')).toHaveLength(
    2,
  );
});

test('what runs out at one gym is filled up from the other, before anybody is refused', async () => {
  const { tenant, units, transfers } = await twoGyms(siteWith(4));
  expect(await units[0].scan('BOB')).toBe('plan');
  await tenant.pass(5_000);
  expect(await transfers()).toMatchObject([{ body: { from: 'kobe', to: 'aoba', uses: 1 } }]);
  expect(units[1].answers).toEqual([['give', 'given']]);
  expect(units[0].answers).toEqual([]);
});

test('what comes by hand is filled up as well: the other gym gives while the stick is on its way back', async () => {
  const { tenant, units, transfers } = await twoGyms(siteWith(4));
  const [cut, other] = units;
  tenant.reach(cut, false);
  expect(await cut.scan('BOB')).toBe('plan');
  await tenant.pass(5_000);
  expect(await transfers()).toEqual([]);
  const document = cut.appliance.store.replica(() => 0).exportEvents();
  await tenant.operator().carried.events({ tenant: TENANT, document });
  await tenant.pass(5_000);
  expect(await transfers()).toMatchObject([{ body: { from: 'kobe', to: 'aoba', uses: 1 } }]);
  expect(other.answers).toEqual([['give', 'given']]);
});

test('what two cut-off gyms spent beyond the month is said by right, by how much and by which events', async () => {
  const { tenant, units } = await twoGyms(siteWith(2, '2026-11-01'));
  // A lock that decides by itself lets him in at both; the hub hears of it at last.
  for (const unit of units) tenant.reach(unit, false);
  await tenant.pass(1_000);
  const named: string[] = [];
  for (const [at, { appliance, replica, link }] of units.entries()) {
    const date = `2026-11-0${at + 4}`;
    const consumed = { kind: 'band', contractId: 'c-bob', bandId: 'day', date } as const;
    const detail = { what: 'passage', effects: { memberId: 'bob', consumed } };
    const noted = appliance.unit.journal.act((_, note) => ({ ok: true, value: note({ type: 'system', detail }) }));
    if (!noted.ok) throw new Error('not noted');
    const { unit, epoch } = replica.unit();
    named.push(`${unit}/${epoch}/${noted.value}`);
    link.recorded();
  }
  for (const unit of units) tenant.reach(unit, true);
  await tenant.pass(120_000, 60);
  const right = { kind: 'band', contractId: 'c-bob', bandId: 'day', month: '2026-11' };
  const alerts = await tenant.hub.store.alerts(TENANT, 10);
  expect(alerts.filter(({ kind }) => kind === 'overdraft')).toMatchObject([{ detail: { right, by: 1 } }]);
  const [event] = alerts.flatMap(({ detail }) => (Array.isArray(detail['events']) ? detail['events'] : []));
  expect(named).toContain(event);
});
