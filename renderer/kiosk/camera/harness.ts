/**
 * The page of `camera.browser.test.ts`: starts the camera, writes down what it says, and lets the test look into the
 * parts that only a browser can run. Not part of the kiosk. `?hurry=N` makes the pauses between tries N times shorter;
 * `?bare` shows the camera's picture and nothing else, which is what the camera's cost is compared with.
 */
import { BrowserClock, type Timer } from '../../parts/clock.ts';
import { type CameraHandle, startCamera } from './camera.ts';
import type { Decoder } from './decoder.ts';
import { FrameReader } from './frame-reader.ts';
import { type FrameHost, openHost } from './host.ts';
import { PixelReader } from './pixels.ts';
import { startPump } from './pump.ts';
import { openStream } from './stream.ts';

export interface Harness {
  /** What a black frame whose lower right quarter has `luma` is looked at as. */
  readFormat(format: VideoPixelFormat, width: number, height: number, luma: number): Promise<PixelReport>;
  /** The text that an engine finds, or `rejected`, and whether the frame is closed afterwards. */
  observe(engine: 'fails' | 'reads'): Promise<{ readonly text: string | null; readonly closed: boolean }>;
  /** A host that answers only when five more frames have been shown gets this: a row for each frame sent. */
  pumpSlowly(rounds: number): Promise<readonly SentFrame[]>;
  /** Of every track that the camera has opened: `live` or `ended`. */
  tracks(): readonly string[];
  picture(): { readonly shows: boolean; readonly live: boolean };
  waitingTimers(): readonly string[];
  longestTimerMs(): number;
  setHurry(times: number): void;
  /** Milliseconds from sending a frame to the worker to its answer, decoding included, for each of `frames`. */
  roundTrips(frames: number): Promise<readonly number[]>;
  /** As the browser tells it when the plug is pulled. */
  unplug(): void;
}

export interface PixelReport {
  readonly size: string;
  /** Brightness at a quarter and at three quarters of the diagonal. */
  readonly luma: readonly number[];
  /** The decoder's pixels there. */
  readonly pixels: readonly (readonly number[])[];
}

