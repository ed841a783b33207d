/**
 * Before anybody is signed in, in all four languages and on all panels: the setup code and the name of the first manager,
 * whoever there is to choose from, and the pad for the PIN, also after a wrong one.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../../../build/e2e/kiosk/axe.ts';
import { MANAGER_PIN, openStaffUnit, type StaffUnit, setupCode } from '../../../build/e2e/kiosk/staff-unit.ts';
import { ROOT } from '../../../build/setup/runtime.mjs';
import { LANGUAGES } from '../../locale/texts.ts';
import { bringAxe, misfits } from './test-looks.ts';

const ARTEFACTS = join(ROOT, 'artefacts');

let desk: StaffUnit;

beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  desk = await openStaffUnit();
  await bringAxe(desk.page);
});
afterAll(() => desk?.[Symbol.asyncDispose]());

/** From the members' screen, in this language. */
async function enter(at: number): Promise<void> {
  const { page } = desk;
  await page.locator('.langs .choices .btn').nth(at).tap();
  await page.locator('.desk-button').first().tap();
}

async function leave(): Promise<void> {
  await desk.page.locator('header .btn').last().tap();
  await desk.page.locator('body[data-screen="waiting"]').waitFor();
}

async function isFine(name: string, language: string): Promise<void> {
  const { page } = desk;
  expect(await violations(page)).toEqual([]);
  expect(await misfits(page, language)).toEqual([]);
  await page.screenshot({ path: join(ARTEFACTS, `staff-${name}-${language}.png`) });
}

const go = () => desk.page.locator('.go:visible').tap();

describe.each([...LANGUAGES].map((language, at) => [language, at] as const))('a new unit, in %s', (language, at) => {
  test('asks for the setup code, and then for a name', async () => {
    const { page, digits } = desk;
    await enter(at);
    await page.locator('.w-first[data-step="code"]').waitFor();
    await isFine('setup-code', language);
    await digits(await setupCode(desk));
    await go();
    await page.locator('.w-first[data-step="name"]').waitFor();
    await isFine('setup-name', language);
    await leave();
  });
});

describe('with a manager', () => {
  beforeAll(async () => {
    const { page, digits } = desk;
    await enter(0);
    await page.locator('.w-first[data-step="code"]').waitFor();
    await digits(await setupCode(desk));
    await go();
    for (const key of ['サ', 'キ']) await desk.tap(key);
    await go();
    for (const step of ['pin', 'again']) {
      await page.locator(`.w-first[data-step="${step}"]`).waitFor();
      await digits(MANAGER_PIN);
      await go();
    }
    await page.locator('.w-work').waitFor();
    await page.locator('.w-rail .last').tap();
    await page.locator('body[data-screen="waiting"]').waitFor();
  });

  test.each([...LANGUAGES].map((language, at) => [language, at] as const))('the pad, in %s', async (language, at) => {
    await enter(at);
    await desk.page.locator('.w-pad').waitFor();
    await isFine('pin', language);
    await leave();
  });

  test('a wrong PIN opens nothing, says so, and the right one signs in', async () => {
    const { page, digits } = desk;
    await enter(0);
    await page.locator('.w-pad').waitFor();
    await digits('111111');
    await go();
    await page.locator('.w-told.no').waitFor();
    expect(await page.evaluate(() => document.body.dataset['screen'])).toBe('staff');
    expect(await page.locator('.w-rail').count()).toBe(0);
    await isFine('pin-wrong', 'ja');
    await digits(MANAGER_PIN);
    await go();
    await page.locator('.w-work[data-route="home"]').waitFor();
    expect(desk.complaints).toEqual([]);
  });
});
