/**
 * What real devices send, byte by byte, with the place where their makers say so. Fixtures of the parsers' tests and the
 * seeds of their fuzzing.
 */

export interface Capture {
  readonly device: string;
  /** The maker's manual and its section. */
  readonly source: string;
  readonly bytes: Uint8Array;
}

const ascii = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

const HONEYWELL = 'Honeywell, Xenon 1910 User’s Guide, chapter 6 “Data Editing”: prefix, suffix, AIM identifier';
const DENSO = 'Denso Wave, QK20-R/QK20-U User’s Manual (2011), 9.4 “Communication Format”: header and terminator';
const DENSO_DATA = 'Denso Wave, QS20P-A User’s Manual, data transfer format: of a QR code all data, as they are';

/** Serial scanners: the code and its end. */
export const SERIAL: readonly (Capture & { readonly codes: readonly string[] })[] = [
  { device: 'terminator CR, the default', source: DENSO, bytes: ascii('M0001\r'), codes: ['M0001'] },
  { device: 'suffix CR LF', source: HONEYWELL, bytes: ascii('M0001\r\nM0002\r\n'), codes: ['M0001', 'M0002'] },
  {
    device: 'terminator LF',
    source: DENSO,
    bytes: ascii('HTTPS://EXAMPLE.JP/P/0001\n'),
    codes: ['HTTPS://EXAMPLE.JP/P/0001'],
  },
  { device: 'AIM identifier before the code', source: HONEYWELL, bytes: ascii(']Q1M0001\r'), codes: [']Q1M0001'] },
  { device: 'STX before, CR behind', source: DENSO, bytes: hex('02 4d 30 30 30 31 0d'), codes: ['\u0002M0001'] },
  { device: 'UTF-8 in a QR code', source: DENSO_DATA, bytes: ascii('会員0002\r'), codes: ['会員0002'] },
  {
    device: 'Shift_JIS in a QR code, which is no code here',
    source: DENSO_DATA,
    bytes: hex('89 ef 88 f5 30 30 30 32 0d'),
    codes: [],
  },
];

const ACCESS_IS_LONG = 'Access-IS, LSR118 Product Manual (2020), appendix B.1.1: a code of 60 bytes in two reports';
const ACCESS_IS = 'Access-IS, ATR110 Product Manual (2015), appendix A 7.1.1: 64 bytes, data continued in the last bit';
const USAGE_TABLES = 'USB-IF, HID Point of Sale Usage Tables 1.02, section 3: only what the usages need, 62 bytes';

function report(length: number, text: string, more: boolean): Uint8Array {
  const data = Buffer.from(text);
  const bytes = Buffer.alloc(length);
  bytes.set([2, data.length, ...Buffer.from(']Q0'), ...data]);
  bytes[length - 1] = more ? 1 : 0;
  return bytes;
}

/** Scanners on HID usage page 0x8c: a report a line. */
export const POS: readonly (Omit<Capture, 'bytes'> & {
  readonly reports: readonly Uint8Array[];
  readonly codes: readonly string[];
})[] = [
  { device: 'one report', source: ACCESS_IS, reports: [report(64, 'M0001', false)], codes: ['M0001'] },
  { device: 'one report of 62 bytes', source: USAGE_TABLES, reports: [report(62, 'M0001', false)], codes: ['M0001'] },
  {
    device: 'two reports',
    source: ACCESS_IS_LONG,
    reports: [report(64, `${'M1'.repeat(28)}`, true), report(64, 'LAST', false)],
    codes: [`${'M1'.repeat(28)}LAST`],
  },
  {
    device: 'nine reports, 500 bytes',
    source: ACCESS_IS,
    reports: [...Array.from({ length: 8 }, () => report(64, 'x'.repeat(56), true)), report(64, 'x'.repeat(52), false)],
    codes: ['x'.repeat(500)],
  },
];

const NUMATO =
  'Numato Lab, 16 Channel USB Relay Module User Manual, command set (“relay”, “gpio”); 32 Channel likewise';