export interface SentFrame {
  readonly sentAtMs: number;
  readonly newestAtMs: number;
  readonly underWay: number;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const query = new URLSearchParams(location.search);
let hurry = Number(query.get('hurry') ?? 1);

class HarnessClock extends BrowserClock {
  override after(name: string, delayMs: number, run: () => void): Timer {
    if (name === 'camera watch') return super.after(name, delayMs, run);
    note('timers', `${name} ${delayMs}`);
    return super.after(name, name === 'camera retry' ? delayMs / hurry : delayMs, run);
  }
}

const streams: MediaStream[] = [];
const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (constraints) => {
  const stream = await getUserMedia(constraints);
  streams.push(stream);
  return stream;
};

const clock = new HarnessClock();
const picture = document.createElement('video');
find('frame', HTMLDivElement).append(picture);
const camera = query.has('bare') ? null : start();
camera?.attach(picture);
if (camera === null) void showBare();
find('stop', HTMLButtonElement).addEventListener('click', () => camera?.stop());

window.harness = {
  readFormat,
  observe,
  pumpSlowly,
  picture: () => ({
    shows: picture.videoWidth > 0 && picture.srcObject !== null,
    live: camera?.stream?.active ?? false,
  }),
  longestTimerMs: () => Math.max(0, ...clock.timers().map((timer) => timer.dueMono - clock.mono())),
  setHurry: (times) => {
    hurry = times;
  },
  roundTrips,
  tracks: () => streams.flatMap((stream) => stream.getTracks()).map((track) => track.readyState),
  waitingTimers: () => clock.timers().map((timer) => timer.name),
  unplug: () => {
    for (const track of camera?.stream?.getTracks() ?? []) track.dispatchEvent(new Event('ended'));
  },
};

function start(): CameraHandle {
  return startCamera({
    clock,
    onText: (text) => note('texts', text),
    onState: (state) => note('states', Object.values(state).join(' ')),
    onView: ({ moving, dark }) => note('views', `${moving ? 'moving' : 'still'} ${dark ? 'dark' : 'light'}`),
  });
}

async function showBare(): Promise<void> {
  const opened = await openStream({ width: 640, height: 480 });
  if (!opened.ok) return;
  picture.muted = true;
  picture.srcObject = opened.value;
  await picture.play();
  note('states', 'bare');
}

async function readFormat(format: VideoPixelFormat, width: number, height: number, luma: number): Promise<PixelReport> {
  const video = quarterFrame(format, width, height, luma);
  const seen = await new PixelReader().read(video);
  video.close();
  const frame = seen.toFrame();
  const sizes = [seen.luma, frame].map((size) => `${size.width}×${size.height}`);
  const places = [0.25, 0.75].map(
    (share) => [Math.floor(frame.width * share), Math.floor(frame.height * share)] as const,
  );
  const { data, offset, stride, step } = seen.luma;
  return {
    size: [...new Set(sizes)].join(' and '),
    luma: places.map(([x, y]) => data[offset + y * stride + x * step] ?? -1),
    pixels: places.map(([x, y]) => [...frame.data.slice((y * frame.width + x) * 4, (y * frame.width + x) * 4 + 4)]),
  };
}

async function observe(engine: 'fails' | 'reads'): Promise<{ text: string | null; closed: boolean }> {
  const frame = quarterFrame('I420', 640, 480, 100);
  const decode = () => (engine === 'reads' ? Promise.resolve('TEXT') : Promise.reject(new Error('broken')));
  const decoder: Decoder = { engine: 'zxing-js', decode };
  const text = await new FrameReader(decoder).read(frame, 1).then(
    (seen) => seen.text,
    () => 'rejected',
  );
  return { text, closed: frame.format === null };
}

async function pumpSlowly(rounds: number): Promise<readonly SentFrame[]> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = camera?.stream ?? null;
  await video.play();
  const sent: SentFrame[] = [];
  const done = Promise.withResolvers<void>();
  let newestAtMs = 0;
  let underWay = 0;
  const host: FrameHost = {
    engine: 'zxing-js',
    place: 'page',
    async observe(frame, sentAtMs) {
      underWay++;
      sent.push({ sentAtMs, newestAtMs, underWay });
      for (let i = 0; i < 5; i++) await nextFrame(video);
      frame.close();
      underWay--;
      if (sent.length === rounds) done.resolve();
      return { atMs: sentAtMs, moving: false, dark: false, decoded: true, text: null };
    },
    close: () => undefined,
  };
  // Registered before the pump's, so that it knows of each frame first.
  const watch = (atMs: number): void => {
    newestAtMs = atMs;
    video.requestVideoFrameCallback(watch);
  };
  video.requestVideoFrameCallback(watch);
  const pump = startPump({ video, host, onObservation: () => undefined, onFailure: () => undefined });
  await done.promise;
  pump.stop();
  return sent;
}

async function roundTrips(frames: number): Promise<readonly number[]> {
  const host = await openHost(clock);
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = await openStream({ width: 640, height: 480 }).then((opened) => (opened.ok ? opened.value : null));
  await video.play();
  const times: number[] = [];
  while (times.length < frames) {
    await nextFrame(video);
    const sentAtMs = clock.mono();
    // The time of the first frame for all: a reader that has only just begun decodes each.
    const { decoded } = await host.observe(new VideoFrame(video), 0);
    if (decoded) times.push(clock.mono() - sentAtMs);
  }
  host.close();
  return times;
}

function nextFrame(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    video.requestVideoFrameCallback(() => resolve());
  });
}

/** The lower right quarter has `luma`, the rest is black; colours, where the format has them apart, are some green. */
function quarterFrame(format: VideoPixelFormat, codedWidth: number, codedHeight: number, luma: number): VideoFrame {
  const planar = format.startsWith('I') || format === 'NV12';
  const step = planar ? 1 : 4;
  const bytes = new Uint8Array(codedWidth * codedHeight * 4);
  for (let y = 0; y < codedHeight; y++) {
    const row = y * codedWidth * step;
    if (y >= codedHeight / 2) bytes.fill(luma, row + Math.ceil(codedWidth / 2) * step, row + codedWidth * step);
  }
  for (let alpha = 3; !planar && alpha < bytes.length; alpha += 4) bytes[alpha] = 255;
  return new VideoFrame(bytes, { format, codedWidth, codedHeight, timestamp: 0 });
}

function note(list: string, text: string): void {
  const item = document.createElement('li');
  item.textContent = text;
  find(list, HTMLOListElement).append(item);
}

function find<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`no #${id}`);
  return element;
}
