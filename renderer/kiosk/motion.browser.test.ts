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

/** Longer ones are no movement but time that runs down. */
const MOVES_MS = 1_500;

/** Notes what stands when the frame after a decision's message is about to be painted. */
const WATCH_LINE = `window.framed = [];
window.WebSocket = class extends WebSocket {
  constructor(...address) {
    super(...address);
    this.addEventListener('message', ({ data }) => {
      if (!data.includes('"kind":"decision"')) return;
      requestAnimationFrame(() => {
        const field = document.querySelector('main > .scene');
        const { event, screen } = document.body.dataset;
        window.framed.push([event, screen, field.classList[1]].join(' '));
      });
    });
  }
};`;

let browser: Browser;
let unit: Unit;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  unit = await startUnit(join(ROOT, 'dist/kiosk'));
  unit.controller.say(STATUS);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(WATCH_LINE);
  await page.goto(unit.url);
  await page.locator('body[data-screen="waiting"]').waitFor();
  await page.evaluate('document.fonts.ready.then(() => null)');
  // What is fetched with the first screen is there, and drawn.
  await page.waitForLoadState('networkidle');
  await moved();
});
afterAll(async () => {
  await browser.close();
  await unit[Symbol.asyncDispose]();
});

/** Lets as many frames go by. */
const frames = (count: number) =>
  page.evaluate(`new Promise((done) => {
    const next = (left) => (left === 0 ? done() : requestAnimationFrame(() => next(left - 1)));
    next(${count});
  })`);

/** Whatever moves to an end has come to it, and stands. */
async function moved(): Promise<void> {
  await page.evaluate(`Promise.all(
    document.getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().endTime <= ${MOVES_MS})
      .map(({ finished }) => finished.catch(() => null)),
  ).then(() => null)`);
  await frames(2);
}

/** The frame that brings a screen is over when the second after it begins. */
const MARK_SETTLED = `void new MutationObserver((_, observer) => {
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('settled')));
}).observe(document.body, { attributes: true })`;

/** What the page's renderer did while `act` and `goes` ran, from the mark `settled` on. */
async function traced(act: () => Promise<void>, goes: () => Promise<unknown>): Promise<TraceEvent[]> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'blink.user_timing'] });
  await act();
  await goes();
  await page.evaluate("performance.mark('over')");
  const { traceEvents } = Trace.parse(JSON.parse((await browser.stopTracing()).toString('utf8')));
  const [from, to] = ['settled', 'over'].map((name) => traceEvents.find((event) => event.name === name));
  return traceEvents.filter(({ ts, pid }) => pid === from?.pid && ts > from.ts && ts < (to?.ts ?? 0));
}

const work = (events: readonly TraceEvent[]) =>
  events.map(({ name }) => name).filter((name) => name === 'Layout' || name === 'Paint');

test('sixty frames in which nobody is there: neither layout nor paint', async () => {
  const settled = async () => void (await page.evaluate("performance.mark('settled')"));
  const events = await traced(settled, () => frames(60));
  expect(work(events)).toEqual([]);
  expect(await page.evaluate('document.getAnimations().length')).toBe(0);
});

test.each([
  ['admitted', admitted({ remaining: 3 }), 41],
  ['refused', refused('suspended', {}, { event: 42 }), 42],
  ['leaving', leaving({ event: 43 }), 43],
] as const)('%s: one frame brings the field, then only the compositor moves', async (screen, decision, event) => {
  const events = await traced(async () => {
    await page.evaluate(MARK_SETTLED);
    unit.controller.say(decision);
    await page.locator(`body[data-screen="${screen}"][data-event="${event}"]`).waitFor({ state: 'attached' });
  }, moved);
  expect(work(events).filter((name) => name === 'Layout')).toEqual([]);
  // Once the last movement is over, Chromium may draw its layer anew.
  const end = Math.max(...events.filter(({ name, ph }) => name === 'Animation' && ph === 'e').map(({ ts }) => ts));
  expect(work(events.filter(({ ts }) => ts < end))).toEqual([]);
});

test('a decision stands in the frame that follows its message', async () => {
  await page.evaluate('window.framed = []');
  const come = [admitted({ event: 61 }), refused('suspended', {}, { event: 62 }), leaving({ event: 63 })];
  for (const decision of come) {
    unit.controller.say(decision);
    await page.locator(`body[data-event="${decision.event}"]`).waitFor({ state: 'attached' });
    await frames(2);
  }
  expect(await page.evaluate('window.framed')).toEqual([
    '61 admitted decided',
    '62 refused refused',
    '63 leaving decided',
  ]);
});

test('nothing that stands jumps: the layout of a screen is that of its first frame', async () => {
  await page.evaluate(`
    window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value }) => value)))
      .observe({ type: 'layout-shift', buffered: false });`);
  unit.controller.say(admitted({ event: 51 }));
  await page.locator('body[data-event="51"]').waitFor({ state: 'attached' });
  await moved();
  expect(await page.evaluate('window.shifts')).toEqual([]);
});
