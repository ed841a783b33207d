import { BinaryBitmap, DecodeHintType, HybridBinarizer, QRCodeReader, RGBLuminanceSource } from '@zxing/library';
import { type Decoder, type Frame, holdsPixels, SYMBOL_LIMIT } from './decoder.ts';

interface Grey {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** The picture itself, a half and a third: moiré of a phone's screen disappears in the smaller ones. */
const PYRAMID = [1, 2, 3] as const;
const HINTS = new Map<DecodeHintType, unknown>([[DecodeHintType.TRY_HARDER, true]]);

/** The second engine: JavaScript alone, slower and reading fewer frames. Import this module only when it is needed. */
export function startZxingJs(): Decoder {
  const reader = new QRCodeReader();
  return { engine: 'zxing-js', decode: async (frame) => readFrame(reader, frame) };
}

function readFrame(reader: QRCodeReader, frame: Frame): string | null {
  if (!holdsPixels(frame)) return null;
  const whole = toGrey(frame);
  for (const divisor of PYRAMID) {
    const grey = divisor === 1 ? whole : shrink(whole, divisor);
    const text = readGrey(reader, grey) ?? readGrey(reader, invert(grey));
    if (text !== null) return text;
  }
  return null;
}

function readGrey(reader: QRCodeReader, grey: Grey): string | null {
  try {
    const source = new RGBLuminanceSource(grey.data, grey.width, grey.height);
    const text = reader.decode(new BinaryBitmap(new HybridBinarizer(source)), HINTS).getText();
    return text.length <= SYMBOL_LIMIT ? text : null;
  } catch {
    // "No code here" is an exception in this library, and hostile pictures find a few more kinds; it keeps no state
    // that one of them could spoil.
    return null;
  } finally {
    reader.reset();
  }
}

function toGrey({ data, width, height }: Frame): Grey {
  const grey = new Uint8ClampedArray(width * height);
  for (let i = 0, p = 0; i < grey.length; i++, p += 4) {
    grey[i] = ((data[p] ?? 0) + 2 * (data[p + 1] ?? 0) + (data[p + 2] ?? 0)) >> 2;
  }
  return { data: grey, width, height };
}

/** Averages squares of `divisor` pixels; an incomplete row or column at the edge is left out. */
function shrink(grey: Grey, divisor: number): Grey {
  const width = Math.floor(grey.width / divisor);
  const height = Math.floor(grey.height / divisor);
  const small = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) small[y * width + x] = meanOfSquare(grey, x * divisor, y * divisor, divisor);
  }
  return { data: small, width, height };
}

function meanOfSquare({ data, width }: Grey, left: number, top: number, side: number): number {
  let sum = 0;
  for (let y = top; y < top + side; y++) {
    for (let x = left; x < left + side; x++) sum += data[y * width + x] ?? 0;
  }
  return sum / (side * side);
}

function invert({ data, width, height }: Grey): Grey {
  return { data: data.map((value) => 255 - value), width, height };
}
