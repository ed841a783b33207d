/**
 * Every screen of the staff, in all four languages, on the panels it may stand on, also at 200 % text: nothing leaves the
 * screen sideways, nothing is too small to touch or to read, and nobody is shut out (WCAG 2.2 A and AA).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_SITE } from '../../../build/e2e/appliance.ts';
import { violations } from '../../../build/e2e/kiosk/axe.ts';
import { SCREENS, showAgain, speak } from '../../../build/e2e/kiosk/staff-screens.ts';
import { MANAGER, makeManager, openStaffUnit, type StaffUnit } from '../../../build/e2e/kiosk/staff-unit.ts';
import { LANGUAGES } from '../../locale/texts.ts';
import { namesIn } from '../test-panels.ts';
import { strangers } from '../test-words.ts';
import { bringAxe, misfits } from './test-looks.ts';

/** What has no language: names of the site, of who is signed in and of devices, what is typed, and a key. */
const KNOWN = [
  ...namesIn(DEMO_SITE),
  ...[MANAGER, 'ササキ', '藤田 拓＊', 'フジタ タ＊', '゛゜小'],
  ...['front.lock', 'front.fire', 'front.contact', 'front-in', 'front-out', 'front-keys', 'ekimae-in', 'ekimae-'],
];

let desk: StaffUnit;

beforeAll(async () => {
  desk = await openStaffUnit();
  await makeManager(desk);
  for (const code of ['M0001', 'M0008', 'M0002', 'M9999']) await desk.unit.demo('scan', { reader: 'front-in', code });
  await bringAxe(desk.page);
});
afterAll(() => desk?.[Symbol.asyncDispose]());

describe.each(LANGUAGES)('in %s', (language) => {
  beforeAll(() => speak(desk, language));

  test.each(SCREENS)('%s', async (_name, show) => {
    await showAgain(desk);
    await show(desk);
    expect(await violations(desk.page)).toEqual([]);
    expect(await desk.page.evaluate(strangers, { language, known: KNOWN })).toEqual([]);
    expect(await misfits(desk.page, language)).toEqual([]);
  });
});

test('the browser complained of nothing', () => {
  expect(desk.complaints).toEqual([]);
});
