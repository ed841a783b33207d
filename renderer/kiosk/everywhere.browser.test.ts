/**
 * Whoever comes to whatever panel, in whatever language, before the real controller with simulated devices: somebody is
 * let in, somebody is not, somebody leaves. Each sees it in their language, whole, and is shut out by nothing.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Appliance, UnitFolder } from '../../build/e2e/appliance.ts';
import { violations } from '../../build/e2e/kiosk/axe.ts';
import { ROOMS } from '../../build/e2e/kiosk/stand.ts';
import { openBrowser } from '../../build/e2e/kiosk/unit.ts';
import { ROOT } from '../../build/setup/runtime.mjs';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../locale/texts.ts';
import { misfits } from './test-fits.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARTEFACTS = join(ROOT, 'artefacts', 'everywhere');
/** A fee stands for 10 s, and nothing of these longer. */
const LONGEST_MS = 11_000;
const COMES = [
  ['admitted', 'front-in', 'M0001'],
  ['refused', 'front-in', 'M0002'],
  ['leaving', 'front-out', 'M0001'],
] as const;

let folder: UnitFolder;
let unit: Appliance;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
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

/** @returns what is wrong with the screen that stands */
async function wrongOn(page: Page, language: Language): Promise<string[]> {
  const lang = await page.evaluate(() => document.documentElement.lang);
  const other = lang === language ? [] : [`the page says it is in ${lang}`];
  return [...other, ...(await page.evaluate(misfits)), ...(await violations(page))];
}

test.each(ROOMS)('at $width×$height, in every language', async ({ width, height }) => {
  const context = await browser.newContext({ viewport: { width, height }, hasTouch: true, reducedMotion: 'reduce' });
  await context.clock.install();
  const page = await context.newPage();
  await page.goto(`${unit.url}?dock=closed`);
  await page.locator('body[data-screen="waiting"] .call').waitFor();
  await page.evaluate(AXE);
  const heads = new Map<string, Set<string>>();
  for (const language of LANGUAGES) {
    await page.getByRole('button', { name: LANGUAGE_NAMES[language], exact: true }).tap();
    await page.locator(`html[lang="${language}"]`).waitFor();
    for (const [screen, reader, code] of COMES) {
      expect(await unit.demo('scan', { reader, code })).toBe(200);
      await page.locator(`body[data-screen="${screen}"]`).waitFor();
      const head = await page.locator('h1').first().innerText();
      heads.set(screen, (heads.get(screen) ?? new Set()).add(head));
      expect(await wrongOn(page, language), `${screen} in ${language}`).toEqual([]);
      await page.screenshot({ path: join(ARTEFACTS, `${screen}-${language}-${width}x${height}.png`) });
    }
    await page.clock.fastForward(LONGEST_MS);
    await page.locator('body[data-screen="waiting"] .call').waitFor();
  }
  // Nobody is told in another's words.
  for (const [screen, said] of heads) expect(said.size, screen).toBe(LANGUAGES.length);
  await context.close();
});
