/**
 * A technician comes by: signs in at the same button as everybody, and stands in the technicians' screens, with nothing
 * of the staff's in reach. Left alone they are warned, then signed out. What was tested goes on paper, whole, in their
 * language.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../../../build/e2e/kiosk/axe.ts';
import {
  MANAGER_PIN,
  makeTechnician,
  openStaffUnit,
  type StaffUnit,
  signInTechnician,
} from '../../../build/e2e/kiosk/staff-unit.ts';
import { ROOMS } from '../../../build/e2e/kiosk/stand.ts';
import { openClient } from '../../../main/api/testing.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../locale/texts.ts';
import { misfitsAt } from './test-fits.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** More than a page of them. */
const ROWS = 30;

let desk: StaffUnit;
let page: Page;

beforeAll(async () => {
  desk = await openStaffUnit();
  page = desk.page;
  page.setDefaultTimeout(8_000);
  await makeTechnician(desk);
  await using opened = await openClient(Number(new URL(desk.unit.url).port));
  const { staff, setup } = opened.client;
  const manager = (await staff.who.query()).people.find(({ role }) => role === 'manager');
  await staff.signIn.mutate({ staffId: manager?.staffId ?? '', pin: MANAGER_PIN });
  for (let at = 0; at < ROWS; at += 1)
    await setup.note.mutate({ part: 'front-in', test: 'echo', ok: at % 3 > 0, detail: `${'x'.repeat(60)} ${at}` });
  await page.clock.install();
  await page.reload();
});
afterAll(() => desk?.[Symbol.asyncDispose]());

const shown = (selector: string) => page.locator(selector).first().waitFor();

