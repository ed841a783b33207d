import type { Clock } from '../core/clock.ts';
import type { ApiEventCode, ApiLog } from './ports.ts';

export type LimitedLog = (code: ApiEventCode, detail: string) => void;

/** Hands on one event of a code in `everyMs`, with the number of those kept back: nobody can fill the disk. */
export function limitedLog(log: ApiLog, clock: Clock, everyMs: number): LimitedLog {
  const kept = new Map<ApiEventCode, { handedOnAt: number; times: number }>();
  return (code, detail) => {
    const now = clock.mono();
    const entry = kept.get(code);
    if (entry !== undefined && now - entry.handedOnAt < everyMs) {
      entry.times += 1;
      return;
    }
    kept.set(code, { handedOnAt: now, times: 0 });
    log({ code, detail, times: (entry?.times ?? 0) + 1 });
  };
}

/** A bug's kind and place. Its message may hold what was read, and stays out. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error';
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames.slice(0, 4).map((line) => line.trim())].join(' ');
}
