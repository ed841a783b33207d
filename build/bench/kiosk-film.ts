/**
 * A phone that comes into a camera's view: from below, out of focus and farther away at first, a little turned, before a
 * wall, with the noise of a sensor. Each frame with it has its number in its upper left corner, for whoever watches the film.
 */
import { writeFileSync } from 'node:fs';
import { decode, encode } from 'jpeg-js';
import QRCode from 'qrcode';
import { FILM_HEIGHT, FILM_WIDTH } from '../e2e/camera-frames.ts';

/** Frames without a phone, long enough for it to count as another scan, of its coming, and of it staying there. */
export const FILM = { empty: 120, entering: 30, there: 45 } as const;
/** The number: so many squares of so many pixels, the highest bit first. */
export const MARK = { bits: 8, side: 12 } as const;

/** Frames without a phone, again and again, differ by their noise alone; drawing all of them takes longer than the film. */
const WALLS = 8;
const WALL = 100;
const PHONE = 18;
const PAPER = 245;
const INK = 20;
const QUIET_MODULES = 4;
/** The code's share of the picture's height where the phone stays. */
const SHARE = 0.42;
const JPEG_QUALITY = 85;
const SAMPLES = [0.25, 0.75] as const;

interface Pose {
  readonly scale: number;
  readonly down: number;
  readonly blur: number;
  readonly turn: number;
}

function poseAt(frame: number, seed: number): Pose {
  const since = frame - FILM.empty;
  const left = Math.max(0, 1 - since / FILM.entering);
  const sway = Math.sin(frame * 0.07 + seed) * 6;
  return {
    scale: 1 / (1 + 0.3 * left),
    down: FILM_HEIGHT * 0.95 * left ** 2 + sway,
    blur: 3 * left,
    turn: 0.1 * Math.sin(seed + frame * 0.04),
  };
}

/** As the camera sees a frame: RGBA after JPEG. */
export function asSeen(jpeg: Buffer): Uint8ClampedArray<ArrayBuffer> {
  return new Uint8ClampedArray(decode(jpeg, { useTArray: true }).data);
}

/** @param path where the film goes, ending in `.mjpeg` @returns its frames, JPEG */
export function makeFilm(path: string, text: string, seed: number): readonly Buffer[] {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const isInk = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < modules.size && row < modules.size && modules.get(row, column) === 1;
  const chance = noise(seed);
  const wall = () => new Float32Array(FILM_WIDTH * FILM_HEIGHT).fill(WALL);
  const walls = Array.from({ length: WALLS }, () => encoded(wall(), 0, chance));
  const empty = Array.from({ length: FILM.empty / WALLS }, () => walls).flat();
  const phone = Array.from({ length: FILM.entering + FILM.there }, (_, since) => {
    const pose = poseAt(FILM.empty + since, seed);
    const luma = wall();
    drawPhone(luma, pose, modules.size, isInk);
    const soft = pose.blur < 1 ? luma : blurred(luma, Math.round(pose.blur));
    return encoded(soft, FILM.empty + since, chance);
  });
  const frames = [...empty, ...phone];
  writeFileSync(path, Buffer.concat(frames));
  return frames;
}

/** Each pixel by what lies under a few points of it, so that edges are as soft as a lens makes them. */
function drawPhone(
  luma: Float32Array,
  { scale, down, turn }: Pose,
  size: number,
  isInk: (column: number, row: number) => boolean,
): void {
  const module = (FILM_HEIGHT * SHARE * scale) / size;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const half = size / 2 + QUIET_MODULES;
  const under = (x: number, y: number): number | null => {
    const [dx, dy] = [x - FILM_WIDTH / 2, y - FILM_HEIGHT / 2 - down];
    const column = (cos * dx + sin * dy) / module;
    const row = (cos * dy - sin * dx) / module;
    if (Math.abs(column) > half * 1.15 || Math.abs(row) > half * 1.9) return null;
    if (Math.abs(column) > half || Math.abs(row) > half) return PHONE;
    return isInk(Math.floor(column + size / 2), Math.floor(row + size / 2)) ? INK : PAPER;
  };
  for (let y = 0; y < FILM_HEIGHT; y += 1)
    for (let x = 0; x < FILM_WIDTH; x += 1) {
      let sum = 0;
      for (const dy of SAMPLES) for (const dx of SAMPLES) sum += under(x + dx, y + dy) ?? WALL;
      luma[y * FILM_WIDTH + x] = sum / SAMPLES.length ** 2;
    }
}

/** The mean over a square, along the rows and then along the columns. */
function blurred(luma: Float32Array, radius: number): Float32Array {
  const along = (from: Float32Array, step: number, count: number, lines: number, stride: number): Float32Array => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line += 1)
      for (let at = 0; at < count; at += 1) {
        const [first, last] = [Math.max(0, at - radius), Math.min(count - 1, at + radius)];
        let sum = 0;
        for (let near = first; near <= last; near += 1) sum += from[line * stride + near * step] ?? 0;
        to[line * stride + at * step] = sum / (last - first + 1);
      }
    return to;
  };
  const rows = along(luma, 1, FILM_WIDTH, FILM_HEIGHT, FILM_WIDTH);
  return along(rows, FILM_WIDTH, FILM_HEIGHT, FILM_WIDTH, 1);
}

function encoded(luma: Float32Array, number: number, chance: () => number): Buffer {
  const data = Buffer.alloc(luma.length * 4, 255);
  for (let at = 0; at < luma.length; at += 1) {
    const grey = Math.max(0, Math.min(255, (luma[at] ?? 0) + chance() * 7));
    data[at * 4] = grey;
    data[at * 4 + 1] = grey;
    data[at * 4 + 2] = grey;
  }
  for (let bit = 0; bit < MARK.bits; bit += 1) {
    const value = (number >> (MARK.bits - 1 - bit)) & 1 ? 235 : 16;
    for (let y = 0; y < MARK.side; y += 1) {
      const from = (y * FILM_WIDTH + bit * MARK.side) * 4;
      data.fill(value, from, from + MARK.side * 4);
    }
  }
  return encode({ data, width: FILM_WIDTH, height: FILM_HEIGHT }, JPEG_QUALITY).data;
}

/** Between −1 and 1, the same for the same seed. */
function noise(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
