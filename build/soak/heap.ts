import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Bytes of the heap with nothing left to collect. */
export function heapNow(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}
