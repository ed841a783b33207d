/**
 * A technician sets a unit up by finger: the real page, the real program, a scanner and a relay board on real serial
 * lines, a camera that shows a film. Every screen is looked over in four languages, on four panels, at 200 % text.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from '../../../build/e2e/appliance.ts';
import { fakeCameraFile } from '../../../build/e2e/camera-frames.ts';
import { mountSmall } from '../../../build/e2e/disk.ts';
import { violations } from '../../../build/e2e/kiosk/axe.ts';
import { ROOMS } from '../../../build/e2e/kiosk/stand.ts';
import { openBrowser } from '../../../build/e2e/kiosk/unit.ts';
import { SystemClock } from '../../../device/clock/system.ts';
import { Pty } from '../../../device/sim/pty.ts';
import { until } from '../../../device/sim/wait.ts';
import { STEPS, type StepName } from './model.ts';
import { misfitsAt } from './test-fits.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PIN = '864209';
const WRONG_PIN = '135792';
/** No member has it. */
const CODE = 'TECHNICIANS-OWN-TEST-CARD';

const clock = new SystemClock();
let scanner: Pty;
let relay: Pty;
let folder: UnitFolder;
let unit: Appliance;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  scanner = await Pty.make(clock, 'scanner');
  relay = await Pty.make(clock, 'relay');
  folder = new UnitFolder({
    doors: [
      {
        id: 'front',
        pulseMs: 400,
        lock: { driver: 'serial-relay', protocol: 'lcus', path: relay.path },
        inputs: { contact: { driver: 'sim' }, fire: { driver: 'sim' } },
        readers: [
          { id: 'front-cam', driver: 'camera' },
          { id: 'lost', driver: 'serial', path: '/dev/ttyNOWHERE', direction: 'out' },
        ],
      },
    ],
  });
  unit = await Appliance.start(folder, { program: 'genkan' });
  const film = join(folder.path, 'card.mjpeg');
  await fakeCameraFile(film, ['NOBODYS-CARD']);
  browser = await openBrowser({ film });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, hasTouch: true });
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/WebSocket|ERR_CONNECTION|Failed to fetch/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(`${unit.url}#technician`);
});

afterAll(async () => {
  await browser?.close();
  await unit?.stop();
  await scanner?.remove();
  await relay?.remove();
  folder?.remove();
});

const SCREENS: readonly StepName[] = [...STEPS, 'roll'];
/** The roll's button is in the bar, after language and letters. */
const go = (step: StepName) =>
  (step === 'roll'
    ? page.locator('.tech-bar .btn').nth(2)
    : page.locator('.tech-rail button').nth(STEPS.indexOf(step))
  ).tap();
const button = (name: string) => page.getByRole('button', { name, exact: true });
const tests = () => folder.events().filter(({ type, detail }) => type === 'system' && detail['what'] === 'test');
/** What the page noted, once it is on record. */
const noted = (part: string, ok: boolean) =>
  until(`the note of ${part}`, () => tests().some(({ detail }) => detail['part'] === part && detail['ok'] === ok));

const press = (name: string) => page.locator('.tech-sign').getByRole('button', { name, exact: true }).tap();

async function digits(all: string): Promise<void> {
  for (const digit of all) await press(digit);
}

async function makeManager(code: string): Promise<void> {
  const at = (step: string) => page.locator(`.w-first[data-step="${step}"]`).waitFor();
  await at('code');
  await digits(code);
  await press('次へ');
  await at('name');
  for (const key of ['ハ', 'ナ']) await press(key);
  await press('次へ');
  await at('pin');
  await digits(PIN);
  await press('次へ');
  await at('again');
  await digits(PIN);
  await press('店長をつくる');
}

