/**
 * A member holds a phone before the kiosk. Whatever engine reads the camera, it gives the text that the code holds,
 * nothing when there is none, and a picture made to break it does no harm. One suite for both engines.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Decoder, Engine, Frame } from './decoder.ts';
import {
  frameOf,
  inverted,
  lumaAt,
  noisy,
  paint,
  seeded,
  symbolFrame,
  tilted,
  turned,
  zxingWasmBytes,
} from './test-frames.ts';
import { startZxingJs } from './zxing-js.ts';
import { startZxingWasm } from './zxing-wasm.ts';

const MEMBER = 'M0001';
/** As long as a pass: 180 characters of the QR alphanumeric alphabet. */
const PASS = 'GP1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'.repeat(4).slice(0, 180);
const SENTENCE = '会員証 №42 — Ünïcode';

decoderContract('zxing-wasm', async () => startZxingWasm(await zxingWasmBytes()));
decoderContract('zxing-js', async () => startZxingJs());

function decoderContract(engine: Engine, start: () => Promise<Decoder>): void {
  describe(engine, () => {
    let decoder: Decoder;
    beforeAll(async () => {
      decoder = await start();
    });

    test('names itself', () => expect(decoder.engine).toBe(engine));

    test.each([
      ['a member code', MEMBER],
      ['a pass of 180 characters', PASS],
      ['Japanese, a sign, a dash and accents', SENTENCE],
      ['control characters, as they are', 'A\u0000B\u0007C\r\nD\n'],
      ['a code longer than any of ours', 'x'.repeat(900)],
    ])('reads %s', async (_, text) => {
      expect(await decoder.decode(symbolFrame(text, 4))).toBe(text);
    });

    test.each([
      ['upright', frameOf(MEMBER)],
      ['upside down', turned(frameOf(MEMBER), 180)],
      ['at an angle', turned(frameOf(MEMBER), 33)],
      ['tilted away', tilted(frameOf(MEMBER), 0.9)],
      ['in a noisy picture', noisy(frameOf(MEMBER), 40, seeded(7))],
      ['on a phone in dark mode', inverted(frameOf(MEMBER))],
      ['dimmed', dimmed(frameOf(MEMBER))],
      ['on a screen whose pixels show', onScreen(frameOf(MEMBER))],
    ])('reads a code %s', async (_, frame) => {
      expect(await decoder.decode(frame)).toBe(MEMBER);
    });

    test.each<[string, Frame]>([
      ['an empty wall', frameOf(null)],
      ['noise', noisy(frameOf(null), 120, seeded(3))],
      ['half a code', leftHalf(frameOf(PASS))],
      ['one pixel', paint(1, 1, () => 0)],
      ['a line', paint(640, 1, (x) => (x % 2) * 255)],
      ['nothing at all', { data: new Uint8ClampedArray(0), width: 0, height: 0 }],
    ])('finds no code in %s', async (_, frame) => {
      expect(await decoder.decode(frame)).toBeNull();
    });

    test('of two codes it gives one, or none, but never a mixture', async () => {
      const both = sideBySide(symbolFrame('LEFT', 6), symbolFrame('RIGHT', 6));
      expect(['LEFT', 'RIGHT', null]).toContain(await decoder.decode(both));
    });

    test('refuses a frame that is not as long as its size says', async () => {
      await expect(decoder.decode({ ...frameOf(MEMBER), height: 481 })).rejects.toThrow(RangeError);
    });

    test('reads on after a picture without a code, and leaves the picture as it was', async () => {
      const frame = frameOf(MEMBER);
      const before = frame.data.slice();
      await decoder.decode(frameOf(null));
      expect(await decoder.decode(frame)).toBe(MEMBER);
      expect(frame.data).toEqual(before);
    });
  });
}

function dimmed(frame: Frame): Frame {
  return paint(frame.width, frame.height, (x, y) => 10 + lumaAt(frame, x, y) * 0.15);
}

/** The dark lines between a screen's pixels: only a smaller picture is without them. */
function onScreen(frame: Frame): Frame {
  return paint(frame.width, frame.height, (x, y) => lumaAt(frame, x, y) * (x % 3 === 0 || y % 3 === 0 ? 0.3 : 1));
}

function leftHalf(frame: Frame): Frame {
  return paint(frame.width, frame.height, (x, y) => (x < frame.width / 2 ? lumaAt(frame, x, y) : 120));
}

function sideBySide(left: Frame, right: Frame): Frame {
  const height = Math.max(left.height, right.height);
  return paint(left.width + right.width, height, (x, y) =>
    x < left.width ? lumaAt(left, x, y) : lumaAt(right, x - left.width, y),
  );
}
