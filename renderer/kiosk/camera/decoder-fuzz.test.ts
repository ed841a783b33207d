/**
 * Anybody can print a QR code. Pictures made from valid symbols (any bytes, any mode) by breaking them at random never
 * bring an engine down, and what gets through it and the gate is bounded and printable.
 */
import type { QRCodeSegment } from 'qrcode';
import { expect, test } from 'vitest';
import { LIMITS } from '../../../main/contract/values.ts';
import { type Decoder, type Frame, SYMBOL_LIMIT } from './decoder.ts';
import { presentable } from './presentable.ts';
import { seeded, symbolFrame, zxingWasmBytes } from './test-frames.ts';
import { startZxingJs } from './zxing-js.ts';
import { startZxingWasm } from './zxing-wasm.ts';

const SYMBOLS = 60;
const LEAST_READ = 0.2;

test('10,000 spoiled symbols through zxing-wasm', { timeout: 120_000 }, async () => {
  await fuzz(await startZxingWasm(await zxingWasmBytes()), 10_000, 20_261_121);
});

test('3,000 spoiled symbols through zxing-js', { timeout: 120_000 }, async () => {
  await fuzz(startZxingJs(), 3_000, 20_261_122);
});

async function fuzz(decoder: Decoder, runs: number, seed: number): Promise<void> {
  const random = seeded(seed);
  const symbols = Array.from({ length: SYMBOLS }, () => symbolFrame(anyContent(random), 2));
  let read = 0;
  for (let run = 0; run < runs; run++) {
    const symbol = symbols[Math.floor(random() * SYMBOLS)]!;
    const raw = await decoder.decode(spoil(symbol, random));
    if (raw === null) continue;
    read++;
    if (raw.length > SYMBOL_LIMIT) throw new Error(`seed ${seed}, run ${run}: ${raw.length} characters`);
    const shown = presentable(raw);
    if (shown.length > LIMITS.code || /[\p{C}\p{Zl}\p{Zp}]/u.test(shown)) throw new Error(`seed ${seed}, run ${run}`);
  }
  // Coverage past the finder and the error correction; without it the fuzzing would test nothing.
  expect(read / runs).toBeGreaterThan(LEAST_READ);
}

function anyContent(random: () => number): string | QRCodeSegment[] {
  const bytes = Uint8Array.from({ length: 1 + Math.floor(random() ** 3 * 700) }, () => Math.floor(random() * 256));
  const digits = Array.from(bytes, (byte) => byte % 10).join('');
  const kind = Math.floor(random() * 3);
  if (kind === 0) return [{ mode: 'byte', data: bytes }];
  if (kind === 1) return [{ mode: 'numeric', data: digits }];
  return [
    { mode: 'alphanumeric', data: `GP1:${digits}` },
    { mode: 'byte', data: bytes },
  ];
}

/** Blots, shifted rows, cut edges, torn bytes: from one flaw to many. */
function spoil(symbol: Frame, random: () => number): Frame {
  const { width, height } = symbol;
  const data = symbol.data.slice();
  for (let flaws = Math.floor(random() ** 2 * 12); flaws > 0; flaws--) {
    const [left, top] = [Math.floor(random() * width), Math.floor(random() * height)];
    const side = 1 + Math.floor(random() * 8);
    const luma = Math.floor(random() * 256);
    for (let y = top; y < Math.min(height, top + side); y++) {
      data.fill(luma, (y * width + left) * 4, (y * width + Math.min(width, left + side)) * 4);
    }
  }
  if (random() < 0.1) data.copyWithin(0, 4 * Math.floor(random() * width));
  if (random() < 0.1)
    return { data: data.slice(0, width * 4 * Math.ceil(height / 2)), width, height: Math.ceil(height / 2) };
  return { data, width, height };
}
