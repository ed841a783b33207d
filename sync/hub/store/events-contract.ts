/** Up: each event once, the chain, epochs, and what is handed over. Part of `store-contract.ts`. */
import { describe, expect, test } from 'vitest';
import type { Fixture } from './store-contract.ts';
import { bandUse, NOON, sent, TestUnit, ticketUse } from './testing.ts';

export function eventsContract(get: () => Fixture): void {
  describe('events', () => {
    test('are taken once, in order, and acknowledged', async () => {
      const { store, front, tenant } = get();
      for (let n = 0; n < 5; n += 1) front.record({});
      expect(await sent(store, [front.batch(1, 3)])).toMatchObject([{ ok: true, value: { acknowledged: 3 } }]);
      expect(await sent(store, [front.batch(2, 5), front.batch(1, 5)])).toMatchObject([
        { ok: true, value: { acknowledged: 5 } },
        { ok: true, value: { acknowledged: 5 } },
      ]);
      const events = await store.events(tenant, front.unit, null, 100);
      expect(events.map(({ body }) => body)).toEqual(front.bodies);
      expect(events.flatMap(({ flags }) => flags)).toEqual([]);
      expect((await store.unit(front.unit))?.head).toEqual({ epoch: 1, seq: 5, hash: front.batch().hash });
    });

    test('behind a gap are not taken, and the answer says up to where the record is whole', async () => {
      const { store, front, back, tenant } = get();
      for (let n = 0; n < 5; n += 1) front.record({});
      back.record({});
      await sent(store, [front.batch(1, 2)]);
      const answers = await sent(store, [front.batch(4, 5), back.batch()]);
      expect(answers).toMatchObject([
        { ok: false, error: { code: 'gap', acknowledged: 2 } },
        { ok: true, value: { acknowledged: 1 } },
      ]);
      expect(await store.events(tenant, front.unit, null, 100)).toHaveLength(2);
    });

    test('of several units are one commit, and page by page they all come back', async () => {
      const { store, front, back, tenant } = get();
      for (let n = 0; n < 200; n += 1) front.record({});
      for (let n = 0; n < 30; n += 1) back.record({});
      await sent(store, [front.batch(), back.batch()]);
      const seen: string[] = [];
      for (let after: Parameters<typeof store.events>[2] = null; ; ) {
        const page = await store.events(tenant, null, after, 50);
        seen.push(...page.map(({ unit, seq }) => `${unit} ${seq}`));
        after = page.at(-1) ?? null;
        if (after === null) break;
      }
      expect(new Set(seen).size).toBe(230);
      expect(seen).toHaveLength(230);
    });

    test('with other bytes under a number are kept beside it and flagged', async () => {
      const { store, front, tenant } = get();
      front.record({});
      front.record({});
      await front.send(store);
      const other = new TestUnit(tenant, front.unit);
      other.record({ type: 'staff' });
      other.record({});
      expect(await sent(store, [other.batch(), other.batch()])).toMatchObject([{ ok: true }, { ok: true }]);
      const events = await store.events(tenant, front.unit, null, 100);
      expect(events.map(({ seq, flags }) => [seq, flags])).toEqual([
        [1, []],
        [1, ['contradiction']],
        [2, []],
      ]);
      expect(await store.alerts(tenant, 10)).toMatchObject([{ kind: 'contradiction', detail: { seq: 1 } }]);
    });

    test('whose chain does not hold are stored and flagged, and one break is told once', async () => {
      const { store, front, tenant } = get();
      front.record({});
      front.record({});
      const broken = {
        ...front.batch(1, 2),
        bodies: [front.bodies[0] ?? '', (front.bodies[1] ?? '').replace('front', 'back')],
      };
      expect(await sent(store, [broken])).toMatchObject([{ ok: true, value: { acknowledged: 2 } }]);
      front.record({});
      await front.send(store);
      const events = await store.events(tenant, front.unit, null, 100);
      expect(events.map(({ flags }) => flags)).toEqual([['chain'], ['chain'], []]);
      expect(await store.alerts(tenant, 10)).toMatchObject([{ kind: 'chain', unit: front.unit }]);
    });

    test('that a peer has altered are refused, and the true ones taken afterwards', async () => {
      const { store, front, back, tenant } = get();
      front.record({});
      const altered = {
        ...front.batch(),
        bodies: [(front.bodies[0] ?? '').replace('front', 'side')],
        relayedBy: back.unit,
      };
      expect(await sent(store, [altered])).toMatchObject([{ ok: false, error: { code: 'chain', acknowledged: 0 } }]);
      expect(await store.events(tenant, front.unit, null, 100)).toEqual([]);
      expect(await sent(store, [{ ...front.batch(), relayedBy: back.unit }])).toMatchObject([{ ok: true }]);
    });

    test('of a form that is none are stored as they are and flagged', async () => {
      const { store, front, replica, tenant } = get();
      front.append('not JSON at all');
      front.append('{"seq":7}');
      front.record({ effects: { memberId: 'a\0b', consumed: bandUse() } });
      front.record({ effects: { memberId: 'ann', consumed: { ...ticketUse(), uses: 2_000_000 } } });
      front.record({ effects: { memberId: null, consumed: bandUse() } });
      await front.send(store);
      const events = await store.events(tenant, front.unit, null, 100);
      expect(events.map(({ body }) => body)).toEqual(front.bodies);
      expect(events.map(({ flags }) => flags)).toEqual(Array(5).fill(['form']));
      await replica.pull(store, tenant);
      expect(replica.ids('usage')).toEqual([]);
      expect(replica.ids('ticketUse')).toEqual([]);
    });

    test('of somebody unknown are stored, counted and flagged', async () => {
      const { store, front, replica, tenant } = get();
      front.record({ effects: { memberId: 'zoe', consumed: bandUse('zoe') } });
      front.record({ effects: { memberId: 'ann', consumed: { ...ticketUse(), ticketId: 'k-none' } } });
      await front.send(store);
      const events = await store.events(tenant, front.unit, null, 100);
      expect(events.map(({ flags }) => flags)).toEqual([['unknown-member'], ['unknown-ticket']]);
      await replica.pull(store, tenant);
      expect(replica.ids('usage')).toHaveLength(1);
      expect((await store.exportSite(tenant))?.usage).toEqual([]);
      const kinds = (await store.alerts(tenant, 10)).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual(['unknown-member', 'unknown-ticket']);
    });

    test('of a unit of another tenant are refused', async () => {
      const { store, front } = get();
      await store.createTenant('other', 'Other', NOON);
      front.record({});
      await expect(sent(store, [{ ...front.batch(), tenant: 'other' }])).rejects.toThrow(/not of this tenant/);
      await expect(store.beginEpoch('other', front.unit, 2, null, NOON)).rejects.toThrow(/not of this tenant/);
      expect(await store.events('other', null, null, 10)).toEqual([]);
    });
  });

  describe('epochs', () => {
    test('a new one begins anew, and what is missing of the one before is told', async () => {
      const { store, front, tenant } = get();
      front.record({});
      await front.send(store);
      const next = new TestUnit(tenant, front.unit, 2);
      const before = { epoch: 1, seq: 1, hash: front.batch().hash };
      expect(await store.beginEpoch(tenant, front.unit, 2, before, NOON)).toMatchObject({ acknowledged: 0 });
      next.record({});
      await next.send(store);
      expect(await store.alerts(tenant, 10)).toEqual([]);
      await store.beginEpoch(tenant, front.unit, 3, { epoch: 2, seq: 9, hash: before.hash }, NOON);
      expect(await store.alerts(tenant, 10)).toMatchObject([{ kind: 'epoch-ahead', detail: { epoch: 3 } }]);
      expect(await store.events(tenant, front.unit, null, 10)).toHaveLength(2);
      expect(await store.acknowledged(tenant, front.unit, 1)).toBe(1);
      expect(await store.acknowledged(tenant, front.unit, 3)).toBe(null);
    });

    test('a record whose beginning the unit has let go begins where the unit says', async () => {
      const { store, front, tenant } = get();
      for (let n = 0; n < 5; n += 1) front.record({});
      const before = { epoch: 1, seq: 3, hash: front.batch(1, 3).hash };
      expect(await sent(store, [front.batch(4, 5)])).toMatchObject([{ ok: false, error: { code: 'gap' } }]);
      expect(await store.beginEpoch(tenant, front.unit, 1, before, NOON)).toMatchObject({ acknowledged: 3 });
      await front.send(store);
      const events = await store.events(tenant, front.unit, null, 10);
      expect(events.map(({ seq, flags }) => [seq, flags])).toEqual([
        [4, []],
        [5, []],
      ]);
      expect(await store.alerts(tenant, 10)).toMatchObject([{ kind: 'begins-late', detail: { missing: [1, 3] } }]);
    });
  });

  describe('handed over', () => {
    test('is kept once, whose it is, until somebody settles it', async () => {
      const { store, front, back, tenant } = get();
      const item = { id: 'h1', kind: 'ticket', body: '{}' };
      await store.handover(tenant, front.unit, [item], NOON);
      await store.handover(tenant, front.unit, [{ ...item, body: '{"other":1}' }], NOON);
      await store.handover(tenant, back.unit, [item], NOON + 1);
      expect(await store.handovers(tenant, true, 10)).toMatchObject([
        { unit: front.unit, body: '{}', settled: null },
        { unit: back.unit, settled: null },
      ]);
      expect(await store.settleHandover(tenant, front.unit, 'h1', true, 'eve', NOON)).toBe(true);
      expect(await store.settleHandover(tenant, front.unit, 'h1', false, 'eve', NOON)).toBe(false);
      expect(await store.handovers(tenant, true, 10)).toMatchObject([{ unit: back.unit }]);
      // Of whom it was is a row by now, and goes with that; it is known all the same when it comes again.
      const settled = (await store.handovers(tenant, false, 10)).find(({ unit }) => unit === front.unit);
      expect(settled).toMatchObject({ id: 'h1', body: '', settled: { accepted: true, by: 'eve' } });
      expect(await store.handover(tenant, front.unit, [item], NOON)).toMatchObject([{ isNew: false, isSettled: true }]);
    });
  });
}
