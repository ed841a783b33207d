/** A real unit with two simulated doors and the demo's members, its page on a touch screen, and a manager to be made. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openClient } from '../../../main/api/testing.ts';
import { Appliance, genkan, UnitFolder } from '../appliance.ts';
import type { Room } from './stand.ts';
import { openBrowser } from './unit.ts';

export const MANAGER_PIN = '864209';
export const MANAGER = '佐々木 葵';

const DOORS = [
  {
    id: 'front',
    lock: { driver: 'sim' },
    readers: [
      { id: 'front-in', driver: 'sim' },
      { id: 'front-out', driver: 'sim', direction: 'out' },
      { id: 'front-keys', driver: 'wedge' },
    ],
    inputs: { contact: { driver: 'sim' }, fire: { driver: 'sim' } },
  },
  { id: 'ekimae-front', lock: { driver: 'sim' }, readers: [{ id: 'ekimae-in', driver: 'sim' }] },
];

const CONFIG = {
  doors: DOORS,
  display: { name: 'none', languages: ['ja', 'en', 'zh-Hans', 'ko'], helpPhone: '03-5555-0123' },
};

export interface StaffUnit extends AsyncDisposable {
  readonly folder: UnitFolder;
  readonly config: Readonly<Record<string, unknown>>;
  readonly browser: Browser;
  unit: Appliance;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
  /** Presses by name, as a finger does. */
  tap(name: string | RegExp): Promise<void>;
  digits(digits: string): Promise<void>;
}

export async function openStaffUnit(room: Room = { width: 1280, height: 800 }): Promise<StaffUnit> {
  const folder = new UnitFolder(CONFIG);
  const unit = await Appliance.start(folder);
  await unit.healthy('the unit is ok', ({ doors }) => doors.length === 2);
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: room, hasTouch: true });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/WebSocket|ERR_CONNECTION|Failed to (fetch|load)/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(`${unit.url}?dock=closed`);
  const tap = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: true }).filter({ visible: true }).first().tap();
  const desk: StaffUnit = {
    ...{ folder, config: CONFIG, unit, browser, context, page, complaints, tap },
    digits: async (digits) => {
      for (const digit of digits) await tap(digit);
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await desk.unit.stop();
      folder.remove();
    },
  };
  return desk;
}

export async function setupCode({ folder }: Pick<StaffUnit, 'folder'>): Promise<string> {
  return (await genkan(['setup-code', '--config', folder.config])).stdout.trim();
}

/** At the page of a new unit. */
export async function makeManager(desk: StaffUnit): Promise<void> {
  const { page, tap, digits } = desk;
  await tap('スタッフ用');
  await page.locator('.w-first[data-step="code"]').waitFor();
  await digits(await setupCode(desk));
  await tap('次へ');
  for (const key of ['サ', 'サ', 'キ']) await tap(key);
  await tap('次へ');
  await digits(MANAGER_PIN);
  await tap('次へ');
  await digits(MANAGER_PIN);
  await tap('店長をつくる');
  await page.locator('.w-work[data-route="home"]').waitFor();
}

export const TECHNICIAN = '工事 一郎';
const TECHNICIAN_PIN = '975310';

/** For pictures: the panel by day, whatever the hour, and nothing of the demo. */
export async function byDay({ page }: StaffUnit): Promise<void> {
  await page.evaluate(
    "document.documentElement.removeAttribute('data-theme'), document.getElementById('dock')?.remove()",
  );
}

/** At a new unit, without its page: a first manager and, by them, a technician. */
export async function makeTechnician(desk: StaffUnit): Promise<void> {
  await using opened = await openClient(Number(new URL(desk.unit.url).port));
  const { staff } = opened.client;
  const made = await staff.makeFirstManager.mutate({ code: await setupCode(desk), name: MANAGER, pin: MANAGER_PIN });
  const person = { name: TECHNICIAN, role: 'technician', pin: TECHNICIAN_PIN } as const;
  const added = await staff.add.mutate({ act: 'add-technician', ...person });
  if (!made.ok || !added.ok) throw new Error('no technician was made');
}

/** At the members' screen, in Japanese. */
export async function signInTechnician({ page, tap, digits }: StaffUnit): Promise<void> {
  await tap('スタッフ用');
  await tap(new RegExp(TECHNICIAN));
  await page.locator('.w-pad').waitFor();
  await digits(TECHNICIAN_PIN);
  await tap('入る');
  await page.locator('.tech-rail').waitFor();
}
