// Staff look: at who is inside, what happened at the doors and why, whom a name belongs to, how the month went. What they
// see is whole, comes in pages, and keeps nobody waiting at a door.
import { describe, expect, test } from 'vitest';
import { withMessage } from '../../../renderer/kiosk/staff/passage-list.ts';
import type { PassageMessage, SearchMessage } from '../../contract/looks.ts';
import type { SiteBundle } from '../../core/model.ts';
import { FailingDisk, NOON, TEST_SITE } from '../testing.ts';
import { masked, plain } from './member-search.ts';
import { act, HOUR_MS, type StaffedUnit, SUE, startStaffed } from './testing.ts';

function value<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(String(result.error));
  return result.value;
}

/** Members `m0…` with open contracts beside those of the test site. */
function crowd(count: number): SiteBundle {
  const members = Array.from({ length: count }, (_, n) => ({
    ...TEST_SITE.members[0]!,
    id: `m${n}`,
    name: `山田 ${n}郎`,
    kana: `ヤマダ ${n}ロウ`,
    codes: [`CODE-${String(n).padStart(6, '0')}`],
    contracts: [{ ...TEST_SITE.members[0]!.contracts[0]!, id: `c-m${n}` }],
  }));
  return { ...TEST_SITE, members: [...TEST_SITE.members, ...members] };
}

describe('who is inside', () => {
  test('is told whole, with names, by place; those who left are not in it', async () => {
    const stays = Array.from({ length: 450 }, (_, n) => ({
      ...{ memberId: `m${n}`, placeId: 'pl', via: null },
      enteredAt: new Date(NOON - HOUR_MS - n * 1_000).toISOString(),
    }));
    const house = await startStaffed({ site: { ...crowd(450), stays } });
    await house.unit.scan('ANN');
    await house.unit.clock.advance(10_000);
    await house.unit.scan('CODE-000001', 'out');
    const rolling = house.staff.looks.roll();
    await house.unit.clock.advance(1_000);
    const roll = value(await rolling);
    expect(roll).toMatchObject({ total: 450, places: [{ placeId: 'pl', name: 'Place' }] });
    const people = roll.places[0]?.people ?? [];
    expect(people[0]).toMatchObject({ memberId: 'ann', name: '安藤 あん' });
    expect(new Set(people.map(({ memberId }) => memberId)).size).toBe(450);
    expect(people.map(({ memberId }) => memberId)).not.toContain('m1');

    const first = value(house.staff.looks.inside({ placeId: 'pl', after: null }));
    expect(first.rows).toHaveLength(100);
    const rows = [...first.rows];
    for (let next = first.next; next !== null; ) {
      const page = value(house.staff.looks.inside({ placeId: 'pl', after: next }));
      rows.push(...page.rows);
      next = page.next;
    }
    expect(rows).toStrictEqual(people);
    expect(house.staff.looks.inside({ placeId: 'x', after: null })).toMatchObject({ error: 'no-place' });
  });
});

test('who came and left while the record can’t be written is in the roll, and not', async () => {
  const first = await startStaffed();
  const disk = new FailingDisk(first.unit.store);
  const reserve = { found: [], append: () => true, clear: () => true, close: () => undefined };
  const more = { reserve };
  const unit = Object.assign(Object.create(first.unit), { store: disk.store });
  const house = await startStaffed({ before: { ...first, unit }, door: { onStoreFailure: 'admit-known' }, more });
  await house.unit.scan('BOB');
  disk.writing = { code: 'full', detail: 'the disk is full' };
  await house.unit.clock.advance(10_000);
  for (const [code, reader] of [
    ['ANN', 'in'],
    ['EVE', 'in'],
    ['EVE', 'out'],
    ['BOB', 'out'],
  ] as const) {
    await house.unit.scan(code, reader);
    await house.unit.clock.advance(500);
  }
  const roll = value(await house.staff.looks.roll());
  expect(roll.places[0]?.people).toMatchObject([{ memberId: 'ann', name: '安藤 あん' }]);
});

