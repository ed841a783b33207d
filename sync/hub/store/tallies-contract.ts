/**
 * After 13 months an operator still wants to know how many came and why others didn't, and nobody who they were. Part of
 * `store-contract.ts`.
 */
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../../main/core/time/day.ts';
import type { HubStore, Tally } from '../ports.ts';
import type { Fixture } from './store-contract.ts';
import { NOON, sent, TestUnit } from './testing.ts';

const LATER = NOON + 2 * 366 * DAY_MS;
const ALWAYS = { from: null, to: null };
const answer = (reason: string) => ({ granted: true, reason, memberId: 'ann', contractId: 'c-ann', bandId: 'day' });

const words = ({ day, unit, door, direction, reason, times }: Tally) =>
  [day, unit.split('-')[0], door, direction, reason, times].join(' ');

async function retainAll(store: HubStore, at: number): Promise<void> {
  while (await store.retain(at));
}

export function talliesContract(get: () => Fixture): void {
  describe('what stays of events that go', () => {
    test('is how often each door gave each answer on each date of the site, and nobody', async () => {
      const { store, front, back, tenant } = get();
      // Half past midnight in Tokyo.
      for (const at of [NOON, NOON, NOON + 12.5 * 3_600_000]) front.record({ at, result: answer('plan') });
      front.record({ result: answer('no-ticket') });
      front.record({ type: 'outcome', of: 1 });
      front.record({});
      back.record({ result: answer('plan') });
      back.record({});
      await sent(store, [front.batch(), back.batch()]);
      await retainAll(store, NOON);
      expect(await store.tallies(tenant, ALWAYS, null, 10)).toEqual([]);
      await retainAll(store, LATER);
      const tallies = await store.tallies(tenant, ALWAYS, null, 10);
      expect(tallies.map(words)).toEqual([
        '2026-11-21 back front in plan 1',
        '2026-11-21 front front in no-ticket 1',
        '2026-11-21 front front in plan 2',
        '2026-11-22 front front in plan 1',
      ]);
      expect(JSON.stringify(tallies)).not.toContain('ann');
    });

    test('is counted once: by a further round, and where a unit brings again what is gone', async () => {
      const { store, front, tenant } = get();
      for (let n = 0; n < 5; n += 1) front.record({ result: answer('plan') });
      await front.send(store);
      await retainAll(store, LATER);
      await sent(store, [front.batch(1, 5)]);
      await retainAll(store, LATER);
      expect((await store.tallies(tenant, ALWAYS, null, 10)).map(({ times }) => times)).toEqual([4]);
      front.record({});
      await front.send(store, LATER);
      await retainAll(store, LATER + 2 * 366 * DAY_MS);
      expect((await store.tallies(tenant, ALWAYS, null, 10)).map(({ times }) => times)).toEqual([5]);
    });

    test('is of the event under a number alone, and of nothing that can’t be read', async () => {
      const { store, front, tenant } = get();
      for (let n = 0; n < 3; n += 1) front.record({ result: answer('plan') });
      front.append('not JSON at all');
      front.record({ result: { reason: 'Ann Smith’s birthday' } });
      front.record({ result: { ...answer('plan'), reason: 7 } });
      front.record({});
      await front.send(store);
      const other = new TestUnit(tenant, front.unit);
      other.record({ result: answer('ticket') });
      await sent(store, [other.batch()]);
      expect((await store.events(tenant, front.unit, null, 3)).map(({ seq }) => seq)).toEqual([1, 1, 2]);
      await retainAll(store, LATER);
      expect((await store.tallies(tenant, ALWAYS, null, 10)).map(words)).toEqual(['2026-11-21 front front in plan 3']);
    });

    test('is listed page by page, between dates, to its tenant alone', async () => {
      const { store, front, back, tenant } = get();
      for (let n = 0; n < 6; n += 1)
        for (const unit of [front, back]) unit.record({ at: NOON + n * DAY_MS, result: answer('plan') });
      await sent(store, [front.batch(), back.batch()]);
      await retainAll(store, LATER);
      const days = { from: '2026-11-22', to: '2026-11-24' };
      const all = await store.tallies(tenant, days, null, 100);
      expect(all.map(({ day }) => day.slice(-2))).toEqual(['22', '22', '23', '23', '24', '24']);
      const paged: Tally[] = [];
      for (let page: readonly Tally[] = []; ; ) {
        page = await store.tallies(tenant, days, paged.at(-1) ?? null, 4);
        paged.push(...page);
        if (page.length < 4) break;
      }
      expect(paged).toEqual(all);
      expect(await store.tallies('other', ALWAYS, null, 10)).toEqual([]);
    });
  });
}
