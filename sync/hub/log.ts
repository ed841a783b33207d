import pino from 'pino';

/** Fields are ids and counts. Names, codes and tokens never reach the log. */
export interface HubLog {
  info(fields: Readonly<Record<string, unknown>>, what: string): void;
  warn(fields: Readonly<Record<string, unknown>>, what: string): void;
}

/** Lines of JSON on standard error. */
export function makeLog(): HubLog {
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
}

/** Where something went wrong, without what it was about. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const [, at] = (error.stack ?? '').split('\n    at ');
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : '';
  return `${code}${error.name} at ${(at ?? '?').replace(/.*\/(?=(?:sync|main)\/)/, '').split('\n')[0]}`;
}
