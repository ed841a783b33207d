/** Lines out of bytes, and messages out of lines: bounded, and without a package. A message that isn't one gives null. */
import type { DeviceFault, DeviceState } from '../../device/ports.ts';
import type { ToGuard } from './protocol.ts';
import { type FromGuard, type GuardedLock, LONGEST_PULSE_MS, type LockLine, MAX_LINE, MOST_LOCKS } from './protocol.ts';

const LF = 0x0a;
const LONGEST_ID = 1_000;
const LONGEST_PATH = 4_096;
const LONGEST_DETAIL = 8_192;

/** Cuts bytes into lines. A line over MAX_LINE is dropped whole and comes out as null. */
export class LineSplitter {
  #parts: Uint8Array[] = [];
  #length = 0;
  #tooLong = false;

  feed(bytes: Uint8Array): (string | null)[] {
    const lines: (string | null)[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      this.#take(bytes.subarray(from, end));
      lines.push(this.#tooLong ? null : Buffer.concat(this.#parts).toString('utf8'));
      this.#forget();
      from = end + 1;
    }
    this.#take(bytes.subarray(from));
    return lines;
  }

  #take(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length > MAX_LINE) {
      this.#parts = [];
      this.#tooLong = true;
    } else if (bytes.length > 0) {
      this.#parts.push(bytes);
    }
  }

  #forget(): void {
    this.#parts = [];
    this.#length = 0;
    this.#tooLong = false;
  }
}

export function parseToGuard(line: string): ToGuard | null {
  const message = parseObject(line);
  if (message === null) return null;
  const { do: verb, door, seq, until, there, locks } = message;
  switch (verb) {
    case 'open': {
      const parsed = parseLocks(locks);
      return parsed === null ? null : { do: verb, locks: parsed };
    }
    case 'energise':
      return isDoor(door) && isSeq(seq) && isTime(until) ? { do: verb, door, seq, until } : null;
    case 'rest':
      return isDoor(door) && isSeq(seq) ? { do: verb, door, seq } : null;
    case 'plug':
      return isDoor(door) && typeof there === 'boolean' ? { do: verb, door, there } : null;
    case 'stop':
      return { do: verb };
    default:
      return null;
  }
}

export function parseFromGuard(line: string): FromGuard | null {
  const message = parseObject(line);
  if (message === null) return null;
  const { say, door, seq, energised, mono, detail, state, pid } = message;
  switch (say) {
    case 'ready':
      return isWhole(pid, 1, Number.MAX_SAFE_INTEGER) ? { say, pid } : null;
    case 'line':
      if (!isDoor(door) || !isSeq(seq) || typeof energised !== 'boolean' || !isTime(mono)) return null;
      return { say, door, seq, energised, mono };
    case 'failed':
      return isDoor(door) && isSeq(seq) && isText(detail, LONGEST_DETAIL) ? { say, door, seq, detail } : null;
    case 'device': {
      const parsed = parseState(state);
      return isDoor(door) && parsed !== null ? { say, door, state: parsed } : null;
    }
    default:
      return null;
  }
}

function parseLocks(value: unknown): GuardedLock[] | null {
  if (!Array.isArray(value) || value.length > MOST_LOCKS) return null;
  const locks: GuardedLock[] = [];
  for (const entry of value) {
    const lock = parseLock(entry);
    if (lock === null || locks.some(({ door }) => door === lock.door)) return null;
    locks.push(lock);
  }
  return locks;
}

function parseLock(value: unknown): GuardedLock | null {
  if (!isObject(value)) return null;
  const { door, maxPulseMs, line: unparsed } = value;
  const line = parseLine(unparsed);
  if (!isDoor(door) || !isWhole(maxPulseMs, 1, LONGEST_PULSE_MS) || line === null) return null;
  return { door, maxPulseMs, line };
}

function parseLine(value: unknown): LockLine | null {
  if (!isObject(value)) return null;
  const { driver, protocol, path, baudRate, channel, query } = value;
  if (driver === 'sim') return { driver };
  if (driver !== 'serial-relay' || protocol !== 'lcus' || typeof query !== 'boolean') return null;
  if (!isText(path, LONGEST_PATH) || path === '') return null;
  if (!isWhole(baudRate, 300, 921_600) || !isWhole(channel, 1, 8)) return null;
  return { driver, protocol, path, baudRate, channel, query };
}

function parseState(value: unknown): DeviceState | null {
  if (!isObject(value)) return null;
  const { ok, code, detail } = value;
  if (!isText(detail, LONGEST_DETAIL)) return null;
  if (ok === true) return { ok, detail };
  return ok === false && isFaultCode(code) ? { ok, code, detail } : null;
}

const FAULT_CODES: Record<DeviceFault['code'], true> = {
  absent: true,
  unplugged: true,
  busy: true,
  'not-a-device': true,
  'no-answer': true,
  flooding: true,
  failed: true,
};

function isFaultCode(value: unknown): value is DeviceFault['code'] {
  return typeof value === 'string' && Object.hasOwn(FAULT_CODES, value);
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

function isDoor(value: unknown): value is string {
  return isText(value, LONGEST_ID) && value !== '';
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
}

function isSeq(value: unknown): value is number {
  return isWhole(value, 0, Number.MAX_SAFE_INTEGER);
}

/** `1e999` is Infinity to JSON.parse. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