test('the setup code makes the first manager; a wrong one makes none, and tells how often one may be wrong', async () => {
  const { stdout } = await genkan(['setup-code', '--config', folder.config], 'genkan');
  await makeManager('00000000');
  await page.locator('.w-told.no').waitFor();
  expect(await page.locator('.w-told.no').innerText()).toMatch(/^番号がちがいます。あと\d+回まちがえると/);
  await makeManager(stdout.trim());
  await page.locator('.tech-rail').waitFor();
});

test('a part that is away says what to try next', async () => {
  const lost = page.locator('[data-part="lost"]');
  await lost.locator('.tech-todo').waitFor();
  expect(await lost.innerText()).toContain('ケーブルを差し直し');
});

async function enters(pin: string): Promise<void> {
  await digits(pin);
  await page.locator('.w-pad .go:not([disabled]):not([aria-busy="true"])').waitFor();
  await press('入る');
}

/** Again and again, and is told how often yet; then for how long there is a pause. */
async function errs(): Promise<void> {
  for (const left of [2, 1]) {
    await enters(WRONG_PIN);
    await page.getByText(`PINがちがいます。あと${left}回まちがえると、しばらく入力できません`).waitFor();
  }
  await enters(WRONG_PIN);
  await page.getByText(/^PINがちがいます。\d+秒待ってから、もう一度入力してください$/).waitFor();
  await page.locator('.w-pad .go[disabled]').waitFor();
}

test('a device is added by hand, written, and the unit begins again with it', async () => {
  await button('手で加える').tap();
  await page.getByLabel('読取口の名前').fill('front-in');
  await page.getByLabel('機器の名前(パス)').fill(scanner.path);
  await button('変更に加える').tap();
  await page.getByText('まだ書いていない変更 1件').waitFor();
  await button('書いて始め直す').tap();
  await page.getByRole('alertdialog').getByRole('button', { name: '書いて始め直す' }).tap();
  await page.locator('.tech-sign .w-pad').waitFor();
  await errs();
  await enters(PIN);
  await page.locator('[data-part="front-in"] .chip.ok').waitFor();
});

test('what the scanner reads shows as a length and a mask, and nowhere as a code', async () => {
  scanner.send(`${CODE}\r`);
  const echo = page.locator('[data-part="front-in"] .tech-echo');
  await page.getByText(`TE${'•'.repeat(21)}RD 25字、1回`).waitFor();
  expect(await echo.innerText()).not.toContain(CODE);
  expect(await page.content()).not.toContain(CODE);
  expect(unit.running.stderr).not.toContain(CODE);
  await page.locator('[data-part="front-in"]').getByRole('button', { name: '確かめた' }).tap();
  await page.locator('[data-part="front-in"]').getByText('試験済み').waitFor();
  await noted('front-in', true);
});

test('the lock is moved once, after a question, and shows what it did', async () => {
  await go('lock');
  const before = relay.hex().length;
  await button('1回だけ動かす').tap();
  expect(relay.hex().length).toBe(before);
  await page.getByRole('alertdialog').getByRole('button', { name: '1回だけ動かす' }).tap();
  await page.locator('.tech-seq[data-pulse="done"]').waitFor();
  expect(relay.hex().slice(before).trim()).toBe('a0 01 01 a2 a0 01 00 a1');
  await button('動かない').tap();
  await page.getByText('電源の電圧').waitFor();
  await noted('front.lock', false);
});

test('the camera’s rate, focus and light are shown and noted', async () => {
  await go('camera');
  await page.locator('.tech-view .hint.good').waitFor();
  const note = button('この結果を記録する');
  await note.tap();
  await page.locator('.tech-done').waitFor();
  await noted('front-cam', true);
  expect(await page.content()).not.toContain('NOBODYS-CARD');
});

