/** Brings scenes onto a page whose time only the test moves. */
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';
import type { PageMessage } from '../../../main/contract/page.ts';
import { type KioskScene, NOW, STATUS } from './scenes.ts';
import { leaveTab, takeTab } from './tabs.ts';
import type { Unit } from './unit.ts';

export interface Room {
  readonly width: number;
  readonly height: number;
}

export const ROOMS: readonly Room[] = [
  { width: 1024, height: 600 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 800, height: 1280 },
];

/** Where a scene is brought up. */
export const USUAL: Room = { width: 1280, height: 800 };

const Looks = z.array(z.array(z.string()));

export type Language = (typeof STATUS)['languages'][number];

/** Whatever stood on the screen is over by then. */
const ALL_OVER_MS = 27_000;
/** Whatever somebody touched. */
const VISIT_OVER_MS = 140_000;

export interface Stage extends AsyncDisposable {
  readonly page: Page;
  /** What the browser complained of, and addresses other than the unit's. Empty is good. */
  readonly complaints: string[];
  /** Plays a scene in a language; resolves when its screen stands and its letters are there. */
  play(scene: KioskScene, language: Language): Promise<void>;
}

export interface StageSetup {
  readonly room?: Room;
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly motion?: 'reduce' | 'no-preference';
  /** What follows the address: `?door=south`. */
  readonly search?: string;
  /** In a browser that was never here: every file of the page is asked for. */
  readonly isFirst?: boolean;
}

/** Loads the page and stops its clock once it is waiting. */
export async function openStage(browser: Browser, unit: Unit, setup: StageSetup = {}): Promise<Stage> {
  const { room = USUAL, at = NOW, motion = 'no-preference', search = '', isFirst = false } = setup;
  unit.controller.say(STATUS);
  const tab = await takeTab(browser, unit.url, { room, motion, isFirst });
  const { page } = tab;
  const complaints = complaintsOf(page, unit.url);
  await page.clock.install({ time: at });
  await page.goto(`${unit.url}${search}`);
  await page.locator('body[data-screen="waiting"]').waitFor({ state: 'attached' });
  await page.clock.pauseAt(at + 60_000);
  let played = 0;
  let touched = false;
  return {
    page,
    complaints,
    [Symbol.asyncDispose]: () => leaveTab(browser, tab),
    play: async (scene, language) => {
      if (played > 0) await page.clock.fastForward(touched ? VISIT_OVER_MS : ALL_OVER_MS);
      played += 1;
      touched = (scene.touches ?? []).length > 0;
      unit.controller.answer(scene.answers);
      const site = { ...STATUS.site, ...scene.status?.site };
      // The sign tells one status from the one before.
      const name = `${site.name} ${played}`;
      const languages = [language, ...(scene.status?.languages ?? STATUS.languages).filter((one) => one !== language)];
      unit.controller.say({ ...STATUS, ...scene.status, site: { ...site, name }, languages });
      for (const message of scene.messages) unit.controller.say(numbered(message, 41 + played));
      if (scene.screen === 'waiting' && scene.messages.length === 0)
        await page.locator('.sign span', { hasText: name }).waitFor();
      for (const selector of scene.touches ?? []) await touch(page, selector);
      if (scene.after !== undefined) {
        if (scene.messages.length > 0)
          await page.locator(`body[data-event="${41 + played}"]`).waitFor({ state: 'attached' });
        else if (scene.reason !== undefined)
          await page.locator(`body[data-reason="${scene.reason}"]`).waitFor({ state: 'attached' });
        await page.clock.fastForward(scene.after);
      }
      await page
        .locator(selectorOf(scene, 41 + played))
        .first()
        .waitFor({ state: 'attached' });
      if (scene.screen === 'waiting' && scene.messages.length > 0)
        await page.locator('.sign span', { hasText: name }).waitFor();
      await page.evaluate('document.fonts.ready.then(() => null)');
    },
  };
}

/** What the browser says of a page from now on. */
function complaintsOf(page: Page, url: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  return complaints;
}

/** The page's clock stands, and a button that was pressed is deaf for a moment. */
async function touch(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().click();
  await page.clock.fastForward(500);
}

function numbered(message: PageMessage, event: number): PageMessage {
  switch (message.kind) {
    case 'decision':
    case 'unjudged':
      return { ...message, event };
    case 'outcome':
      return { ...message, of: event };
    case 'status':
      return message;
  }
}

function selectorOf({ screen, reason, messages, after, shows }: KioskScene, event: number): string {
  const decided = messages.length > 0 && after === undefined;
  const why = reason === undefined ? '' : `[data-reason="${reason}"]`;
  return `body[data-screen="${screen}"]${why}${decided ? `[data-event="${event}"]` : ''} ${shows ?? '.call'}`;
}

/** As the text size button does; the fault screens have none. */
export async function setText(page: Page, percent: number): Promise<void> {
  await page.evaluate(`document.documentElement.style.setProperty('--text', '${percent / 100}')`);
}

/**
 * What `look`, which runs in the page, finds at each size of the letters. All in one go: what is laid out can be measured
 * before it is painted, and painting takes longest.
 */
export async function atTextSizes(page: Page, percents: readonly number[], look: () => string[]): Promise<string[]> {
  const found = await page.evaluate(`${JSON.stringify(percents)}.map((percent) => {
    document.documentElement.style.setProperty('--text', percent / 100);
    return (${look})();
  })`);
  return Looks.parse(found).flatMap((lines, index) => lines.map((line) => `at ${percents[index]} %: ${line}`));
}

/** There everything that a scene touches is to be seen. */
export async function atUsualSize(page: Page): Promise<void> {
  await setText(page, 100);
  await page.setViewportSize(USUAL);
}
