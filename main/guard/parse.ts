/** Lines out of bytes, and messages out of lines: bounded, and without a package. A message that isn't one gives null. */
import type { DeviceFault, DeviceState } from '../../device/ports.ts';
import { isObject, isText, isWhole, parseInputs, parseLocks, parseOutputs } from './parse-open.ts';
import { type FromGuard, MAX_LINE, type ToGuard } from './protocol.ts';

const LF = 0x0a;
const LONGEST_ID = 1_000;
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

/** A message as it goes through the pipe. */
export function lineOf(message: ToGuard): string {
  return `${JSON.stringify(message)}\n`;
}

export function parseToGuard(line: string): ToGuard | null {
  const message = parseObject(line);
  if (message === null) return null;
  const { do: verb, door, seq, at, until, there, id, on } = message;
  switch (verb) {
    case 'open':
      return parseOpen(message);
    case 'energise':
      return isDoor(door) && isSeq(seq) && isTime(until) ? { do: verb, door, seq, until } : null;
    case 'energise-at':
      return isDoor(door) && isSeq(seq) && isTime(at) && isTime(until) ? { do: verb, door, seq, at, until } : null;
    case 'rest':
      return isDoor(door) && isSeq(seq) ? { do: verb, door, seq } : null;
    case 'output':
      return isDoor(id) && typeof on === 'boolean' ? { do: verb, id, on } : null;
    case 'plug':
      return isDoor(door) && typeof there === 'boolean' ? { do: verb, door, there } : null;
    case 'wake':
    case 'ping':
    case 'stop':
      return { do: verb };
    default:
      return null;
  }
}

export function parseFromGuard(line: string): FromGuard | null {
  const message = parseObject(line);
  if (message === null) return null;
  const { say, door, seq, energised, mono, detail, state, pid, id, active } = message;
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
    case 'part': {
      const parsed = parseState(state);
      return isDoor(id) && parsed !== null ? { say, id, state: parsed } : null;
    }
    case 'input':
      return isDoor(id) && typeof active === 'boolean' && isTime(mono) ? { say, id, active, mono } : null;
    case 'pong':
      return { say };
    default:
      return null;
  }
}

function parseOpen(message: Record<string, unknown>): ToGuard | null {
  const locks = parseLocks(message['locks']);
  const inputs = parseInputs(message['inputs']);
  const outputs = parseOutputs(message['outputs']);
  if (locks === null || inputs === null || outputs === null) return null;
  return {
    do: 'open',
    locks,
    ...(inputs.length > 0 ? { inputs } : {}),
    ...(outputs.length > 0 ? { outputs } : {}),
  };
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

function isDoor(value: unknown): value is string {
  return isText(value, LONGEST_ID) && value !== '';
}

function isSeq(value: unknown): value is number {
  return isWhole(value, 0, Number.MAX_SAFE_INTEGER);
}

/** `1e999` is Infinity to JSON.parse. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
