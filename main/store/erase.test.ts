// A member asks what is kept, and then to be forgotten. The answer is whole and of nobody else; afterwards no row and no
// byte of the person is left, while the record is as whole as it was and the house still knows how many came.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SiteBundle } from '../core/model.ts';
import { dayNumber } from '../core/rules.ts';
import { HOUR_MS } from '../core/time/day.ts';
import { eraseMember } from './erase.ts';
import { Store } from './store.ts';
import { GYM, KEYS, must, TestStore, tempFile, usageOn } from './testing.ts';
import { isInFile } from './traces.ts';

const NOON = Date.UTC(2026, 10, 18, 3);
const MOMENT = { at: NOON, clock: 'synced' } as const;
const TODAY = dayNumber('2026-11-18');

const WITH_HISTORY: SiteBundle = {
  ...GYM,
  usage: [...usageOn('ann', 'day', '2026-11-01', '2026-11-02'), ...usageOn('bob', 'day', '2026-11-01')],
  ticketUses: [{ ticketId: 'k-ann', date: '2026-11-05', uses: 1 }],
};

/** Ann and Bob have left something in every table that names a member. */
function lived(): TestStore {
  const unit = new TestStore(WITH_HISTORY);
  for (const who of ['ann', 'bob']) {
    unit.use(who, NOON);
    unit.spend(who, NOON);
    unit.enter(who, NOON);
    const reused = { kind: 'band', contractId: `c-${who}`, bandId: 'day', day: TODAY } as const;
    unit.act(who, NOON + 1, { reused });
    unit.leave(who, NOON + HOUR_MS);
    unit.enter(who, NOON + 2 * HOUR_MS);
    unit.undo(unit.use(who, NOON, 'night'), who, NOON);
    must(unit.store.transact(({ held }) => held.keep('carry-over', {}, { seq: 1, at: NOON, memberId: who })));
  }
  countElsewhere(unit);
  return unit;
}

/** Another unit has counted the same date. */
function countElsewhere({ file }: TestStore): void {
  const db = new Database(file);
  db.exec(`
    INSERT INTO usage_more (member_id, day, contract_id, band_id, unit, wire_id)
    SELECT member_id, day, contract_id, band_id, 'u2', 'u2/1/' || event_seq FROM usage WHERE event_seq IS NOT NULL`);
  db.close();
}

/** Rows that name the member, by table. */
function rowsOf(unit: TestStore, memberId: string): Record<string, number> {
  const tables = unit.query(`
    SELECT DISTINCT master.name AS name FROM sqlite_schema AS master, pragma_table_info(master.name) AS column
    WHERE master.type = 'table' AND column.name = 'member_id'`);
  const count = (table: string, column: string) =>
    Number(unit.query(`SELECT count(*) AS n FROM ${table} WHERE ${column} = ?`, memberId)[0]?.['n']);
  const named = tables.map(({ name }) => [String(name), count(String(name), 'member_id')] as const);
  return Object.fromEntries([...named, ['member', count('member', 'id')]].sort());
}

/** What the files of the database are made of. */
function bytesOf({ file }: TestStore): Buffer {
  return Buffer.concat([file, `${file}-wal`].filter((one) => existsSync(one)).map((one) => readFileSync(one)));
}

