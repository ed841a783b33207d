// The page in Chromium's place: a real connection to a real unit. Somebody signs in, acts, and is signed out in each of the
// ways there are; what is tapped twice is done once, and what was typed stands in no log.
import { describe, expect, test } from 'vitest';
import type { PageSource } from '../../api/ports.ts';
import { SimStaffSource } from '../../api/test-staff.ts';
import { openClient, SIM_WAYS, startTestServer, watchAll } from '../../api/testing.ts';
import type { HeldTicketMessage, PassageMessage } from '../../contract/looks.ts';
import { NO_HUB, statusMessage } from '../status.ts';
import { NO_SETTINGS } from '../testing.ts';
import { act, details, PIN, STAFF, type StaffedUnit, startStaffed } from './testing.ts';

function pageOf({ unit }: StaffedUnit): PageSource {
  return {
    status: () => statusMessage(unit.unit, NO_HUB, 'test', null),
    subscribe: (listener) => unit.unit.screen.subscribe(listener),
    scan: ({ reader, text }) => unit.unit.reading(reader, text, unit.clock.mono()),
    ways: SIM_WAYS,
    choose: ({ event, ticketId }) => unit.unit.choose(event, ticketId),
    callStaff: ({ door }) => unit.unit.callStaff(door),
  };
}

async function served() {
  const house = await startStaffed();
  const { clock } = house.unit;
  const server = await startTestServer({
    page: pageOf(house),
    staff: { ...house.staff, setup: new SimStaffSource().setup },
    clock,
  });
  return { ...house, server, clock, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

type Page = Awaited<ReturnType<typeof openClient>>;

async function signedIn(port: number, staffId = 'sue') {
  const page = await openClient(port);
  const signed = await page.client.staff.signIn.mutate({ staffId, pin: PIN });
  if (!signed.ok) throw new Error(signed.fault);
  return page;
}

const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'done',
    (error) => error.data?.code ?? error,
  );
const stays = ({ client }: Page) => codeOf(client.staff.stay.mutate());
const open = () => ({ act: act(), doorId: 'front', why: 'guest' }) as const;
const opened = (house: StaffedUnit) => details(house).filter(({ what }) => what === 'open').length;
const signOuts = (house: StaffedUnit) => details(house).flatMap(({ what, why }) => (what === 'sign-out' ? [why] : []));

/** Time goes by before a page that is there: it answers the server's pings. */
async function pass(house: StaffedUnit, page: Page, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 5_000) {
    await house.unit.clock.advance(Math.min(left, 5_000));
    await page.client.staff.who.query();
  }
}

/** Lets a connection's end arrive. */
async function noticed(house: StaffedUnit, isSo: () => boolean): Promise<void> {
  for (let times = 0; times < 200 && !isSo(); times += 1) await house.unit.clock.advance(0);
  expect(isSo()).toBe(true);
}

/** Lets what was sent arrive, and what was answered come back: what is asked after it is answered after it. */
async function heard(house: StaffedUnit, page: Page, isSo: () => boolean): Promise<void> {
  for (let times = 0; times < 10 && !isSo(); times += 1) {
    await house.unit.clock.advance(0);
    await page.client.staff.who.query();
  }
  expect(isSo()).toBe(true);
}

