// A member stands at the door: what is known of them is read in well under a tenth of a millisecond, however much the
// house has seen that day, and in the order of the bundle.
import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { FACTS_SQL } from './facts.ts';
import { LEASE_SQL } from './lease-facts.ts';
import { GYM, must, TestStore, usageOn } from './testing.ts';

const NOON = Date.UTC(2026, 10, 18, 3);
const WINDOW = { at: 0, businessDay: 0, usageFrom: 0, staysAfter: 0 };

test('each statement is one walk along an index, planned once', () => {
  const db = must(openDatabase(':memory:'));
  const leases = Object.entries(LEASE_SQL).map(([name, text]) => [`lease ${name}`, text] as const);
  const sql: Readonly<Record<string, string>> = { ...FACTS_SQL, ...Object.fromEntries(leases) };
  const plans = Object.entries(sql).map(([name, text]) => {
    // With either of them SQLite plans anew at each call.
    expect(text).not.toMatch(/ORDER BY|JOIN/);
    const parameters = Array.from(text.matchAll(/\?/g), () => 1);
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...parameters);
    return [name, plan.map(({ detail }) => detail).filter((step) => !step.startsWith('CORRELATED'))];
  });
  const uses = 'SEARCH ticket_use USING COVERING INDEX ticket_use_of_ticket (ticket_id=? AND day=?)';
  expect(Object.fromEntries(plans)).toStrictEqual({
    code: ['SEARCH code USING PRIMARY KEY (digest=?)'],
    member: ['SEARCH member USING PRIMARY KEY (id=?)'],
    contracts: ['SEARCH contract USING PRIMARY KEY (member_id=?)'],
    tickets: ['SEARCH ticket USING PRIMARY KEY (member_id=?)', uses],
    ticket: ['SEARCH ticket USING INDEX sqlite_autoindex_ticket_1 (id=?)', uses],
    reservations: ['SEARCH reservation USING INDEX reservation_of_member (member_id=? AND end_at>?)'],
    usage: ['SEARCH usage USING PRIMARY KEY (member_id=? AND day>?)'],
    stays: ['SEARCH stay USING INDEX stay_by_member (member_id=? AND entered_at>?)'],
    'lease revision': ['SEARCH hub USING INTEGER PRIMARY KEY (rowid=?)'],
    'lease usage': ['SEARCH usage USING PRIMARY KEY (member_id=? AND day>?)'],
    'lease usageMore': ['SEARCH usage_more USING INDEX usage_more_of_member (member_id=? AND day>?)'],
    'lease uses': ['SEARCH ticket_use USING INDEX ticket_use_of_ticket (ticket_id=?)'],
    'lease holder': ['SEARCH contract USING INDEX sqlite_autoindex_contract_1 (id=?)'],
    'lease remaining': ['SEARCH ticket USING INDEX sqlite_autoindex_ticket_1 (id=?)'],
    'lease transfers': ['SEARCH transfer USING INDEX transfer_of_right (right_key>? AND right_key<?)'],
  });
  db.close();
});

test('lists are in the order of the bundle, whatever their ids', () => {
  const [ann] = GYM.members;
  const ids = ['z', 'a', 'm'];
  const reservation = { memberId: 'ann', storeId: 'st', status: 'booked', end: '2026-11-20T04:00:00Z' } as const;
  const unit = new TestStore({
    ...GYM,
    members: [{ ...ann!, contracts: ids.map((id) => ({ ...ann!.contracts[0]!, id })) }, ...GYM.members.slice(1)],
    programs: ids.map((id) => ({ id, name: id })),
    tickets: ids.map((id) => ({ id, typeId: 'ten', memberId: 'ann', issuedOn: '2026-11-01', remaining: 1 })),
    reservations: ids.map((id, index) => ({
      ...reservation,
      id,
      programId: id,
      start: `2026-11-20T0${3 - index}:00:00Z`,
    })),
  });
  for (const minutes of [3, 1, 2]) unit.enter('ann', NOON - minutes * 60_000);
  const facts = unit.store.facts.memberByCode(' CODE-ann ', 'gym', WINDOW);
  expect(facts).toStrictEqual(unit.store.facts.memberById('ann', 'gym', WINDOW));
  expect(facts?.contracts.map(({ id }) => id)).toStrictEqual(ids);
  expect(facts?.tickets.map(({ id }) => id)).toStrictEqual(ids);
  expect(facts?.reservations.map(({ programId }) => programId)).toStrictEqual(ids);
  expect(facts?.stays.map(({ id }) => id)).toStrictEqual([1, 2, 3]);
  expect(facts?.stays.map(({ enteredAt }) => (NOON - enteredAt) / 60_000)).toStrictEqual([3, 1, 2]);
});

test('it plays no part in which order the members of a bundle come', () => {
  const stay = { placeId: 'gym', enteredAt: '2026-11-18T02:00:00Z', via: null };
  const bundle = {
    ...GYM,
    usage: [...usageOn('ann', 'day', '2026-11-01', '2026-11-02'), ...usageOn('bob', 'night', '2026-11-01')],
    ticketUses: [{ ticketId: 'k-bob', date: '2026-11-05', uses: 1 }],
    stays: ['ann', 'cho'].map((memberId) => ({ memberId, ...stay })),
  };
  const [one, other] = [new TestStore(bundle), new TestStore({ ...bundle, members: bundle.members.toReversed() })];
  for (const { id, codes } of GYM.members) {
    const known = other.store.facts.memberByCode(codes[0] ?? '', 'gym', WINDOW);
    expect(known).toMatchObject({ id, contracts: [{ id: `c-${id}` }] });
    expect(known).toStrictEqual(one.store.facts.memberByCode(codes[1] ?? '', 'gym', WINDOW));
  }
  expect(other.store.exportSite()?.members.map(({ id }) => id)).toStrictEqual(['cho', 'bob', 'ann']);
});
