/** Ways to each of the staff's screens, whatever the language: buttons are found by where they stand. */
import { LANGUAGES } from '../../../renderer/locale/texts.ts';
import { MANAGER_PIN, type StaffUnit } from './staff-unit.ts';

const RAIL = ['home', 'members', 'tickets', 'passes', 'picture', 'alerts', 'roll', 'unit'] as const;
type Place = (typeof RAIL)[number];
const LANGUAGE_ORDER: readonly string[] = LANGUAGES;
type Show = (desk: StaffUnit) => Promise<void>;

const go =
  (place: Place, waits: string): Show =>
  async ({ page }) => {
    await page.locator('.w-rail .btn').nth(RAIL.indexOf(place)).tap();
    await page.locator(waits).first().waitFor();
  };

async function toMember(desk: StaffUnit): Promise<void> {
  const { page } = desk;
  await go('roll', '.w-sheet-of-names')(desk);
  await go('home', '.w-home .w-rows .row')(desk);
  await page.locator('.w-home .w-col .w-rows ul .row').last().tap();
  await page.locator('.w-member .w-facts').waitFor();
}

export const SCREENS: readonly (readonly [string, Show])[] = [
  ['home', go('home', '.w-home .w-rows .row')],
  ['members', go('members', '.w-search .keyboard')],
  [
    'search',
    async (desk) => {
      await go('members', '.w-search .keyboard')(desk);
      await desk.page.locator('.keys .modes .btn').nth(2).tap();
      for (const digit of '0008') await desk.page.locator(`.hg-button[data-skbtn="${digit}"]`).tap();
      await desk.page.locator('.keys .go').tap();
      await desk.page.locator('.w-hits .row').first().waitFor();
    },
  ],
  ['member', toMember],
  [
    'issue',
    async (desk) => {
      await toMember(desk);
      await desk.page.locator('.w-member > .w-card').nth(1).locator('.btn').last().tap();
      await desk.page.locator('.w-sheet .w-options').waitFor();
    },
  ],
  [
    'why',
    async (desk) => {
      await go('home', '.w-home .w-rows .row')(desk);
      await desk.page.locator('.w-row-no').first().tap();
      await desk.page.locator('.w-steps li').first().waitFor();
    },
  ],
  [
    'undo',
    async (desk) => {
      await go('home', '.w-home .w-rows .row')(desk);
      await desk.page.locator('.w-row-ok').first().tap();
      await desk.page.locator('.w-steps li').first().waitFor();
      await desk.page.locator('.w-stack .btn').first().tap();
      await desk.page.locator('.w-sheet').waitFor();
    },
  ],
  [
    'lockdown',
    async (desk) => {
      await go('home', '.w-home .w-rows .row')(desk);
      await desk.page.locator('.w-acts .danger').first().tap();
      await desk.page.locator('.w-sheet').waitFor();
    },
  ],
  [
    'hold',
    async (desk) => {
      await go('home', '.w-home .w-rows .row')(desk);
      await desk.page.locator('.w-acts .btn').nth(1).tap();
      await desk.page.locator('.w-sheet').waitFor();
    },
  ],
  ['tickets', go('tickets', '.w-hold')],
  ['passes', go('passes', '.w-passes .w-card')],
  [
    'pass',
    async (desk) => {
      await go('passes', '.w-passes .w-card')(desk);
      await desk.page.locator('.w-passes .main').first().tap();
      await desk.page.locator('.w-sheet .w-ends .main').tap();
      await desk.page.locator('.w-code .qr').waitFor();
    },
  ],
  ['picture', go('picture', '.w-chart canvas')],
  [
    'month',
    async (desk) => {
      await go('picture', '.w-chart canvas')(desk);
      await desk.page.locator('.w-pickers .btn').nth(1).tap();
      await desk.page.locator('.w-chart canvas').waitFor();
    },
  ],
  [
    'table',
    async (desk) => {
      await go('picture', '.w-chart canvas')(desk);
      await desk.page.locator('.figure .end .btn').tap();
      await desk.page.locator('.w-table').waitFor();
    },
  ],
  ['alerts', go('alerts', '.w-alerts .w-grid')],
  ['roll', go('roll', '.w-sheet-of-names')],
  ['unit', go('unit', '.w-unit .w-rows')],
  [
    'add',
    async (desk) => {
      await go('unit', '.w-unit .w-rows')(desk);
      await desk.page.locator('.w-unit .w-card .end .btn').first().tap();
      await desk.page.locator('.w-sheet .keyboard').waitFor();
    },
  ],
];

/** Whatever lies over the screen is put away. */
export async function showAgain({ page }: StaffUnit): Promise<void> {
  if ((await page.locator('.w-sheet').count()) > 0) await page.keyboard.press('Escape');
  await page.locator('.w-sheet').waitFor({ state: 'detached' });
}

/** Signs out, takes another language, and comes back. */
export async function speak(desk: StaffUnit, language: string, pin = MANAGER_PIN): Promise<void> {
  const { page, digits } = desk;
  await showAgain(desk);
  if ((await page.evaluate('document.documentElement.lang')) === language) return;
  await page.locator('.w-rail .last').tap();
  await page.locator('.langs .choices .btn').nth(LANGUAGE_ORDER.indexOf(language)).tap();
  await page.locator('.desk-button').first().tap();
  await page.locator('.w-pad').waitFor();
  await digits(pin);
  await page.locator('.w-pad .go').tap();
  await page.locator('.w-work[data-route="home"]').waitFor();
}
