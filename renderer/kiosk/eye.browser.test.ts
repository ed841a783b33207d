/**
 * A member holds a phone before the kiosk's camera and walks in; with the camera gone, the page says so and the other
 * readers go on.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeCameraFile, lasting } from '../../build/e2e/camera-frames.ts';
import { admitted, STATUS } from '../../build/e2e/kiosk/scenes.ts';
import { builtPage, openBrowser, startUnit, type Unit } from '../../build/e2e/kiosk/unit.ts';

let built: Awaited<ReturnType<typeof builtPage>>;
let folder: string;
beforeAll(async () => {
  built = await builtPage('kiosk');
  folder = mkdtempSync(join(tmpdir(), 'genkan-eye-'));
});
afterAll(() => {
  built[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly unit: Unit;
}

async function visit(film: readonly (string | null)[] | null): Promise<Visit> {
  const path = join(folder, 'film.mjpeg');
  if (film !== null) await fakeCameraFile(path, film);
  const browser: Browser = await openBrowser({ film: film === null ? null : path });
  const unit = await startUnit(built.dir);
  const page = await (await browser.newContext({ viewport: { width: 1_280, height: 800 } })).newPage();
  await page.goto(unit.url);
  await page.locator('body[data-screen="waiting"]').waitFor();
  const close = async (): Promise<void> => {
    await browser.close();
    await unit[Symbol.asyncDispose]();
  };
  return { page, unit, [Symbol.asyncDispose]: close };
}

describe('with a camera', () => {
  test('a code in its view is handed in as the camera’s, and the decision takes the screen', async () => {
    await using here = await visit([...lasting(1, null), ...lasting(3, 'M0001')]);
    const { page, unit } = here;
    await expect
      .poll(() => unit.controller.scans[0], { timeout: 60_000 })
      .toEqual({ reader: 'front-cam', text: 'M0001' });
    unit.controller.say(admitted());
    await page.locator('body[data-screen="admitted"]').waitFor();
    expect(new Set(unit.controller.scans.map(({ text }) => text))).toEqual(new Set(['M0001']));
  });

  test('its picture fills the pull, mirrored, while something moves', async () => {
    await using here = await visit([...lasting(0.3, null), ...lasting(0.3, 'M0001')]);
    const video = here.page.locator('.aim video');
    await video.waitFor();
    expect(await video.evaluate((one) => getComputedStyle(one).transform)).toBe('matrix(-1, 0, 0, 1, 0, 0)');
    expect(await here.page.locator('.ready').count()).toBe(1);
  });

  test('while nothing moves there is the drawing, and no picture is painted', async () => {
    await using here = await visit([null]);
    await here.page.locator('.aim .phone').waitFor();
    expect(await here.page.locator('video').count()).toBe(0);
  });
});

describe('without', () => {
  test('the page says that it is off, points to the reader, and a reader that types is heard', async () => {
    await using here = await visit(null);
    const { page, unit } = here;
    await page.locator('.off').waitFor();
    expect(await page.locator('.leaf').first().innerText()).toMatch(/下の読取口に[\s\S]*カメラは休止中です/);
    // All within one frame, as a reader's keys are however slow the machine is.
    await page.evaluate(() => {
      for (const key of [...'M0001', 'Enter']) window.dispatchEvent(new KeyboardEvent('keydown', { key }));
    });
    await expect.poll(() => unit.controller.scans).toEqual([{ reader: 'front-keys', text: 'M0001' }]);
  });

  test('where it is the only reader, nobody is asked to hold up a code', async () => {
    await using here = await visit(null);
    const { page, unit } = here;
    unit.controller.be({
      devices: STATUS.devices.filter(({ kind, driver }) => kind === 'lock' || driver === 'camera'),
    });
    await page.locator('body[data-screen="fault"][data-reason="readers-out"]').waitFor();
  });

  test('a door without a camera reader never asks for one', async () => {
    await using here = await visit([...lasting(0.3, null), ...lasting(0.3, 'M0001')]);
    const { page, unit } = here;
    // Also while something moves before it.
    await page.locator('.aim video').waitFor();
    unit.controller.be({ doors: STATUS.doors.map((door) => ({ ...door, camera: null })) });
    await page.locator('.notice:not(:has(svg))').waitFor();
    expect(await page.locator('.notice').innerText()).not.toContain('カメラ');
    await page.locator('.aim .phone').waitFor();
  });
});