describe('a session', () => {
  test('begins with a member’s rights, has a person’s while signed in, and then a member’s again', async () => {
    await using house = await served();
    await using page = await openClient(house.server.port);
    expect(await stays(page)).toBe('not-allowed');
    expect(await page.client.staff.who.query()).toMatchObject({
      people: [{ staffId: 'sue', name: 'Sue Sakai' }, {}, {}],
      ...{ firstManager: false, signedIn: null, signedOutInMs: null },
    });
    expect(await page.client.staff.signIn.mutate({ staffId: 'sue', pin: '135790' })).toStrictEqual({
      ...{ ok: false, fault: 'wrong-pin', waitMs: null, triesLeft: 2, signedOutInMs: null },
    });
    expect(await page.client.staff.signIn.mutate({ staffId: 'sue', pin: PIN })).toStrictEqual({
      ...{ ok: true, value: { staffId: 'sue', name: 'Sue Sakai', role: 'staff' }, signedOutInMs: 120_000 },
    });
    expect(await stays(page)).toBe('done');
    expect(await codeOf(page.client.staff.team.query())).toBe('not-allowed');
    expect(await page.client.staff.signOut.mutate()).toMatchObject({ ok: true, signedOutInMs: null });
    expect(await stays(page)).toBe('not-allowed');
    expect(signOuts(house)).toStrictEqual(['asked']);
  });

  test('of another page has no part in it', async () => {
    await using house = await served();
    await using _signed = await signedIn(house.server.port);
    await using other = await openClient(house.server.port);
    expect(await stays(other)).toBe('not-allowed');
  });

  test('ends two minutes after the last call; looking at the screen and scanning are none', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    await pass(house, page, 119_000);
    expect((await page.client.staff.who.query()).signedOutInMs).toBe(1_000);
    expect(await stays(page)).toBe('done');
    await pass(house, page, 119_000);
    await page.client.scan.mutate({ reader: 'in', text: 'ANN' });
    await house.clock.advance(1_000);
    expect(await stays(page)).toBe('not-allowed');
    expect(signOuts(house)).toStrictEqual(['idle']);
  });

  test('ends when the page has been gone for five seconds, not when it comes right back', async () => {
    await using house = await served();
    const page = await signedIn(house.server.port);
    await page[Symbol.asyncDispose]();
    await house.clock.advance(0);
    await noticed(house, () => house.clock.timers().some(({ name }) => name === 'page of staff gone'));
    await house.clock.advance(4_999);
    expect(signOuts(house)).toStrictEqual([]);
    await house.clock.advance(1);
    expect(signOuts(house)).toStrictEqual(['page-gone']);
  });

  test('ends when whoever it is leaves the settings, and with it what is told', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    let ended = false;
    page.client.look.passages.subscribe(undefined, { onComplete: () => (ended = true) });
    await heard(house, page, () => house.clock.timers().length >= 0);
    await page.client.look.alarms.query();
    const staff = STAFF.filter(({ id }) => id !== 'sue');
    house.unit.store.transact((writer) => writer.importSettings({ ...NO_SETTINGS, staff }));
    expect(await codeOf(page.client.act.open.mutate(open()))).toBe('not-allowed');
    await heard(house, page, () => ended);
    expect(opened(house)).toBe(0);
    expect(signOuts(house)).toStrictEqual(['changed']);
  });

  test('ends with the server', async () => {
    const house = await served();
    const page = await signedIn(house.server.port);
    await house.server[Symbol.asyncDispose]();
    expect(signOuts(house)).toStrictEqual(['page-gone']);
    expect(house.clock.timers().filter(({ name }) => name.includes('staff'))).toStrictEqual([]);
    await page[Symbol.asyncDispose]();
  });
});

describe('an act', () => {
  test('is done once however often it comes: sent again, or tapped twice at once', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    const { act: acts } = page.client;
    const one = open();
    const answers = await Promise.all([one, one, open(), open()].map((input) => acts.open.mutate(input)));
    expect(new Set(answers.map((answer) => (answer.ok ? answer.value.event : answer.fault))).size).toBe(1);
    expect(opened(house)).toBe(1);
    await house.clock.advance(1_000);
    expect(await acts.open.mutate(one)).toStrictEqual(answers[0]);
    expect(opened(house)).toBe(1);
    await acts.open.mutate(open());
    expect(opened(house)).toBe(2);
    // An id that stood for something else is a mistake of the page's.
    expect(await codeOf(acts.lockDown.mutate({ ...one, doorId: null }))).toBe('bad-input');
  });

  test('is not done for who is signed out in between, whatever is sent again', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    const one = open();
    await page.client.act.open.mutate(one);
    await page.client.staff.signOut.mutate();
    expect(await codeOf(page.client.act.open.mutate(one))).toBe('not-allowed');
    expect(opened(house)).toBe(1);
    // What the next person does is theirs, whatever its id.
    await page.client.staff.signIn.mutate({ staffId: 'mia', pin: PIN });
    expect(await page.client.act.open.mutate(one)).toMatchObject({ ok: true });
    expect(details(house).at(-1)).toMatchObject({ what: 'open', staffId: 'mia' });
  });

  test('tells its fault and how long somebody stays signed in', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    expect(await page.client.act.redeem.mutate({ act: act(), ticketId: 'none', uses: 1 })).toStrictEqual({
      ...{ ok: false, fault: 'no-ticket', waitMs: null, triesLeft: null, signedOutInMs: 120_000 },
    });
  });
});

