/** Down: consistent cuts, snapshots without a lock, word of changes. Part of `store-contract.ts`. */
import { describe, expect, test } from 'vitest';
import type { Fixture } from './store-contract.ts';
import { bandUse, changesOf, NOON, sent, TestReplica, ticketUse } from './testing.ts';

/** A busy machine takes its time. */
const SOON = { timeout: 20_000 };

export function downContract(get: () => Fixture): void {
  describe('down', () => {
    test('a snapshot has every row once, in an order that can be checked, and goes on as deltas', async () => {
      const { store, front, replica, tenant } = get();
      expect(await replica.pull(store, tenant)).toBe('snapshot');
      expect(replica.rows.size).toBe(await store.count(tenant));
      expect(replica.ids('member')).toEqual(['ann', 'bob']);
      expect(replica.of('roster')[0]?.body?.sites.map(({ site }) => site)).toEqual(['osaka', 'tokyo']);
      front.record({ effects: { memberId: 'bob', consumed: bandUse('bob') } });
      await front.send(store);
      expect(await replica.pull(store, tenant)).toBe('delta');
      expect(replica.ids('usage')).toHaveLength(1);
    });

    test('what changes while a snapshot is read is there at its end, with whose events are in it', async () => {
      const { store, front, tenant } = get();
      const begun = await store.revision(tenant);
      const first = await store.snapshotPage(tenant, null, 100);
      expect(first.cursor).toBe(null);
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      await front.send(store);
      await store.change(tenant, [{ kind: 'member', id: 'bob', position: 1, body: null }], 'eve', NOON);
      const closing = await store.closeSnapshot(tenant, begun);
      expect(closing?.revision).toBe(await store.revision(tenant));
      expect(closing?.knows).toEqual([{ unit: front.unit, epoch: 1, seq: 1 }]);
      const changed = changesOf(closing?.changes ?? []).map(({ kind, id, body }) => [kind, id, body === null]);
      expect(changed).toHaveLength(3);
      expect(changed).toContainEqual(['member', 'bob', true]);
      expect(changed).toContainEqual(['ticketUse', `${front.unit}/1/1`, false]);
    });

    test('too many changes, or none known, is a snapshot', async () => {
      const { store, front, tenant } = get();
      const revision = await store.revision(tenant);
      for (let n = 0; n < 4; n += 1)
        front.record({ effects: { memberId: 'ann', consumed: bandUse('ann', `2026-11-0${n + 1}`) } });
      await front.send(store);
      expect(await store.changesSince(tenant, 0, 100)).toBe(null);
      expect(await store.changesSince(tenant, revision, 3)).toBe(null);
      expect((await store.changesSince(tenant, revision, 4))?.changes).toHaveLength(4);
      const now = await store.revision(tenant);
      expect(await store.changesSince(tenant, now, 4)).toEqual({ from: now, to: now, changes: [] });
    });

    test('a cursor that is none of ours begins anew', async () => {
      const { store, tenant } = get();
      const all = await store.snapshotPage(tenant, null, 100);
      for (const cursor of ['', '[]', '[1,2]', '[9,"a\\u0000"]', '{"a":1}']) {
        expect(await store.snapshotPage(tenant, cursor, 100)).toEqual(all);
      }
    });

    test('a unit that stands ahead shows that the hub was put back: everybody begins anew', async () => {
      const { store, tenant } = get();
      const revision = await store.revision(tenant);
      expect(await store.changesSince(tenant, revision + 7, 100)).toBe(null);
      expect(await store.revision(tenant)).toBe(revision + 8);
      expect(await store.changesSince(tenant, revision, 100)).toBe(null);
      expect(await store.closeSnapshot(tenant, revision)).toBe(null);
      expect(await store.alerts(tenant, 10)).toMatchObject([{ kind: 'restored' }]);
      const replica = new TestReplica();
      expect(await replica.pull(store, tenant)).toBe('snapshot');
      expect(await replica.pull(store, tenant)).toBe('delta');
      await store.restored(NOON);
      expect(await replica.pull(store, tenant)).toBe('snapshot');
    });

    test('a change is told, once committed, and a word reaches whoever hears', async () => {
      const { store, front, tenant } = get();
      const told: string[] = [];
      const begun = await store.revision(tenant);
      const stopListening = await store.listen((one, revision) => {
        // Where somebody listened before, word of how this tenant was made may still be on its way.
        if (one !== tenant || revision > begun) told.push(`${one} ${revision}`);
      });
      const stopHearing = await store.hear((topic, text) => told.push(`${topic} ${text}`));
      front.record({ effects: { memberId: 'ann', consumed: bandUse() } });
      const revision = await front.send(store);
      expect(await store.tell('command', '{"do":"open"}')).toEqual({ ok: true, value: undefined });
      await expect.poll(() => told, SOON).toEqual([`${tenant} ${revision}`, 'command {"do":"open"}']);
      expect(await store.tell('command', 'x'.repeat(8_000))).toEqual({ ok: false, error: 'too-long' });
      await stopListening();
      await stopHearing();
    });

    test('units that changed together see the same at rest, and the same as the hub', async () => {
      const { store, front, back, replica, tenant } = get();
      const other = new TestReplica();
      await replica.pull(store, tenant);
      for (let n = 0; n < 20; n += 1) {
        const unit = n % 3 === 0 ? back : front;
        unit.record({
          effects: { memberId: 'ann', consumed: bandUse('ann', `2026-11-${String(n + 1).padStart(2, '0')}`) },
        });
        await unit.send(store);
        if (n % 4 === 0) await replica.pull(store, tenant);
      }
      await replica.pull(store, tenant);
      await other.pull(store, tenant, 2);
      const sorted = (rows: TestReplica['rows']) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(sorted(replica.rows)).toEqual(sorted(other.rows));
    });
  });

  describe('retention', () => {
    const YEARS = 2 * 366 * 86_400_000;

    test('lets old events go and the chain holds on; history goes, and who stood before takes a snapshot', async () => {
      const { store, front, replica, tenant } = get();
      for (let n = 0; n < 3; n += 1)
        front.record({ effects: { memberId: 'ann', consumed: bandUse('ann', `2026-11-0${n + 1}`) } });
      await front.send(store);
      await replica.pull(store, tenant);
      const stood = replica.revision;
      expect(await store.retain(NOON)).toBe(false);
      expect(await store.events(tenant, front.unit, null, 10)).toHaveLength(3);
      while (await store.retain(NOON + YEARS));
      expect((await store.events(tenant, front.unit, null, 10)).map(({ seq }) => seq)).toEqual([3]);
      expect(await replica.pull(store, tenant)).toBe('delta');
      expect(replica.ids('usage')).toEqual([]);
      while (await store.retain(NOON + 2 * YEARS));
      expect(await store.changesSince(tenant, stood, 100)).toBe(null);
      expect(await sent(store, [front.batch(1, 3)])).toMatchObject([{ ok: true, value: { acknowledged: 3 } }]);
      front.record({});
      await front.send(store, NOON + YEARS);
      expect((await store.events(tenant, front.unit, null, 10)).at(-1)).toMatchObject({ seq: 4, flags: [] });
    });
  });
}
