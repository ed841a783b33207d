/** The worker of the second engine: loaded only where the first can't start. */
import { serve } from './serve.ts';
import { startZxingJs } from './zxing-js.ts';

void serve(async () => startZxingJs());
