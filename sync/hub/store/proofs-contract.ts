/**
 * What a unit's own connection brings is taken on its word, and nothing follows from it before the unit's signature is
 * checked. Whoever gets in between unit and hub adds nothing to the record, and keeps nothing true out of it. Part of
 * `store-contract.ts`.
 */
import { describe, expect, test } from 'vitest';
import type { EventBatch, Forged, HubStore } from '../ports.ts';
import type { Fixture } from './store-contract.ts';
import { NOON, type TestUnit, ticketUse } from './testing.ts';

const use = { effects: { memberId: 'ann', consumed: ticketUse() } };

async function take(store: HubStore, ...batches: EventBatch[]): Promise<void> {
  for (const batch of batches) expect(await store.take([batch])).toMatchObject([{ ok: true }]);
}

export function proofsContract(get: () => Fixture): void {
  /** What a ticket of two uses has left, by what is judged. */
  const remaining = async () => {
    const { store, tenant, replica } = get();
    await replica.pull(store, tenant);
    return replica.remaining();
  };
  const record = async () => {
    const { store, front, tenant } = get();
    return (await store.events(tenant, front.unit, null, 100)).map(({ seq, body, flags }) => [seq, body, flags]);
  };
  const alerts = async () => {
    const { store, tenant } = get();
    return (await store.alerts(tenant, 10)).map(({ kind, unit, detail }) => ({ kind, unit, detail }));
  };

  describe('signatures', () => {
    test('are checked after the acknowledgement, and before anything follows from it', async () => {
      const { store, front, tenant } = get();
      front.record(use);
      expect(await store.take([front.unproven()])).toMatchObject([{ ok: true, value: { acknowledged: 1 } }]);
      expect(await remaining()).toBe(2);
      const turns: number[] = [];
      for (let left: readonly string[] = [tenant]; left.length > 0; ) {
        const judged = await store.judge(left, 10);
        turns.push(judged.events);
        left = judged.left;
      }
      expect(turns).toEqual([0, 1]);
      expect(await remaining()).toBe(1);
      expect(await record()).toEqual([[1, front.bodies[0], []]]);
      expect(await alerts()).toEqual([]);
    });

    test('of the newest vouch for all that the chain leads to', async () => {
      const { store, front, tenant } = get();
      const spoilt = (batch: EventBatch) => ({ ...batch, proof: 'A'.repeat(86) });
      for (let n = 0; n < 3; n += 1) front.record(use);
      await take(store, spoilt(front.unproven(1, 1)), spoilt(front.unproven(2, 2)), front.unproven(3, 3));
      await store.catchUp(tenant);
      expect((await record()).map(([seq]) => seq)).toEqual([1, 2, 3]);
      expect(await remaining()).toBe(0);
      expect((await alerts()).map(({ kind }) => kind)).not.toContain('proof');
    });

    test('that nobody vouches for put their events aside: told, without effect, and no longer acknowledged', async () => {
      const { store, front, tenant } = get();
      const heard: Forged[] = [];
      const deaf = store.whenForged((forged) => heard.push(forged));
      front.record(use);
      front.record({});
      await take(store, front.unproven(1, 1), front.unproven(2, 2));
      const eve = front.impostor();
      for (let n = 0; n < 2; n += 1) eve.record(use);
      await take(store, eve.unproven(3, 3), eve.unproven(4, 4));
      expect(await store.acknowledged(tenant, front.unit, 1)).toBe(4);
      await store.catchUp(tenant);
      deaf();
      expect(heard).toEqual([{ tenant, unit: front.unit, receivedAt: NOON }]);
      expect(await remaining()).toBe(1);
      expect(await store.acknowledged(tenant, front.unit, 1)).toBe(2);
      expect(await record()).toEqual([
        [1, front.bodies[0], []],
        [2, front.bodies[1], []],
        [3, eve.bodies[2], ['proof']],
        [4, eve.bodies[3], ['proof']],
      ]);
      expect(await alerts()).toEqual([{ kind: 'proof', unit: front.unit, detail: { epoch: 1, from: 3, to: 4 } }]);
    });

    test('put aside leave the number to the true event, also where that is the very same', async () => {
      const { store, front, tenant } = get();
      const eve = front.impostor();
      for (const type of ['staff', 'staff']) eve.record({ type });
      await take(store, eve.unproven());
      await store.catchUp(tenant);
      expect(await store.acknowledged(tenant, front.unit, 1)).toBeNull();
      front.record(use);
      // By the wrong key first: as a unit whose signatures went wrong would bring it.
      const twin = front.impostor();
      for (let n = 0; n < 2; n += 1) {
        await take(store, twin.unproven());
        await store.catchUp(tenant);
      }
      await take(store, front.unproven());
      await store.catchUp(tenant);
      expect(await remaining()).toBe(1);
      expect(await record()).toEqual([
        [1, front.bodies[0], []],
        [1, eve.bodies[0], ['proof']],
        [1, front.bodies[0], ['proof']],
        [2, eve.bodies[1], ['proof']],
      ]);
      front.record({});
      // From the beginning, as after an acknowledgement that was lost.
      await take(store, front.unproven(1, 2));
      expect((await record()).slice(3)).toEqual([
        [2, front.bodies[1], []],
        [2, eve.bodies[1], ['proof']],
      ]);
    });

    test('are checked beforehand where events don’t go on with what is here', async () => {
      const { store, front, tenant } = get();
      const [eve, broken] = [front.impostor(), front.impostor()];
      eve.record({ type: 'staff' });
      front.record(use);
      await take(store, eve.unproven());
      const refused = async (batch: EventBatch, acknowledged: number) =>
        expect(await store.take([batch])).toEqual([{ ok: false, error: { code: 'unproven', acknowledged } }]);
      await refused(front.unproven(), 1);
      await store.prove(tenant);
      expect((await store.waiting()).tenants).not.toContain(tenant);
      await take(store, { ...front.unproven(), isProven: true });
      expect(await record()).toEqual([
        [1, front.bodies[0], []],
        [1, eve.bodies[0], ['proof']],
      ]);
      broken.record({});
      broken.record({});
      await refused(broken.unproven(2, 2), 1);
      await take(store, { ...broken.unproven(2, 2), isProven: true });
      expect((await record()).at(-1)).toEqual([2, broken.bodies[1], ['chain']]);
    });

    test('after a break of the chain vouch for nothing before it', async () => {
      const { store, front, tenant } = get();
      const eve = front.impostor();
      eve.record(use);
      await take(store, eve.unproven());
      front.record({});
      front.record({});
      front.record({});
      await take(store, { ...front.unproven(2, 2), isProven: true }, front.unproven(3, 3));
      await store.catchUp(tenant);
      expect(await remaining()).toBe(2);
      // All of it, so that the record goes on from what is vouched for: the unit brings it again.
      expect(await store.acknowledged(tenant, front.unit, 1)).toBeNull();
      expect((await record()).every(([, , flags]) => String(flags).includes('proof'))).toBe(true);
      await take(store, front.unproven());
      await store.catchUp(tenant);
      expect(await store.acknowledged(tenant, front.unit, 1)).toBe(3);
    });

    test('of many that wait are looked at some at a time', async () => {
      const { store, front, tenant } = get();
      const count = 1_050;
      for (let n = 0; n < count; n += 1) front.record({});
      const batches = front.bodies.map((_, at) => front.unproven(at + 1, at + 1));
      const eve: TestUnit = front.impostor();
      eve.record(use);
      for (const answer of await store.take([...batches, eve.unproven(count + 1)]))
        expect(answer).toMatchObject({ ok: true });
      await store.prove(tenant);
      expect(await store.acknowledged(tenant, front.unit, 1)).toBe(count);
      for (let left: readonly string[] = [tenant]; left.length > 0; ) ({ left } = await store.judge(left, 500));
      expect((await store.waiting()).tenants).not.toContain(tenant);
    });
  });
}
