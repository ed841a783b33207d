/**
 * `camera.view_to_decision` and `kiosk.idle_cpu`: the installed controller and its page in a real Chromium, whose camera
 * shows a film.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import * as z from 'zod';
import { serveHarness } from '../../renderer/kiosk/camera/harness-server.ts';
import { startZxingWasm } from '../../renderer/kiosk/camera/zxing-wasm.ts';
import { Appliance, UnitFolder } from '../e2e/appliance.ts';
import { fakeCameraFile, fakeCameraFlags, lasting } from '../e2e/camera-frames.ts';
import { soon } from '../e2e/sync-unit.ts';
import { pagePart } from '../page/part.ts';
import { ensureBuilt } from '../start/built.ts';
import { coreShare } from './cpu.ts';
import { asSeen, FILM, MARK, makeFilm } from './kiosk-film.ts';
import { median, type Row, rowOf } from './row.ts';

/** A member of the demo who is always admitted. */
const CODE = 'M0001';
const FILMS = 2;
/** The first time round the page may still be loading its decoder. */
const ROUNDS_OF_FILM = 3;
const MOST_LATER = 2;
const IDLE_ROUNDS = 3;
const MOST_MORE = 0.15;
const VIEWPORT = { width: 1_280, height: 800 };

export async function* benchKiosk(): AsyncGenerator<Row> {
  await ensureBuilt(pagePart('kiosk'));
  const folder = mkdtempSync(join(tmpdir(), 'genkan-kiosk-'));
  const unit = new UnitFolder({
    doors: [
      { id: 'front', lock: { driver: 'sim' }, readers: [{ id: 'front-cam', driver: 'camera', direction: 'in' }] },
    ],
  });
  const running = await Appliance.start(unit, { program: 'genkan' });
  try {
    await running.healthy('the unit is ok');
    yield await viewToDecision(folder, running, unit);
    yield await idle(folder, running);
  } finally {
    await running.stop();
    unit.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function viewToDecision(folder: string, running: Appliance, unit: UnitFolder): Promise<Row> {
  const [ours, zxing]: [number[], number[]] = [[], []];
  for (let film = 1; film <= FILMS; film += 1) {
    const path = join(folder, `film-${film}.mjpeg`);
    const readable = await firstReadable(makeFilm(path, CODE, film));
    const decided = await decisions(running.url, path);
    ours.push(...decided);
    zxing.push(...decided.map(() => readable));
  }
  const scans = unit.events().filter(({ type }) => type === 'scan');
  const wrong = scans.filter(({ result }) => result?.granted !== true).length;
  if (wrong > 0) console.error(`bench: ${wrong} of ${scans.length} codes were read wrongly`);
  const later = Math.max(...ours.map((frames, at) => frames - (zxing[at] ?? 0)));
  return rowOf(
    { name: 'camera.view_to_decision', unit: 'frames', value: median(ours), reference: median(zxing) },
    { text: `<= ${MOST_LATER} frames more, no false read`, holds: () => later <= MOST_LATER && wrong === 0 },
  );
}

/** @returns frames from the first with the phone to the first that zxing-cpp reads */
async function firstReadable(frames: readonly Buffer[]): Promise<number> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const decoder = await startZxingWasm(new Uint8Array(wasm).buffer);
  for (const [at, jpeg] of frames.slice(FILM.empty).entries()) {
    const text = await decoder.decode({ data: asSeen(jpeg), width: 640, height: 480 });
    if (text === CODE) return at;
  }
  throw new Error('zxing-cpp reads no frame of the film');
}

const Seen = z.object({
  frames: z.array(z.tuple([z.number(), z.int()])),
  admitted: z.array(z.number()),
});

/** @returns frames from the first with the phone to the one that was there when the screen said so, each time round */
async function decisions(url: string, film: string): Promise<number[]> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...fakeCameraFlags(film), '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    const page = await browser.newPage({ viewport: VIEWPORT, permissions: ['camera'] });
    await page.addInitScript({ content: WATCH });
    await page.goto(url);
    const { frames, admitted } = await soon(
      'the member is admitted again and again',
      async () => Seen.parse(await page.evaluate('window.seen')),
      (seen) => seen.admitted.length >= ROUNDS_OF_FILM,
    );
    return admitted.slice(1, ROUNDS_OF_FILM).map((at) => {
      const shown = frames.findLast(([seenAt]) => seenAt <= at)?.[1] ?? Number.NaN;
      return shown - FILM.empty;
    });
  } finally {
    await browser.close();
  }
}

/** In the page: notes when each frame of its camera was there, by the number in it, and when the screen admits. */
const WATCH = `
  const seen = { frames: [], admitted: [] };
  window.seen = seen;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    const look = async () => {
      const at = performance.now();
      const frame = new VideoFrame(video);
      const plane = new Uint8Array(frame.allocationSize());
      const [{ stride }] = await frame.copyTo(plane);
      frame.close();
      let number = 0;
      for (let bit = 0; bit < ${MARK.bits}; bit += 1) {
        const luma = plane[stride * ${MARK.side / 2} + bit * ${MARK.side} + ${MARK.side / 2}];
        number = number * 2 + (luma > 128 ? 1 : 0);
      }
      seen.frames.push([at, number]);
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
    return stream;
  };
  document.addEventListener('DOMContentLoaded', () => {
    let before;
    new MutationObserver(() => {
      const { screen } = document.body.dataset;
      if (screen === 'admitted' && before !== 'admitted') seen.admitted.push(performance.now());
      before = screen;
    }).observe(document.body, { attributes: true });
  });
`;

async function idle(folder: string, running: Appliance): Promise<Row> {
  const film = join(folder, 'nobody.mjpeg');
  await fakeCameraFile(film, lasting(4, null), { grain: 8 });
  const harness = await serveHarness(join(folder, 'page'));
  const server = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args: [...fakeCameraFlags(film)] });
  const [kiosk, bare]: [number[], number[]] = [[], []];
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    const pid = server.process().pid ?? 0;
    for (let round = 0; round < IDLE_ROUNDS; round += 1) {
      bare.push(
        await coreShare({ browser, pid }, harness.url('strict', 'bare'), (page) =>
          page.waitForSelector('#states li:last-child:text("bare")'),
        ),
      );
      kiosk.push(
        await coreShare({ browser, pid }, running.url, (page) => page.waitForSelector('body[data-screen="waiting"]')),
      );
    }
  } finally {
    await server.close();
    harness.close();
  }
  const [value, reference] = [median(kiosk) * 100, median(bare) * 100];
  return rowOf(
    { name: 'kiosk.idle_cpu', unit: '% of a core', value, reference },
    { text: '<= 15 % of a core more', holds: () => value - reference <= MOST_MORE * 100 },
  );
}