describe('what happened at the doors', () => {
  test('is listed newest first, page by page, with reasons and what the door did', async () => {
    const house = await startStaffed();
    // Somebody is refused before the door is shut again behind somebody else.
    for (const code of ['ANN', 'CHO']) await house.unit.scan(code);
    await house.unit.clock.advance(10_000);
    await house.unit.scan('NOBODY');
    await house.unit.clock.advance(10_000);
    house.staff.acts.open(SUE, { act: act(), doorId: 'front', why: 'guest' });
    await house.unit.clock.advance(10_000);
    const all = value(house.staff.looks.live({ limit: 100, before: null })).rows;
    expect(all).toMatchObject(
      [
        { type: 'staff', what: 'open', staffId: 'sue', outcome: 'unused', name: null },
        { type: 'scan', granted: false, reason: 'unknown-credential', outcome: null },
        { granted: false, reason: 'outside-hours', memberId: 'cho', name: 'Cho' },
        { granted: true, reason: 'plan', memberId: 'ann', name: '安藤 あん', outcome: 'unused' },
      ].map((row) => expect.objectContaining(row)),
    );
    const paged = [];
    for (let before: number | null = null, isMore = true; isMore; ) {
      const page: ReturnType<typeof house.staff.looks.live> = house.staff.looks.live({ limit: 1, before });
      paged.push(...value(page).rows);
      before = value(page).next;
      isMore = before !== null;
    }
    expect(paged).toStrictEqual(all);
  });

  test('is told as it happens, and then what came of it; to nobody who listens no longer', async () => {
    const house = await startStaffed();
    const told: PassageMessage[] = [];
    const leave = house.staff.looks.passages((message) => told.push(message));
    await house.unit.scan('ANN');
    await house.unit.clock.advance(10_000);
    const event = house.unit.events('scan')[0]?.seq;
    expect(told).toMatchObject([
      { kind: 'passage', passage: { event, memberId: 'ann', granted: true } },
      { kind: 'outcome', of: event, outcome: 'unused' },
    ]);
    leave();
    await house.unit.scan('CHO');
    await house.unit.clock.advance(10_000);
    expect(told).toHaveLength(2);
  });

  test('is told while the record can’t be written, too, and stands in the list once when it could', async () => {
    const first = await startStaffed();
    const disk = new FailingDisk(first.unit.store);
    const house = await startStaffed({
      before: { ...first, unit: Object.assign(Object.create(first.unit), { store: disk.store }) },
    });
    const told: PassageMessage[] = [];
    house.staff.looks.passages((message) => told.push(message));
    disk.writing = { code: 'full', detail: 'the disk is full' };
    await house.unit.scan('CHO');
    await house.unit.scan('CHO', 'out');
    expect(told).toMatchObject([
      { passage: { what: 'store-failure', granted: null } },
      { passage: { direction: 'out', granted: true } },
    ]);
    disk.writing = null;
    await house.unit.clock.advance(10_000);
    const [turnedAway, exit] = house.unit.events('scan');
    const rows = told.reduce(withMessage, []);
    expect(rows).toMatchObject([
      { event: exit?.seq, direction: 'out', outcome: expect.any(String) },
      { event: turnedAway?.seq, what: 'store-failure' },
    ]);
    expect(rows).toHaveLength(2);
  });
});

function closedOnHolidays(plan: SiteBundle['plans'][number]): SiteBundle['plans'][number] {
  const { entry } = plan;
  if (entry.mode !== 'limits') return plan;
  return { ...plan, entry: { ...entry, bands: entry.bands.map((band) => ({ ...band, holiday: 'closed' })) } };
}

