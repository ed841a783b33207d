/**
 * What the camera costs: `node renderer/kiosk/camera/measure.ts [FILM.mjpeg]`. Takes turns, in one Chromium, between a
 * page that only shows the camera's picture and one that also reads codes from it, and prints the share of a core that
 * all of Chromium takes. Without a film nobody is before the camera and its picture is noisy.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { coreShare } from '../../../build/bench/cpu.ts';
import { fakeCameraFile, fakeCameraFlags, lasting } from '../../../build/e2e/camera-frames.ts';
import { type HarnessServer, serveHarness } from './harness-server.ts';

const ROUNDS = 5;
const ROUND_TRIPS = 150;

const folder = await mkdtemp(join(tmpdir(), 'genkan-camera-'));
const harness = await serveHarness(join(folder, 'page'));
try {
  await measure(harness, process.argv[2] ?? (await noisyFilm()));
} finally {
  harness.close();
  await rm(folder, { recursive: true, force: true });
}

async function noisyFilm(): Promise<string> {
  const path = join(folder, 'nobody.mjpeg');
  await fakeCameraFile(path, lasting(4, null), { grain: 8 });
  return path;
}

async function measure({ url }: HarnessServer, film: string): Promise<void> {
  const server = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args: [...fakeCameraFlags(film)] });
  const browser = await chromium.connect(server.wsEndpoint());
  const pid = server.process().pid;
  if (pid === undefined) throw new Error('Chromium has no pid');
  const bare: number[] = [];
  const reading: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await coreShare({ browser, pid }, url('strict', 'bare'), stands));
    reading.push(await coreShare({ browser, pid }, url('strict'), stands));
  }
  console.log(`preview alone   ${percents(bare)} of a core`);
  console.log(`reading codes   ${percents(reading)} of a core`);
  console.log(`more, median    ${percents([median(reading.map((share, i) => share - (bare[i] ?? 0)))])} of a core`);
  const trips = await roundTrips(browser, url('strict', 'bare'));
  console.log(`a frame, from the page to the worker and back, decoded: p50 ${median(trips).toFixed(1)} ms`);
  await server.close();
}

const stands = (page: Page) =>
  page.waitForFunction(() => /ready|bare/u.test(document.querySelector('#states li:last-child')?.textContent ?? ''));

async function roundTrips(browser: Browser, url: string): Promise<readonly number[]> {
  const page = await browser.newPage();
  await page.goto(url);
  return await page.evaluate((frames) => window.harness.roundTrips(frames), ROUND_TRIPS);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function percents(shares: readonly number[]): string {
  return `${shares.map((share) => (share * 100).toFixed(0)).join(' ')} %`;
}
