/**
 * The locks of a configuration file as the guard takes them, for the mode in which it runs without a controller. Each
 * lock counts by itself: what is wrong elsewhere in the file keeps no door from being put to rest.
 */
import { isObject, parseLocks } from './parse-open.ts';
import type { GuardedLock } from './protocol.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the configuration leaves out, by driver; the contract's own defaults, held against them by a test. */
const DEFAULTS: Readonly<Record<string, Fields>> = {
  'serial-relay': { protocol: 'lcus', baudRate: 9_600, query: false },
  gpio: { chip: null, activeLow: false, bias: 'as-is' },
  'gpio-sysfs': { activeLow: false },
  'hid-relay': { serial: null, channel: 1, query: false },
};
const RELAY_DEFAULTS: Readonly<Record<string, Fields>> = {
  lcus: { channel: 1 },
  numato: { channel: 0 },
  modbus: { unitId: 1, channel: 0 },
};

export interface ConfiguredLocks {
  readonly locks: readonly GuardedLock[];
  /** What could not be understood, a line each. */
  readonly faults: readonly string[];
}

export function configuredLocks(text: string): ConfiguredLocks {
  const doors = doorsOf(text);
  if (doors === null) return { locks: [], faults: ['the configuration has no list of doors: nothing was put to rest'] };
  const locks: GuardedLock[] = [];
  const faults: string[] = [];
  for (const [index, door] of doors.entries()) {
    const [lock] = parseLocks([asGuarded(door)]) ?? [];
    if (lock === undefined) faults.push(`doors[${index}]: its lock can't be understood, and was not put to rest`);
    else locks.push(lock);
  }
  return { locks, faults };
}

function doorsOf(text: string): readonly unknown[] | null {
  try {
    const config: unknown = JSON.parse(text);
    return isObject(config) && Array.isArray(config['doors']) ? config['doors'] : null;
  } catch {
    return null;
  }
}

/** Nothing is energised here, so that the longest pulse is as short as can be. */
function asGuarded(door: unknown): unknown {
  if (!isObject(door) || !isObject(door['lock'])) return null;
  const lock = { ...defaultsFor(DEFAULTS, door['lock']['driver']), ...door['lock'] };
  const line = { ...(lock['driver'] === 'serial-relay' ? defaultsFor(RELAY_DEFAULTS, lock['protocol']) : {}), ...lock };
  return { door: door['id'], maxPulseMs: 1, line };
}

function defaultsFor(table: Readonly<Record<string, Fields>>, key: unknown): Fields {
  return typeof key === 'string' && Object.hasOwn(table, key) ? (table[key] ?? {}) : {};
}