describe('a refusal', () => {
  test('is explained step by step, with the names of plan and band', async () => {
    const house = await startStaffed();
    await house.unit.scan('CHO');
    const event = house.unit.events('scan')[0]?.seq ?? 0;
    const why = value(house.staff.looks.why({ event }));
    expect(why).toMatchObject({ event, granted: false, reason: 'outside-hours', same: true });
    expect(why.steps).toContainEqual(expect.objectContaining({ subject: 'contract', name: 'Night plan' }));
    expect(why.steps).toContainEqual(
      expect.objectContaining({ subject: 'band', name: 'Night', says: 'outside-hours' }),
    );
    expect(house.staff.looks.why({ event: 999 })).toMatchObject({ error: 'no-event' });
    expect(house.staff.looks.why({ event: 1 })).toMatchObject({ error: 'no-decision' });
  });

  test('names what would have helped then, weeks later and by another site’s data, as the member was told it', async () => {
    const late = { ...TEST_SITE.members[0]!, id: 'fay', name: 'Fay', codes: ['FAY'] };
    const site: SiteBundle = {
      ...TEST_SITE,
      members: [
        ...TEST_SITE.members,
        { ...late, contracts: [{ id: 'c-fay', planId: 'open', from: '2026-11-20', to: null }] },
      ],
      usage: ['2026-11-01', '2026-11-02'].map((date) => ({
        ...{ memberId: 'bob', contractId: 'c-bob', bandId: 'day', date },
      })),
      doors: TEST_SITE.doors.map((door) => ({ ...door, passback: 'deny' })),
    };
    const house = await startStaffed({ site });
    const { unit, staff } = house;
    await unit.clock.advance(24 * HOUR_MS);
    for (const code of ['CHO', 'BOB', 'FAY', 'ANN', 'ANN', 'NOBODY']) {
      await unit.scan(code);
      await unit.door.open();
      await unit.clock.advance(10_000);
    }
    const told = unit.messages.flatMap((message) => (message.kind === 'decision' && !message.granted ? [message] : []));
    expect(told.map(({ reason, remedy }) => [reason, remedy])).toMatchObject([
      ['outside-hours', { opensAt: NOON + 31.75 * HOUR_MS }],
      ['limit-reached', { limit: { used: 2, limit: 2 } }],
      ['no-contract', { startsOn: Date.UTC(2026, 10, 20, 3) }],
      ['passback', { insideSince: expect.any(Number) }],
      ['unknown-credential', { opensAt: null }],
    ]);
    await unit.clock.advance(40 * 24 * HOUR_MS);
    const bands = TEST_SITE.stores[0]!.bands.map((band) => ({ ...band, from: '09:00', to: '09:30' }));
    const other = { ...TEST_SITE, stores: [{ ...TEST_SITE.stores[0]!, bands }] };
    unit.store.transact((writer) => writer.importSite(other, unit.clock.wall()));
    unit.unit.dataChanged();
    for (const { event, at, reason, remedy } of told)
      expect(value(staff.looks.why({ event }))).toMatchObject({ at, reason, same: true, remedy });
  });

  test('that doesn’t come out as it did names no remedy', async () => {
    const house = await startStaffed();
    await house.unit.scan('CHO');
    const event = house.unit.events('scan')[0]?.seq ?? 0;
    expect(value(house.staff.looks.why({ event })).remedy).toMatchObject({ opensAt: NOON + 7.75 * HOUR_MS });
    const { masterAt } = house.unit.store;
    house.unit.store.masterAt = (revision) => {
      const data = masterAt.call(house.unit.store, revision);
      return data === null ? null : { ...data, holidays: ['2026-11-02'], plans: data.plans.map(closedOnHolidays) };
    };
    expect(value(house.staff.looks.why({ event }))).toMatchObject({ same: false, remedy: null });
  });
});

