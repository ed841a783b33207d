/** What events change: rights, stays, leases, and what the hub finds when it judges them again. Part of `store-contract.ts`. */
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../../main/core/time/day.ts';
import type { Fixture } from './store-contract.ts';
import { bandUse, enterAt, NOON, sent, ticketUse } from './testing.ts';

export function changesContract(get: () => Fixture): void {
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
}
