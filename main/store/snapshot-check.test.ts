// A snapshot is looked through a page at a time. Whatever refers to something that isn't there is named, wherever it stands,
// and what decides stays as it was.
import { expect, test } from 'vitest';
import type { SiteBundle } from '../core/model.ts';
import { changesOf } from './test-hub.ts';
import { GYM, TestStore } from './testing.ts';

/** More than two pages, the last one not full. */
const MEMBERS = 1_240;
const ids = Array.from({ length: MEMBERS }, (_, n) => `m${String(n).padStart(4, '0')}`);
const [ticket] = GYM.tickets;
const [reservation] = GYM.reservations;
if (ticket === undefined || reservation === undefined) throw new Error('the gym has tickets and reservations');

/** Of each kind one a member; those of `at` are wrong. */
const site = (at: number): SiteBundle => ({
  ...GYM,
  members: ids.map((id, n) => ({
    ...{ id, name: '山田 太郎', kana: null, codes: [], suspended: { profile: false, identity: false } },
    contracts: [{ id: `c-${id}`, planId: n === at ? 'none' : 'four', from: '2026-01-01', to: null }],
  })),
  tickets: ids.map((memberId, n) => ({
    ...{ ...ticket, id: `t-${memberId}`, memberId },
    ...(n === at ? { typeId: 'none' } : {}),
  })),
  reservations: ids.map((memberId, n) => ({
    ...{ ...reservation, id: `r-${memberId}`, memberId },
    ...(n === at ? { storeId: 'none', programId: 'none' } : {}),
  })),
  ...{ usage: [], ticketUses: [], stays: [] },
});

test.each([0, 499, 500, 999, 1_239])('what is wrong with the rows of member %i is named', (at) => {
  const unit = new TestStore(GYM);
  const replica = unit.store.replica(() => 0);
  const run = (work: { step(budgetMs: number): boolean }) => {
    while (!work.step(99));
  };
  replica.beginSnapshot(1);
  run(replica.stage(changesOf(site(at)), 'all'));
  const work = replica.finishSnapshot(1, [], 0);
  run(work);
  expect(work.trouble()).toEqual([
    `member ${ids[at]}.contracts[0].planId: the id of a plan`,
    `ticket t-${ids[at]}.typeId: the id of a ticket type`,
    `reservation r-${ids[at]}.storeId: the id of a store`,
    `reservation r-${ids[at]}.programId: the id of a program`,
  ]);
  expect(unit.store.exportSite()).toStrictEqual(GYM);
});
