/**
 * What the HID relay boards (16c0:05df, product USBRelay1 to USBRelay8) say and hear in feature reports of 8 bytes.
 * Heard: a command, the relay's number from 1, and zeros. Said: the serial of five characters, then at the end a bit for
 * each relay, the lowest for relay 1.
 */
export const VENDOR_ID = 0x16c0;
export const PRODUCT_ID = 0x05df;
export const STATUS_REPORT = 1;
/** Room for a report number, which some kernels put before the 8 bytes. */
export const STATUS_BYTES = 9;

const ENERGISE = 0xff;
const REST = 0xfd;
const REPORT_BYTES = 8;
const SERIAL_BYTES = 5;
const RELAYS_AT = 7;

/** The ids are V-USB's, shared by many other makers' devices; the product's name tells. */
export function isRelayBoard(device: {
  readonly vendorId: number;
  readonly productId: number;
  readonly product: string;
}) {
  return device.vendorId === VENDOR_ID && device.productId === PRODUCT_ID && /^USBRelay[1-8]$/i.test(device.product);
}

export function writeRelay(channel: number, energised: boolean): Uint8Array {
  // The report has no number: a 0 stands for it.
  return Uint8Array.of(0, energised ? ENERGISE : REST, channel, 0, 0, 0, 0, 0, 0);
}

export interface BoardStatus {
  readonly serial: string;
  /** By relay, the first is relay 1. */
  readonly energised: readonly boolean[];
}

/** Null: that is no board's status. */
export function readStatus(bytes: Uint8Array): BoardStatus | null {
  const numbered = bytes.length === REPORT_BYTES + 1 && (bytes[0] === 0 || bytes[0] === STATUS_REPORT);
  const status = numbered ? bytes.subarray(1) : bytes;
  const relays = status[RELAYS_AT];
  const serial = Buffer.from(status.subarray(0, SERIAL_BYTES)).toString('latin1');
  if (status.length !== REPORT_BYTES || relays === undefined || !/^[\x21-\x7e]{5}$/.test(serial)) return null;
  return { serial, energised: Array.from({ length: 8 }, (_, bit) => ((relays >> bit) & 1) === 1) };
}