describe('a search', () => {
  async function search(house: StaffedUnit, text: string, ended = new AbortController()) {
    const messages: SearchMessage[] = [];
    const searching = (async () => {
      for await (const message of house.staff.looks.search({ text }, ended.signal)) messages.push(message);
    })();
    await house.unit.clock.advance(1_000);
    await searching;
    return messages;
  }
  const hits = (messages: readonly SearchMessage[]) =>
    messages.flatMap((message) => (message.kind === 'hits' ? message.hits : []));

  test('finds by name, kana of any kind and width, and code; what it shows is masked', async () => {
    const house = await startStaffed({ site: crowd(90) });
    const one = [{ memberId: 'm77', name: '山田 7＊', kana: 'ヤマダ 7＊', code: '77', suspended: false }];
    for (const text of ['山田 77郎', 'やまだ77ろう', 'ﾔﾏﾀﾞ ７７', 'code-000077'])
      expect(hits(await search(house, text)), text).toStrictEqual(one);
    expect(hits(await search(house, 'ann')), 'a code of three characters').toStrictEqual([]);
    expect(hits(await search(house, '安藤'))).toMatchObject([{ memberId: 'ann', name: '安藤 あ＊' }]);
    expect((await search(house, 'nobody here')).at(-1)).toStrictEqual({ kind: 'end', more: false });
  });

  test('ends at fifty, and when nobody wants it any more', async () => {
    const house = await startStaffed({ site: crowd(90) });
    const messages = await search(house, '山田');
    expect(hits(messages)).toHaveLength(50);
    expect(messages.at(-1)).toStrictEqual({ kind: 'end', more: true });
    const ended = new AbortController();
    ended.abort();
    expect(await search(house, '山田', ended)).toStrictEqual([]);
  });

  test('lets a door be served between, and says how far it is', async () => {
    const house = await startStaffed({ site: crowd(1_200) });
    const messages: SearchMessage[] = [];
    const searching = (async () => {
      for await (const message of house.staff.looks.search({ text: '1199郎' }, new AbortController().signal))
        messages.push(message);
    })();
    for (let turns = 0; turns < 1_000; turns += 1) await Promise.resolve();
    expect(messages).toHaveLength(1);
    await house.unit.scan('ANN');
    await house.unit.clock.advance(0);
    expect(house.unit.door.state().energised).toBe(true);
    await house.unit.clock.advance(1_000);
    await searching;
    expect(messages[0]).toStrictEqual({ kind: 'progress', looked: 40, of: 1_205 });
    expect(messages.filter(({ kind }) => kind === 'progress')).toHaveLength(2);
    expect(hits(messages)).toMatchObject([{ memberId: 'm1199' }]);
  });

  test('masks what is a name', () => {
    expect(['安藤 あん', '安藤　あん 子', 'Bob', '李', ''].map(masked)).toStrictEqual([
      ...['安藤 あ＊', '安藤 あ＊', 'Bo＊', '李＊', '＊'],
    ]);
    expect(plain('ｶﾞ が ガ Ａ')).toBe('ガガガa');
  });
});

describe('a member', () => {
  test('is shown with contracts, tickets and where they are; a code says whose it is', async () => {
    const house = await startStaffed();
    expect(value(house.staff.looks.member({ memberId: 'dan' }))).toMatchObject({
      ...{ name: 'Dan', suspended: false, inside: [] },
      contracts: [{ planId: 'ticket', inEffect: true, from: '2020-01-01', to: null }],
      tickets: [{ ticketId: 'k', name: 'Day ticket', lastDay: null, remaining: 2, redeemable: true }],
    });
    await house.unit.scan('ANN');
    expect(value(house.staff.looks.member({ memberId: 'ann' })).inside).toMatchObject([{ placeId: 'pl' }]);
    expect(house.staff.looks.member({ memberId: 'x' })).toMatchObject({ error: 'no-member' });
    expect(value(house.staff.looks.code({ text: ' k ' }))).toMatchObject({
      kind: 'ticket',
      memberId: 'dan',
      name: 'Dan',
    });
    expect(value(house.staff.looks.code({ text: 'BOB' }))).toStrictEqual({
      kind: 'member',
      memberId: 'bob',
      name: 'Bob',
    });
    expect(value(house.staff.looks.code({ text: 'x' }))).toStrictEqual({ kind: 'none' });
  });

  test('has a history, by pages; a cursor that is none begins anew', async () => {
    const usage = Array.from({ length: 130 }, (_, n) => ({
      ...{ memberId: 'bob', contractId: 'c-bob', bandId: 'day' },
      date: new Date(NOON - n * 24 * HOUR_MS).toISOString().slice(0, 10),
    }));
    const house = await startStaffed({ site: { ...TEST_SITE, usage } });
    const { usage: look } = house.staff.looks;
    const first = value(look({ memberId: 'bob', after: null }));
    expect(first.rows[0]).toStrictEqual({ day: '2026-11-02', contractId: 'c-bob', bandId: 'day', event: null });
    const second = value(look({ memberId: 'bob', after: first.next }));
    expect([first.rows.length, second.rows.length, second.next]).toStrictEqual([100, 30, null]);
    expect(value(look({ memberId: 'bob', after: '{"day":"x"}' })).rows).toStrictEqual(first.rows);
    expect(value(look({ memberId: 'bob', after: 'x' })).rows).toStrictEqual(first.rows);
    expect(value(house.staff.looks.overLimit({ month: '2026-10', after: null })).rows).toMatchObject([
      { memberId: 'bob', name: 'Bob', bandId: 'day', days: 31, limit: 2 },
    ]);
    await house.unit.scan('ANN');
    await house.unit.scan('ANN', 'out');
    expect(value(house.staff.looks.visits({ memberId: 'ann', after: null })).rows).toMatchObject([
      { placeId: 'pl', enteredAt: NOON, exitedAt: NOON },
    ]);
    house.staff.acts.redeem(SUE, { act: act(), ticketId: 'k', uses: 1 });
    expect(value(house.staff.looks.ticketUses({ memberId: null, after: null })).rows).toMatchObject([
      { ticketId: 'k', memberId: 'dan', name: 'Dan', uses: 1, day: '2026-11-02' },
    ]);
    expect(value(house.staff.looks.ticketUses({ memberId: 'ann', after: null })).rows).toStrictEqual([]);
    expect(value(house.staff.looks.traffic({ placeId: 'pl', from: '2026-11-01', to: '2026-11-30' }))).toStrictEqual({
      inside: 0,
      hours: [{ day: '2026-11-02', hour: 12, entries: 1, exits: 1 }],
    });
  });
});

