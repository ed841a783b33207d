/**
 * Whoever comes to whatever panel, in whatever language, before the real controller with simulated devices: somebody is
 * let in, somebody is not, somebody leaves. Each sees it in their language, whole, and is shut out by nothing.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Appliance, DEMO_SITE, UnitFolder } from '../../build/e2e/appliance.ts';
import { ROOMS } from '../../build/e2e/kiosk/stand.ts';
import { openBrowser } from '../../build/e2e/kiosk/unit.ts';
import { LANGUAGES } from '../locale/texts.ts';
import { namesIn, Panel } from './test-panels.ts';

/** A fee stands for 10 s, and nothing of these longer. */
const LONGEST_MS = 11_000;
const COMES = [
  ['admitted', 'front-in', 'M0001'],
  ['refused', 'front-in', 'M0002'],
  ['leaving', 'front-out', 'M0001'],
] as const;
const NAMES = namesIn(DEMO_SITE);

let folder: UnitFolder;
let unit: Appliance;
let browser: Browser;

beforeAll(async () => {
  folder = new UnitFolder({
    display: { languages: LANGUAGES, helpPhone: '03-0000-0000' },
    doors: [
      {
        ...{ id: 'front', repeatMs: 0, lock: { driver: 'sim' }, inputs: { contact: { driver: 'sim' } } },
        readers: [
          { id: 'front-in', driver: 'sim' },
          { id: 'front-out', driver: 'sim', direction: 'out' },
        ],
      },
    ],
  });
  unit = await Appliance.start(folder);
  await unit.healthy('the unit is ok');
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await unit?.stop();
  folder?.remove();
});

test.each(ROOMS)('at $width×$height, in every language', async (room) => {
  await using panel = await Panel.open(browser, unit.url, room, NAMES);
  const { page } = panel;
  for (const language of LANGUAGES) {
    await panel.speak(language);
    for (const [screen, reader, code] of COMES) {
      expect(await unit.demo('scan', { reader, code })).toBe(200);
      await page.locator(`body[data-screen="${screen}"]`).waitFor();
      await panel.look(screen);
    }
    await page.clock.fastForward(LONGEST_MS);
    await panel.waits();
  }
  panel.expectOwnWords();
});
