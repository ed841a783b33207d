/** How a screen of the staff is looked at: for everybody (WCAG 2.2 A and AA), and on every panel that it may stand on. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import * as z from 'zod';
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

const Lines = z.array(z.string());

/** Once a page. */
export async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(AXE);
}

/** What axe finds, one line each. */
export async function violations(page: Page): Promise<string[]> {
  return Lines.parse(
    await page.evaluate(async () => {
      const options = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } };
      const { violations } = await Reflect.get(window, 'axe').run(document, options);
      return violations.flatMap((one: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
        one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
      );
    }),
  );
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
