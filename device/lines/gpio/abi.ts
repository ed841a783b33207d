/**
 * The structures of <linux/gpio.h>, version 2 of its calls, by their offsets; the same on 32 and 64 bits. Sizes and
 * offsets were compared with what a C compiler says.
 */
import type { Bias, LineSettings } from './kernel.ts';

export const GET_CHIP_INFO = 0x8044_b401;
export const GET_LINE_INFO = 0xc100_b405;
export const GET_LINE = 0xc250_b407;
export const GET_VALUES = 0xc010_b40e;
export const SET_VALUES = 0xc010_b40f;

const CHIP_INFO = { size: 68, name: 0, label: 32, lines: 64 } as const;
const LINE_INFO = { size: 256, name: 0, consumer: 32, offset: 64, flags: 72 } as const;
const REQUEST = { size: 592, offsets: 0, consumer: 256, config: 288, lineCount: 560, fd: 588 } as const;
/** Within the request's configuration. */
const CONFIG = { flags: 0, attributeCount: 8, attributes: 32 } as const;
/** One attribute and the lines it is for. */
const ATTRIBUTE = { id: 0, value: 8, lines: 16 } as const;
const EVENT = { size: 48, timestamp: 0 } as const;
const TEXT_BYTES = 32;
const OUTPUT_VALUES = 2;

const USED = 1n;
const ACTIVE_LOW = 2n;
const INPUT = 4n;
const OUTPUT = 8n;
const BOTH_EDGES = 0x30n;
const BIAS_FLAGS: Record<Bias, bigint> = { 'as-is': 0n, 'pull-up': 0x100n, 'pull-down': 0x200n, disabled: 0x400n };

export function chipInfo(): Buffer {
  return Buffer.alloc(CHIP_INFO.size);
}

export function readChipInfo(bytes: Buffer): {
  readonly name: string;
  readonly label: string;
  readonly lineCount: number;
} {
  return {
    name: text(bytes, CHIP_INFO.name),
    label: text(bytes, CHIP_INFO.label),
    lineCount: uint(bytes, CHIP_INFO.lines),
  };
}

export function lineInfo(offset: number): Buffer {
  const bytes = Buffer.alloc(LINE_INFO.size);
  setUint(bytes, LINE_INFO.offset, offset);
  return bytes;
}

export function readLineInfo(bytes: Buffer): {
  readonly name: string;
  readonly used: boolean;
  readonly consumer: string;
} {
  return {
    name: text(bytes, LINE_INFO.name),
    consumer: text(bytes, LINE_INFO.consumer),
    used: (uint64(bytes, LINE_INFO.flags) & USED) !== 0n,
  };
}

/** One line, as an input with both edges or as an output that begins inactive. */
export function lineRequest(offset: number, direction: 'input' | 'output', settings: LineSettings): Buffer {
  const bytes = Buffer.alloc(REQUEST.size);
  setUint(bytes, REQUEST.offsets, offset);
  bytes.write('genkan', REQUEST.consumer, 'latin1');
  setUint(bytes, REQUEST.lineCount, 1);
  const purpose = direction === 'input' ? INPUT | BOTH_EDGES : OUTPUT;
  const flags = purpose | (settings.activeLow ? ACTIVE_LOW : 0n) | BIAS_FLAGS[settings.bias];
  setUint64(bytes, REQUEST.config + CONFIG.flags, flags);
  if (direction === 'output') {
    // Inactive is what the kernel takes without it, too; said all the same, since a door hangs on it.
    const attribute = REQUEST.config + CONFIG.attributes;
    setUint(bytes, REQUEST.config + CONFIG.attributeCount, 1);
    setUint(bytes, attribute + ATTRIBUTE.id, OUTPUT_VALUES);
    setUint64(bytes, attribute + ATTRIBUTE.value, 0n);
    setUint64(bytes, attribute + ATTRIBUTE.lines, 1n);
  }
  return bytes;
}

/** The file of the line, after the request. */
export function requestedFile(bytes: Buffer): number {
  return view(bytes).getInt32(REQUEST.fd, LITTLE);
}

/** The values of the request's one line, to be got or set. */
export function lineValue(active: boolean): Buffer {
  const bytes = Buffer.alloc(16);
  setUint64(bytes, 0, active ? 1n : 0n);
  setUint64(bytes, 8, 1n);
  return bytes;
}

export function readLineValue(bytes: Buffer): boolean {
  return (uint64(bytes, 0) & 1n) === 1n;
}

export const EVENT_BYTES = EVENT.size;

/** When the last of the edges in `bytes` came, in ms of CLOCK_MONOTONIC. */
export function lastEventTime(bytes: Buffer): number {
  return Number(uint64(bytes, bytes.length - EVENT.size + EVENT.timestamp)) / 1_000_000;
}

/** All machines that this runs on (x64, arm64, armv7) are little-endian. */
const LITTLE = true;

function view(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function uint(bytes: Buffer, at: number): number {
  return view(bytes).getUint32(at, LITTLE);
}

function setUint(bytes: Buffer, at: number, value: number): void {
  view(bytes).setUint32(at, value, LITTLE);
}

function uint64(bytes: Buffer, at: number): bigint {
  return view(bytes).getBigUint64(at, LITTLE);
}

function setUint64(bytes: Buffer, at: number, value: bigint): void {
  view(bytes).setBigUint64(at, value, LITTLE);
}

function text(bytes: Buffer, at: number): string {
  const whole = bytes.toString('utf8', at, at + TEXT_BYTES);
  return whole.split('\0')[0] ?? '';
}
