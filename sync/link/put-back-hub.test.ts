// The hub loses its disk and is put back to an old copy, when the unit has let go of what the hub had by then: that part is
// nowhere any more. Operators are told which, nothing counts twice, and the two agree.
import { afterEach, expect, test } from 'vitest';
import { NOON } from '../../main/controller/testing.ts';
import { compileRules } from '../../main/core/rules.ts';
import { DAY_MS } from '../../main/core/time/day.ts';
import { Retention } from '../../main/store/retention.ts';
import { must } from '../../main/store/testing.ts';
import { TENANT } from './test-real-hub.ts';
import { type TenantUnit, TestTenant } from './test-tenant.ts';

let tenant: TestTenant | null = null;
afterEach(() => tenant?.close());

/** All that may go, as a year and more later. */
function letGo({ appliance: { store } }: TenantUnit): void {
  const master = store.master();
  if (master === null) throw new Error('no site');
  const retention = new Retention(store, 1);
  const moment = { at: NOON + 100 * DAY_MS, clock: 'synced', rules: compileRules(master) } as const;
  while (must(retention.slice(moment)));
}

/** Of Dan's ticket, and whose entries are counted: at the hub. */
async function left({ store }: TestTenant['hub']) {
  const site = await store.exportSite(TENANT);
  return { ticket: site?.tickets[0]?.remaining, usage: site?.usage.map(({ memberId }) => memberId) };
}

/** The hub is away, and its database is given over. */
async function away(made: TestTenant, unit: TenantUnit, meanwhile: () => Promise<void>): Promise<void> {
  made.reach(unit, false);
  await made.hub.end();
  await meanwhile();
  await made.hub.begin();
  made.reach(unit, true);
  await made.pass(120_000, 60);
}

test('what neither has any more is told, and both go on from there as one', async () => {
  tenant = await TestTenant.make();
  const { hub } = tenant;
  const unit = await tenant.add('aoba');
  const { replica, appliance, link } = unit;
  await unit.scan('ANN');
  await tenant.pass(2_000);
  const kept = (await hub.record(replica.unit().unit, 1)).length;
  await away(tenant, unit, () => hub.copy());
  for (const code of ['DAN', 'BOB', 'CHO']) await unit.scan(code);
  await tenant.pass(60_000);
  expect(link.report().queue).toBe(0);
  expect(await left(hub)).toEqual({ ticket: 1, usage: ['bob'] });
  letGo(unit);
  const begins = replica.begins()?.seq ?? 0;
  expect(begins).toBeGreaterThan(kept);

  await away(tenant, unit, () => hub.restore());
  const alerts = await hub.store.alerts(TENANT, 20);
  expect(alerts.map(({ kind, detail }) => [kind, detail['missing']])).toEqual([
    ['begins-late', [kept + 1, begins]],
    ['restored', undefined],
  ]);
  // Nobody knows of them any more: what they took is as if it had not been taken.
  expect(await left(hub)).toEqual({ ticket: 2, usage: [] });
  expect(replica.digest()).toBe(await hub.store.digest(TENANT));

  for (const code of ['DAN', 'BOB']) await unit.scan(code);
  await tenant.pass(2_000);
  expect(link.report()).toMatchObject({ state: { at: 'live' }, queue: 0 });
  expect(await left(hub)).toEqual({ ticket: 1, usage: ['bob'] });
  expect(replica.digest()).toBe(await hub.store.digest(TENANT));
  const head = appliance.store.record.last()?.seq ?? 0;
  const seqs = (await hub.store.events(TENANT, null, null, 100)).map(({ seq, flags }) => [seq, ...flags]);
  const there = Array.from({ length: head }, (_, at) => [at + 1]).filter(([seq = 0]) => seq <= kept || seq > begins);
  expect(seqs).toEqual(there);
  expect(appliance.store.record.verify().ok).toBe(true);
});
