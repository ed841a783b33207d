/** The configuration's devices: a door's lock, readers, inputs and outputs, each by its driver. */
import * as z from 'zod';
import { Flag, IdText, intOf, kinds, objectOf, oneOf, textOf } from './fields.ts';
import { type DocumentError, type Path, pathText } from './issues.ts';

const DevicePath = textOf(4_096).min(1, 'a path that is not empty');
const BaudRate = intOf(300, 921_600).default(9_600);
/** As the device itself says it. */
const SerialNumber = textOf(200).min(1, 'a serial number that is not empty').nullable().default(null);

const NO_QUERY = 'false: LCUS boards don’t agree on how they answer a query';
const serialRelay = { driver: z.literal('serial-relay'), path: DevicePath, baudRate: BaudRate };
/** Relays and inputs are counted as the board's maker counts them. */
const relayOn = {
  lcus: { ...serialRelay, protocol: z.literal('lcus').default('lcus'), channel: intOf(1, 8).default(1) },
  numato: { ...serialRelay, protocol: z.literal('numato'), channel: intOf(0, 31).default(0) },
  modbus: {
    ...serialRelay,
    protocol: z.literal('modbus'),
    /** The board's address on its line. */
    unitId: intOf(1, 247).default(1),
    channel: intOf(0, 65_535).default(0),
  },
};

const LINE = 'a line’s number from 0 to 1023, or its name';
const GpioLine = z.union([z.int(LINE).min(0, LINE).max(1_023, LINE), z.string(LINE).min(1, LINE).max(64, LINE)], LINE);
const CHIP = 'a chip’s path, label or name';
const Chip = z.string(CHIP).min(1, CHIP).max(4_096, CHIP);

const gpio = {
  driver: z.literal('gpio'),
  /** A path, a label or a name; null: the line's name is looked for on all chips. */
  chip: Chip.nullable().default(null),
  line: GpioLine,
  activeLow: Flag.default(false),
  bias: oneOf(['as-is', 'pull-up', 'pull-down', 'disabled']).default('as-is'),
};

const OutputLine = z.discriminatedUnion(
  'driver',
  [
    objectOf({ driver: z.literal('sim') }),
    z.discriminatedUnion(
      'protocol',
      [
        objectOf({ ...relayOn.lcus, query: z.literal(false, NO_QUERY).default(false) }),
        objectOf({ ...relayOn.numato, query: Flag.default(false) }),
        objectOf({ ...relayOn.modbus, query: Flag.default(false) }),
      ],
      kinds('lcus', 'numato', 'modbus'),
    ),
    objectOf(gpio),
    objectOf({
      driver: z.literal('gpio-sysfs'),
      /** A path, a label or a name. */
      chip: Chip,
      line: intOf(0, 1_023),
      activeLow: Flag.default(false),
    }),
    objectOf({
      driver: z.literal('hid-relay'),
      /** The five characters that the board was given, not the USB serial number; null: the only board. */
      serial: SerialNumber,
      channel: intOf(1, 8).default(1),
      query: Flag.default(false),
    }),
  ],
  kinds('sim', 'serial-relay', 'gpio', 'gpio-sysfs', 'hid-relay'),
);

export const LockConfig = OutputLine;
export type LockConfig = z.infer<typeof LockConfig>;

export const OutputConfig = OutputLine.nullable().default(null);
export type OutputConfig = z.infer<typeof OutputLine>;

const USB_ID = 'a USB id: four hex digits such as "0c2e", or a whole number up to 65535';
const UsbId = z
  .union([z.int(USB_ID).min(0, USB_ID).max(65_535, USB_ID), z.string(USB_ID).regex(/^[0-9a-fA-F]{4}$/, USB_ID)], USB_ID)
  .transform((id) => (typeof id === 'number' ? id : Number.parseInt(id, 16)))
  .nullable()
  .default(null);
const usb = { vendorId: UsbId, productId: UsbId, serial: SerialNumber };

const readerBase = { id: IdText, direction: oneOf(['in', 'out', 'toggle']).default('in') };
const WHICH = 'a path, or vendorId and productId: which of the keyboards is the scanner?';

export const ReaderConfig = z.discriminatedUnion(
  'driver',
  [
    objectOf({ ...readerBase, driver: z.literal('sim') }),
    objectOf({ ...readerBase, driver: z.literal('camera') }),
    objectOf({ ...readerBase, driver: z.literal('wedge') }),
    objectOf({
      ...readerBase,
      driver: z.literal('serial'),
      path: DevicePath,
      baudRate: BaudRate,
      /** Silence that ends a code; null: only CR or LF does. */
      endSilenceMs: intOf(10, 5_000).nullable().default(null),
    }),
    /** A point-of-sale scanner. With nothing given: the only one there is. */
    objectOf({ ...readerBase, ...usb, driver: z.literal('hid') }),
    objectOf({
      ...readerBase,
      ...usb,
      driver: z.literal('hid-keyboard'),
      /** An input device, `/dev/input/by-id/…-event-kbd`; null: found by its ids. */
      path: DevicePath.nullable().default(null),
      /** The keyboard's layout that the scanner is set to. */
      layout: oneOf(['us', 'jis']).default('us'),
    }).refine(({ path, vendorId, productId }) => path !== null || (vendorId !== null && productId !== null), {
      path: ['path'],
      error: WHICH,
    }),
  ],
  kinds('sim', 'camera', 'wedge', 'serial', 'hid', 'hid-keyboard'),
);
export type ReaderConfig = z.infer<typeof ReaderConfig>;

