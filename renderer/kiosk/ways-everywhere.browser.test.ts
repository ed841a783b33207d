/**
 * What members do at the screen besides holding up a code, on whatever panel and in whatever language, before the real
 * controller: take a provisional card in two taps, read the place's code, carry a membership over with the keys on the
 * screen, keep a ticket or spend it. A phone can read what is shown, and the record tells of each, once.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from '../../build/e2e/appliance.ts';
import { photograph } from '../../build/e2e/kiosk/photograph.ts';
import { ROOMS } from '../../build/e2e/kiosk/stand.ts';
import { openBrowser } from '../../build/e2e/kiosk/unit.ts';
import { SystemClock } from '../../device/clock/system.ts';
import { createTexts, LANGUAGES, type Language, type TextKey } from '../locale/texts.ts';
import type { Decoder } from './camera/decoder.ts';
import { zxingWasmBytes } from './camera/test-frames.ts';
import { startZxingWasm } from './camera/zxing-wasm.ts';
import { namesIn, Panel } from './test-panels.ts';

/** Each panel in two languages, each language on two panels: how the screens look in all of them is `looks.browser`'s. */
const EACH = 2;
const PANELS = ROOMS.map((room, place) => ({
  room,
  visits: Array.from({ length: EACH }, (_, at) => ({
    language: LANGUAGES[(place + at) % LANGUAGES.length]!,
    code: `T${place * EACH + at}`,
  })),
}));
const VISITS = ROOMS.length * EACH;
const MAIL = 'm@x.co.jp';
const KANA = 'ガッ';
/** On a key, whatever the language. */
const TURNS = '゛゜小';
/** Field by field, key by key: Latin, digits, kana with the marks that turn them. */
const TYPED = [
  ['m', '@', 'x', '.co.jp'],
  ['4', '8', '2'],
  ['カ', '゛', 'ツ', '゛'],
  ...[['ハ'], ['カ'], ['ハ']],
  [...'0312345678'],
];
/** By field; those that follow have the same keys as one before. */
const KEYBOARDS = ['carry-abc', 'carry-digits', 'carry-kana'];
const SETTINGS = {
  format: 'genkan-settings/1',
  tenant: null,
  carryOver: { fields: ['family', 'given', 'familyKana', 'givenKana', 'phone'] },
  provisionalCards: { planId: 'master', days: 7, stock: VISITS },
};
/** A button that was pressed is deaf for a moment. */
const DEAF_MS = 450;
const ADMITTED_MS = 3_000;

const speak = createTexts();
let folder: UnitFolder;
let unit: Appliance;
let browser: Browser;
let eye: Decoder;
let names: readonly string[];

beforeAll(async () => {
  folder = new UnitFolder({
    site: 'site.json',
    display: { languages: LANGUAGES, helpPhone: '03-0000-0000' },
    doors: [
      {
        ...{ id: 'front', repeatMs: 0, lock: { driver: 'sim' }, inputs: { contact: { driver: 'sim' } } },
        placeCode: { kinds: ['app', 'url'], url: 'https://gym.example.jp/in?c={code}' },
        readers: [{ id: 'front-in', driver: 'sim' }],
      },
    ],
  });
  const [site, settings] = [join(folder.path, 'site.json'), join(folder.path, 'settings.json')];
  writeFileSync(site, JSON.stringify(withTicketHolders(JSON.parse(readFileSync(DEMO_SITE, 'utf8')))));
  writeFileSync(settings, JSON.stringify(SETTINGS));
  names = [...namesIn(site), MAIL, KANA, 'カ', 'ハ', TURNS];
  unit = await Appliance.start(folder);
  await unit.healthy('the unit is ok');
  expect(await genkan(['import', settings, '--config', folder.config])).toMatchObject({ code: 0 });
  eye = await startZxingWasm(await zxingWasmBytes());
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await unit?.stop();
  folder?.remove();
});

type Site = Readonly<Record<'members' | 'tickets' | 'usage', readonly object[]>>;

/** Four days of each month about `wall`, none of which is its own: who enters a second time a day is counted once. */
function daysBefore(wall: number): string[] {
  const now = new Date(wall);
  return [-1, 0, 1].flatMap((month) => {
    const first = month === 1 || (month === 0 && now.getUTCDate() < 9) ? 21 : 1;
    return [0, 1, 2, 3].map((day) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, first + day)).toISOString().slice(0, 10),
    );
  });
}

/** Members who have no entry left this month, on whatever day, and three tickets. */
function withTicketHolders(site: Site): Site {
  const numbers = Array.from({ length: VISITS }, (_, index) => `T${index}`);
  const contracts = (id: string) => [{ id: `c-${id}`, planId: 'light', from: '2025-01-01', to: null }];
  const suspended = { profile: false, identity: false };
  const members = numbers.map((id) => {
    return { id, name: '見本 花', kana: 'ミホン ハナ', codes: [id], suspended, contracts: contracts(id) };
  });
  const tickets = numbers.map((id) => {
    return { id: `t-${id}`, typeId: 'visit-10', memberId: id, issuedOn: '2026-01-01', remaining: 3 };
  });
  const days = daysBefore(new SystemClock().wall());
  const usage = numbers.flatMap((id) =>
    days.map((date) => ({ memberId: id, contractId: `c-${id}`, bandId: 'full', date })),
  );
  return {
    ...site,
    usage: [...site.usage, ...usage],
    members: [...site.members, ...members],
    tickets: [...site.tickets, ...tickets],
  };
}

