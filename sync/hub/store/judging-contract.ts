/** Events are durable first and counted later, once, in the order in which they came. Part of `store-contract.ts`. */
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../../main/core/time/day.ts';
import type { HubStore } from '../ports.ts';
import type { Fixture } from './store-contract.ts';
import { bandUse, NOON, TestUnit, ticketUse } from './testing.ts';

const ticket = { kind: 'ticket', ticketId: 'k-ann' } as const;

async function take(store: HubStore, ...units: TestUnit[]): Promise<void> {
  const answers = await store.take(units.map((unit) => unit.batch()));
  for (const answer of answers) expect(answer).toMatchObject({ ok: true });
}

async function waitingOf(store: HubStore, tenant: string): Promise<boolean> {
  return (await store.waiting()).tenants.includes(tenant);
}

export function judgingContract(get: () => Fixture): void {
  describe('taken and judged', () => {
    test('what is acknowledged is on record at once, and changes rows once it is judged', async () => {
      const { store, front, replica, tenant } = get();
      await replica.pull(store, tenant);
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      await take(store, front);
      expect(await store.acknowledged(tenant, front.unit, 1)).toBe(1);
      expect(await store.events(tenant, front.unit, null, 10)).toHaveLength(1);
      expect((await store.unit(front.unit))?.head).toMatchObject({ seq: 1 });
      const { events, since } = await store.waiting();
      expect(events).toBeGreaterThan(0);
      expect(since).toBeLessThanOrEqual(NOON);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(2);
      const spent: unknown[] = [];
      const deaf = store.whenSpent((spending) => spent.push(spending));
      expect(await store.judge([tenant], 10)).toEqual({ events: 1, left: [] });
      deaf();
      expect(spent).toEqual([{ tenant, site: 'tokyo', rights: [ticket] }]);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(1);
      expect(await waitingOf(store, tenant)).toBe(false);
    });

    test('a snapshot says of no event that it knows it before it is judged', async () => {
      const { store, front, back, tenant } = get();
      const begun = await store.revision(tenant);
      for (let n = 0; n < 3; n += 1) front.record({ effects: { memberId: 'ann', consumed: bandUse() } });
      back.record({});
      const knows = async () => (await store.closeSnapshot(tenant, begun))?.knows;
      await take(store, front, back);
      expect(await knows()).toEqual([]);
      expect(await store.judge([tenant], 2)).toEqual({ events: 2, left: [tenant] });
      expect(await knows()).toEqual([{ unit: front.unit, epoch: 1, seq: 2 }]);
      await store.catchUp(tenant);
      expect(await knows()).toHaveLength(2);
      expect(await knows()).toContainEqual({ unit: front.unit, epoch: 1, seq: 3 });
    });

    test('the order in which they came is the order in which they are judged, however few at a time', async () => {
      const { store, front, back, tenant } = get();
      // Two uses are left: whose comes third has overdrawn.
      for (const unit of [back, front, back]) {
        unit.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
        const last = unit.bodies.length;
        expect(await store.take([unit.batch(last, last)])).toMatchObject([{ ok: true }]);
      }
      for (let left: readonly string[] = [tenant]; left.length > 0; ) left = (await store.judge(left, 1)).left;
      const flags = (await store.events(tenant, null, null, 10)).map(({ unit, seq, flags: all }) => [unit, seq, all]);
      expect(flags).toEqual([
        [back.unit, 1, []],
        [back.unit, 2, ['overdraft']],
        [front.unit, 1, []],
      ]);
    });

    test('whoever judges at the same time, each event counts once', async () => {
      const { store, front, back, replica, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      back.record({ effects: { memberId: 'bob', consumed: bandUse('bob') } });
      await take(store, front, back);
      const judged = await Promise.all([store.judge([tenant], 9), store.judge([tenant], 9), store.catchUp(tenant)]);
      expect(judged.reduce((sum, one) => sum + (one?.events ?? 0), 0)).toBeLessThanOrEqual(2);
      // The same events again are known, and not judged again.
      await take(store, front, back);
      expect(await waitingOf(store, tenant)).toBe(false);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(1);
      expect(await store.alerts(tenant, 10)).toEqual([]);
    });

    test('a tenant that has much leaves room for the others', async () => {
      const { store, front, tenant } = get();
      const other = `${tenant}-other`;
      await store.createTenant(other, 'Other', NOON);
      const third = new TestUnit(other, `third-${tenant}`);
      await third.pair(store, 'tokyo');
      for (let n = 0; n < 5; n += 1) front.record({});
      third.record({});
      await take(store, front, third);
      const first = await store.judge([tenant, other], 3);
      expect(first.left.at(-1)).toBe(tenant);
      await store.judge(first.left, 3);
      expect(await waitingOf(store, other)).toBe(false);
      await store.catchUp(tenant);
    });

    test('no lease is given away before all that was taken is counted', async () => {
      const { store, front, back, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      back.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      await take(store, front, back);
      // By the rows alone Osaka would still have one to give.
      expect(await store.wanted(tenant, 'tokyo', ticket)).toEqual([]);
      expect(await waitingOf(store, tenant)).toBe(false);
    });

    test('what operators read and change is by all that was taken', async () => {
      const { store, front, tenant } = get();
      const use = async () => {
        front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
        const last = front.bodies.length;
        await store.take([front.batch(last, last)]);
      };
      await use();
      expect(await store.entity(tenant, 'ticket', 'k-ann')).toMatchObject({ body: { remaining: 1 } });
      await use();
      expect((await store.exportSite(tenant))?.tickets).toMatchObject([{ remaining: 0 }]);
      await use();
      // Somebody sells five more: the third use was before that.
      const body = { id: 'k-ann', typeId: 'ten', memberId: 'ann', issuedOn: '2026-11-01', remaining: 5 };
      await store.change(tenant, [{ kind: 'ticket', id: 'k-ann', position: 0, body }], 'eve', NOON);
      expect(await store.entity(tenant, 'ticket', 'k-ann')).toMatchObject({ body: { remaining: 5 } });
      expect(await store.entities(tenant, 'ticketUse', null, 10)).toHaveLength(3);
      await use();
      expect(await store.memberHistory(tenant, 'ann', 10)).toHaveLength(5);
    });

    test('a unit that has moved is judged by where it was', async () => {
      const { store, front, replica, tenant } = get();
      front.record({ effects: { memberId: null, gave: { right: ticket, from: 'tokyo', to: 'osaka', uses: 1 } } });
      await take(store, front);
      await store.changeUnit(tenant, front.unit, { site: 'osaka' }, NOON);
      await store.catchUp(tenant);
      await replica.pull(store, tenant);
      expect(replica.ids('transfer')).toEqual([`${front.unit}/1/1`]);
    });

    test('nothing is let go for its age before it is judged', async () => {
      const { store, front, tenant } = get();
      for (let n = 0; n < 3; n += 1) front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      await take(store, front);
      while (await store.retain(NOON + 2 * 366 * DAY_MS));
      expect(await waitingOf(store, tenant)).toBe(false);
      expect(await store.entity(tenant, 'ticket', 'k-ann')).toMatchObject({ body: { remaining: 0 } });
      expect((await store.events(tenant, front.unit, null, 10)).map(({ seq }) => seq)).toEqual([3]);
    });

    test('what the chain says and what judging finds stand on the event together', async () => {
      const { store, front, tenant } = get();
      front.record({ effects: { memberId: 'zoe', consumed: bandUse('zoe') } });
      const broken = { ...front.batch(), bodies: [(front.bodies[0] ?? '').replace('front', 'back')] };
      await store.take([broken]);
      expect((await store.alerts(tenant, 10)).map(({ kind }) => kind)).toEqual(['chain']);
      await store.catchUp(tenant);
      expect((await store.events(tenant, null, null, 10))[0]?.flags).toEqual(['chain', 'unknown-member']);
    });
  });
}
