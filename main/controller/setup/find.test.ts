// Everything that is plugged in is listed with what it could be, and with whom it serves already.
import { expect, test } from 'vitest';
import { CH340, FakeMachine, FTDI } from '../../../device/discovery/testing.ts';
import { parseConfig } from '../../contract/config.ts';
import { findDevices } from './find.ts';

/** Usage page 0x8c: a point-of-sale scanner. */
const SCANNER = [0x05, 0x8c, 0x09, 0x02];

function machine(): FakeMachine {
  return new FakeMachine()
    .usbSerial('ttyUSB0', '1-1', FTDI)
    .usbSerial('ttyUSB1', '1-2', CH340, 'ch341')
    .link('/dev/serial/by-id/usb-FTDI', '/dev/ttyUSB0')
    .hid('hidraw0', 'HID_ID=0003:00000C2E:00000B61\nHID_NAME=Honeywell\nHID_UNIQ=123', SCANNER)
    .hid('hidraw1', 'HID_ID=0003:000016C0:000005DF\nHID_NAME=USBRelay2')
    .file('/sys/class/video4linux/video0/name', 'Webcam')
    .file('/dev/video0');
}

function config(front: Readonly<Record<string, unknown>>) {
  const parsed = parseConfig({
    dataDir: 'd',
    doors: [{ id: 'front', lock: { driver: 'hid-relay' }, readers: [], ...front }],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

const rolesOf = (found: ReturnType<typeof findDevices>, kind: string) =>
  found.filter((one) => one.kind === kind).map(({ offers }) => offers.map(({ role }) => role));

test('each kind offers what it can be', () => {
  const found = findDevices(machine().tree, null, config({}));
  expect(found.map(({ kind }) => kind)).toStrictEqual([
    'serial',
    'serial',
    'scanner',
    'relay-board',
    'camera',
    'page-keys',
  ]);
  expect(rolesOf(found, 'serial')[0]).toHaveLength(9);
  expect(rolesOf(found, 'scanner')).toStrictEqual([['reader']]);
  expect(rolesOf(found, 'relay-board')).toStrictEqual([['lock', 'buzzer', 'admitted', 'refused']]);
  expect(rolesOf(found, 'camera')).toStrictEqual([['reader']]);
});

test('whoever is used by a part says so, by whatever name it was written', () => {
  const readers = [
    { id: 'a', driver: 'serial', path: '/dev/ttyUSB0' },
    { id: 'b', driver: 'hid', vendorId: '0c2e' },
    { id: 'c', driver: 'camera' },
  ];
  const found = findDevices(machine().tree, null, config({ readers }));
  expect(found.map(({ kind, usedBy }) => [kind, ...usedBy])).toStrictEqual([
    ['serial', 'a'],
    ['serial'],
    ['scanner', 'b'],
    ['relay-board', 'front.lock'],
    ['camera', 'c'],
    ['page-keys'],
  ]);
});

test('every offer is a device that the configuration takes', () => {
  for (const { offers } of findDevices(machine().tree, null, config({}))) {
    for (const { role, device } of offers) {
      const door =
        role === 'lock'
          ? { lock: device }
          : role === 'reader'
            ? { readers: [{ id: 'r', ...device }] }
            : ['buzzer', 'admitted', 'refused'].includes(role)
              ? { outputs: { [role]: device }, lock: { driver: 'sim' } }
              : { inputs: { [role]: device } };
      expect(() => config(door), `${role} ${JSON.stringify(device)}`).not.toThrow();
    }
  }
});

test('a name that changes and a file that may not be opened are said', () => {
  const found = findDevices(machine().tree, null, config({}));
  expect(found.map(({ where, todo }) => [where, todo]).slice(0, 2)).toStrictEqual([
    ['/dev/serial/by-id/usb-FTDI', null],
    ['/dev/ttyUSB1', 'no-stable-name'],
  ]);
});

test('simulated devices are offered where something is simulated already', () => {
  expect(findDevices(new FakeMachine().tree, null, config({})).some(({ kind }) => kind === 'sim')).toBe(false);
  const found = findDevices(new FakeMachine().tree, null, config({ lock: { driver: 'sim' } }));
  expect(found.find(({ kind }) => kind === 'sim')?.usedBy).toStrictEqual(['front.lock']);
});