/** Somebody at a panel who presses what their language says. */
class Hands {
  readonly panel: Panel;
  readonly #language: Language;

  constructor(panel: Panel, language: Language) {
    this.panel = panel;
    this.#language = language;
  }

  async tap(key: TextKey): Promise<void> {
    const name = speak(this.#language)(key);
    await this.panel.page.getByRole('button', { name, exact: true }).filter({ visible: true }).first().tap();
    await this.panel.page.clock.fastForward(DEAF_MS);
  }

  shows(selector: string): Promise<void> {
    return this.panel.page.locator(selector).first().waitFor();
  }
}

async function takesCard(hands: Hands): Promise<void> {
  const { panel } = hands;
  await hands.tap('screens.waiting.first');
  await hands.shows('.prov .choice');
  await panel.look('card');
  await hands.tap('screens.provisional.issue');
  await hands.shows('.prov .qr');
  await panel.look('card-issued');
  expect(await photograph(panel.page.locator('.qr'), eye)).toMatch(/^GK[0-9A-Z]{26}$/);
  await hands.tap('screens.provisional.taken');
  await panel.waits();
}

async function readsPlaceCode(hands: Hands): Promise<void> {
  const { panel } = hands;
  await hands.tap('screens.waiting.phone');
  await hands.shows('.place .qr');
  await panel.look('place');
  const codes = panel.page.locator('.place .qr');
  expect(await photograph(codes.nth(0), eye)).toMatch(/^GL1:/);
  expect(await photograph(codes.nth(1), eye)).toMatch(/^https:\/\/gym\.example\.jp\/in\?c=[\w-]+$/);
  await hands.tap('screens.common.back');
  await panel.waits();
}

/** A letter, or what turns the last one. */
const keyOf = (page: Page, key: string): Locator =>
  key === '゛'
    ? page.locator('.side').getByRole('button', { name: key })
    : page.locator('.keyboard').getByRole('button', { name: key, exact: true });

/** Whoever types doesn't wait until the page is still. */
async function quickly(key: Locator): Promise<void> {
  const box = await key.boundingBox();
  if (box === null) throw new Error('there is no such key');
  await key.page().touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
}

async function carriesOver(hands: Hands): Promise<void> {
  const { panel } = hands;
  const { page } = panel;
  await hands.tap('screens.waiting.carry');
  await panel.look('carry');
  await hands.tap('screens.carry.begin');
  for (const [place, keys] of TYPED.entries()) {
    for (const key of keys) await quickly(keyOf(page, key));
    const keyboard = KEYBOARDS[place];
    if (keyboard !== undefined) await panel.look(keyboard);
    await hands.tap(place < TYPED.length - 1 ? 'screens.carry.next' : 'screens.carry.send');
  }
  await hands.shows('.ended .choice');
  await panel.look('carry-sent');
  expect(await page.locator('.ended').innerText()).toContain(MAIL);
  await hands.tap('screens.refused.close');
  await panel.waits();
}

const usesOf = (code: string) =>
  folder.query('SELECT ticket_id FROM ticket_use').filter(({ ticket_id: id }) => id === `t-${code}`).length;

async function spendsTicket(hands: Hands, code: string): Promise<void> {
  const { panel } = hands;
  const { page } = panel;
  const scan = () => unit.demo('scan', { reader: 'front-in', code });
  await scan();
  await hands.shows('body[data-screen="refused"][data-reason="limit-reached"] .ask');
  await panel.look('ticket');
  await hands.tap('screens.ticket.keep');
  await panel.waits();
  expect(usesOf(code)).toBe(0);
  await scan();
  await hands.shows('body[data-screen="refused"] .ask');
  await page.clock.fastForward(DEAF_MS);
  await hands.tap('screens.ticket.use');
  await hands.shows('body[data-screen="admitted"]');
  await panel.look('ticket-spent');
  expect(usesOf(code)).toBe(1);
  await page.clock.fastForward(ADMITTED_MS);
  await panel.waits();
}

describe.each(PANELS)('at $room.width×$room.height', ({ room, visits }) => {
  let panel: Panel;
  beforeAll(async () => {
    panel = await Panel.open(browser, unit.url, room, names);
  });
  afterAll(() => panel?.[Symbol.asyncDispose]());

  test.each(visits)('in $language', async ({ language, code }) => {
    await panel.speak(language);
    const hands = new Hands(panel, language);
    await panel.look('ways');
    await takesCard(hands);
    await readsPlaceCode(hands);
    await carriesOver(hands);
    await spendsTicket(hands, code);
  });

  test('each language has words of its own', () => panel.expectOwnWords());
});

test('the record tells of each, once, and of nothing that was typed', () => {
  const events = folder.events();
  const said = (what: string) => events.filter(({ detail }) => detail['what'] === what).length;
  expect([said('provisional-card'), said('carry-over')]).toEqual([VISITS, VISITS]);
  const scans = events.filter(({ type }) => type === 'scan').map(({ result }) => result?.reason);
  expect(scans.filter((reason) => reason === 'limit-reached')).toHaveLength(2 * VISITS);
  expect(scans.filter((reason) => reason === 'ticket')).toHaveLength(VISITS);
  expect(JSON.stringify(events) + unit.running.stderr).not.toMatch(/m@x|0312345678|ガッ/);
});
