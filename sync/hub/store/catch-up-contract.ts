/**
 * Whoever asks the hub is answered by all that was taken before, whether anybody has judged it yet: at a door, at the
 * operator's desk, on a stick. Part of `store-contract.ts`, since it is the database that has to bring both together.
 */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { parseSite } from '../../../main/contract/site.ts';
import type { SiteBundle } from '../../../main/core/model.ts';
import type { AdminContext } from '../admin/call.ts';
import { adminRouter } from '../admin/router.ts';
import type { HubStore } from '../ports.ts';
import { pairedUnit, type TestHub, testHub } from '../testing.ts';
import type { Fixture } from './store-contract.ts';
import { gym, type TestUnit, TODAY, ticketUse } from './testing.ts';

/** A busy machine takes its time. */
const SOON = { timeout: 20_000 };

/** A process of the hub over the store, in whose time nothing is judged by itself. */
async function processOver(store: HubStore, clock = new VirtualClock()): Promise<TestHub> {
  const hub = await testHub(clock, {}, store);
  onTestFinished(() => hub.close());
  return hub;
}

function callerOf(hub: TestHub) {
  const actor = { tenant: null, role: 'admin', person: 'Eve', digest: 'd' } as const;
  const context: AdminContext = { parts: hub, units: hub.units, actor, unitUrl: 'ws://hub.test/v1/unit' };
  return adminRouter.createCaller(context);
}

/** One of Ann's two uses, on record at the hub and counted by nobody. */
async function takeUse(store: HubStore, unit: TestUnit): Promise<void> {
  unit.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  const last = unit.bodies.length;
  expect(await store.take([unit.batch(last, last)])).toMatchObject([{ ok: true }]);
}

function siteIn(payload: string): SiteBundle {
  const site = parseSite(JSON.parse(payload));
  if (!site.ok) throw new Error(site.error.join());
  return site.value;
}

export function catchUpContract(get: () => Fixture): void {
  describe('asked before anybody has judged what was taken,', () => {
    // Ann was refused: her ticket is used up here, by what she did at the other door a moment ago.
    test('a unit that refreshes is sent what other doors have counted', async () => {
      const { store, front, tenant } = get();
      const clock = new VirtualClock();
      const hub = await processOver(store, clock);
      const unit = await pairedUnit(hub, `asks-${tenant}`, { tenant });
      unit.call();
      unit.say(unit.hello());
      unit.say({ type: 'pull', since: 0, resume: null });
      await vi.waitFor(() => expect(unit.all('snapshot-end')).toHaveLength(1), SOON);
      await takeUse(store, front);
      unit.say({ type: 'refresh', memberId: 'ann', right: null });
      await vi.waitFor(async () => {
        await clock.advance(0);
        const changes = unit.all('delta').flatMap((delta) => delta.changes);
        expect(changes).toContainEqual(expect.objectContaining({ kind: 'ticket', id: 'k-ann' }));
      }, SOON);
    });

    test('a signed site counts it, and its revision is that of what it counts', async () => {
      const { store, front, tenant } = get();
      const caller = callerOf(await processOver(store));
      const before = await store.revision(tenant);
      await takeUse(store, front);
      const signed = await caller.carried.document({ tenant, what: 'site' });
      expect(signed.revision).toBeGreaterThan(before);
      expect(signed.revision).toBe(await store.revision(tenant));
      const site = siteIn(signed.payload);
      expect(site.tickets).toMatchObject([{ id: 'k-ann', remaining: 1 }]);
      expect(site.ticketUses).toEqual([{ ticketId: 'k-ann', date: TODAY, uses: 1 }]);
    });

    test('the digest is that of what is counted', async () => {
      const { store, front, tenant } = get();
      await takeUse(store, front);
      const asked = await store.digest(tenant);
      await store.catchUp(tenant);
      expect(asked).toBe(await store.digest(tenant));
    });

    // The bundle lists the use, so it has it off already: who counted it afterwards would take it off twice.
    test('an import meets it, and it is not taken off twice', async () => {
      const { store, front, replica, tenant } = get();
      await takeUse(store, front);
      const tickets = gym().tickets.map((ticket) => ({ ...ticket, remaining: 1 }));
      const ticketUses = [{ ticketId: 'k-ann', date: TODAY, uses: 1 }];
      const imported = await callerOf(await processOver(store)).site.import({
        tenant,
        document: { ...gym(), tickets, ticketUses },
      });
      expect(imported.revision).toBe(await store.revision(tenant));
      await store.catchUp(tenant);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(1);
      expect(replica.ids('ticketUse')).toEqual([`${front.unit}/1/1`]);
    });
  });
}
