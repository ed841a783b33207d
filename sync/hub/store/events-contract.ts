/** Up: each event once, the chain, and what events change. Part of `store-contract.ts`. */
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../../main/core/time/day.ts';
import type { Fixture } from './store-contract.ts';
import { bandUse, enterAt, NOON, sent, TestUnit, ticketUse } from './testing.ts';

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

  describe('what events change', () => {
    test('a ticket and its use change in the same cut', async () => {
      const { store, front, replica, tenant } = get();
      await replica.pull(store, tenant);
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      const revision = await front.send(store);
      expect(await store.changesSince(tenant, revision - 1, 10)).toMatchObject({ from: revision - 1, to: revision });
      expect(await replica.pull(store, tenant)).toBe('delta');
      expect(replica.ids('ticketUse')).toEqual([`${front.unit}/1/1`]);
      expect(replica.remaining()).toBe(1);
    });

    test('more than there was is an overdraft with a name; what is given back settles it first', async () => {
      const { store, front, back, replica, tenant } = get();
      const twice = { memberId: 'ann', consumed: { ...ticketUse(), uses: 2 } };
      front.record({ effects: twice });
      back.record({ effects: twice });
      await sent(store, [front.batch(), back.batch()]);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(0);
      const overdraft = {
        kind: 'overdraft',
        unit: back.unit,
        detail: { right: { kind: 'ticket', ticketId: 'k-ann' }, by: 2, events: [`${back.unit}/1/1`] },
      };
      expect(await store.alerts(tenant, 10)).toMatchObject([overdraft]);
      expect((await store.events(tenant, back.unit, null, 10))[0]?.flags).toEqual(['overdraft']);
      front.record({ type: 'undo', of: 1, effects: { memberId: 'ann', undo: [{ kind: 'ticketUse', heir: null }] } });
      await front.send(store);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(0);
      back.record({ type: 'undo', of: 1, effects: { memberId: 'ann', undo: [{ kind: 'ticketUse', heir: null }] } });
      await back.send(store);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(2);
      expect(replica.ids('ticketUse')).toEqual([]);
    });

    test('a use that is given back counts for the event of another unit that relied on it', async () => {
      const { store, front, back, replica, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      await front.send(store);
      back.record({ effects: { memberId: 'ann', reused: ticketUse() } });
      await back.send(store);
      await replica.pull(store, tenant);
      expect(replica.ids('ticketUse')).toEqual([`${front.unit}/1/1`]);
      front.record({ type: 'undo', of: 1, effects: { memberId: 'ann', undo: [{ kind: 'ticketUse', heir: null }] } });
      await front.send(store);
      await replica.pull(store, tenant);
      expect(replica.ids('ticketUse')).toEqual([`${back.unit}/1/1`]);
      expect(replica.remaining()).toBe(1);
      // Its own unit never knew that it counts now, and names nothing that it gives back.
      back.record({ type: 'undo', of: 1, effects: { memberId: 'ann', undo: [] } });
      await back.send(store);
      await replica.pull(store, tenant);
      expect(replica.ids('ticketUse')).toEqual([]);
      expect(replica.remaining()).toBe(2);
    });

    test('an event that relied on what was given back before it was heard of counts itself', async () => {
      const { store, front, back, replica, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: bandUse() } });
      front.record({ type: 'undo', of: 1, effects: { memberId: 'ann', undo: [{ kind: 'usage', heir: null }] } });
      back.record({ effects: { memberId: 'ann', reused: bandUse() } });
      await sent(store, [front.batch(), back.batch()]);
      await replica.pull(store, tenant);
      expect(replica.ids('usage')).toEqual([`${back.unit}/1/1`]);
    });

    test('what was relied on and comes later is not counted twice', async () => {
      const { store, front, back, replica, tenant } = get();
      back.record({ effects: { memberId: 'ann', reused: ticketUse() } });
      await back.send(store);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(1);
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      await front.send(store);
      await replica.pull(store, tenant);
      expect(replica.ids('ticketUse')).toEqual([`${front.unit}/1/1`]);
      expect(replica.remaining()).toBe(1);
    });

    test('what a unit gives back goes to the event of its own that it names', async () => {
      const { store, front, replica, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: ticketUse(), enter: enterAt(NOON) } });
      front.record({ effects: { memberId: 'ann', reused: ticketUse() } });
      const undo = (['ticketUse', 'stay'] as const).map((kind) => ({ kind, heir: 2 }));
      front.record({ type: 'undo', of: 1, effects: { memberId: 'ann', undo } });
      await front.send(store);
      await replica.pull(store, tenant);
      expect(replica.of('ticketUse')).toMatchObject([
        { id: `${front.unit}/1/2`, origin: { unit: front.unit, seq: 2 } },
      ]);
      expect(replica.ids('stay')).toEqual([`${front.unit}/1/2`]);
      expect(replica.remaining()).toBe(1);
    });

    test('an exit ends the stays that began before it, also one that is heard of later', async () => {
      const { store, front, back, replica, tenant } = get();
      front.record({ effects: { memberId: 'ann', enter: enterAt(NOON) } });
      await front.send(store);
      back.record({ at: NOON + 60_000, effects: { memberId: 'ann', leave: { placeId: 'gym' } } });
      await back.send(store);
      front.record({ at: NOON + 30_000, effects: { memberId: 'ann', enter: enterAt(NOON + 30_000) } });
      front.record({ at: NOON + 90_000, effects: { memberId: 'ann', enter: enterAt(NOON + 90_000) } });
      await front.send(store);
      await replica.pull(store, tenant);
      const exits = replica.of('stay').map(({ body }) => body?.exitedAt);
      expect(exits).toEqual(['2026-11-21T03:01:00Z', '2026-11-21T03:01:00Z', null]);
      expect((await store.exportSite(tenant))?.stays).toHaveLength(1);
    });

    test('a date that several units counted is a row of each and counts once', async () => {
      const { store, front, back, replica, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: bandUse() } });
      back.record({ effects: { memberId: 'ann', consumed: bandUse() } });
      await sent(store, [front.batch(), back.batch()]);
      await replica.pull(store, tenant);
      expect(replica.ids('usage')).toHaveLength(2);
      expect((await store.exportSite(tenant))?.usage).toHaveLength(1);
    });

    test('a lease is given by its own site alone', async () => {
      const { store, front, replica, tenant } = get();
      const right = { kind: 'ticket', ticketId: 'k-ann' } as const;
      front.record({ effects: { memberId: null, gave: { right, from: 'tokyo', to: 'osaka', uses: 1 } } });
      front.record({ effects: { memberId: null, gave: { right, from: 'osaka', to: 'tokyo', uses: 1 } } });
      await front.send(store);
      await replica.pull(store, tenant);
      expect(replica.ids('transfer')).toEqual([`${front.unit}/1/1`]);
      expect((await store.events(tenant, front.unit, null, 10)).map(({ flags }) => flags)).toEqual([
        [],
        ['foreign-lease'],
      ]);
    });
  });

  describe('judged again', () => {
    const entry = (granted: boolean, reason: string) => ({
      result: { granted, reason, memberId: 'ann', contractId: 'c-ann', bandId: 'day', consumed: [] },
    });

    test('an entry against what the hub knows is flagged, and told once an hour', async () => {
      const { store, front, back, tenant } = get();
      for (const day of ['02', '03', '04', '05']) {
        const effects = { memberId: 'ann', consumed: bandUse('ann', `2026-11-${day}`) };
        front.record({ ...entry(true, 'plan'), effects, at: Date.UTC(2026, 10, Number(day), 3) });
      }
      await front.send(store);
      // The month's four are used; the other unit was cut off and didn't know.
      back.record({ ...entry(true, 'plan'), effects: { memberId: 'ann', consumed: bandUse() } });
      back.record({
        ...entry(true, 'plan'),
        effects: { memberId: 'ann', consumed: bandUse('ann', '2026-11-22') },
        at: NOON + DAY_MS,
      });
      back.record({ ...entry(false, 'limit-reached') });
      await back.send(store);
      expect((await store.events(tenant, front.unit, null, 10)).flatMap(({ flags }) => flags)).toEqual([]);
      const flags = (await store.events(tenant, back.unit, null, 10)).map((event) => event.flags);
      // A refusal may be a lease's: the rest was another site's to spend.
      expect(flags).toEqual([['differs', 'overdraft'], ['differs', 'overdraft'], []]);
      const alerts = [...(await store.alerts(tenant, 10))].sort((a, b) => (a.kind < b.kind ? -1 : 1));
      const right = { kind: 'band', contractId: 'c-ann', bandId: 'day', month: '2026-11' };
      const events = [`${back.unit}/1/1`, `${back.unit}/1/2`];
      expect(alerts).toMatchObject([
        { kind: 'differs', unit: back.unit, detail: { unit: 'plan', hub: 'limit-reached' } },
        { kind: 'overdraft', unit: back.unit, detail: { right, by: 2, events } },
      ]);
    });
  });

  describe('leases', () => {
    const ticket = { kind: 'ticket', ticketId: 'k-ann' } as const;
    const band = { kind: 'band', contractId: 'c-ann', bandId: 'day', month: '2026-11' } as const;

    test('the rest of a right moves from the site that has it to the one where it is wanted', async () => {
      const { store, front, back, tenant } = get();
      // Two uses, two sites: one each. Tokyo spends its own.
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      const spent: unknown[] = [];
      const deaf = store.whenSpent((spending) => spent.push(spending));
      await front.send(store);
      deaf();
      expect(spent).toEqual([{ tenant, site: 'tokyo', rights: [ticket] }]);
      const move = { tenant, right: ticket, from: 'osaka', to: 'tokyo', uses: 1, units: [back.unit] };
      expect(await store.wanted(tenant, 'tokyo', ticket)).toEqual([move]);
      expect(await store.wanted(tenant, 'osaka', ticket)).toEqual([]);
      back.record({ effects: { memberId: null, gave: { right: ticket, from: 'osaka', to: 'tokyo', uses: 1 } } });
      await back.send(store);
      expect(await store.wanted(tenant, 'tokyo', ticket)).toEqual([]);
      expect(await store.wanted(tenant, 'osaka', ticket)).toMatchObject([{ from: 'tokyo', to: 'osaka', uses: 1 }]);
    });

    test('a month of a band is shared by what all have counted; what is overspent is made up for', async () => {
      const { store, front, tenant } = get();
      expect(await store.afterUse(tenant, 'tokyo', band)).toEqual([]);
      for (const day of ['02', '03', '04']) {
        front.record({ effects: { memberId: 'ann', consumed: bandUse('ann', `2026-11-${day}`) } });
      }
      await front.send(store);
      // Four a month, two each: Tokyo has spent three.
      expect(await store.afterUse(tenant, 'tokyo', band)).toMatchObject([{ from: 'osaka', to: 'tokyo', uses: 1 }]);
      expect(await store.wanted(tenant, 'tokyo', band)).toMatchObject([{ from: 'osaka', to: 'tokyo', uses: 2 }]);
      expect(await store.wanted(tenant, 'tokyo', { ...band, bandId: 'none' })).toEqual([]);
      expect(await store.wanted(tenant, 'tokyo', { ...band, month: '2026-12' })).toEqual([]);
    });

    test('with one site left there is nothing to share', async () => {
      const { store, back, tenant } = get();
      await store.revoke(tenant, back.unit, NOON);
      expect(await store.wanted(tenant, 'tokyo', ticket)).toEqual([]);
      expect(await store.afterUse(tenant, 'tokyo', ticket)).toBe(null);
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
    });
  });
}
