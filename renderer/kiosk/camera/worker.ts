/** The worker of the first engine. Our own server gives out the .wasm; nothing is fetched from anywhere else. */
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { Decoder } from './decoder.ts';
import { serve } from './serve.ts';
import { startZxingWasm } from './zxing-wasm.ts';

async function start(): Promise<Decoder> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`the decoder's .wasm: status ${response.status}`);
  return await startZxingWasm(await response.arrayBuffer());
}

void serve(start);
