// A unit is taken out of its tenant: it was stolen, or the gym has closed. The hub tells it twice, a day apart; whatever its
// own clock says, and though it was off in between, it then knows nobody any more. Whoever is inside comes out, and what it
// has recorded is brought to the hub by hand. Real unit, real hub.
import { afterEach, expect, test } from 'vitest';
import { importDocument } from '../../main/controller/import.ts';
import { DAY_MS } from '../../main/core/time/day.ts';
import { TENANT } from './test-real-hub.ts';
import { type TenantUnit, TestTenant } from './test-tenant.ts';

let tenant: TestTenant | null = null;
afterEach(() => tenant?.close());

/** It calls the hub once more. @param at epoch ms, by the hub @returns how many members it knows then */
async function callAt(there: TestTenant, { link, appliance }: TenantUnit, at: number): Promise<number> {
  there.clock.setWall(at);
  link.renew();
  await there.pass(5_000);
  expect(link.report().state).toMatchObject({ at: 'revoked' });
  return appliance.store.memberCount();
}

test('two notices a day apart, with a restart between them and a clock that nobody believes', async () => {
  tenant = await TestTenant.make();
  const unit = await tenant.add('aoba');
  const { appliance } = unit;
  const { clock, store } = appliance;
  const known = store.memberCount();
  expect(await unit.scan('ANN')).toBe('plan');
  await tenant.pass(5_000);
  expect(store.outbox()).toBe(0);

  await tenant.operator('admin').units.revoke({ tenant: TENANT, unit: unit.replica.unit().unit });
  await tenant.pass(5_000);
  const state = unit.link.report().state;
  if (state.at !== 'revoked') throw new Error('it was not told');
  unit.restart();
  clock.setWall(0);
  appliance.watch.look();
  expect(appliance.watch.trust).toBe('doubtful');
  expect(await callAt(tenant, unit, state.firstAt + DAY_MS - 10_000)).toBe(known);
  unit.restart();
  expect(await callAt(tenant, unit, state.firstAt + DAY_MS)).toBe(0);

  expect(await unit.scan('ANN')).toBe('unknown-credential');
  expect(appliance.door.state().energised).toBe(false);
  await appliance.scan('ANN', 'out');
  await clock.advance(10);
  expect(appliance.door.state().energised).toBe(true);

  const left = store.outbox();
  expect(left).toBeGreaterThan(0);
  const document = store.replica(() => 0).exportEvents();
  expect(JSON.stringify(document)).not.toContain('"ann"');
  const { receipt } = await tenant.operator().carried.events({ tenant: TENANT, document });
  expect(importDocument(store, receipt, clock.wall())).toMatchObject({ ok: true });
  expect(store.outbox()).toBe(0);
  const { unit: id, epoch } = unit.replica.unit();
  expect(await tenant.hub.record(id, epoch)).toEqual([...store.record.since(0)]);
});