/** What Numato boards say to a question: echo, answer, prompt. */
export const NUMATO_ANSWERS: readonly (Capture & { readonly asked: 'relay' | 'input'; readonly is: boolean })[] = [
  { device: 'relay read 0', source: NUMATO, bytes: ascii('relay read 0\r\n\ron\n\r>'), asked: 'relay', is: true },
  { device: 'relay read C', source: NUMATO, bytes: ascii('relay read C\r\noff\r\n>'), asked: 'relay', is: false },
  { device: 'gpio read 0', source: NUMATO, bytes: ascii('gpio read 0\r\n\r1\n\r>'), asked: 'input', is: true },
  { device: 'gpio read 9', source: NUMATO, bytes: ascii('>gpio read 9\r\n0\n\r>'), asked: 'input', is: false },
];

const MODBUS = 'Modbus Organization, MODBUS Application Protocol V1.1b3, section 6';
const MODBUS_LINE = 'MODBUS over Serial Line V1.02, section 2.5.1: RTU frames and their checksum';

/** What Modbus boards answer to unit 1 about address 0: coil on (5), coil read (1), input read (2), refusal. */
export const MODBUS_ANSWERS: readonly (Capture & {
  readonly asked: 'set' | 'relay' | 'input';
  readonly is: boolean | 'set' | 'refused';
})[] = [
  { device: 'coil set', source: `${MODBUS}.5`, bytes: hex('01 05 00 00 ff 00 8c 3a'), asked: 'set', is: 'set' },
  { device: 'coil on', source: `${MODBUS}.1`, bytes: hex('01 01 01 01 90 48'), asked: 'relay', is: true },
  { device: 'coil off', source: `${MODBUS}.1`, bytes: hex('01 01 01 00 51 88'), asked: 'relay', is: false },
  { device: 'input on', source: `${MODBUS}.2`, bytes: hex('01 02 01 01 60 48'), asked: 'input', is: true },
  { device: 'input off', source: `${MODBUS}.2`, bytes: hex('01 02 01 00 a1 88'), asked: 'input', is: false },
  { device: 'no such coil', source: MODBUS_LINE, bytes: hex('01 85 02 c3 51'), asked: 'set', is: 'refused' },
];

const DCTTECH =
  'usb-relay-hid project, doc/hidrelay.md (the maker, dcttech, has published none): feature report of 8 bytes';

/** Status reports of HID relay boards. */
export const HID_STATUSES: readonly (Capture & { readonly serial: string; readonly on: readonly number[] })[] = [
  { device: 'USBRelay2, both off', source: DCTTECH, bytes: hex('42 49 54 46 54 00 00 00'), serial: 'BITFT', on: [] },
  { device: 'USBRelay8, 1 and 8', source: DCTTECH, bytes: hex('48 57 33 34 31 00 00 81'), serial: 'HW341', on: [1, 8] },
  { device: 'with report number', source: DCTTECH, bytes: hex('01 48 57 33 34 31 00 00 02'), serial: 'HW341', on: [2] },
];

const EVDEV =
  'Linux, Documentation/input/input.rst and event-codes.rst; scanner in “USB keyboard” mode, US, suffix Enter';

/** `M1` and Enter as the kernel gives them, without times: shift down, M, shift up, 1, Enter, each with its SYN. */
const KEYS: readonly (readonly [type: number, code: number, value: number])[] = [
  ...[42, 50].map((code) => [1, code, 1] as const),
  [0, 0, 0],
  ...[50, 42].map((code) => [1, code, 0] as const),
  [0, 0, 0],
  ...[2, 28].flatMap((code) => [[1, code, 1] as const, [0, 0, 0] as const, [1, code, 0] as const, [0, 0, 0] as const]),
];

export const KEY_EVENTS: readonly (Capture & { readonly codes: readonly string[] })[] = [
  {
    device: 'M1',
    source: EVDEV,
    codes: ['M1'],
    bytes: Buffer.concat(
      KEYS.map(([type, code, value]) => {
        const event = Buffer.alloc(24);
        event.writeUInt16LE(type, 16);
        event.writeUInt16LE(code, 18);
        event.writeInt32LE(value, 20);
        return event;
      }),
    ),
  },
];
