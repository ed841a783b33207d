/**
 * Every screen of the staff, in all four languages, on the panels it may stand on, also at 200 % text: nothing leaves the
 * screen sideways, nothing is too small to touch or to read, and nobody is shut out (WCAG 2.2 A and AA).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCREENS, showAgain, speak } from '../../../build/e2e/kiosk/staff-screens.ts';
import { makeManager, openStaffUnit, type StaffUnit } from '../../../build/e2e/kiosk/staff-unit.ts';
import { LANGUAGES } from '../../locale/texts.ts';
import { bringAxe, misfits, violations } from './test-looks.ts';

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
    expect(await misfits(desk.page, language)).toEqual([]);
  });
});

test('the browser complained of nothing', () => {
  expect(desk.complaints).toEqual([]);
});
