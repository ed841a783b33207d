/**
 * A phone comes into an empty picture: seen in its first frames. The lamp flickers, the exposure adapts, the night is
 * noisy: nothing moves.
 */
import { expect, test } from 'vitest';
import { type Luma, MovementDetector } from './movement.ts';
import { seeded } from './test-frames.ts';

const WIDTH = 640;
const HEIGHT = 480;

function picture(luma: (x: number, y: number) => number): Luma {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT);
  for (let i = 0; i < data.length; i++) data[i] = luma(i % WIDTH, Math.floor(i / WIDTH));
  return { data, offset: 0, stride: WIDTH, step: 1, width: WIDTH, height: HEIGHT };
}

const wall = (x: number, y: number): number => 100 + 40 * Math.sin(x / 40) * Math.cos(y / 55);

/** Which of the frames were seen as moving. */
function moving(frames: readonly Luma[]): readonly number[] {
  const detector = new MovementDetector();
  return frames.flatMap((frame, i) => (detector.look(frame, i * 33).moving ? [i] : []));
}

test('a phone sliding in from below is seen in the first frame in which it shows 40 pixels of itself', () => {
  const frames = [0, 0, 0, 40, 80, 120].map((rows) =>
    picture((x, y) => (y >= HEIGHT - rows && x > 200 && x < 400 ? 20 : wall(x, y))),
  );
  expect(moving(frames)).toEqual([3, 4, 5]);
});

test('what came and stays becomes part of the picture', () => {
  const parked = picture((x, y) => (x > 200 && x < 400 && y > 100 ? 20 : wall(x, y)));
  const seen = moving([picture(wall), ...Array.from({ length: 60 }, () => parked)]);
  expect(seen[0]).toBe(1);
  expect(seen.at(-1)).toBeLessThan(30);
});

test.each([8, 25])('sensor noise of ±%i is still', (amplitude) => {
  const random = seeded(amplitude);
  expect(
    moving(Array.from({ length: 90 }, () => picture((x, y) => wall(x, y) + (random() * 2 - 1) * amplitude))),
  ).toEqual([]);
});

test('the exposure adapting over the whole picture is still', () => {
  const frames = Array.from({ length: 30 }, (_, i) => picture((x, y) => wall(x, y) + Math.min(i, 10) * 6));
  expect(moving(frames)).toEqual([]);
});

test('a fly is still', () => {
  const frames = Array.from({ length: 30 }, (_, i) =>
    picture((x, y) => (Math.hypot(x - i * 20, y - 200) < 8 ? 10 : wall(x, y))),
  );
  expect(moving(frames)).toEqual([]);
});

test('tells how bright the picture is, in the layouts that cameras have', () => {
  const grey = picture(() => 77);
  expect(new MovementDetector().look(grey, 0).meanLuma).toBe(77);
  const rgba: Luma = {
    ...grey,
    data: new Uint8Array(WIDTH * HEIGHT * 4).fill(9),
    offset: 1,
    stride: WIDTH * 4,
    step: 4,
  };
  expect(new MovementDetector().look(rgba, 0).meanLuma).toBe(9);
});

test('a picture of one pixel is no trouble', () => {
  const dot: Luma = { data: new Uint8Array([200]), offset: 0, stride: 1, step: 1, width: 1, height: 1 };
  expect(new MovementDetector().look(dot, 0)).toEqual({ moving: false, meanLuma: 200 });
});
