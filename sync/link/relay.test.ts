// Two doors of one gym. The line of one to the internet is cut, its neighbour's isn't: what the cut-off door records must
// be at the hub all the same, once, also when the door comes back and brings it itself. Real units, the real hub.
import { afterEach, expect, test } from 'vitest';
import { parseEventBody } from '../wire/effects.ts';
import { headText } from '../wire/signed.ts';
import { chained, genesisOf } from './peers/chain.ts';
import { TENANT } from './test-real-hub.ts';
import { type TenantUnit, TestTenant } from './test-tenant.ts';

let tenant: TestTenant | null = null;
afterEach(() => tenant?.close());

/** As the peers' line brings it. */
function overhear(from: TenantUnit, to: TenantUnit): void {
  const { unit } = from.replica.unit();
  const after = to.replica.heardOf().find((one) => one.unit === unit)?.seq ?? 0;
  const next = from.replica.outgoing(after, { events: 100, bytes: 1_000_000 });
  if (next === null) throw new Error('nothing new');
  const events = next.bodies.map((body, at) => {
    const parsed = parseEventBody(body);
    return { seq: next.from + at, body, effects: parsed.ok ? parsed.value.detail.effects : undefined };
  });
  const proof = from.replica.sign(headText(unit, next.epoch, next.from + events.length - 1, next.hash));
  to.replica.hear(unit, next.epoch, events, { hash: next.hash, proof });
  to.link.recorded();
}

test('what a cut-off door has signed comes through its neighbour, and is there once when it comes itself', async () => {
  tenant = await TestTenant.make();
  const [front, back] = [await tenant.add('aoba'), await tenant.add('aoba')];
  const { unit, epoch } = front.replica.unit();
  tenant.reach(front, false);
  await tenant.pass(1_000);
  const before = (await tenant.hub.record(unit, epoch)).length;
  expect(await front.scan('BOB')).toBe('plan');
  overhear(front, back);
  await tenant.pass(5_000);
  const own = [...front.appliance.store.record.since(0)];
  expect(own.length).toBeGreaterThan(before);
  expect((await tenant.hub.record(unit, epoch)).length).toBeGreaterThan(before);
  expect(back.replica.relayable('')).toBeNull();
  tenant.reach(front, true);
  await tenant.pass(120_000, 60);
  expect(await tenant.hub.record(unit, epoch)).toEqual([...front.appliance.store.record.since(0)]);
  expect((await tenant.hub.store.memberHistory(TENANT, 'bob', 10)).filter(({ kind }) => kind === 'usage')).toHaveLength(
    1,
  );
  expect(await tenant.hub.store.alerts(TENANT, 10)).toEqual([]);
  expect(front.replica.digest()).toBe(back.replica.digest());
});

test('a neighbour that has only the end of it keeps that, and its own record goes on', async () => {
  tenant = await TestTenant.make();
  const [front, back] = [await tenant.add('aoba'), await tenant.add('aoba')];
  const { unit, epoch } = front.replica.unit();
  tenant.reach(front, false);
  await front.scan('BOB');
  await tenant.pass(10_000);
  const middle = front.replica.head()?.seq ?? 0;
  await front.scan('ANN');
  const next = front.replica.outgoing(middle, { events: 100, bytes: 1_000_000 });
  if (next === null) throw new Error('nothing new');
  const events = next.bodies.map((body, at) => ({ seq: next.from + at, body, effects: undefined }));
  const proof = front.replica.sign(headText(unit, epoch, next.from + events.length - 1, next.hash));
  back.replica.hear(unit, epoch, events, { hash: next.hash, proof });
  back.link.recorded();
  await tenant.pass(5_000);
  await back.scan('CHO');
  await tenant.pass(5_000);
  expect(back.link.report()).toMatchObject({ state: { at: 'live' }, queue: 0 });
  tenant.reach(front, true);
  await tenant.pass(120_000, 60);
  expect(await tenant.hub.record(unit, epoch)).toEqual([...front.appliance.store.record.since(0)]);
});

test('a neighbour that was told what isn’t the other’s record brings it in vain, and loses nothing by it', async () => {
  tenant = await TestTenant.make();
  const [front, back] = [await tenant.add('aoba'), await tenant.add('aoba')];
  const { unit, epoch } = front.replica.unit();
  const head = (await tenant.hub.record(unit, epoch)).length;
  tenant.reach(front, false);
  // Its disk was put back to a copy: what it signs goes on from where its neighbour and the hub have never been.
  const bodies = [JSON.stringify({ seq: head + 1, at: '2026-11-02T03:00:00Z', type: 'input', detail: {} })];
  const hash = chained(genesisOf('another past', 1), bodies);
  const proof = front.replica.sign(headText(unit, epoch, head + 1, hash));
  const events = bodies.map((body) => ({ seq: head + 1, body, effects: undefined }));
  back.replica.hear(unit, epoch, events, { hash, proof });
  const lines = back.network.lines.length;
  for (const code of ['CHO', 'ANN']) {
    await back.scan(code);
    await tenant.pass(60_000);
  }
  expect(back.network.lines).toHaveLength(lines);
  expect(back.link.report()).toMatchObject({ state: { at: 'live' }, queue: 0 });
  const alerts = await tenant.hub.store.alerts(TENANT, 10);
  expect(alerts.map(({ kind, detail }) => [kind, detail['relayedBy']])).toEqual([
    ['chain-relayed', back.replica.unit().unit],
  ]);
  tenant.reach(front, true);
  await tenant.pass(120_000, 60);
  expect(await tenant.hub.record(unit, epoch)).toEqual([...front.appliance.store.record.since(0)]);
});
