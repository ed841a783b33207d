/**
 * Every screen, on every panel, in Japanese and English, at the usual and at the largest letters: nothing is cut off,
 * nothing lies on anything else, nothing scrolls, and nobody is shut out (WCAG 2.2 A and AA).
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bringAxe, violations } from '../../build/e2e/kiosk/axe.ts';
import { type KioskScene, NOW, SCENES } from '../../build/e2e/kiosk/scenes.ts';
import { atTextSizes, atUsualSize, openStage, ROOMS, type Stage, USUAL } from '../../build/e2e/kiosk/stand.ts';
import { builtPage, openBrowser, startUnit, type Unit } from '../../build/e2e/kiosk/unit.ts';
import { misfits } from './test-fits.ts';

const NIGHT = NOW + 9 * 3_600_000;

const LANES = 2;

let built: Awaited<ReturnType<typeof builtPage>>;
let browser: Browser;
let units: readonly Unit[];

beforeAll(async () => {
  built = await builtPage('kiosk');
  browser = await openBrowser();
  units = await Promise.all(Array.from({ length: LANES }, () => startUnit(built.dir)));
});
afterAll(async () => {
  await browser.close();
  for (const unit of units) await unit[Symbol.asyncDispose]();
  built[Symbol.dispose]();
});

const isVisit = ({ name }: KioskScene): boolean => name.startsWith('visit-');
/** What members do besides holding up a code is looked at whole in one language; in the others, where words are long. */
const FOR_GUESTS = SCENES.filter(({ name }) =>
  /^(?:waiting-ways|refused-limit-reached-\d+|admitted-ticket|visit-(?:place|card|carry|carry-filled|carry-digits|carry-look|card-issued|carry-sent))$/.test(
    name,
  ),
);
const FEWER = SCENES.filter((scene) => !isVisit(scene) || FOR_GUESTS.includes(scene));

/** Pages that don't know of each other, each with a unit of its own: a test takes whichever is free. */
interface Lanes {
  use<T>(look: (stage: Stage) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

async function openLanes(at: number, withAxe: boolean): Promise<Lanes> {
  const opened = await Promise.all(units.map((unit) => openLane(unit, at, withAxe)));
  const free = [...opened];
  const waiting: ((stage: Stage) => void)[] = [];
  const take = (): Stage | Promise<Stage> => free.pop() ?? new Promise((resolve) => waiting.push(resolve));
  const giveBack = (stage: Stage): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(stage);
    else next(stage);
  };
  return {
    use: async (look) => {
      const stage = await take();
      try {
        return await look(stage);
      } finally {
        giveBack(stage);
      }
    },
    close: async () => {
      for (const stage of opened) await stage[Symbol.asyncDispose]();
    },
  };
}

async function openLane(unit: Unit, at: number, withAxe: boolean): Promise<Stage> {
  unit.renew();
  const stage = await openStage(browser, unit, { motion: 'reduce', at });
  if (withAxe) await bringAxe(stage.page);
  return stage;
}

/** Each scene is brought up once, then looked at in every way: a page is slow to bring up and quick to measure. */
describe.each([
  ['ja', 'by day', NOW, SCENES, 'all'],
  ['en', 'by night', NIGHT, FEWER, 'colours'],
  ['zh-Hans', 'by day', NOW, FOR_GUESTS, null],
  ['ko', 'by day', NOW, FOR_GUESTS, null],
] as const)('in %s, %s', (language, _when, at, scenes, rules) => {
  let lanes: Lanes;
  beforeAll(async () => {
    lanes = await openLanes(at, rules !== null);
  });
  afterAll(() => lanes.close());

  test.concurrent.each(scenes)('$name fits and shuts nobody out', async (scene) => {
    const found = await lanes.use(async (stage) => {
      await atUsualSize(stage.page);
      await stage.play(scene, language);
      const barriers = rules === null || scene.name.endsWith('-long') ? [] : await violations(stage.page, rules);
      return [...barriers, ...(await misfitsIn(stage.page))];
    });
    expect(found).toEqual([]);
  });
});

/** The page stands in the first of them: a room that it comes into has to be painted. */
const ROUND = [USUAL, ...ROOMS.filter(({ width }) => width !== USUAL.width)];

async function misfitsIn(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const room of ROUND) {
    await page.setViewportSize(room);
    const here = await atTextSizes(page, [100, 200], misfits);
    found.push(...here.map((line) => `${room.width}×${room.height} ${line}`));
  }
  return found;
}