describe('erasing', () => {
  test('leaves no row of the person in any table, and everybody else as they were', () => {
    const unit = lived();
    const [ann, bob] = [rowsOf(unit, 'ann'), rowsOf(unit, 'bob')];
    // A table that is not filled here proves nothing: fill it, and erase and export it.
    expect(Object.entries(ann).filter(([, rows]) => rows === 0)).toStrictEqual([]);
    expect(must(eraseMember(unit.store, 'ann', MOMENT))).toStrictEqual({
      rows: { members: 1, contracts: 1, tickets: 1, reservations: 1, usage: 4, ticketUses: 2, stays: 2, bases: 7 },
      purged: true,
    });
    expect(Object.values(rowsOf(unit, 'ann')).filter((rows) => rows > 0)).toStrictEqual([]);
    expect(rowsOf(unit, 'bob')).toStrictEqual(bob);
    expect(unit.store.exportSite()?.members.map(({ id }) => id)).toStrictEqual(['bob', 'cho']);
    expect(
      unit.store.facts.memberByCode('CODE-ann', 'gym', { at: NOON, businessDay: 0, usageFrom: 0, staysAfter: 0 }),
    ).toBeNull();
  });

  test('keeps the events as they were, and says so in the record', () => {
    const unit = lived();
    const before = [...unit.store.record.since(0)];
    must(eraseMember(unit.store, 'ann', MOMENT));
    const after = [...unit.store.record.since(0)];
    expect(after.slice(0, -1)).toStrictEqual(before);
    expect(JSON.parse(after.at(-1) ?? '')).toMatchObject({
      type: 'system',
      clock: 'synced',
      detail: { what: 'member-erased', memberId: 'ann' },
    });
    expect(unit.store.record.verify()).toMatchObject({ ok: true, events: before.length + 1 });
    expect(unit.enter('bob', NOON)).toBe(before.length + 2);
  });

  test('leaves the counts of who came as they were', () => {
    const unit = lived();
    const traffic = () => unit.store.history.traffic(unit.rules, 'gym', TODAY, TODAY);
    const before = traffic();
    expect(before).toHaveLength(3);
    must(eraseMember(unit.store, 'ann', MOMENT));
    expect(traffic()).toStrictEqual(before);
    // And those who are left go on being counted.
    unit.leave('bob', NOON + HOUR_MS);
    expect(traffic()).not.toStrictEqual(before);
  });

  test('leaves no byte of name, codes, contract or ticket in the files', () => {
    const unit = lived();
    const sealed = unit.query("SELECT sealed FROM member WHERE id = 'ann'").map(({ sealed }) => sealed as Buffer);
    const digests = ['CODE-ann', 'CARD-ann'].map((code) => KEYS.digestCode(code));
    const gone = [...sealed, ...digests, Buffer.from('r-ann')];
    for (const bytes of gone) expect(bytesOf(unit).includes(bytes)).toBe(true);
    expect(unit.store.memberTraces('ann')).toHaveLength(3);
    must(eraseMember(unit.store, 'ann', MOMENT));
    for (const bytes of gone) expect(bytesOf(unit).includes(bytes)).toBe(false);
    // What events hold is all that is left of the id: each of them once, the ticket and the contract nowhere.
    expect(bytesOf(unit).includes('c-ann')).toBe(false);
    expect(bytesOf(unit).includes('k-ann')).toBe(false);
    const mentions = [...unit.store.record.since(0)].join('').split('"ann"').length - 1;
    expect(bytesOf(unit).toString('latin1').split('"ann"').length - 1).toBe(mentions);
    expect(bytesOf(unit).includes(KEYS.digestCode('CODE-bob'))).toBe(true);
  });

  test('of many, in no order, leaves seldom a trace, and a file written anew none', () => {
    const ids = Array.from({ length: 600 }, (_, index) => `m${(index * 7_919) % 600}`);
    const members = ids.map((id) => ({ ...GYM.members[0]!, id, codes: [`CODE-${id}`], contracts: [] }));
    const unit = new TestStore({ ...GYM, members, tickets: [], reservations: [] });
    const traces = ids.slice(0, 300).flatMap((id) => unit.store.memberTraces(id));
    for (const id of ids.slice(0, 300)) must(unit.store.transact(({ eraseRows }) => eraseRows(id)));
    expect(unit.store.purge()).toBe(true);
    const left = traces.filter((trace) => bytesOf(unit).includes(trace));
    expect(left.length).toBeLessThan(6);
    must(unit.store.vacuum());
    expect(unit.store.purge()).toBe(true);
    expect(isInFile(unit.file, traces)).toBe(false);
    expect(unit.store.memberCount()).toBe(300);
    expect(unit.store.record.verify().ok).toBe(true);
  });

  test('says when somebody reads, so that the log cannot be emptied yet', () => {
    const unit = lived();
    const beside = must(Store.open(unit.file, KEYS, 'read'));
    const reading = beside.record.since(0);
    reading.next();
    expect(must(eraseMember(unit.store, 'ann', MOMENT))?.purged).toBe(false);
    reading.return(undefined);
    beside.close();
    expect(unit.store.purge()).toBe(true);
  });

  test('somebody who is not known changes nothing and is no event', () => {
    const unit = lived();
    const before = unit.store.record.last()?.seq;
    expect(must(eraseMember(unit.store, 'dan', MOMENT))).toBeNull();
    expect(unit.store.record.last()?.seq).toBe(before);
    expect(unit.store.wasErased('ann')).toBe(false);
    must(eraseMember(unit.store, 'ann', MOMENT));
    expect(must(eraseMember(unit.store, 'ann', MOMENT))).toBeNull();
    expect(['ann', 'bob', 'an'].map((id) => unit.store.wasErased(id))).toStrictEqual([true, false, false]);
  });

  test('somebody who has left the bundle, of whom only history is left', () => {
    const unit = lived();
    unit.import({
      ...WITH_HISTORY,
      members: GYM.members.slice(1),
      tickets: [],
      reservations: [],
      usage: [],
      ticketUses: [],
    });
    expect(must(eraseMember(unit.store, 'ann', MOMENT))?.rows).toMatchObject({
      members: 0,
      usage: 2,
      ticketUses: 1,
      stays: 2,
    });
    expect(Object.values(rowsOf(unit, 'ann')).filter((rows) => rows > 0)).toStrictEqual([]);
  });

  test('a bundle that still has the member brings them back', () => {
    const unit = lived();
    must(eraseMember(unit.store, 'ann', MOMENT));
    unit.import(WITH_HISTORY);
    expect(unit.store.memberName('ann')).toBe('Name of ann');
  });
});

