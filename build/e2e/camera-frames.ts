/**
 * Films for Chromium's fake camera. A file of JPEGs, one after the other, named `.mjpeg`, is a looping video of 30
 * frames a second. Traps: a 4:2:2 JPEG plays and decodes to nothing, silently (jpeg-js writes 4:4:4, which Chromium
 * decodes); a file named `.mjpg`, or none, is "no camera"; the size of the picture is the file's.
 */
import { open } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { encode } from 'jpeg-js';
import QRCode from 'qrcode';
import { QUIET_FLAGS } from './chromium.ts';

export const FILM_WIDTH = 640;
export const FILM_HEIGHT = 480;
export const FILM_FRAMES_PER_SECOND = 30;

/** Luma of the wall, the card and the print. */
const WALL = 120;
const PAPER = 238;
const INK = 24;
/** The card's share of the picture's height, and the quiet zone in modules. */
const CARD_SHARE = 0.7;
const QUIET_MODULES = 4;
const JPEG_QUALITY = 90;

export interface FilmOptions {
  /** Noise of the sensor, this much luma either way; 0 makes every frame without movement the same. */
  readonly grain?: number;
}

/** Noise is different in this many frames, then the same again. */
const GRAINS = 8;

/**
 * Writes the film `path` (absolute, ending in `.mjpeg`): a text is a frame with its QR code, null one without a code.
 * Each frame is shown for a 30th of a second, and after the last comes the first again.
 */
export async function fakeCameraFile(
  path: string,
  frames: readonly (string | null)[],
  { grain = 0 }: FilmOptions = {},
): Promise<void> {
  if (!isAbsolute(path) || !path.endsWith('.mjpeg')) throw new Error(`a film is an absolute path to .mjpeg: ${path}`);
  if (frames.length === 0) throw new Error('a film has at least one frame');
  const pictures = new Map<string, Buffer>();
  const file = await open(path, 'w');
  try {
    for (const [i, frame] of frames.entries()) {
      const seed = grain === 0 ? 0 : i % GRAINS;
      const key = JSON.stringify([frame, seed]);
      const picture = pictures.get(key) ?? jpegOf(frame, grain, seed);
      pictures.set(key, picture);
      await file.write(picture);
    }
  } finally {
    await file.close();
  }
}

/** `seconds` of the same frame. */
export function lasting(seconds: number, frame: string | null): readonly (string | null)[] {
  return Array.from({ length: Math.round(seconds * FILM_FRAMES_PER_SECOND) }, () => frame);
}

/** How to start Chromium with the film as its camera, allowed without asking; null: with no camera at all. */
export function fakeCameraFlags(path: string | null): readonly string[] {
  const camera =
    path === null
      ? ['--use-fake-device-for-media-stream=device-count=0']
      : ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${path}`];
  return [...camera, '--use-fake-ui-for-media-stream', ...QUIET_FLAGS];
}

/** The frame as RGBA, before it becomes a JPEG: the text's code on a card before a wall. */
export function drawFrame(
  text: string | null,
  width = FILM_WIDTH,
  height = FILM_HEIGHT,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(width * height).fill(grey(WALL));
  if (text !== null) drawCard(pixels, width, height, text);
  return new Uint8ClampedArray(pixels.buffer);
}

function drawCard(pixels: Uint32Array, width: number, height: number, text: string): void {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const across = modules.size + 2 * QUIET_MODULES;
  const scale = Math.max(1, Math.floor((Math.min(width, height) * CARD_SHARE) / across));
  const side = across * scale;
  const left = Math.floor((width - side) / 2);
  const top = Math.floor((height - side) / 2);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const column = Math.floor(x / scale) - QUIET_MODULES;
      const row = Math.floor(y / scale) - QUIET_MODULES;
      const inside = column >= 0 && row >= 0 && column < modules.size && row < modules.size;
      const ink = inside && modules.get(row, column) === 1;
      pixels[(top + y) * width + left + x] = grey(ink ? INK : PAPER);
    }
  }
}

function grey(luma: number): number {
  return luma * 0x01_01_01 + 0xff_00_00_00;
}

function jpegOf(text: string | null, grain: number, seed: number): Buffer {
  const data = drawFrame(text);
  let state = seed + 1;
  for (let p = 0; grain > 0 && p < data.length; p += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const luma = (data[p] ?? 0) + (state / 2 ** 31 - 1) * grain;
    data.fill(luma, p, p + 3);
  }
  return encode({ data, width: FILM_WIDTH, height: FILM_HEIGHT }, JPEG_QUALITY).data;
}
