/** What both engines are: a frame in, the text of its QR code out. The engines stand beside: `zxing-wasm.ts`, `zxing-js.ts`. */

/** One picture of the camera: RGBA, row by row, `width * height * 4` bytes. */
export interface Frame {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** `zxing-wasm` reads more frames; `zxing-js` is for where WebAssembly can't run. */
export type Engine = 'zxing-wasm' | 'zxing-js';

export interface Decoder {
  readonly engine: Engine;
  /**
   * The text of one QR code in the frame exactly as the symbol holds it, or null. It may hold control characters and up
   * to `SYMBOL_LIMIT` characters: nobody but `presentable` may let it out. Rejects only when the engine itself is
   * broken and must be started anew.
   */
  decode(frame: Frame): Promise<string | null>;
}

/** No QR code holds more: digits in a version 40-L symbol. */
export const SYMBOL_LIMIT = 7_089;

/** The smallest symbol is 21 modules wide. */
const LEAST_SIDE = 21;

/**
 * Whether a code can be in the frame at all; the engines aren't made for less. Throws a RangeError when `data` isn't as
 * long as the size says: an engine would read past its end.
 */
export function holdsPixels({ data, width, height }: Frame): boolean {
  if (data.length !== width * height * 4) {
    throw new RangeError(`a frame of ${width}×${height} has ${data.length} bytes`);
  }
  return width >= LEAST_SIDE && height >= LEAST_SIDE;
}
