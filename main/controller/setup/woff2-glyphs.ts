/** The outlines of a WOFF2 font, which come as seven streams, as the tables that TrueType has for them (WOFF2, 5.1 and 5.4). */
import { Bytes } from './woff2-bytes.ts';

export interface Glyphs {
  readonly glyf: Buffer;
  /** In the long format. */
  readonly loca: Buffer;
  /** xMin of each glyph. */
  readonly leftmost: readonly number[];
}

interface Streams {
  readonly contours: Bytes;
  readonly points: Bytes;
  readonly flags: Bytes;
  readonly glyphs: Bytes;
  readonly composites: Bytes;
  readonly boxes: Bytes;
  readonly instructions: Bytes;
}

export function unpackGlyphs(table: Buffer): Glyphs {
  const header = new Bytes(table);
  header.take(4);
  const count = header.u16();
  header.take(2);
  const sizes = Array.from({ length: 7 }, () => header.u32());
  const [contours, points, flags, glyphs, composites, boxes, instructions] = sizes.map(
    (size) => new Bytes(header.take(size)),
  );
  if (!contours || !points || !flags || !glyphs || !composites || !boxes || !instructions)
    throw new RangeError('a font ends too early');
  const streams: Streams = { contours, points, flags, glyphs, composites, boxes, instructions };
  const hasBox = boxes.take(4 * ((count + 31) >> 5));
  const made = Array.from({ length: count }, (_, index) => {
    const box = ((hasBox[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
    return glyphOf(streams, box);
  });
  const loca = Buffer.alloc(4 * (count + 1));
  let offset = 0;
  for (const [index, { length }] of made.entries()) {
    offset += length;
    loca.writeUInt32BE(offset, 4 * (index + 1));
  }
  const leftmost = made.map((glyph) => (glyph.length === 0 ? 0 : glyph.readInt16BE(2)));
  return { glyf: Buffer.concat(made), loca, leftmost };
}

function glyphOf(streams: Streams, hasBox: boolean): Buffer {
  const contours = streams.contours.i16();
  if (contours === 0) return Buffer.alloc(0);
  const glyph = contours < 0 ? compositeOf(streams) : simpleOf(streams, contours, hasBox);
  return Buffer.concat([glyph, Buffer.alloc(-glyph.length & 3)]);
}

const WORDS = 0x1;
const SCALE = 0x8;
const MORE = 0x20;
const TWO_SCALES = 0x40;
const MATRIX = 0x80;
const INSTRUCTIONS = 0x100;

/** Made of other glyphs; its box is always there. */
function compositeOf({ composites, boxes, glyphs, instructions }: Streams): Buffer {
  const parts: Buffer[] = [];
  let hasInstructions = false;
  for (let more = true; more; ) {
    const flags = composites.take(2);
    const bits = flags.readUInt16BE(0);
    const scale = bits & SCALE ? 2 : bits & TWO_SCALES ? 4 : bits & MATRIX ? 8 : 0;
    parts.push(flags, composites.take(2 + (bits & WORDS ? 4 : 2) + scale));
    hasInstructions ||= (bits & INSTRUCTIONS) !== 0;
    more = (bits & MORE) !== 0;
  }
  const head = Buffer.concat([shorts([-1]), boxes.take(8)]);
  if (!hasInstructions) return Buffer.concat([head, ...parts]);
  const length = glyphs.short();
  return Buffer.concat([head, ...parts, unsigned([length]), instructions.take(length)]);
}

function simpleOf(streams: Streams, contours: number, hasBox: boolean): Buffer {
  const { points, flags, glyphs, instructions, boxes } = streams;
  let total = 0;
  const ends = Array.from({ length: contours }, () => {
    total += points.short();
    return total - 1;
  });
  const steps = Array.from({ length: total }, () => stepOf(flags.u8(), glyphs));
  const length = glyphs.short();
  const program = instructions.take(length);
  const box = hasBox ? boxes.take(8) : shorts(boxOf(steps));
  return Buffer.concat([
    shorts([contours]),
    box,
    unsigned(ends),
    unsigned([length]),
    program,
    Buffer.from(steps.map(({ onCurve }) => (onCurve ? 1 : 0))),
    shorts(steps.map(({ dx }) => dx)),
    shorts(steps.map(({ dy }) => dy)),
  ]);
}

interface Step {
  readonly dx: number;
  readonly dy: number;
  readonly onCurve: boolean;
}

/** The way to the next point: how it is packed stands in its flag. */
function stepOf(flag: number, bytes: Bytes): Step {
  const onCurve = (flag & 0x80) === 0;
  const kind = flag & 0x7f;
  const signed = (bit: number, value: number) => (bit & 1 ? value : -value);
  const step = (dx: number, dy: number): Step => ({ dx: signed(kind, dx), dy: signed(kind >> 1, dy), onCurve });
  if (kind < 10) return { dx: 0, dy: signed(kind, ((kind & 14) << 7) + bytes.u8()), onCurve };
  if (kind < 20) return { dx: signed(kind, (((kind - 10) & 14) << 7) + bytes.u8()), dy: 0, onCurve };
  if (kind < 84) {
    const [base, byte] = [kind - 20, bytes.u8()];
    return step(1 + (base & 0x30) + (byte >> 4), 1 + ((base & 0x0c) << 2) + (byte & 0x0f));
  }
  if (kind < 120) {
    const base = kind - 84;
    const dx = 1 + (Math.floor(base / 12) << 8) + bytes.u8();
    return step(dx, 1 + (((base % 12) >> 2) << 8) + bytes.u8());
  }
  if (kind < 124) {
    const [first, middle, last] = [bytes.u8(), bytes.u8(), bytes.u8()];
    return step((first << 4) + (middle >> 4), ((middle & 0x0f) << 8) + last);
  }
  return step(bytes.u16(), bytes.u16());
}

function boxOf(steps: readonly Step[]): readonly number[] {
  let [x, y] = [0, 0];
  const box = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { dx, dy } of steps) {
    x += dx;
    y += dy;
    const [left = x, low = y, right = x, high = y] = box;
    box.splice(0, 4, Math.min(left, x), Math.min(low, y), Math.max(right, x), Math.max(high, y));
  }
  return box;
}

/** Left side bearings that are left out are the glyphs' own left edges. @param wide how many glyphs have a width of their own */
export function unpackMetrics(table: Buffer, wide: number, leftmost: readonly number[]): Buffer {
  const bytes = new Bytes(table);
  const flags = bytes.u8();
  const widths = Array.from({ length: wide }, () => bytes.u16());
  const bearing = (index: number, leftOut: number) => (flags & leftOut ? (leftmost[index] ?? 0) : bytes.i16());
  const first = widths.map((_, index) => bearing(index, 1));
  const rest = leftmost.slice(wide).map((_, index) => bearing(wide + index, 2));
  return Buffer.concat([
    ...widths.map((width, index) => Buffer.concat([unsigned([width]), shorts([first[index] ?? 0])])),
    shorts(rest),
  ]);
}

function shorts(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt16BE(value, 2 * index);
  return bytes;
}

function unsigned(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index);
  return bytes;
}
