import type { DeviceState, LockPort } from '../../device/ports.ts';
import type { Clock } from '../core/clock.ts';

/** A device that isn't there by then is reported; it rests when a guard finds it. */
const REST_MS = 3_000;
const CLOSING_MS = 1_000;

export interface LockAtDoor {
  readonly door: string;
  readonly port: LockPort;
}

/**
 * Puts every lock to rest and lets go of it: a driver says that its line is there once it rests.
 * @returns the state of each, null for one that said nothing
 */
export async function restAll(locks: readonly LockAtDoor[], clock: Clock): Promise<Map<string, DeviceState | null>> {
  const states = new Map<string, DeviceState | null>(locks.map(({ door }) => [door, null]));
  await new Promise<void>((resolve) => {
    const late = clock.after('guard rest', REST_MS, resolve);
    const finish = (): void => {
      if (![...states.values()].every((state) => state?.ok)) return;
      late.cancel();
      resolve();
    };
    for (const { door, port } of locks) {
      port.open({
        state: (state) => {
          states.set(door, state);
          finish();
        },
      });
    }
    finish();
  });
  const found = new Map(states);
  await new Promise<void>((resolve) => {
    const late = clock.after('guard closing', CLOSING_MS, resolve);
    void Promise.all(locks.map(({ port }) => port.close())).then(() => {
      late.cancel();
      resolve();
    });
  });
  return found;
}
