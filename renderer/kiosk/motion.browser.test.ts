/**
 * The kiosk on a slow board: while nobody is there nothing is laid out and nothing painted; when somebody is admitted or
 * refused, the field is there at once and what moves on it is moved by the compositor alone.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { admitted, leaving, refused, STATUS } from '../../build/e2e/kiosk/scenes.ts';
import { openBrowser, startUnit, type Unit } from '../../build/e2e/kiosk/unit.ts';
import { ROOT } from '../../build/setup/runtime.mjs';

const Trace = z.object({
  traceEvents: z.array(z.looseObject({ name: z.string(), ph: z.string(), ts: z.number(), pid: z.int() })),
});
type TraceEvent = z.infer<typeof Trace>['traceEvents'][number];

let browser: Browser;
let unit: Unit;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  unit = await startUnit(join(ROOT, 'dist/kiosk'));
  unit.controller.say(STATUS);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(unit.url);
  await page.locator('body[data-screen="waiting"]').waitFor();
  await page.evaluate('document.fonts.ready.then(() => null)');
  await page.waitForTimeout(1_000);
});
afterAll(async () => {
  await browser.close();
  await unit[Symbol.asyncDispose]();
});

/** The frame that brings a screen is over when the second after it begins. */
const MARK_SETTLED = `void new MutationObserver((_, observer) => {
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('settled')));
}).observe(document.body, { attributes: true })`;

/** What the page's renderer did for `ms` after `act`, from the mark `settled` on. */
async function traced(ms: number, act: () => Promise<void>): Promise<TraceEvent[]> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'blink.user_timing'] });
  await act();
  await page.waitForTimeout(ms);
  await page.evaluate("performance.mark('over')");
  const { traceEvents } = Trace.parse(JSON.parse((await browser.stopTracing()).toString('utf8')));
  const [from, to] = ['settled', 'over'].map((name) => traceEvents.find((event) => event.name === name));
  return traceEvents.filter(({ ts, pid }) => pid === from?.pid && ts > from.ts && ts < (to?.ts ?? 0));
}

const work = (events: readonly TraceEvent[]) =>
  events.map(({ name }) => name).filter((name) => name === 'Layout' || name === 'Paint');

test('a second in which nobody is there: neither layout nor paint', async () => {
  const events = await traced(1_000, async () => void (await page.evaluate("performance.mark('settled')")));
  expect(work(events)).toEqual([]);
  expect(await page.evaluate('document.getAnimations().length')).toBe(0);
});

test.each([
  ['admitted', admitted({ remaining: 3 }), 41],
  ['refused', refused('suspended', {}, { event: 42 }), 42],
  ['leaving', leaving({ event: 43 }), 43],
] as const)('%s: one frame brings the field, then only the compositor moves', async (screen, decision, event) => {
  const events = await traced(500, async () => {
    await page.evaluate(MARK_SETTLED);
    unit.controller.say(decision);
    await page.locator(`body[data-screen="${screen}"][data-event="${event}"]`).waitFor({ state: 'attached' });
  });
  expect(work(events).filter((name) => name === 'Layout')).toEqual([]);
  // Once the last movement is over, Chromium may draw its layer anew.
  const end = Math.max(...events.filter(({ name, ph }) => name === 'Animation' && ph === 'e').map(({ ts }) => ts));
  expect(work(events.filter(({ ts }) => ts < end))).toEqual([]);
});

test('nothing that stands jumps: the layout of a screen is that of its first frame', async () => {
  await page.evaluate(`
    window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value }) => value)))
      .observe({ type: 'layout-shift', buffered: false });`);
  unit.controller.say(admitted({ event: 51 }));
  await page.locator('body[data-event="51"]').waitFor({ state: 'attached' });
  await page.waitForTimeout(1_000);
  expect(await page.evaluate('window.shifts.filter((value) => value > 0.01)')).toEqual([]);
});