/** What the controller answers to a call in the page's own session. */
async function answerTo(path: string): Promise<unknown> {
  return page.evaluate(
    (call) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/trpc`);
        socket.onopen = () =>
          socket.send(JSON.stringify({ id: 1, method: 'mutation', params: { path: call, input: {} } }));
        socket.onmessage = ({ data }) => {
          resolve(JSON.parse(String(data)).error?.data?.code ?? 'no error');
          socket.close();
        };
      }),
    path,
  );
}

test('a technician who signs in stands in the technicians’ screens', async () => {
  await signInTechnician(desk);
  expect(await page.evaluate(() => location.hash)).toBe('#technician');
  expect(await page.locator('.w-work').count()).toBe(0);
});

test('what staff do is in none of them, and refused to this session', async () => {
  for (const path of ['act.open', 'act.letIn', 'staff.add']) expect(await answerTo(path)).toBe('not-allowed');
  expect(await answerTo('setup.tryConfig')).not.toBe('not-allowed');
});

test('an alarm that they set off is theirs to take, from whatever step', async () => {
  await desk.unit.demo('door', { id: 'front', do: 'force' });
  await shown('.tech-alarm');
  expect(await page.locator('.tech-alarm p').innerText()).toContain('正面玄関');
  await page.locator('.tech-alarm .btn').tap();
  await page.locator('.tech-alarm').waitFor({ state: 'detached' });
  const taken = desk.folder.events().filter(({ detail }) => detail['what'] === 'take-alarm');
  expect(taken).toHaveLength(1);
});

test('who is inside is one touch away, from whatever step', async () => {
  await desk.unit.demo('scan', { reader: 'front-in', code: 'M0001' });
  await page.locator('.tech-rail button').last().tap();
  const roll = page.locator('.tech-bar').getByRole('button', { name: '避難名簿' });
  await roll.tap();
  await page.locator('.w-sheet-of-names li', { hasText: '見本 太郎' }).waitFor();
  expect(await page.locator('.tech-task h2').innerText()).toBe('避難名簿');
  expect(await roll.getAttribute('aria-pressed')).toBe('true');
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.tech-bar .btn, .tech-rail, .tech-task footer').filter({ visible: true }).count()).toBe(0);
  expect(await page.locator('.w-sheet-of-names li').first().isVisible()).toBe(true);
  await page.emulateMedia({ media: 'screen' });
});

/** A4 between its margins. */
const PAPER_MM = { width: 190, height: 277 };
const MARGIN = { top: '10mm', bottom: '10mm', left: '10mm', right: '10mm' };
const PX_PER_MM = 96 / 25.4;

test('the tests go on paper from the report’s step, whole, in each language', async () => {
  await page.locator('.tech-rail button').nth(5).tap();
  await shown('.tech-print');
  for (const language of LANGUAGES) {
    await expect
      .poll(async () => {
        const now = await page.locator('.tech-bar .btn').first().innerText();
        if (now !== LANGUAGE_NAMES[language]) await page.locator('.tech-bar .btn').first().tap();
        return now;
      })
      .toBe(LANGUAGE_NAMES[language]);
    await page.emulateMedia({ media: 'print' });
    const [width, height] = [PAPER_MM.width * PX_PER_MM, PAPER_MM.height * PX_PER_MM].map(Math.floor);
    await page.setViewportSize({ width: width ?? 0, height: height ?? 0 });
    const paper = await page.evaluate(() => {
      const rows = [...document.querySelectorAll('.tech-tests .tech-dev')];
      const cut = [...document.querySelectorAll('.tech *')].filter(
        (one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow !== 'visible',
      );
      const [last] = rows.slice(-1);
      return {
        rows: rows.length,
        cut: cut.map((one) => one.className),
        width: document.documentElement.scrollWidth - innerWidth,
        bottom: last?.getBoundingClientRect().bottom ?? 0,
        height: document.documentElement.scrollHeight,
        buttons: [...document.querySelectorAll('button')].filter((one) => one.checkVisibility()).length,
      };
    });
    expect(paper, language).toMatchObject({ rows: ROWS, cut: [], width: 0, buttons: 0 });
    expect(paper.height, language).toBeGreaterThan(paper.bottom - 1);
    const pdf = await page.pdf({ format: 'A4', margin: MARGIN });
    const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
    expect(pages, language).toBeGreaterThanOrEqual(Math.ceil(paper.height / (PAPER_MM.height * PX_PER_MM)));
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1_280, height: 800 });
  }
});

test('left alone they are warned 20 s before, stay when they say so, and else are signed out', async () => {
  /** In steps that leave the line's pings time to be answered. */
  const letPass = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed += 4) {
      await page.clock.fastForward(4_000);
      await page.evaluate(() => fetch('/healthz').then(() => null));
    }
  };
  // A touch counts once in 20 s.
  await letPass(24);
  await page.locator('.tech-rail button').nth(5).tap();
  await letPass(76);
  expect(await page.locator('.still-there').count()).toBe(0);
  await letPass(28);
  await shown('.still-there');
  expect(await page.locator('.still-there p').innerText()).toMatch(/\d/);
  await page.locator('.still-there .btn').tap();
  await page.locator('.still-there').waitFor({ state: 'detached' });
  expect(await page.locator('.tech-rail').count()).toBe(1);
  await letPass(124);
  await page.clock.fastForward(1_000);
  await page.locator('#technician').waitFor({ state: 'detached' });
  await shown('body[data-screen="waiting"] .call');
  expect(desk.complaints).toEqual([]);
});

test('nobody signs in: a minute after the last touch the members have their screen back', async () => {
  await page.evaluate(() => {
    location.hash = 'technician';
  });
  await shown('.tech-sign .w-people');
  await page.locator('.w-people .btn').first().tap();
  await shown('.tech-sign .w-pad');
  await page.evaluate(AXE);
  const found = await violations(page);
  for (const text of ['100', '200']) found.push(...(await misfitsAt(page, text, ROOMS)));
  expect(found).toEqual([]);
  await page.clock.fastForward(40_000);
  await page.locator('.tech-sign .soft').tap();
  await page.clock.fastForward(40_000);
  expect(await page.locator('.tech-sign').count()).toBe(1);
  await page.clock.fastForward(21_000);
  await page.locator('#technician').waitFor({ state: 'detached' });
  await shown('body[data-screen="waiting"] .call');
});
