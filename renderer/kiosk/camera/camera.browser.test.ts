/**
 * The kiosk's page in a real Chromium with a film for a camera, under the policy that the appliance serves it with: a
 * member holds up a code; the camera is missing, forbidden, pulled out; WebAssembly or workers are forbidden.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fakeCameraFile, fakeCameraFlags, lasting } from '../../../build/e2e/camera-frames.ts';
import { type HarnessServer, type Policy, serveHarness } from './harness-server.ts';
import { installSimCamera } from './sim-camera.ts';

const CHROMIUM = '/usr/bin/chromium';
if (!existsSync(CHROMIUM)) console.log(`camera in a browser not run: no ${CHROMIUM}`);

/** Generous: what is waited for has a name, and a loaded machine is slow, not wrong. */
const LIMIT_MS = 60_000;
const LOOPBACK_ONLY = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';
const MEMBER = 'M0001';
const GUEST = 'GP1:8C+P$7 ZV*X/Q1:42';

describe.runIf(existsSync(CHROMIUM))('camera in a browser', { timeout: 4 * LIMIT_MS }, () => {
  let folder: string;
  let harness: HarnessServer;
  let context: BrowserContext | undefined;
  const browsers: Browser[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'genkan-camera-'));
    harness = await serveHarness(join(folder, 'page'));
    const nobody = lasting(4, null);
    await fakeCameraFile(film('visits'), [...nobody, ...lasting(1.5, MEMBER), ...nobody, ...lasting(1.5, GUEST)], {
      grain: 8,
    });
  }, 4 * LIMIT_MS);

  afterEach(async () => {
    await context?.close();
    context = undefined;
  });

  afterAll(async () => {
    for (const browser of browsers) await browser.close();
    harness.close();
    await rm(folder, { recursive: true, force: true });
  });

  const film = (name: string): string => join(folder, `${name}.mjpeg`);

  async function launch(flags: readonly string[]): Promise<Browser> {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...flags, LOOPBACK_ONLY] });
    browsers.push(browser);
    return browser;
  }

  async function open(
    browser: Browser,
    policy: Policy,
    { hurry, sim } = { hurry: 1, sim: false },
  ): Promise<{ page: Page; requests: readonly string[] }> {
    context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    const requests: string[] = [];
    context.on('request', (request) => requests.push(request.url()));
    if (sim) await page.addInitScript(installSimCamera);
    await page.goto(harness.url(policy, `hurry=${hurry}`));
    return { page, requests };
  }

  describe('with a film for a camera', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch(fakeCameraFlags(film('visits')));
    }, LIMIT_MS);

    test('two members come one after the other; both are read, and nothing is asked of anybody else', async () => {
      const { page, requests } = await open(browser, 'strict');
      await listed(page, 'states', 'ready zxing-wasm worker');
      await listed(page, 'texts', MEMBER);
      await listed(page, 'texts', GUEST);
      // Each was there for 1.5 s, and a code is reported once a second (a slow machine may have missed a visit).
      expect((await list(page, 'texts')).length).toBeLessThanOrEqual(8);
      await listed(page, 'views', 'moving light');
      await listed(page, 'views', 'still light');
      expect(await list(page, 'states')).toEqual(['starting', 'ready zxing-wasm worker']);
      expect(new Set(await list(page, 'texts'))).toEqual(new Set([MEMBER, GUEST]));
      expect(await page.evaluate(() => window.harness.picture())).toEqual({ shows: true, live: true });
      expect(requests.filter((url) => !url.startsWith(harness.origin) && !url.startsWith('data:'))).toEqual([]);
      expect(requests.filter((url) => url.endsWith('.wasm'))).toHaveLength(1);
      expect(requests.filter((url) => url.includes('fallback'))).toEqual([]);
    });

    test.each<[Policy, string]>([
      ['without-wasm', 'ready zxing-js worker'],
      ['without-workers', 'ready zxing-js page'],
    ])('%s the second engine reads', async (policy, state) => {
      const { page } = await open(browser, policy);
      await listed(page, 'states', state);
      await listed(page, 'texts', MEMBER);
      expect(await list(page, 'states')).toEqual(['starting', state]);
    });

    test('stopped, it lets the camera go, leaves no timer and says nothing more', async () => {
      const { page } = await open(browser, 'strict');
      await listed(page, 'texts', MEMBER);
      await page.click('#stop');
      expect(await page.evaluate(() => window.harness.picture())).toEqual({ shows: false, live: false });
      expect(await page.evaluate(() => window.harness.tracks())).toEqual(['ended']);
      expect(await page.evaluate(() => window.harness.waitingTimers())).toEqual([]);
      expect(await list(page, 'states')).toEqual(['starting', 'ready zxing-wasm worker']);
    });

    test('the track ends: off, then by itself ready and reading again, in the same video element', async () => {
      const { page } = await open(browser, 'strict');
      await listed(page, 'states', 'ready zxing-wasm worker');
      await page.evaluate(() => window.harness.unplug());
      await page.waitForFunction(() => document.querySelectorAll('#states li').length === 4);
      expect(await list(page, 'states')).toEqual([
        'starting',
        'ready zxing-wasm worker',
        'off gone',
        'ready zxing-wasm worker',
      ]);
      await listed(page, 'texts', GUEST);
      expect(await page.evaluate(() => window.harness.picture())).toEqual({ shows: true, live: true });
    });

    test('frames in any layout and size are looked at and decoded', async () => {
      const { page } = await open(browser, 'strict');
      const report = async (format: VideoPixelFormat, width: number, height: number) => {
        const frame = await page.evaluate(([f, w, h]) => window.harness.readFormat(f, w, h, 90), [
          format,
          width,
          height,
        ] as const);
        expect(frame.luma).toEqual([0, 90]);
        expect(frame.pixels).toEqual([
          [0, 0, 0, 255],
          [90, 90, 90, 255],
        ]);
        return frame.size;
      };
      expect(await report('I420', 640, 480)).toBe('640×480');
      expect(await report('NV12', 640, 480)).toBe('640×480');
      expect(await report('I444', 1280, 720)).toBe('1280×720');
      expect(await report('RGBA', 640, 480)).toBe('640×480');
      expect(await report('BGRX', 641, 479)).toBe('641×479');
      expect(await report('I420', 3840, 2160)).toBe('1920×1080');
      expect(await report('BGRA', 3840, 2160)).toBe('1920×1080');
    });

    test('a slow decoder gets the newest frame, one at a time, never an older one', async () => {
      const { page } = await open(browser, 'strict');
      await listed(page, 'states', 'ready zxing-wasm worker');
      const sent = await page.evaluate(() => window.harness.pumpSlowly(6));
      expect(sent).toHaveLength(6);
      expect(sent.filter(({ underWay }) => underWay !== 1)).toEqual([]);
      expect(sent.filter(({ sentAtMs, newestAtMs }) => sentAtMs !== newestAtMs)).toEqual([]);
    });

    test('a frame is closed whether the engine reads or breaks', async () => {
      const { page } = await open(browser, 'strict');
      expect(await page.evaluate(() => window.harness.observe('reads'))).toEqual({ text: 'TEXT', closed: true });
      expect(await page.evaluate(() => window.harness.observe('fails'))).toEqual({ text: 'rejected', closed: true });
    });
  });

  describe('with a camera whose plug is in our hand', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch(fakeCameraFlags(null));
    }, LIMIT_MS);

    const openSim = async (hurry: number) => await open(browser, 'strict', { hurry, sim: true });

    test('away for long: the pauses between tries grow to 30 s; plugged in again, it is tried at once', async () => {
      const { page } = await openSim(200);
      await listed(page, 'states', 'ready zxing-wasm worker');
      await page.evaluate(() => {
        window.simCamera.plugged = false;
        window.harness.unplug();
      });
      await page.waitForFunction(() => document.querySelectorAll('#timers li').length >= 8);
      expect((await list(page, 'timers')).slice(0, 8)).toEqual([
        'camera zxing-wasm start 10000',
        'camera retry 1000',
        'camera retry 2000',
        'camera retry 4000',
        'camera retry 8000',
        'camera retry 16000',
        'camera retry 30000',
        'camera retry 30000',
      ]);
      // From here on the pauses are as long as they say: the next one would end in 30 s.
      await page.evaluate(() => window.harness.setHurry(1));
      await page.waitForFunction(() => window.harness.longestTimerMs() > 20_000);
      await page.evaluate(() => {
        window.simCamera.plugged = true;
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      });
      await listed(page, 'timers', 'camera retry 500');
      await ends(page, 'states', 'ready zxing-wasm worker');
      expect(await list(page, 'states')).toEqual([
        'starting',
        'ready zxing-wasm worker',
        'off gone',
        'off absent',
        'ready zxing-wasm worker',
      ]);
    });

    test('no more frames, though nobody says so: gone, and ready when they come again', async () => {
      const { page } = await openSim(1);
      await listed(page, 'states', 'ready zxing-wasm worker');
      await page.evaluate(() => {
        window.simCamera.running = false;
      });
      await listed(page, 'states', 'off gone');
      await page.evaluate(() => {
        window.simCamera.running = true;
      });
      await ends(page, 'states', 'ready zxing-wasm worker');
    });

    test.each<[string, (page: Page) => Promise<void>]>([
      ['breaks', (page) => page.evaluate(() => void window.simCamera.workers[0]!.dispatchEvent(new Event('error')))],
      ['never answers again', (page) => page.evaluate(() => window.simCamera.workers[0]!.terminate())],
    ])('the worker %s: failed, then ready with another one', async (_, misfortune) => {
      const { page } = await openSim(1);
      await listed(page, 'states', 'ready zxing-wasm worker');
      await misfortune(page);
      await listed(page, 'states', 'off failed');
      await ends(page, 'states', 'ready zxing-wasm worker');
      expect(await page.evaluate(() => window.simCamera.workers.length)).toBe(2);
    });
  });

  test('without a camera: off, and it says so', async () => {
    const { page } = await open(await launch(fakeCameraFlags(null)), 'strict');
    await listed(page, 'states', 'off absent');
    expect(await list(page, 'states')).toEqual(['starting', 'off absent']);
  });

  test('forbidden, then allowed, then forbidden while it runs', async () => {
    const flags = fakeCameraFlags(film('visits')).filter((flag) => flag !== '--use-fake-ui-for-media-stream');
    const { page } = await open(await launch(flags), 'strict');
    await listed(page, 'states', 'off denied');
    await page.context().grantPermissions(['camera'], { origin: harness.origin });
    await listed(page, 'states', 'ready zxing-wasm worker');
    await listed(page, 'texts', MEMBER);
    await page.context().clearPermissions();
    await listed(page, 'states', 'off gone');
    expect((await list(page, 'states')).slice(0, 4)).toEqual([
      'starting',
      'off denied',
      'ready zxing-wasm worker',
      'off gone',
    ]);
  });
});

async function list(page: Page, id: string): Promise<readonly string[]> {
  return await page.locator(`#${id} li`).allTextContents();
}

/** Waits until the list `id` holds `text`; a timeout says what it held instead. */
async function listed(page: Page, id: string, text: string): Promise<void> {
  try {
    await page.waitForFunction(
      ([from, wanted]) => [...document.querySelectorAll(`#${from} li`)].some((item) => item.textContent === wanted),
      [id, text] as const,
    );
  } catch {
    throw new Error(`waited for ${JSON.stringify(text)} in ${id}: ${JSON.stringify(await list(page, id))}`);
  }
}

/** Waits until the last of the list `id` is `text`. */
async function ends(page: Page, id: string, text: string): Promise<void> {
  await page.waitForFunction(
    ([from, wanted]) => document.querySelector(`#${from} li:last-child`)?.textContent === wanted,
    [id, text] as const,
  );
}
