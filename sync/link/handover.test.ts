// A newcomer takes a provisional card at the kiosk, and a guest is given tickets at the desk, at a door that is alone.
// Both must open that door at every moment: alone, while the hub takes them over, and afterwards; then at the other gym
// as well. Real units, the real hub.
import { afterEach, expect, test } from 'vitest';
import { ProvisionalDesk } from '../../main/controller/provisional.ts';
import { issueTicket, redeem } from '../../main/controller/staff/tickets.ts';
import { TENANT } from './test-real-hub.ts';
import { type TenantUnit, TestTenant } from './test-tenant.ts';

const CARDS = { planId: 'open', days: 30, stock: 20 };

let tenant: TestTenant | null = null;
afterEach(() => tenant?.close());

async function twoGyms(handovers: 'at-once' | 'by-hand') {
  tenant = await TestTenant.make(undefined, { provisionalCards: CARDS, handovers });
  return { tenant, here: await tenant.add('aoba'), there: await tenant.add('kobe') };
}

function newCard({ appliance }: TenantUnit): { readonly number: string; readonly code: string } {
  const { clock, store, unit } = appliance;
  const { journal, site } = unit;
  const desk = new ProvisionalDesk({ clock, store, journal, site, trust: () => 'synced' });
  const { card } = desk.issue({ door: 'front', request: 'one' });
  if (card === null) throw new Error('no card');
  return card;
}

const waiting = ({ appliance }: TenantUnit) => appliance.store.held.waitingCount();

/** As somebody who came ages ago: no repeat, no stay of before. */
async function opens(unit: TenantUnit, code: string): Promise<boolean> {
  await unit.appliance.clock.advance(4_000);
  return (await unit.scan(code)) === 'plan';
}

test('a card opens where it was made at every moment until the hub’s own row is there, and then elsewhere too', async () => {
  const { tenant, here, there } = await twoGyms('at-once');
  tenant.reach(here, false);
  const { number, code } = newCard(here);
  expect(await opens(here, code)).toBe(true);
  expect(await opens(there, code)).toBe(false);
  tenant.reach(here, true);
  // The line is flushed message by message, and somebody with the card comes after each.
  for (let step = 0; step < 60 || waiting(here) > 0; step += 1) {
    if (step > 400) throw new Error('the hub takes nothing over');
    await tenant.step(here);
    expect(here.appliance.store.members.has(number), `message ${step}`).toBe(true);
    if (step % 10 === 0) expect(await opens(here, code)).toBe(true);
  }
  await tenant.pass(5_000);
  expect(await opens(here, code)).toBe(true);
  expect(await opens(there, code)).toBe(true);
  expect((await tenant.hub.store.entity(TENANT, 'member', number))?.body).toMatchObject({ codes: [code], name: '' });
  expect(here.replica.digest()).toBe(there.replica.digest());
  expect(await tenant.hub.store.digest(TENANT)).toBe(here.replica.digest());
  expect(await tenant.hub.store.handovers(TENANT, true, 10)).toEqual([]);
});

test('a ticket that staff have issued has what was not used of it meanwhile, everywhere', async () => {
  const { tenant, here, there } = await twoGyms('at-once');
  tenant.reach(here, false);
  const by = { staffId: 'eve', name: 'Eve', role: 'staff' } as const;
  const issued = issueTicket(here.appliance.unit, by, { act: 'a', memberId: 'cho', typeId: 'tt' });
  if (!issued.ok) throw new Error(issued.error);
  const { ticketId } = issued.value;
  expect(redeem(here.appliance.unit, by, { act: 'b', ticketId, uses: 3 }).ok).toBe(true);
  tenant.reach(here, true);
  await tenant.pass(120_000, 60);
  expect(waiting(here)).toBe(0);
  expect((await tenant.hub.store.entity(TENANT, 'ticket', ticketId))?.body).toMatchObject({ remaining: 7 });
  expect(here.replica.digest()).toBe(there.replica.digest());
  expect(await tenant.hub.store.digest(TENANT)).toBe(here.replica.digest());
});

test('where a person sees to it, the card opens meanwhile; turned down, it opens no more', async () => {
  const { tenant, here, there } = await twoGyms('by-hand');
  const { number, code } = newCard(here);
  await tenant.pass(60_000, 60);
  expect(waiting(here)).toBe(1);
  here.link.renew();
  await tenant.pass(10_000);
  expect(await opens(here, code)).toBe(true);
  expect(await opens(there, code)).toBe(false);
  const [item] = await tenant.hub.store.handovers(TENANT, true, 10);
  if (item === undefined) throw new Error('nothing was handed over');
  await tenant.operator().handovers.reject({ tenant: TENANT, unit: item.unit, id: item.id });
  await tenant.pass(10_000);
  expect(waiting(here)).toBe(0);
  expect(await opens(here, code)).toBe(false);
  expect(await tenant.hub.store.entity(TENANT, 'member', number)).toBeNull();
});

test('what the hub’s data has no room for waits for a person, and the door goes on with it', async () => {
  const { tenant, here } = await twoGyms('at-once');
  tenant.reach(here, false);
  const { code } = newCard(here);
  // Somebody was given the same code meanwhile.
  const ann = await tenant.hub.store.entity(TENANT, 'member', 'ann');
  if (ann?.kind !== 'member' || ann.body === null) throw new Error('no Ann');
  const codes = [...ann.body.codes, code];
  const changed = await tenant.hub.store.change(TENANT, [{ ...ann, body: { ...ann.body, codes } }], 'ana', 1);
  expect(changed.ok).toBe(true);
  tenant.reach(here, true);
  await tenant.pass(120_000, 60);
  expect((await tenant.hub.store.alerts(TENANT, 10)).map(({ kind }) => kind)).toEqual(['handover-refused']);
  expect(await tenant.hub.store.handovers(TENANT, true, 10)).toHaveLength(1);
  expect(waiting(here)).toBe(1);
  expect(await opens(here, code)).toBe(true);
});
