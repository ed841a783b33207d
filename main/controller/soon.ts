import type { Clock } from '../core/clock.ts';

/** @returns what has `run` called once, soon, however often it is called until then */
export function soon(clock: Clock, name: string, run: () => void): () => void {
  let pending = false;
  return () => {
    if (pending) return;
    pending = true;
    clock.after(name, 0, () => {
      pending = false;
      run();
    });
  };
}