describe('the unit', () => {
  test('after midnight today is the new date, though the business day goes on till four: who just came is in its picture', async () => {
    const house = await startStaffed();
    await house.unit.clock.advance(12.5 * HOUR_MS);
    await house.unit.scan('ANN');
    const { today } = value(house.staff.looks.site());
    expect(today).toBe('2026-11-03');
    expect(value(house.staff.looks.traffic({ placeId: 'pl', from: today, to: today })).hours).toMatchObject([
      { hour: 0, entries: 1 },
    ]);
  });

  test('tells its names, its devices and its health', async () => {
    const house = await startStaffed();
    expect(value(house.staff.looks.site())).toMatchObject({
      ...{ today: '2026-11-02', doors: [{ id: 'front', here: true }] },
      ticketTypes: [{ id: 'tt', name: 'Day ticket', uses: 10 }],
    });
    await house.unit.plug(false);
    expect(value(house.staff.looks.devices())).toContainEqual(
      expect.objectContaining({ id: 'front.lock', doorId: 'front', kind: 'lock', ok: false }),
    );
    expect(value(house.staff.looks.health())).toMatchObject({ status: 'degraded', version: 'test' });
  });

  test('gives a file that helps whoever looks after it, and is about nobody', async () => {
    const house = await startStaffed({ site: crowd(3) });
    await house.staff.signIn('sue', '482915');
    await house.unit.scan('ANN');
    house.log.write('{"msg":"a line"}\n');
    expect(value(house.staff.looks.logTail({ limit: 5 }))).toStrictEqual(['{"msg":"a line"}']);
    const { name, text } = value(await house.staff.looks.diagnostics());
    expect(name).toBe('genkan-diagnostics-2026-11-02T03-00-00.json');
    expect(JSON.parse(text)).toMatchObject({
      ...{ format: 'genkan-diagnostics/1', counts: { members: 8 }, log: ['{"msg":"a line"}'] },
      health: { status: 'ok' },
    });
    const { members } = crowd(3);
    const personal = members.flatMap((one) => [one.id, one.name, ...one.codes]).filter((one) => one.length > 3);
    for (const word of [...personal, '"ann"', 'Sakai', 'sue', 'argon2']) expect(text).not.toContain(word);
  });

  test('keeps the last lines of its log, and no more', async () => {
    const { log } = await startStaffed();
    for (let line = 0; line < 2_000; line += 1) log.write(`${line} ${'x'.repeat(line === 1_999 ? 5_000 : 0)}\n`);
    expect(log.last(9_999)).toHaveLength(500);
    expect(log.last(2)[0]).toBe('1998');
    expect(log.last(1)[0]).toHaveLength(2_000);
  });
});
