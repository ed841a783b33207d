/** HID devices made in the kernel's /dev/uhid: what a scanner or a relay board on USB is to its drivers. */
import { createReadStream, openSync, type ReadStream, writeSync } from 'node:fs';
import type { Guest } from './check.ts';

/** linux/uhid.h */
const DESTROY = 1;
const GET_REPORT = 9;
const GET_REPORT_REPLY = 10;
const CREATE = 11;
const INPUT = 12;
const SET_REPORT = 13;
const SET_REPORT_REPLY = 14;
const BUS_USB = 3;
const MOST_DESCRIPTOR_BYTES = 4_096;
const EIO = 5;

/** A boot keyboard: eight modifier bits, an unused byte, six keys. */
const KEYBOARD = `05010906a101 050719e029e71500250175019508 8102 950175088101 050719002965150025 6575089506 8100 c0`;
/**
 * A point-of-sale scanner (HID Point of Sale Usage Tables, bar code scanner page): report 2 is a length, three characters
 * of symbology, 56 bytes of data, and a bit that says that more is to come.
 */
const SCANNER = `058c0902a1018502 0601ff0920150026ff00750895018102 058c 09fb95018102 09fc95018102 09fd95018102
  09fe9538820201 09ff15002501750195018102 750795018103 c0`;
/** A relay board of V-USB's ids: feature reports of 8 bytes, without a number. */
const RELAYS = `0600ff0901a101 150026ff0075089508 0900b20201 c0`;

export interface HidDescription {
  readonly kind: 'keyboard' | 'scanner' | 'relays';
  readonly vendorId: number;
  readonly productId: number;
  readonly name: string;
  readonly serial: string;
}

const DESCRIPTORS = { keyboard: KEYBOARD, scanner: SCANNER, relays: RELAYS };

export class UhidDevice {
  readonly #description: HidDescription;
  #file: number | null = null;
  #events: ReadStream | null = null;
  /** What feature reports have set: a bit for each relay. */
  relays = 0;

  constructor(guest: Guest, description: HidDescription) {
    guest.modprobe('uhid', 'hid-generic', 'evdev');
    this.#description = description;
    this.plug();
    guest.after(() => this.unplug());
  }

  plug(): void {
    const file = openSync('/dev/uhid', 'r+');
    this.#file = file;
    const events = createReadStream('', { fd: file, highWaterMark: 8_192 });
    this.#events = events;
    events.on('data', (event) => this.#answer(file, Buffer.from(event)));
    events.on('error', () => undefined);
    const { kind, vendorId, productId, name, serial } = this.#description;
    const descriptor = Buffer.from(DESCRIPTORS[kind].replaceAll(/\s/g, ''), 'hex');
    const numbers = Buffer.alloc(20);
    numbers.writeUInt16LE(descriptor.length, 0);
    numbers.writeUInt16LE(BUS_USB, 2);
    numbers.writeUInt32LE(vendorId, 4);
    numbers.writeUInt32LE(productId, 8);
    const text = (value: string, bytes: number) => Buffer.concat([Buffer.from(value), Buffer.alloc(bytes)], bytes);
    const data = Buffer.concat([descriptor], MOST_DESCRIPTOR_BYTES);
    this.#write(file, CREATE, text(name, 128), text('hil', 64), text(serial, 64), numbers, data);
  }

  /** Pulls it out. */
  unplug(): void {
    if (this.#file === null) return;
    this.#write(this.#file, DESTROY);
    // Closes the file when its last read is over: its number must not be another device's before.
    this.#events?.destroy();
    this.#file = null;
  }

  /** Sends an input report. */
  send(report: Uint8Array): void {
    if (this.#file === null) throw new Error('the HID device is unplugged');
    const length = Buffer.alloc(2);
    length.writeUInt16LE(report.length);
    this.#write(this.#file, INPUT, length, Buffer.from(report));
  }

  #answer(file: number, event: Buffer): void {
    const kind = event.readUInt32LE(0);
    if (this.#file !== file || (kind !== GET_REPORT && kind !== SET_REPORT)) return;
    const id = event.subarray(4, 8);
    const status = Buffer.alloc(2);
    if (this.#description.kind !== 'relays') status.writeUInt16LE(EIO);
    if (kind === SET_REPORT) {
      this.#setRelay(event.subarray(12, 12 + event.readUInt16LE(10)));
      this.#write(file, SET_REPORT_REPLY, id, status);
      return;
    }
    const state = Buffer.from([...Buffer.from('HIL01'), 0, 0, this.relays]);
    const size = Buffer.alloc(2);
    size.writeUInt16LE(state.length);
    this.#write(file, GET_REPORT_REPLY, id, status, size, state);
  }

  /** A command and a relay's number, with or without the 0 that stands for the report's own. */
  #setRelay(report: Buffer): void {
    const [command = 0, relay = 0] = report[0] === 0 ? report.subarray(1) : report;
    const bit = 1 << (relay - 1);
    if (command === 0xff) this.relays |= bit;
    if (command === 0xfd) this.relays &= ~bit;
  }

  #write(file: number, kind: number, ...parts: readonly Buffer[]): void {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(kind);
    writeSync(file, Buffer.concat([head, ...parts]));
  }
}

/** What a scanner on the keyboard's page types: keys down and up, the last of them Enter. */
export function keystrokes(code: string): Uint8Array[] {
  return [...code, '\n'].flatMap((character) => [
    Uint8Array.from([0, 0, keyOf(character), 0, 0, 0, 0, 0]),
    new Uint8Array(8),
  ]);
}

function keyOf(character: string): number {
  if (character === '\n') return 0x28;
  if (character === '0') return 0x27;
  return /\d/.test(character) ? 0x1d + Number(character) : 0x04 + character.charCodeAt(0) - 'a'.charCodeAt(0);
}

/** A code as reports of a point-of-sale scanner. */
export function scannerReports(code: string): Uint8Array[] {
  const bytes = Buffer.from(code);
  const parts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / 56)) }, (_, part) =>
    bytes.subarray(part * 56, part * 56 + 56),
  );
  return parts.map((part, index) => {
    const data = Buffer.concat([part], 56);
    return Buffer.from([2, part.length, ...Buffer.from(']Q1'), ...data, index < parts.length - 1 ? 1 : 0]);
  });
}
