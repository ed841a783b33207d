/**
 * Every screen of the staff, in all four languages, on the panels it may stand on, also at 200 % text: nothing leaves the
 * screen sideways, nothing is too small to touch or to read, and nobody is shut out (WCAG 2.2 A and AA).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { SCREENS, showAgain, speak } from '../../../build/e2e/kiosk/staff-screens.ts';
import { makeManager, openStaffUnit, type StaffUnit } from '../../../build/e2e/kiosk/staff-unit.ts';
import { setText } from '../../../build/e2e/kiosk/stand.ts';
import { LANGUAGES } from '../../locale/texts.ts';
import { misfitsOfDesk } from './test-fits.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Low and portrait, the least room there is. The longest words are English: they are seen at all of them. */
const PANELS = [
  { width: 1024, height: 600, text: 100 },
  { width: 1024, height: 600, text: 200 },
  { width: 800, height: 1280, text: 200 },
] as const;
const USUAL = { width: 1280, height: 800 };

let desk: StaffUnit;

beforeAll(async () => {
  desk = await openStaffUnit();
  await makeManager(desk);
  for (const code of ['M0001', 'M0008', 'M0002', 'M9999']) await desk.unit.demo('scan', { reader: 'front-in', code });
  await desk.page.evaluate(AXE);
});
afterAll(() => desk?.[Symbol.asyncDispose]());

const Lines = z.array(z.string());

/** What axe finds, one line each. */
async function violations(): Promise<string[]> {
  return Lines.parse(
    await desk.page.evaluate(async () => {
      const options = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } };
      const { violations } = await Reflect.get(window, 'axe').run(document, options);
      return violations.flatMap((one: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
        one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
      );
    }),
  );
}

async function misfits(language: string): Promise<string[]> {
  const found: string[] = [];
  for (const { width, height, text } of language === 'en' ? PANELS : PANELS.slice(1, 2)) {
    await desk.page.setViewportSize({ width, height });
    await setText(desk.page, text);
    const here = await desk.page.evaluate(misfitsOfDesk);
    found.push(...here.map((line) => `${width}×${height} at ${text} %: ${line}`));
  }
  await setText(desk.page, 100);
  await desk.page.setViewportSize(USUAL);
  return found;
}

describe.each(LANGUAGES)('in %s', (language) => {
  beforeAll(() => speak(desk, language));

  test.each(SCREENS)('%s', async (_name, show) => {
    await showAgain(desk);
    await show(desk);
    expect(await violations()).toEqual([]);
    expect(await misfits(language)).toEqual([]);
  });
});

test('the browser complained of nothing', () => {
  expect(desk.complaints).toEqual([]);
});
