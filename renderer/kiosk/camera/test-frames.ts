/** Pictures for the tests: codes drawn and then spoiled the way a hand, a lens and a screen do. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import QRCode, { type QRCodeSegment } from 'qrcode';
import { drawFrame, FILM_HEIGHT, FILM_WIDTH } from '../../../build/e2e/camera-frames.ts';
import type { Frame } from './decoder.ts';

/** The .wasm as the worker gets it from the server. */
export async function zxingWasmBytes(): Promise<ArrayBuffer> {
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  return new Uint8Array(await readFile(path)).buffer;
}

/** A code of 70 % of the picture's height on a card, or the bare wall. */
export function frameOf(text: string | null): Frame {
  return { data: drawFrame(text), width: FILM_WIDTH, height: FILM_HEIGHT };
}

/** Nothing but the symbol, at `scale` pixels a module, with its quiet zone. */
export function symbolFrame(content: string | QRCodeSegment[], scale: number): Frame {
  const { modules } = QRCode.create(content, { errorCorrectionLevel: 'M' });
  const side = (modules.size + 8) * scale;
  return paint(side, side, (x, y) => {
    const column = Math.floor(x / scale) - 4;
    const row = Math.floor(y / scale) - 4;
    const inside = column >= 0 && row >= 0 && column < modules.size && row < modules.size;
    return inside && modules.get(row, column) === 1 ? 20 : 235;
  });
}

export function paint(width: number, height: number, luma: (x: number, y: number) => number): Frame {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(grey(luma(x, y)), (y * width + x) * 4);
  }
  return { data, width, height };
}

function grey(luma: number): readonly [number, number, number, number] {
  return [luma, luma, luma, 255];
}

export function lumaAt({ data, width, height }: Frame, x: number, y: number): number {
  const column = Math.min(width - 1, Math.max(0, Math.round(x)));
  const row = Math.min(height - 1, Math.max(0, Math.round(y)));
  return data[(row * width + column) * 4] ?? 0;
}

export function inverted(frame: Frame): Frame {
  return { ...frame, data: frame.data.map((value, i) => (i % 4 === 3 ? value : 255 - value)) };
}

/** Turned about its middle. */
export function turned(frame: Frame, degrees: number): Frame {
  const { width, height } = frame;
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return paint(width, height, (x, y) => {
    const [dx, dy] = [x - width / 2, y - height / 2];
    return lumaAt(frame, width / 2 + cos * dx + sin * dy, height / 2 - sin * dx + cos * dy);
  });
}

/** Tilted away: the left edge keeps its height, the right one has `share` of it. */
export function tilted(frame: Frame, share: number): Frame {
  const { width, height } = frame;
  return paint(width, height, (x, y) => {
    const shrink = 1 - (1 - share) * (x / width);
    return lumaAt(frame, x, height / 2 + (y - height / 2) / shrink);
  });
}

/** Sensor noise, `amplitude` either way. */
export function noisy(frame: Frame, amplitude: number, random: () => number): Frame {
  const { width, height } = frame;
  return paint(width, height, (x, y) => lumaAt(frame, x, y) + (random() * 2 - 1) * amplitude);
}

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