test('a site is loaded by its path, and a broken one says where it is broken', async () => {
  await go('connect');
  expect(await page.locator('[data-pairing]').getAttribute('data-pairing')).toBe('none');
  const path = page.getByLabel('ファイルのパス');
  await path.fill(folder.config);
  await button('読み込む').tap();
  await page.locator('.tech-trouble li').first().waitFor();
  await path.fill(DEMO_SITE);
  // The same button is deaf for a moment.
  await expect
    .poll(async () => {
      await button('読み込む').tap();
      return page.locator('.tech-work .tech-busy, .tech-done').count();
    })
    .toBeGreaterThan(0);
  await page.locator('.tech-done').waitFor();
  expect((await unit.health()).revision).toBe(2);
});

test('a sealed site asks for its passphrase; another one says so, and may be tried again', async () => {
  const [sealed, words] = ['sealed.json', 'passphrase'].map((name) => join(folder.path, name));
  const [passphrase, wrong] = ['2718 2818 2845 9045', '314159'];
  writeFileSync(String(words), passphrase);
  const exporting = ['export', String(sealed), '--passphrase-file', String(words), '--config', folder.config];
  expect(await genkan(exporting, 'genkan')).toMatchObject({ code: 0, stderr: '' });
  await page.getByLabel('ファイルのパス').fill(String(sealed));
  await button('読み込む').tap();
  const asks = page.locator('.tech-seal');
  await asks.getByText('このファイルは封じてあります').waitFor();
  for (const digit of wrong) await asks.locator('.keyboard').getByRole('button', { name: digit, exact: true }).tap();
  expect(await page.getByLabel('パスフレーズ', { exact: true }).last().getAttribute('type')).toBe('password');
  await button('開く').tap();
  await asks.getByText('パスフレーズがちがうか').waitFor();
  expect((await unit.health()).revision).toBe(2);
  await page.evaluate(AXE);
  expect(await violations(page)).toEqual([]);
  for (const keys of ['ABC', '123']) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await asks.getByRole('button', { name: keys, exact: true }).tap();
    expect((await misfitsAt(page, '100', ROOMS)).concat(await misfitsAt(page, '200', ROOMS.slice(0, 1)))).toEqual([]);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await asks.locator('input').fill(passphrase);
  await button('開く').tap();
  await page.locator('.tech-done').waitFor();
  expect(await asks.count()).toBe(0);
  expect((await unit.health()).revision).toBe(3);
  const told = [
    page.url(),
    await page.content(),
    unit.running.stdout,
    unit.running.stderr,
    JSON.stringify(folder.events()),
  ];
  for (const secret of [passphrase, passphrase.replaceAll(' ', ''), wrong]) expect(told.join()).not.toContain(secret);
});

test('a stick for the successor is sealed by a code that stands on the screen once', async ({ skip }) => {
  const stick = `/media/genkan-${process.pid}`;
  skip(!mountSmall(stick, 8), 'no stick: this user may not mount');
  await go('swap');
  for (const _ of ['asks', 'does']) await button('この本体の交換をUSBに用意する').tap();
  const shown = page.locator('.tech-code');
  const code = await shown.innerText();
  expect(code).toMatch(/^(?:\d{4} ){3}\d{4}$/);
  await page.evaluate(AXE);
  expect(await violations(page)).toEqual([]);
  expect((await misfitsAt(page, '100', ROOMS)).concat(await misfitsAt(page, '200', ROOMS.slice(0, 1)))).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  const site = readFileSync(join(stick, 'genkan-site.json'), 'utf8');
  expect(JSON.parse(site)).toMatchObject({ format: 'genkan-sealed/1', holds: 'genkan-site/1' });
  for (const secret of ['見本', 'M0001', code]) expect(site).not.toContain(secret);
  const words = join(folder.path, 'code');
  writeFileSync(words, code);
  const taken = ['import', join(stick, 'genkan-site.json'), '--passphrase-file', words, '--config', folder.config];
  expect(await genkan(taken, 'genkan')).toMatchObject({ code: 0, stderr: '' });
  await go('clock');
  await go('swap');
  expect(await shown.count()).toBe(0);
});

test('the clock is shown and said to be right', async () => {
  await go('clock');
  await button('この時刻で合っている').tap();
  await page.locator('.tech-done').waitFor();
  await noted('clock', true);
});

