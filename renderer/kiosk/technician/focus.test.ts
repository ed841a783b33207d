// A technician turns the lens: sharper edges give a higher number, and the rate is of what was really decoded.
import { expect, test } from 'vitest';
import { addFrame, lookOf, NO_RATE, percentRead } from './focus.ts';

function picture(width: number, height: number, grey: (x: number, y: number) => number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let at = 0; at < width * height; at += 1) {
    const value = grey(at % width, Math.floor(at / width));
    pixels.set([value, value, value, 255], 4 * at);
  }
  return pixels;
}

/** A checkerboard of 8 pixels whose edges are `soft` pixels wide. */
const board = (soft: number) =>
  picture(64, 64, (x, y) => {
    const wave = Math.sin((x * Math.PI) / 8) * Math.sin((y * Math.PI) / 8);
    return 127.5 + 127.5 * Math.max(-1, Math.min(1, (wave * 8) / soft));
  });

test('the sharper the edges, the higher; an even wall is nothing', () => {
  const [sharp, soft, blurred] = [1, 4, 16].map((width) => lookOf(board(width), 64, 64).sharpness);
  expect(sharp).toBeGreaterThan(soft ?? 0);
  expect(soft).toBeGreaterThan(blurred ?? 0);
  expect(
    lookOf(
      picture(32, 32, () => 90),
      32,
      32,
    ).sharpness,
  ).toBe(0);
});

test('the light is the mean, from black to white', () => {
  expect(
    [0, 51, 255].map(
      (grey) =>
        lookOf(
          picture(8, 8, () => grey),
          8,
          8,
        ).light,
    ),
  ).toStrictEqual([0, 20, 100]);
  expect(lookOf(new Uint8ClampedArray(0), 0, 0)).toStrictEqual({ sharpness: 0, light: 0 });
});

test('the rate counts decoded frames alone, the last hundred, and says nothing of a few', () => {
  let rate = NO_RATE;
  for (let frame = 0; frame < 9; frame += 1) rate = addFrame(rate, { atMs: frame * 40, decoded: true, read: true });
  rate = addFrame(rate, { atMs: 400, decoded: false, read: false });
  expect(percentRead(rate)).toBeNull();
  rate = addFrame(rate, { atMs: 440, decoded: true, read: false });
  expect(percentRead(rate)).toBe(90);
  for (let frame = 0; frame < 200; frame += 1)
    rate = addFrame(rate, { atMs: 500 + frame * 40, decoded: true, read: false });
  expect([percentRead(rate), rate.decoded, rate.frames.length]).toStrictEqual([0, 100, 25]);
});
