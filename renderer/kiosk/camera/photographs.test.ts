/**
 * Photographs of codes as people hold them, from zxing's black-box tests (Apache-2.0): 179 with a code, 25 without.
 * They aren't part of this repository: the test looks in `GENKAN_QR_PHOTOS`, or in `../shared/data/qr` beside the
 * repository. A folder holds pictures and `expected.json`, `{ "1.png": ["text"] }`; in `neg-*` nothing may be read.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { Decoder, Frame } from './decoder.ts';
import { zxingWasmBytes } from './test-frames.ts';
import { startZxingJs } from './zxing-js.ts';
import { startZxingWasm } from './zxing-wasm.ts';

const { GENKAN_QR_PHOTOS } = process.env;
const FOLDER = GENKAN_QR_PHOTOS ?? join(import.meta.dirname, '../../../../shared/data/qr');
const PRESENT = existsSync(FOLDER);
if (!PRESENT) console.log('QR photographs not run: no folder of them; name one in GENKAN_QR_PHOTOS');

const Expected = z.record(z.string(), z.array(z.string()));
interface PngReader {
  readonly sync: { read(bytes: Uint8Array): { data: Uint8Array; width: number; height: number } };
}
// pngjs is not ours: it comes with qrcode, which draws its pictures with it.
const { PNG } = z
  .object({ PNG: z.custom<PngReader>((value) => typeof value === 'function' && 'sync' in value) })
  .parse(createRequire(createRequire(import.meta.url).resolve('qrcode'))('pngjs'));

/** A code within a code: the expected text is the outer one's, the inner one is as right. */
const NESTED = ['zxing-qrcode-2/16.png'];

interface Score {
  readonly right: number;
  readonly wrong: readonly string[];
  readonly photos: number;
  readonly falseReads: readonly string[];
}

test.runIf(PRESENT)(
  'zxing-wasm reads at least 164 of 179 and nothing that is not there',
  { timeout: 120_000 },
  async () => {
    const score = await scoreOf(await startZxingWasm(await zxingWasmBytes()));
    console.log(`QR photographs, zxing-wasm: ${score.right} of ${score.photos}`);
    expect(score).toMatchObject({ photos: 179, wrong: [], falseReads: [] });
    expect(score.right).toBeGreaterThanOrEqual(164);
  },
);

test.runIf(PRESENT)(
  'zxing-js reads at least 156 of 179 and nothing that is not there',
  { timeout: 240_000 },
  async () => {
    const score = await scoreOf(startZxingJs());
    console.log(`QR photographs, zxing-js: ${score.right} of ${score.photos}`);
    expect(score).toMatchObject({ photos: 179, wrong: [], falseReads: [] });
    expect(score.right).toBeGreaterThanOrEqual(156);
  },
);

async function scoreOf(decoder: Decoder): Promise<Score> {
  let [right, photos] = [0, 0];
  const wrong: string[] = [];
  const falseReads: string[] = [];
  for (const set of readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'expected.json')))) {
    const expected = Expected.parse(JSON.parse(readFileSync(join(FOLDER, set, 'expected.json'), 'utf8')));
    const negative = set.startsWith('neg-');
    for (const name of readdirSync(join(FOLDER, set)).filter((file) => file.endsWith('.png'))) {
      const text = await decoder.decode(readPng(join(FOLDER, set, name)));
      if (!negative) photos++;
      if (text === null) continue;
      if (negative) falseReads.push(`${set}/${name}`);
      else if (expected[name]?.some((one) => sameText(one, text))) right++;
      else if (!NESTED.includes(`${set}/${name}`)) wrong.push(`${set}/${name}`);
    }
  }
  return { right, wrong, photos, falseReads };
}

/** The expected texts were kept in text files: their line ends are plain, and those at the end are lost. */
function sameText(expected: string, text: string): boolean {
  const plain = (value: string): string => value.replaceAll('\r\n', '\n').trimEnd();
  return plain(expected) === plain(text);
}

function readPng(path: string): Frame {
  const { data, width, height } = PNG.sync.read(readFileSync(path));
  return { data: new Uint8ClampedArray(data), width, height };
}