test('the report is made and comes down whole', async () => {
  await go('report');
  await button('つくる').tap();
  await page.locator('.tech-done').waitFor();
  const row = page.locator('.tech-dev').filter({ hasText: '.pdf' }).first();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('button', { name: '保存' }).tap(),
  ]);
  const got = readFileSync(await download.path());
  expect(got.equals(readFileSync(join(folder.path, 'data/reports', download.suggestedFilename())))).toBe(true);
  expect(got.subarray(0, 5).toString()).toBe('%PDF-');
});

test('logs and diagnostics hold neither codes nor names', async () => {
  await go('logs');
  await page.locator('.tech-log li').first().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button('診断ファイルを保存').tap()]);
  const text = readFileSync(await download.path(), 'utf8') + (await page.locator('.tech-log').innerText());
  expect(text).toContain('front-in');
  for (const secret of [CODE, 'NOBODYS-CARD', 'ハナ', PIN]) expect(text).not.toContain(secret);
});

test('the manual is read on the screen, with its pictures, from one text to the next', async () => {
  await go('manual');
  const picture = page.locator('.tech-manual img').first();
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image) => Reflect.get(image, 'naturalWidth'))).toBeGreaterThan(100);
  await button('扉の動き').tap();
  await page.locator('.tech-manual table').first().waitFor();
});

const [SMALL, , , TALL] = ROOMS;
const LANGUAGES = [
  ['日本語', SMALL],
  ['English', TALL],
  ['中文', SMALL],
  ['한국어', TALL],
] as const;

describe('every screen', () => {
  test.each(LANGUAGES)('fits in %s, at large letters on a small panel', async (language, room) => {
    const tongue = page.locator('.tech-bar .btn').first();
    await expect
      .poll(
        async () => {
          const now = await tongue.innerText();
          if (now !== language) await tongue.tap();
          return now;
        },
        { interval: 450, timeout: 10_000 },
      )
      .toBe(language);
    const found: string[] = [];
    for (const step of SCREENS) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await go(step);
      await page.locator(`.tech-task[data-step="${step}"] h2`).waitFor();
      found.push(...(await misfitsAt(page, '200', room === undefined ? [] : [room])).map((line) => `${step} ${line}`));
    }
    expect(found).toEqual([]);
  });

  test('fits every panel, and shuts nobody out (WCAG 2.2 A and AA)', async () => {
    await page.evaluate(AXE);
    const found: string[] = [];
    for (const step of SCREENS) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await go(step);
      await page.locator(`.tech-task[data-step="${step}"] h2`).waitFor();
      found.push(...(await violations(page)).map((line) => `${step} ${line}`));
      found.push(...(await misfitsAt(page, '100', ROOMS)).map((line) => `${step} ${line}`));
    }
    expect(found).toEqual([]);
  });

  test('is reached by keyboard alone', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await go('find');
    await page.locator('.tech-bar .btn').first().focus();
    const seen = new Map<string, number>();
    for (let press = 0; press < 40; press += 1) {
      await page.keyboard.press('Tab');
      const where = await page.evaluate(
        'document.activeElement?.closest(".tech-rail, .tech-bar, .tech-work, footer")?.className',
      );
      seen.set(String(where), (seen.get(String(where)) ?? 0) + 1);
    }
    expect(seen.get('tech-rail')).toBeGreaterThanOrEqual(STEPS.length);
    expect(seen.get('tech-bar')).toBeGreaterThanOrEqual(2);
    expect(seen.get('tech-work')).toBeGreaterThanOrEqual(5);
  });
});

test('who leaves is signed out, and the member’s page is there again', async () => {
  await page.locator('.tech-bar .btn').last().tap();
  await page.locator('#technician').waitFor({ state: 'detached' });
  await page.locator('body[data-screen="waiting"] .call').waitFor();
  expect(complaints).toEqual([]);
});
