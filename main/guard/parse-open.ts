/** The lines of an `open` message: what each driver needs and nothing else, within the bounds of the configuration. */
import {
  type GuardedInput,
  type GuardedLock,
  type GuardedOutput,
  type InputLine,
  LONGEST_PULSE_MS,
  type LockLine,
  MOST_INPUTS,
  MOST_LOCKS,
  MOST_OUTPUTS,
} from './protocol.ts';

const LONGEST_ID = 1_000;
const LONGEST_PATH = 4_096;
const LONGEST_NAME = 200;
const LONGEST_DEBOUNCE_MS = 5_000;

type Fields = Record<string, unknown>;

export function parseLocks(value: unknown): GuardedLock[] | null {
  return parseList(value, MOST_LOCKS, parseLock, ({ door }) => door);
}

export function parseInputs(value: unknown): GuardedInput[] | null {
  return value === undefined ? [] : parseList(value, MOST_INPUTS, parseInput, ({ id }) => id);
}

export function parseOutputs(value: unknown): GuardedOutput[] | null {
  return value === undefined ? [] : parseList(value, MOST_OUTPUTS, parseOutput, ({ id }) => id);
}

/** Null where one of them is none, or two have the same name. */
function parseList<T>(
  value: unknown,
  most: number,
  parse: (entry: unknown) => T | null,
  nameOf: (entry: T) => string,
): T[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const parsed = new Map<string, T>();
  for (const entry of value) {
    const one = parse(entry);
    if (one === null || parsed.has(nameOf(one))) return null;
    parsed.set(nameOf(one), one);
  }
  return [...parsed.values()];
}

function parseLock(value: unknown): GuardedLock | null {
  if (!isObject(value)) return null;
  const { door, maxPulseMs } = value;
  const line = parseLine(value['line']);
  if (!isName(door) || !isWhole(maxPulseMs, 1, LONGEST_PULSE_MS) || line === null) return null;
  return { door, maxPulseMs, line };
}

function parseInput(value: unknown): GuardedInput | null {
  if (!isObject(value)) return null;
  const { id, activeLow, debounceMs } = value;
  const line = parseInputLine(value['line']);
  if (!isName(id) || line === null || typeof activeLow !== 'boolean') return null;
  return isWhole(debounceMs, 0, LONGEST_DEBOUNCE_MS) ? { id, line, activeLow, debounceMs } : null;
}

function parseOutput(value: unknown): GuardedOutput | null {
  if (!isObject(value)) return null;
  const { id } = value;
  const line = parseLine(value['line']);
  return isName(id) && line !== null ? { id, line } : null;
}

function parseLine(value: unknown): LockLine | null {
  if (!isObject(value)) return null;
  switch (value['driver']) {
    case 'sim':
      return { driver: 'sim' };
    case 'serial-relay':
      return parseSerialRelay(value);
    case 'gpio':
      return parseGpio(value);
    case 'gpio-sysfs': {
      const { chip, line, activeLow } = value;
      if (!isPath(chip) || !isWhole(line, 0, 1_023) || typeof activeLow !== 'boolean') return null;
      return { driver: 'gpio-sysfs', chip, line, activeLow };
    }
    case 'hid-relay': {
      const { serial, channel, query } = value;
      if (serial !== null && (!isText(serial, LONGEST_NAME) || serial === '')) return null;
      if (!isWhole(channel, 1, 8) || typeof query !== 'boolean') return null;
      return { driver: 'hid-relay', serial, channel, query };
    }
    default:
      return null;
  }
}

function parseSerialRelay(value: Fields): LockLine | null {
  const { protocol, query } = value;
  if (protocol !== 'lcus') {
    const board = parseInputLine(value);
    return board !== null && typeof query === 'boolean' ? { ...board, query } : null;
  }
  const port = parsePort(value);
  const { channel } = value;
  // These boards can't be asked.
  if (port === null || !isWhole(channel, 1, 8) || query !== false) return null;
  return { ...port, protocol, channel, query };
}

function parseInputLine(value: unknown): InputLine | null {
  if (!isObject(value) || value['driver'] !== 'serial-relay') return null;
  const { protocol, channel, unitId } = value;
  const port = parsePort(value);
  if (port === null) return null;
  if (protocol === 'numato') return isWhole(channel, 0, 31) ? { ...port, protocol, channel } : null;
  if (protocol !== 'modbus' || !isWhole(channel, 0, 65_535) || !isWhole(unitId, 1, 247)) return null;
  return { ...port, protocol, channel, unitId };
}

function parsePort({ path, baudRate }: Fields): { driver: 'serial-relay'; path: string; baudRate: number } | null {
  return isPath(path) && isWhole(baudRate, 300, 921_600) ? { driver: 'serial-relay', path, baudRate } : null;
}

const BIASES = ['as-is', 'pull-up', 'pull-down', 'disabled'] as const;

function parseGpio({ chip, line, activeLow, bias }: Fields): LockLine | null {
  const known = BIASES.find((one) => one === bias);
  const named = isText(line, LONGEST_NAME) && line !== '' && (chip === null || isPath(chip));
  const numbered = isWhole(line, 0, 1_023) && isPath(chip);
  if (known === undefined || typeof activeLow !== 'boolean' || !(named || numbered)) return null;
  return { driver: 'gpio', chip, line, activeLow, bias: known };
}

function isPath(value: unknown): value is string {
  return isText(value, LONGEST_PATH) && value !== '';
}

function isName(value: unknown): value is string {
  return isText(value, LONGEST_ID) && value !== '';
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

export function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
}