function inputConfig(normally: 'open' | 'closed') {
  const contact = {
    /** The circuit while nothing is the matter. */
    normally: oneOf(['open', 'closed']).default(normally),
    /** A closed circuit reads low: a contact to ground, with a pull-up. */
    activeLow: Flag.default(false),
    debounceMs: intOf(0, 5_000).default(30),
  };
  return z
    .discriminatedUnion(
      'driver',
      [
        objectOf({ driver: z.literal('sim') }),
        objectOf({ ...gpio, ...contact }),
        z.discriminatedUnion(
          'protocol',
          [objectOf({ ...relayOn.numato, ...contact }), objectOf({ ...relayOn.modbus, ...contact })],
          kinds('numato', 'modbus'),
        ),
      ],
      kinds('sim', 'gpio', 'serial-relay'),
    )
    .nullable()
    .default(null);
}

/** A cut wire of the two that are closed circuits is an alarm. */
export const InputsConfig = objectOf({
  contact: inputConfig('open'),
  exitButton: inputConfig('open'),
  fire: inputConfig('closed'),
  tamper: inputConfig('closed'),
});
export type InputsConfig = z.infer<typeof InputsConfig>;
export type InputName = keyof InputsConfig;
export type InputConfig = NonNullable<InputsConfig[InputName]>;

export const OutputsConfig = objectOf({ buzzer: OutputConfig, admitted: OutputConfig, refused: OutputConfig });
export type OutputsConfig = z.infer<typeof OutputsConfig>;
export type OutputName = keyof OutputsConfig;

export interface DoorDevices {
  readonly lock: LockConfig;
  readonly readers: readonly ReaderConfig[];
  readonly inputs: InputsConfig;
  readonly outputs: OutputsConfig;
}

type Placed = LockConfig | InputConfig;

/** What is wrong between devices: a line used twice, a line by number of no chip, a scanner on a board's port. */
export function deviceErrors(doors: readonly DoorDevices[]): DocumentError[] {
  const errors: DocumentError[] = [];
  const taken = new Set<string>();
  const boards = new Map<string, string>();
  for (const [path, device] of doors.flatMap(placedOf)) {
    const complain = (key: string, expected: string) => errors.push({ path: pathText([...path, key]), expected });
    if (device.driver === 'gpio' && device.chip === null && typeof device.line === 'number') {
      complain('chip', 'a chip, since its line is given by number');
    }
    if (device.driver === 'serial-relay') {
      const speech = `${device.protocol} at ${device.baudRate} baud`;
      const before = boards.get(device.path) ?? speech;
      if (before !== speech) complain('path', `a board that speaks ${before}, as it is used elsewhere in this file`);
      boards.set(device.path, before);
    }
    const place = placeOf(device);
    if (place !== null && taken.has(place)) complain(keyOf(device), 'a line that nothing else in this file uses');
    else if (place !== null) taken.add(place);
  }
  return [...errors, ...readerErrors(doors, boards)];
}

function placedOf(door: DoorDevices, index: number): (readonly [Path, Placed])[] {
  const at = ['doors', index];
  const parts = { inputs: door.inputs, outputs: door.outputs };
  const placed = Object.entries(parts).flatMap(([kind, devices]) =>
    Object.entries(devices).flatMap(([name, device]) =>
      device === null ? [] : [[[...at, kind, name], device] as const],
    ),
  );
  return [[[...at, 'lock'], door.lock], ...placed];
}

function readerErrors(doors: readonly DoorDevices[], boards: ReadonlyMap<string, string>): DocumentError[] {
  return doors.flatMap(({ readers }, index) =>
    readers.flatMap((reader, place) => {
      if (reader.driver !== 'serial' || !boards.has(reader.path)) return [];
      const path = pathText(['doors', index, 'readers', place, 'path']);
      return [{ path, expected: 'a port that no relay board of this file has' }];
    }),
  );
}

function keyOf(device: Placed): string {
  return device.driver === 'gpio' || device.driver === 'gpio-sysfs' ? 'line' : 'channel';
}

function placeOf(device: Placed): string | null {
  switch (device.driver) {
    case 'sim':
      return null;
    case 'gpio':
    case 'gpio-sysfs':
      return JSON.stringify(['gpio', device.chip, device.line]);
    case 'hid-relay':
      return JSON.stringify(['hid', device.serial, device.channel]);
    case 'serial-relay': {
      // A board's inputs are counted apart from its relays.
      const kind = 'normally' in device ? 'input' : 'relay';
      return JSON.stringify([kind, device.path, device.protocol === 'modbus' ? device.unitId : null, device.channel]);
    }
    default:
      return device satisfies never;
  }
}
