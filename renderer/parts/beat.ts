import { useEffect, useState } from 'react';
import type { Clock } from './clock.ts';

/** Redraws so often; for times that go on. */
export function useBeat(clock: Clock, everyMs: number): number {
  const [now, setNow] = useState(clock.mono());
  useEffect(() => {
    let timer = clock.after('staff beat', everyMs, function beat() {
      setNow(clock.mono());
      timer = clock.after('staff beat', everyMs, beat);
    });
    return () => timer.cancel();
  }, [clock, everyMs]);
  return now;
}
