/** How a screen of the staff is looked at on every panel that it may stand on. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { setText } from '../../../build/e2e/kiosk/stand.ts';
import { misfitsOfDesk } from './test-fits.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Low and portrait, the least room there is. The longest words are English: they are seen at all of them. */
const PANELS = [
  { width: 1024, height: 600, text: 100 },
  { width: 1024, height: 600, text: 200 },
  { width: 800, height: 1280, text: 200 },
  { width: 1920, height: 1080, text: 100 },
] as const;
const USUAL = { width: 1280, height: 800 };

/** Once a page. */
export async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(AXE);
}

/** What leaves the screen sideways, or is too small to touch or to read. */
export async function misfits(page: Page, language: string): Promise<string[]> {
  const found: string[] = [];
  for (const { width, height, text } of language === 'en' ? PANELS : PANELS.slice(1, 3)) {
    await page.setViewportSize({ width, height });
    await setText(page, text);
    const here = await page.evaluate(misfitsOfDesk);
    found.push(...here.map((line) => `${width}×${height} at ${text} %: ${line}`));
  }
  await setText(page, 100);
  await page.setViewportSize(USUAL);
  return found;
}
