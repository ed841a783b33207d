// The frame is the famous example of every listing of the board. A board that hears noise must not move.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LcusFrame, LcusFrameParser, writeFrame } from './frame.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const frames = fc.array(fc.record({ channel: fc.integer({ min: 1, max: 8 }), energised: fc.boolean() }));

function parse(...chunks: Uint8Array[]): LcusFrame[] {
  const parser = new LcusFrameParser();
  return chunks.flatMap((chunk) => parser.feed(chunk));
}

test('the bytes of the maker’s examples', () => {
  expect(hex(writeFrame({ channel: 1, energised: true }))).toBe('a00101a2');
  expect(hex(writeFrame({ channel: 1, energised: false }))).toBe('a00100a1');
  expect(hex(writeFrame({ channel: 2, energised: true }))).toBe('a00201a3');
  expect(hex(writeFrame({ channel: 8, energised: false }))).toBe('a00800a8');
});

test('frames are read back out of any chunks', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.nat(), { maxLength: 20 }), (sent, places) => {
      const bytes = Buffer.concat(sent.map(writeFrame));
      const edges = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
      expect(parse(...chunks)).toEqual(sent);
    }),
  );
});

test('garbage first, a wrong sum, a channel 0, a state 2: passed over', () => {
  const on = { channel: 1, energised: true };
  expect(parse(Uint8Array.of(0xff, 0x00, 0xa0, 0x0d), writeFrame(on))).toEqual([on]);
  expect(parse(Uint8Array.of(0xa0, 0xa0, 0x01, 0x01, 0xa2))).toEqual([on]);
  expect(parse(Uint8Array.of(0xa0, 1, 1, 0xa1))).toEqual([]);
  expect(parse(Uint8Array.of(0xa0, 0, 1, 0xa1))).toEqual([]);
  expect(parse(Uint8Array.of(0xa0, 1, 2, 0xa3))).toEqual([]);
});
