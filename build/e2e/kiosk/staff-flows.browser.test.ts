/**
 * What staff are there for when something is out of the ordinary, on a touch screen before a whole unit: somebody at the
 * door calls, by night and at another screen; a fire is over; nobody knows the time; a ticket is held before the door's
 * scanner; somebody was over their limit, or forgot to leave; a refusal of before is looked into; a PIN is changed.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../device/sim/wait.ts';
import { cheapHash, HOUR_MS, PIN, STAFF, startStaffed } from '../../../main/controller/staff/testing.ts';
import { NO_SETTINGS, TEST_SITE } from '../../../main/controller/testing.ts';
import { type DeskUnit, openDeskUnit } from './desk-unit.ts';

const TOMO_PIN = '590318';
const NEW_PIN = '604417';
const SITE = {
  ...TEST_SITE,
  doors: [...TEST_SITE.doors, { ...TEST_SITE.doors[0]!, id: 'inner', name: 'Inner door' }],
  usage: [1, 2, 3].map((day) => ({ memberId: 'bob', contractId: 'c-bob', bandId: 'day', date: `2026-11-0${day}` })),
};
const SIM = { driver: 'sim' } as const;

let desk: DeskUnit;
let page: Page;

beforeAll(async () => {
  desk = await openDeskUnit((onChange) =>
    startStaffed({ site: SITE, door: { inputs: { contact: SIM, fire: SIM } }, more: { inner: {}, onChange } }),
  );
  const { unit } = desk.house;
  const closed = [{ doorId: 'inner', dates: ['2026-11-02', '2026-11-03'] }];
  unit.store.transact((writer) => writer.importSettings({ ...NO_SETTINGS, staff: STAFF, closedDays: closed }));
  unit.unit.dataChanged();
  const tomo = { id: 'tomo', name: 'Tomo', role: 'staff', pinHash: cheapHash(TOMO_PIN) } as const;
  unit.store.transact((writer) => writer.staff.put(tomo));
  page = await desk.open();
});
afterAll(() => desk?.[Symbol.asyncDispose]());

const named = (name: string | RegExp, on = page) =>
  on
    .getByRole('button', { name, exact: typeof name === 'string' })
    .filter({ visible: true })
    .first();
const tap = (name: string | RegExp, on = page) => named(name, on).tap();
const at = (selector: string, on = page) => on.locator(selector).first();
const shown = (text: string | RegExp, on = page) => on.getByText(text).first().waitFor();
/** In the sheet that asks. A button that was just pressed is deaf for a moment, and a test's finger is faster. */
async function sure(name: string): Promise<void> {
  await page.clock.fastForward(500);
  await page.locator('.w-sheet').getByRole('button', { name, exact: true }).tap();
}
const events = (type: string) => desk.house.unit.events(type);
const acts = (what: string) => events('staff').filter(({ detail }) => detail['what'] === what);
const scan = (code: string, reader = 'in') => desk.house.unit.readers.get(reader)?.scan(code);
const heard = async (on: Page) => Number(await on.evaluate('window.heard.length'));

async function digits(pin: string, on = page): Promise<void> {
  for (const digit of pin) await tap(digit, on);
}

async function signIn(name: RegExp, pin: string, on = page): Promise<void> {
  await on.locator('.desk-button').filter({ visible: true }).first().tap();
  await enter(name, pin, on);
}

async function enter(name: RegExp, pin: string, on = page): Promise<void> {
  await on.locator('.w-people').waitFor();
  await tap(name, on);
  await digits(pin, on);
  await tap('入る', on);
  await at('.w-rail', on).waitFor();
}

async function signOut(): Promise<void> {
  await page.locator('.w-rail .last').tap();
  await page.locator('body:not([data-screen="staff"])').waitFor();
}

async function room(name: string | RegExp, waits: string): Promise<void> {
  await tap(name);
  await at(waits).waitFor();
}

test('a call from the door sounds, lights the black screen of another door, and stands there until it is taken', async () => {
  const other = await desk.open('?door=inner');
  await other.locator('body[data-reason="closed"]').waitFor();
  await other.clock.fastForward(600_000);
  await other.locator('body[data-black]').waitFor();
  scan('CHO');
  await page.locator('body[data-screen="refused"]').waitFor();
  const [before, beforeThere] = [await heard(page), await heard(other)];
  await page.locator('.call-staff').tap();
  await page.locator('.called').first().waitFor();
  await other.locator('body:not([data-black])').waitFor();
  await expect.poll(() => heard(other)).toBeGreaterThan(beforeThere);
  await expect.poll(() => heard(page)).toBeGreaterThan(before);
  await signIn(/Sue/, PIN, other);
  await at('.w-home .w-alert', other).filter({ hasText: '入口で呼ばれています' }).waitFor();
  await tap('対応します', other);
  await at('.w-home .w-alert', other).waitFor({ state: 'detached' });
  expect(acts('take-alarm')).toMatchObject([{ detail: { alarm: 'help', staffId: 'sue' } }]);
  const after = await heard(other);
  await other.clock.fastForward(4_000);
  expect(await heard(other)).toBe(after);
  await other.context().close();
});

