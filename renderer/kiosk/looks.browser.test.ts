/**
 * Every screen, on every panel, in Japanese and English, at the usual and at the largest letters: nothing is cut off,
 * nothing lies on anything else, nothing scrolls, and nobody is shut out (WCAG 2.2 A and AA).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../../build/e2e/kiosk/axe.ts';
import { type KioskScene, NOW, SCENES } from '../../build/e2e/kiosk/scenes.ts';
import { atUsualSize, openStage, ROOMS, type Stage, setText } from '../../build/e2e/kiosk/stand.ts';
import { builtPage, openBrowser, startUnit, type Unit } from '../../build/e2e/kiosk/unit.ts';
import { misfits } from './test-fits.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NIGHT = NOW + 9 * 3_600_000;

let built: Awaited<ReturnType<typeof builtPage>>;
let browser: Browser;
let unit: Unit;

beforeAll(async () => {
  built = await builtPage('kiosk');
  browser = await openBrowser();
  unit = await startUnit(built.dir);
});
afterAll(async () => {
  await browser.close();
  await unit[Symbol.asyncDispose]();
  built[Symbol.dispose]();
});

const isVisit = ({ name }: KioskScene): boolean => name.startsWith('visit-');
/** What members do besides holding up a code is looked at whole in one language; in the others, where words are long. */
const FOR_GUESTS = SCENES.filter(({ name }) =>
  /^visit-(place|card|carry|carry-look|card-issued|carry-sent)$/.test(name),
);
const FEWER = [...SCENES.filter((scene) => !isVisit(scene)), ...FOR_GUESTS];

describe.each([
  ['ja', SCENES],
  ['en', FEWER],
  ['zh-Hans', FOR_GUESTS],
  ['ko', FOR_GUESTS],
] as const)('in %s', (language, scenes) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(browser, unit, { motion: 'reduce' });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  test.each(scenes)('$name fits', async (scene) => {
    const { page, play } = stage;
    await atUsualSize(page);
    await play(scene, language);
    const found: string[] = [];
    for (const text of [100, 200]) {
      await setText(page, text);
      for (const room of ROOMS) {
        await page.setViewportSize(room);
        const here = await page.evaluate(misfits);
        found.push(...here.map((line) => `${room.width}×${room.height} at ${text} %: ${line}`));
      }
    }
    expect(found).toEqual([]);
  });
});

describe.each([
  ['by day', NOW, 'ja', SCENES],
  ['by night', NIGHT, 'en', FEWER],
] as const)('axe, %s', (_when, at, language, scenes) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(browser, unit, { motion: 'reduce', at });
    await stage.page.evaluate(AXE);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  test.each(scenes.filter(({ name }) => !name.endsWith('-long')))('$name has no violation', async (scene) => {
    await stage.play(scene, language);
    // axe waits with timers of its own.
    await stage.page.clock.resume();
    expect(await violations(stage.page)).toEqual([]);
    await stage.page.clock.pauseAt(await stage.page.evaluate(() => Date.now() + 1_000));
  });
});
