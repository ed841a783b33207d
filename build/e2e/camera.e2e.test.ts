// Somebody holds a phone before the kiosk: real Chromium, a real camera stream, the real controller, a simulated door.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { until } from '../../device/sim/wait.ts';
import { ROOT } from '../setup/runtime.mjs';
import { Appliance, UnitFolder } from './appliance.ts';
import { fakeCameraFile, lasting } from './camera-frames.ts';
import { openBrowser } from './kiosk/unit.ts';

const ARTEFACTS = join(ROOT, 'artefacts');

let folder: UnitFolder;
let unit: Appliance;

beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  folder = new UnitFolder({
    doors: [
      {
        id: 'front',
        lock: { driver: 'sim' },
        readers: [{ id: 'front-cam', driver: 'camera', direction: 'in' }],
        inputs: { contact: { driver: 'sim' } },
      },
    ],
  });
  unit = await Appliance.start(folder);
  await unit.healthy('the unit is ok');
});

afterAll(async () => {
  await unit?.stop();
  folder?.remove();
});

/** The kiosk's page before a camera that sees nothing for a second, then the code, again and again. */
async function kioskSeeing(code: string): Promise<Page> {
  const film = join(folder.path, `${code}.mjpeg`);
  await fakeCameraFile(film, [...lasting(0.7, null), ...lasting(2, code)]);
  const browser = await openBrowser({ film });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, permissions: ['camera'] });
  await page.goto(unit.url);
  return page;
}

async function shows(page: Page, screen: string): Promise<Record<string, string | undefined>> {
  await page.waitForSelector(`body[data-screen="${screen}"]`, { timeout: 60_000 });
  return page.evaluate('({ ...document.body.dataset })');
}

const scans = () => folder.events().filter(({ type }) => type === 'scan');

test("a demo member's code admits: the page, the door and the record say so", async () => {
  const page = await kioskSeeing('M0001');
  const told = await shows(page, 'admitted');
  await page.screenshot({ path: join(ARTEFACTS, 'camera-admitted.png') });
  const [scan] = scans();
  expect(scan).toMatchObject({
    readerId: 'front-cam',
    direction: 'in',
    result: { granted: true, memberId: 'member-0001' },
  });
  expect(told['event']).toBe(String(scan?.seq));
  const outcome = await until('the door opened and shut', () =>
    folder.events().find(({ type, of }) => type === 'outcome' && of === scan?.seq),
  );
  expect(outcome.detail).toMatchObject({
    outcome: 'opened',
    passedAt: expect.any(String),
    closedAt: expect.any(String),
  });
  await shows(page, 'waiting');
  // Still before the camera, and seen all the while: no second scan.
  expect(scans()).toHaveLength(1);
});

test('a member without the right is refused with the reason, and the door stays shut', async () => {
  const before = scans().length;
  const page = await kioskSeeing('M0002');
  const told = await shows(page, 'refused');
  await page.screenshot({ path: join(ARTEFACTS, 'camera-refused.png') });
  expect(told['reason']).toBe('suspended');
  expect(scans().slice(before)).toMatchObject([{ result: { granted: false, reason: 'suspended' } }]);
  expect((await unit.health()).doors[0]).toMatchObject({ id: 'front', state: 'locked' });
});
