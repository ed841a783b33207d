/**
 * A newcomer has started the demo and finds a door beside the real screen: they hold up a card, walk through, force the
 * door, pull the lock's cable, and read what came of it. The packaged page has nothing of this.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admitted, refused, STATUS } from '../../../build/e2e/kiosk/scenes.ts';
import { openStage, type StageSetup } from '../../../build/e2e/kiosk/stand.ts';
import { builtPage, openBrowser, startUnit, type Unit } from '../../../build/e2e/kiosk/unit.ts';
import type { PageName } from '../../../build/page/make.ts';
import type { StatusMessage } from '../../../main/contract/page.ts';
import { misfits } from '../test-fits.ts';

const DEMO: NonNullable<StatusMessage['demo']> = {
  doors: [{ door: 'front', energised: false, leaf: 'shut', plugged: true }],
  readers: ['front-in', 'front-out'],
  samples: [
    { code: 'M0001', label: { ja: 'いつでも入れる会員', en: 'May always enter' } },
    { code: 'M0002', label: { ja: '利用停止中の会員', en: 'Suspended' } },
  ],
};

let browser: Browser;
const pages = new Map<PageName, Awaited<ReturnType<typeof builtPage>>>();
const units = new Map<PageName, Unit>();

beforeAll(async () => {
  browser = await openBrowser();
  for (const name of ['kiosk', 'kiosk-demo'] as const) {
    const page = await builtPage(name);
    pages.set(name, page);
    units.set(name, await startUnit(page.dir));
  }
});
afterAll(async () => {
  await browser.close();
  for (const unit of units.values()) await unit[Symbol.asyncDispose]();
  for (const page of pages.values()) page[Symbol.dispose]();
});

interface Demo extends AsyncDisposable {
  readonly unit: Unit;
  readonly page: Page;
  readonly complaints: string[];
}

async function open(name: PageName, setup: StageSetup = {}): Promise<Demo> {
  const unit = units.get(name)!;
  unit.renew();
  const { page, complaints, [Symbol.asyncDispose]: close } = await openStage(browser, unit, setup);
  unit.controller.be({ demo: DEMO });
  return { unit, page, complaints, [Symbol.asyncDispose]: close };
}

test('a card is held up to the reader that was picked', async () => {
  await using demo = await open('kiosk-demo');
  const { page, unit } = demo;
  await page.getByRole('button', { name: 'M0001 いつでも入れる会員' }).click();
  await page.getByRole('button', { name: 'front-out' }).click();
  await page.getByRole('button', { name: 'M0002' }).click();
  await expect.poll(() => unit.controller.handled).toEqual(['scan front-in M0001', 'scan front-out M0002']);
  expect(demo.complaints).toEqual([]);
});

test('the door is handled, and drawn as it stands', async () => {
  await using demo = await open('kiosk-demo');
  const { page, unit } = demo;
  for (const name of ['通る', 'こじ開ける', '開けておく', '錠を抜く']) await page.getByRole('button', { name }).click();
  await expect
    .poll(() => unit.controller.handled)
    .toEqual(['door front open', 'door front force', 'door front hold', 'door front unplug']);
  unit.controller.be({ demo: { ...DEMO, doors: [{ door: 'front', energised: true, leaf: 'held', plugged: false }] } });
  await page.locator('.dock-door[data-leaf="held"][data-lock="gone"] .lit').waitFor();
  await page.getByRole('button', { name: '錠を挿す' }).click();
  await expect.poll(() => unit.controller.handled.at(-1)).toBe('door front replug');
});

test('what can’t be done is said, for a moment', async () => {
  await using demo = await open('kiosk-demo');
  const { page, unit } = demo;
  unit.controller.refuses = true;
  await page.getByRole('button', { name: '通る' }).click();
  await page.getByText('いまはできません').waitFor();
  await page.clock.fastForward(2_500);
  await page.getByText('いまはできません').waitFor({ state: 'detached' });
});

test('the record of the session is read beside it, newest first', async () => {
  await using demo = await open('kiosk-demo');
  const { page, unit } = demo;
  unit.controller.say(admitted());
  unit.controller.say({ kind: 'outcome', of: 41, doorId: 'front', outcome: 'opened' });
  unit.controller.say(refused('suspended', {}, { event: 42 }));
  await page.locator('.dock-events li').nth(2).waitFor();
  const lines = await page.locator('.dock-events li').allInnerTexts();
  expect(lines.map((line) => line.split(/\s+/).join(' '))).toEqual([
    '14:32 お断り suspended',
    '扉が開きました',
    '14:32 入館 plan',
  ]);
});

test('whoever tries the demo finds the PINs of its staff, and the code for the first manager, when they ask', async () => {
  await using demo = await open('kiosk-demo');
  const { page, unit } = demo;
  await page.locator('.dock').waitFor();
  expect(await page.locator('.dock-pins').count()).toBe(0);
  const pins = [{ name: '佐々木 葵', role: 'manager', pin: '864209' }] as const;
  unit.controller.be({ demo: { ...DEMO, setupCode: '04718253', pins: [...pins] } });
  const list = page.locator('.dock-pins');
  await list.waitFor();
  expect(await list.locator('.dock-code').first().isVisible()).toBe(false);
  await list.locator('summary').click();
  const words = (await list.innerText()).split(/\s+/).join(' ');
  for (const word of ['佐々木 葵', '店長', '864209', '04718253']) expect(words).toContain(word);
  expect(demo.complaints).toEqual([]);
});

test('a reader that types never types into the dock', async () => {
  await using demo = await open('kiosk-demo');
  const { page, unit } = demo;
  await page.getByRole('button', { name: '通る' }).focus();
  await page.keyboard.type('M0001\n');
  await page.clock.runFor(10);
  await expect.poll(() => unit.controller.scans).toEqual([{ reader: 'front-keys', text: 'M0001' }]);
  expect(unit.controller.handled).toEqual([]);
  expect(await page.locator('#dock input, #dock textarea, #dock select').count()).toBe(0);
});

describe('its place', () => {
  test('beside the stage at 1280×800, which makes room for it and still fits', async () => {
    // Without motion: a stage that shakes is for a moment not in its place.
    await using demo = await open('kiosk-demo', { motion: 'reduce' });
    const { page, unit } = demo;
    await page.locator('.dock').waitFor();
    const [stage, dock] = [await page.locator('#stage').boundingBox(), await page.locator('#dock').boundingBox()];
    expect(stage!.x + stage!.width).toBe(dock!.x);
    expect(dock!.x + dock!.width).toBe(1_280);
    expect(await page.evaluate(misfits)).toEqual([]);
    unit.controller.say(refused('suspended'));
    await page.locator('.refused').waitFor();
    expect(await page.evaluate(misfits)).toEqual([]);
  });

  test('folded away the stage has the whole panel', async () => {
    await using demo = await open('kiosk-demo');
    const { page } = demo;
    await page.getByRole('button', { name: 'デモを閉じる' }).click();
    await page.locator('.dock').waitFor({ state: 'detached' });
    expect(await page.locator('#stage').boundingBox()).toEqual({ x: 0, y: 0, width: 1_280, height: 800 });
    await page.getByRole('button', { name: 'デモを開く' }).click();
    await page.locator('.dock').waitFor();
  });

  test.each([
    [{ width: 1_024, height: 600 }, ''],
    [{ width: 800, height: 1_280 }, ''],
    [{ width: 1_280, height: 800 }, '?dock=closed'],
  ])('it begins folded away at %o %s', async (room, search) => {
    await using demo = await open('kiosk-demo', { room, search });
    await demo.page.locator('.dock-handle').waitFor();
    expect(await demo.page.locator('#stage').boundingBox()).toEqual({ x: 0, y: 0, ...room });
  });
});

test('there is none outside the demo', async () => {
  await using demo = await open('kiosk-demo');
  const { page, unit } = demo;
  await page.locator('.dock').waitFor();
  unit.controller.be({ demo: null });
  await page.locator('.dock').waitFor({ state: 'detached' });
  expect(await page.locator('.dock-handle').count()).toBe(0);
});

describe('the packaged page', () => {
  test('has no dock, whatever the status says', async () => {
    await using demo = await open('kiosk');
    const { page, unit } = demo;
    unit.controller.be({ demo: DEMO, site: { ...STATUS.site, name: 'みどり湯' } });
    await page.locator('.sign', { hasText: /^みどり湯正面玄関$/ }).waitFor();
    expect(await page.locator('#dock').count()).toBe(0);
  });

  test('has none of its code and words', () => {
    const { dir } = pages.get('kiosk')!;
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(js|css|html)$/.test(name),
    );
    expect(files.length).toBeGreaterThan(3);
    const text = files.map((name) => readFileSync(join(dir, name), 'utf8')).join('\n');
    for (const own of ['/demo/scan', '/demo/door', '模擬の扉', 'dock-handle']) expect(text, own).not.toContain(own);
  });

  test('carries fonts as woff2 alone, none of which swaps, and nothing that its policy would refuse', () => {
    const { dir } = pages.get('kiosk')!;
    const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => /\.(woff|ttf|otf)$/.test(name))).toEqual([]);
    const css = names.filter((name) => name.endsWith('.css')).map((name) => readFileSync(join(dir, name), 'utf8'));
    expect(css.join('')).toContain('font-display:block');
    expect(css.join('')).not.toMatch(/font-display:swap|url\(data:|https?:/);
    const html = readFileSync(join(dir, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/);
  });
});
