/**
 * An evening at an unattended door, on a touch screen, before the real controller: a newcomer takes a card in two taps,
 * photographs it and goes in by it; somebody reads the place's code; a member of before leaves a form. The record tells
 * of all three and of nobody's name.
 */
import { createPublicKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../device/sim/wait.ts';
import { openPlaceCode } from '../../../main/controller/place-code.ts';
import type { Decoder } from '../../../renderer/kiosk/camera/decoder.ts';
import { zxingWasmBytes } from '../../../renderer/kiosk/camera/test-frames.ts';
import { startZxingWasm } from '../../../renderer/kiosk/camera/zxing-wasm.ts';
import { ROOT } from '../../setup/runtime.mjs';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from '../appliance.ts';
import { photograph as read } from './photograph.ts';
import { openBrowser } from './unit.ts';

const ARTEFACTS = join(ROOT, 'artefacts');
const SETTINGS = {
  format: 'genkan-settings/1',
  tenant: null,
  carryOver: { fields: ['familyKana'] },
  provisionalCards: { planId: 'master', days: 7, stock: 2 },
};

let folder: UnitFolder;
let unit: Appliance;
let browser: Browser;
let page: Page;
let eye: Decoder;

beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  folder = new UnitFolder({
    doors: [
      {
        id: 'front',
        placeCode: { kinds: ['app', 'url'], url: 'https://gym.example.jp/in?c={code}' },
        lock: { driver: 'sim' },
        readers: [{ id: 'front-in', driver: 'sim' }],
        inputs: { contact: { driver: 'sim' } },
      },
    ],
  });
  unit = await Appliance.start(folder);
  await unit.healthy('the unit is ok');
  const settings = join(folder.path, 'settings.json');
  writeFileSync(settings, JSON.stringify(SETTINGS));
  expect(await genkan(['import', settings, '--config', folder.config])).toMatchObject({ code: 0 });
  eye = await startZxingWasm(await zxingWasmBytes());
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, hasTouch: true });
  page.setDefaultTimeout(15_000);
  await page.goto(unit.url);
});

afterAll(async () => {
  await browser?.close();
  await unit?.stop();
  folder?.remove();
});

const tap = (name: string) => page.getByRole('button', { name, exact: true }).tap();
const systemEvents = () => folder.events().filter(({ type }) => type === 'system');
const said = (what: string) => systemEvents().find(({ detail }) => detail['what'] === what);

const photograph = (place: number) => read(page.locator('.qr').nth(place), eye);

test('a provisional card in two taps: its photograph opens the door, also after an import', async () => {
  await tap('はじめての方');
  await tap('発行する');
  await page.locator('.prov .qr').waitFor();
  await page.screenshot({ path: join(ARTEFACTS, 'provisional-card.png') });
  const code = await photograph(0);
  expect(code).toMatch(/^GK[0-9A-Z]{26}$/);
  expect(await genkan(['import', DEMO_SITE, '--config', folder.config])).toMatchObject({ code: 0 });
  expect(await unit.demo('scan', { reader: 'front-in', code })).toBe(200);
  await page.locator('body[data-screen="admitted"]').waitFor();
  const number = said('provisional-card')?.detail['memberId'];
  const scan = await until('the entry', () => folder.events().find(({ type }) => type === 'scan'));
  expect(scan).toMatchObject({ result: { granted: true, memberId: number } });
  await page.locator('body[data-screen="waiting"]:not([data-visit])').waitFor();
  expect(JSON.stringify(folder.events()) + unit.running.stdout + unit.running.stderr).not.toContain(code);
});

/** A press just after another is taken for a finger that bounced; nobody's are as fast as these. */
const DEAF_MS = 450;

/** A finger that comes down twice, as a wet one does, with the controller's answer in between. */
async function tapTwice(name: string): Promise<void> {
  const box = await page.getByRole('button', { name, exact: true }).boundingBox();
  const [x, y] = [(box?.x ?? 0) + 80, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  await page.touchscreen.tap(x, y);
  await page.locator('.prov .qr').waitFor();
  await page.touchscreen.tap(x, y);
}

test('a card can be cancelled; pressed twice it is one, and stays; the third of two is not there', async () => {
  await tap('はじめての方');
  await tapTwice('発行する');
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(drawn))');
  expect(await page.locator('.prov .qr').isVisible()).toBe(true);
  await tap('取り消す');
  await page.getByText('取り消しました').waitFor();
  await tap('閉じる');
  const made = systemEvents().filter(({ detail }) => detail['what'] === 'provisional-card');
  expect(made).toHaveLength(2);
  for (const [taps, sees] of [
    [['はじめての方', '発行する'], '.prov .qr'],
    [['撮影しました', 'はじめての方', '発行する'], '.ended'],
  ] as const) {
    for (const name of taps) {
      await page.waitForTimeout(DEAF_MS);
      await tap(name);
    }
    await page.locator(sees).waitFor();
  }
  await tap('閉じる');
});

test('the place’s code is read from the screen in both kinds, and the record’s key opens it', async () => {
  await tap('スマホで受付');
  await page.locator('.place .qr').nth(1).waitFor();
  const [app, url] = [await photograph(0), await photograph(1)];
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: String(said('place-code-key')?.detail['publicKey']) };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  expect(openPlaceCode(app, key)).toMatchObject({ doorId: 'front', lasts: 20 });
  expect(url).toMatch(/^https:\/\/gym\.example\.jp\/in\?c=[\w-]+$/);
  expect(openPlaceCode(new URL(url).searchParams.get('c') ?? '', key)).toMatchObject({ doorId: 'front' });
  await tap('もどる');
});

test('a form is filled in by touch and waits, sealed, for the hub', async () => {
  await tap('すでに会員の方');
  await tap('はじめる');
  for (const key of ['m', 'i', 's', 'a', 'k', 'i', '@', 'g', 'y', 'm', '.co.jp']) await tap(key);
  await tap('次へ');
  for (const key of '00482291') await tap(key);
  await page.waitForTimeout(DEAF_MS);
  await tap('次へ');
  for (const key of ['タ', 'ナ', 'ガ'.normalize('NFD').charAt(0)]) await tap(key);
  await page.screenshot({ path: join(ARTEFACTS, 'carry-over.png') });
  await page.waitForTimeout(DEAF_MS);
  await tap('送信する');
  await page.getByText('misaki@gym.co.jp に届くリンクを開いてください。').waitFor();
  expect(folder.query("SELECT kind FROM held WHERE taken_at IS NULL AND kind = 'carry-over'")).toHaveLength(1);
  expect(folder.query("SELECT 1 AS n FROM held WHERE instr(sealed, 'misaki') > 0")).toEqual([]);
  expect(said('carry-over')?.detail).toEqual({ what: 'carry-over' });
  expect(JSON.stringify(folder.events()) + unit.running.stderr).not.toMatch(/misaki|00482291|タナカ/);
});