test('a unit that is the tenant’s no more has no row of anybody in any table', () => {
  const unit = lived();
  const ids = WITH_HISTORY.members.map(({ id }) => id);
  const work = unit.store.replica(() => 0).wipeMembers(NOON);
  while (!work.step(1));
  for (const id of ids) expect(Object.entries(rowsOf(unit, id)).filter(([, rows]) => rows > 0)).toStrictEqual([]);
  expect(unit.query('SELECT count(*) AS n FROM code')).toStrictEqual([{ n: 0 }]);
  expect(unit.store.exportSite()?.members).toStrictEqual([]);
});

describe('what is stored of a person', () => {
  test('is told whole, as the site bundle writes it', () => {
    const unit = lived();
    const person = unit.store.exportPerson('ann');
    expect(person).toMatchObject({
      format: 'genkan-member/1',
      memberId: 'ann',
      member: { name: 'Name of ann', kana: null, codes: ['CODE-ann', 'CARD-ann'], suspended: { profile: false } },
      contracts: [{ id: 'c-ann', planId: 'four', from: '2020-01-01', to: null }],
      tickets: [{ id: 'k-ann', typeId: 'ten', issuedOn: '2026-11-01', remaining: 8 }],
      reservations: [{ id: 'r-ann', start: '2026-11-02T03:00:00Z', end: '2026-11-02T04:00:00Z', status: 'booked' }],
      usage: [{ date: '2026-11-01', bandId: 'day', seq: null }, { date: '2026-11-02' }, { date: '2026-11-18', seq: 1 }],
      alsoCounted: [{ date: '2026-11-18', bandId: 'day', seq: null }],
      ticketUses: [
        { date: '2026-11-05', uses: 1, seq: null },
        { date: '2026-11-18', uses: 1, ticketId: 'k-ann' },
      ],
      stays: [
        { placeId: 'gym', enteredAt: '2026-11-18T03:00:00Z', exitedAt: '2026-11-18T04:00:00Z', until: null },
        { enteredAt: '2026-11-18T05:00:00Z', exitedAt: null },
      ],
      undone: [{ seq: 7, undoSeq: 8, date: '2026-11-18' }],
      reuses: [{ seq: 4, bandId: 'day', date: '2026-11-18' }],
      held: [{ kind: 'carry-over', madeAt: '2026-11-18T03:00:00Z', seq: 1 }],
      decidedFrom: Array.from({ length: 7 }, () => ({ facts: { memberId: 'ann' } })),
    });
    // The undoing names nobody, but is about an event of hers.
    expect(person?.['events']).toMatchObject([1, 2, 3, 4, 5, 6, 7, 8].map((seq) => ({ seq })));
    // Whatever table a member stands in, its rows are in there, or follow from them.
    const derived = ['month_count', 'code', 'member_code'];
    const tables = Object.keys(rowsOf(unit, 'ann')).filter((table) => !derived.includes(table));
    expect(tables).toStrictEqual([
      'basis',
      'contract',
      'held',
      'member',
      'reservation',
      'reuse',
      'stay',
      'ticket',
      'ticket_use',
      'undone',
      'usage',
      'usage_more',
    ]);
  });

  test('has nothing of anybody else, also where ids are alike', () => {
    const alike = {
      ...GYM,
      members: [
        { ...GYM.members[0]!, id: '1', contracts: [{ ...GYM.members[0]!.contracts[0]!, id: 'c-1' }] },
        { ...GYM.members[1]!, id: '11', contracts: [{ ...GYM.members[1]!.contracts[0]!, id: '1' }] },
      ],
      ...{ tickets: [], reservations: [] },
    };
    const unit = new TestStore(alike);
    unit.enter('11', NOON);
    const mine = unit.act('1', NOON, {});
    must(
      unit.store.transact(({ record }) =>
        record.append({
          ...{ at: NOON, type: 'scan', doorId: '1', readerId: '1', direction: 'in', of: null, clock: 'synced' },
          result: { ...JSON.parse(unit.store.record.find(1) ?? '').result, contractId: '1' },
          detail: { pass: '1' },
        }),
      ),
    );
    expect(unit.store.exportPerson('1')?.['events']).toMatchObject([{ seq: mine }]);
    expect(JSON.stringify(unit.store.exportPerson('1'))).not.toContain('"11"');
  });

  test('is nothing of somebody who is not known; of an erased one, the events', () => {
    const unit = lived();
    expect(unit.store.exportPerson('dan')).toBeNull();
    must(eraseMember(unit.store, 'ann', MOMENT));
    const left = unit.store.exportPerson('ann');
    expect(left).toMatchObject({ member: null, contracts: [], usage: [], stays: [], decidedFrom: [] });
    expect(left?.['events']).toHaveLength(9);
  });
});

test('a trace is found wherever it lies in a file, and only there', () => {
  const file = tempFile();
  const trace = Buffer.from('a trace of 24 bytes here');
  const MEGABYTE = 1_024 * 1_024;
  fc.assert(
    fc.property(fc.oneof(fc.nat(100), fc.integer({ min: 4 * MEGABYTE - 60, max: 4 * MEGABYTE + 60 })), (at) => {
      writeFileSync(file, Buffer.concat([Buffer.alloc(at, 1), trace, Buffer.alloc(7, 2)]));
      expect(isInFile(file, [Buffer.alloc(24, 9), trace])).toBe(true);
      writeFileSync(file, Buffer.concat([Buffer.alloc(at, 1), trace.subarray(1), Buffer.alloc(7, 2)]));
      expect(isInFile(file, [trace])).toBe(false);
    }),
    { numRuns: 30 },
  );
});
