import pino from 'pino';

export type Log = pino.Logger;

/** Lines of JSON on standard error. Names, codes, PINs and tokens never reach it. */
export function makeLog(): Log {
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
}