describe('what is told', () => {
  test('passages go to who is signed in, with names, and end at the signing out; the page goes on', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    const told: PassageMessage[] = [];
    let ended = false;
    page.client.look.passages.subscribe(undefined, {
      onData: (message) => told.push(message),
      onComplete: () => (ended = true),
    });
    const watching = watchAll(page.client);
    await watching.atLeast(1);
    await page.client.scan.mutate({ reader: 'in', text: 'ANN' });
    await heard(house, page, () => told.length > 0);
    expect(told[0]).toMatchObject({ kind: 'passage', passage: { name: '安藤 あん' } });
    await page.client.staff.signOut.mutate();
    await heard(house, page, () => ended);
    const before = watching.messages.length;
    await page.client.scan.mutate({ reader: 'in', text: 'CHO' });
    await watching.atLeast(before + 1);
    expect(told.length).toBeLessThanOrEqual(2);
  });

  test('a ticket is waited for at the door’s reader, and no longer once nobody is signed in', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    const told: HeldTicketMessage[] = [];
    let ended = false;
    const wait = () =>
      page.client.look.heldTicket.subscribe(
        { doorId: 'front' },
        { onData: (message) => told.push(message), onComplete: () => (ended = true) },
      );
    wait();
    await heard(house, page, () => told.length === 1);
    await house.unit.scan('k');
    await heard(house, page, () => told.length === 2);
    expect(told).toStrictEqual([
      { kind: 'lent', leftMs: 25_000 },
      { kind: 'ticket', text: 'k' },
    ]);
    await pass(house, page, 25_000);
    await heard(house, page, () => ended);
    ended = false;
    wait();
    await heard(house, page, () => told.at(-1)?.kind === 'lent');
    await page.client.staff.signOut.mutate();
    await heard(house, page, () => ended);
    await house.unit.scan('k');
    expect(told.map(({ kind }) => kind)).toStrictEqual(['lent', 'ticket', 'over', 'lent']);
    expect(house.unit.events('scan')).toHaveLength(1);
  });

  test('a search tells as it finds', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    const kinds: string[] = [];
    page.client.look.search.subscribe({ text: '安藤' }, { onData: ({ kind }) => kinds.push(kind) });
    await heard(house, page, () => kinds.includes('end'));
    expect(kinds).toStrictEqual(['hits', 'end']);
  });

  test('an alarm is in the status until it is taken, and then as taken', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    house.unit.door.force();
    await house.clock.advance(0);
    const alarm = { id: 'forced front', doorId: 'front', alarm: 'forced' } as const;
    expect(pageOf(house).status().alarms).toMatchObject([{ ...alarm, taken: false }]);
    expect(await page.client.act.takeAlarm.mutate({ act: act(), id: alarm.id })).toMatchObject({ ok: true });
    expect(pageOf(house).status().alarms).toMatchObject([{ ...alarm, taken: true }]);
  });
});

describe('bounds', () => {
  test('calls come at most so fast, PINs slower', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port);
    const calls = [];
    for (let times = 0; times < 60; times += 1) calls.push(await stays(page));
    expect(calls.filter((code) => code === 'done')).toHaveLength(40);
    expect(calls.filter((code) => code === 'too-many')).toHaveLength(20);
    const pins = [];
    for (let times = 0; times < 5; times += 1)
      pins.push(await codeOf(page.client.staff.signIn.mutate({ staffId: 'nobody', pin: PIN })));
    expect(pins).toStrictEqual(['done', 'done', 'done', 'done', 'too-many']);
    await house.clock.advance(2_000);
    expect(await codeOf(page.client.staff.signIn.mutate({ staffId: 'nobody', pin: PIN }))).toBe('done');
  });

  test.each([
    ['a short PIN', { staffId: 'sue', pin: '12345' }],
    ['letters', { staffId: 'sue', pin: 'abcdef' }],
    ['a long PIN', { staffId: 'sue', pin: '1'.repeat(13) }],
    ['nobody', { staffId: '', pin: PIN }],
  ])('%s is not as the contract has it, and is repeated nowhere', async (_, input) => {
    await using house = await served();
    await using page = await openClient(house.server.port);
    const error = await page.client.staff.signIn.mutate(input).catch((caught) => caught);
    expect(error.shape).toStrictEqual({
      code: -32600,
      message: 'this call is not as the contract has it',
      data: { code: 'bad-input' },
    });
    expect(house.server.log).toStrictEqual([]);
  });

  test('no PIN, code or name reaches the log or the record, also where something breaks', async () => {
    await using house = await served();
    await using page = await signedIn(house.server.port, 'mia');
    const { act: acts, look, staff } = page.client;
    const code = await acts.staffCode.mutate({ act: act(), staffId: null });
    const until = house.clock.wall() + 60_000;
    const visitor = await acts.visitorPass.mutate({ act: act(), until, doorIds: ['front'] });
    const texts = [code, visitor].map((made) => (made.ok ? made.value.text : ''));
    await staff.add.mutate({ act: act(), name: 'Tomo Tani', role: 'staff', pin: '590318' });
    for (const text of texts) await page.client.scan.mutate({ reader: 'in', text });
    house.unit.store.members.find = () => {
      throw new Error('Tomo Tani 590318');
    };
    expect(await codeOf(look.member.query({ memberId: 'ann' }))).toBe('failed');
    const written = [
      JSON.stringify(house.server.log),
      house.log.last(500).join(''),
      ...house.unit.store.record.since(0),
    ].join('');
    for (const secret of [PIN, '590318', 'Tomo', 'Mori', '安藤', ...texts]) expect(written).not.toContain(secret);
    expect(house.server.log).toMatchObject([{ code: 'call-failed', detail: expect.stringMatching(/^look\.member: /) }]);
  });
});