test('a fire is reset by a manager, once it is over', async () => {
  const { fire } = desk.house.unit.inputs;
  fire.set(true);
  await page.locator('body[data-reason="fire"]').waitFor();
  await signIn(/Mia/, PIN);
  await at('.w-band').filter({ hasText: '火災' }).waitFor();
  await room('設備', '.w-unit .w-alert');
  await tap('火災を解除する');
  await sure('火災を解除する');
  await at('.w-sheet .w-trouble').waitFor();
  expect(acts('reset-fire')).toEqual([]);
  fire.set(false);
  // The same asked for again within a second is the same act, and was refused.
  const reset = async (): Promise<number> => {
    const [sheet] = await page.locator('.w-sheet .danger').all();
    await sheet?.tap({ timeout: 500 }).catch(() => undefined);
    return acts('reset-fire').length;
  };
  await expect.poll(reset, { timeout: 8_000 }).toBe(1);
  await shown('火災を解除しました');
  await at('.w-unit .w-alert').waitFor({ state: 'detached' });
});

test('nobody knows the time until a manager says that the one shown is right', async () => {
  const { unit } = desk.house;
  unit.clock.setWall(unit.clock.wall() + 2 * HOUR_MS);
  unit.watch.look();
  await at('.w-band').filter({ hasText: '時刻が未確認です' }).waitFor();
  expect(await at('.w-bar .now').innerText()).toBe('--:--');
  await room('集計', '.w-picture');
  await tap('時刻を確かめる');
  await at('.w-unit .w-chip.heed').waitFor();
  await tap('時刻は正しい');
  await at('.w-sheet').filter({ hasText: '14:0' }).waitFor();
  await sure('時刻は正しい');
  await shown('時刻を確認しました');
  await at('.w-band').waitFor({ state: 'detached' });
  expect(events('clock').at(-1)).toMatchObject({ detail: { why: 'confirmed', staffId: 'mia' } });
});

test('who is over the limit stands in a list, which leads to them', async () => {
  await room('集計', '.w-picture .row');
  await at('.w-picture .row')
    .filter({ hasText: /Bob.*3 \/ 2/s })
    .tap();
  await at('.w-member .w-facts').waitFor();
});

test('a ticket held before the door’s scanner comes to the screen that waits, and opens nothing', async () => {
  const scans = events('scan').length;
  await room('チケット', '.w-lent');
  scan('k');
  await at('.w-redeem').waitFor();
  await tap(/1回分を使う/);
  await until('the use', () => events('redeem').length === 1);
  scan('k');
  await room('ホーム', '.w-home .w-rows');
  expect(events('scan')).toHaveLength(scans);
  expect(desk.house.unit.door.state()).toMatchObject({ energised: false, leaf: 'shut' });
});

test('the stay of somebody who left without a scan is ended', async () => {
  scan('ANN');
  await until('the door', () => desk.house.unit.door.open());
  const row = page.locator('.w-home ul ul .row').filter({ hasText: '安藤' }).first();
  await row.tap();
  await tap('滞在を閉じる');
  await sure('滞在を閉じる');
  await shown('さんの滞在を閉じました');
  await shown('いまは館外です');
  expect(acts('end-stay')).toMatchObject([{ detail: { memberId: 'ann', staffId: 'mia' } }]);
  await signOut();
});

test('a refusal from before this page was loaded says why, and what would have helped', async () => {
  await page.reload();
  await signIn(/Mia/, PIN);
  await page.locator('.w-row-no').filter({ hasText: 'Cho' }).first().tap();
  await at('.w-steps .here').waitFor();
  await at('.w-remedy')
    .filter({ hasText: /こうすれば入れます.*19:45/s })
    .waitFor();
  await signOut();
});

test('one’s own PIN is changed by the old one, and holds from then on', async () => {
  const change = async (old: string) => {
    await at('.w-sheet').filter({ hasText: 'いまのPIN' }).waitFor();
    await digits(old);
    await sure('次へ');
    await at('.w-sheet').filter({ hasText: '新しいPIN' }).waitFor();
    await digits(NEW_PIN);
    await expect.poll(() => page.locator('.w-sheet .go').isEnabled()).toBe(true);
  };
  // In a narrow room the names are put away once one is chosen, and come back.
  await page.setViewportSize({ width: 800, height: 1280 });
  await page.locator('.desk-button').filter({ visible: true }).first().tap();
  await tap(/Mia/);
  await tap('ほかのお名前');
  await enter(/Tomo/, TOMO_PIN);
  await room('設備', '.w-unit .w-card');
  await tap('PINを変える');
  await change('111222');
  await sure('次へ');
  await shown(/あと2回まちがえると/);
  await change(TOMO_PIN);
  await sure('次へ');
  await shown('TomoさんのPINを変えました');
  await signOut();
  await signIn(/Tomo/, NEW_PIN);
  expect(desk.complaints).toEqual([]);
});
