import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader';
import { type Decoder, type Frame, holdsPixels, SYMBOL_LIMIT } from './decoder.ts';

// Measured: without the downscaled pass codes on screens aren't read at all; inversion reads dark-mode phones for 30 %
// more time; turning the picture brings nothing for QR.
const OPTIONS: ReaderOptions = {
  formats: ['QRCode'],
  tryRotate: false,
  tryDownscale: true,
  tryInvert: true,
  maxNumberOfSymbols: 1,
  textMode: 'Plain',
};

/**
 * Starts the first engine. `wasm` is the content of `zxing-wasm/reader/zxing_reader.wasm`: handing in the bytes is what
 * keeps the library from fetching it from a CDN. Rejects where WebAssembly is refused, or never answers.
 */
export async function startZxingWasm(wasm: ArrayBuffer): Promise<Decoder> {
  await prepareZXingModule({ overrides: { wasmBinary: wasm }, fireImmediately: true });
  return { engine: 'zxing-wasm', decode: readOne };
}

async function readOne(frame: Frame): Promise<string | null> {
  if (!holdsPixels(frame)) return null;
  const [symbol] = await readBarcodes({ ...frame, colorSpace: 'srgb' }, OPTIONS);
  return symbol?.isValid === true && symbol.text.length <= SYMBOL_LIMIT ? symbol.text : null;
}
