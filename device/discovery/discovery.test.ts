// A technician opens a box of unlabelled cables: what is plugged in where, under which name does it stay the same, and
// who has it? On machines with udev, and on those without.
import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../clock/system.ts';
import { Pty } from '../sim/pty.ts';
import { until } from '../sim/wait.ts';
import { listCameras } from './cameras.ts';
import { listHid } from './hid-devices.ts';
import { holdersOf } from './holders.ts';
import { boardModel, isGpiodStrict, kernelRelease, listSysfsExports, listWatchdogs } from './machine.ts';
import { listSerialPorts } from './serial-ports.ts';
import { CH340, FakeMachine, FTDI } from './testing.ts';
import { Tree } from './tree.ts';
import { hasUdev, usbTitle } from './usb.ts';

test('serial ports by their stable names, in the order of their numbers', () => {
  const machine = new FakeMachine();
  machine.usbSerial('ttyUSB10', '1-2', FTDI).usbSerial('ttyUSB2', '1-1', { ...FTDI, serial: 'OTHER' });
  machine.file('/sys/class/tty/console/active', 'tty0').file('/run/udev/control');
  machine.link('/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0', '/dev/ttyUSB10');
  machine.link('/dev/serial/by-path/pci-0:1:1.0-port0', '/dev/ttyUSB2');
  expect(hasUdev(machine.tree)).toBe(true);
  expect(listSerialPorts(machine.tree)).toMatchObject([
    { path: '/dev/ttyUSB2', stable: '/dev/serial/by-path/pci-0:1:1.0-port0', driver: 'ftdi_sio' },
    {
      path: '/dev/ttyUSB10',
      stable: '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0',
      usb: { vendor: '0403', product: '6001', serial: 'A50285BI', maker: 'FTDI', name: 'FT232R USB UART' },
    },
  ]);
});

test('twins without serial numbers share a by-id name: the socket tells them apart', () => {
  const machine = new FakeMachine();
  machine.usbSerial('ttyUSB0', '1-1', CH340, 'ch341').usbSerial('ttyUSB1', '1-2', CH340, 'ch341');
  machine.link('/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0', '/dev/ttyUSB1');
  machine.link('/dev/serial/by-path/p-1', '/dev/ttyUSB0').link('/dev/serial/by-path/p-2', '/dev/ttyUSB1');
  expect(listSerialPorts(machine.tree).map(({ stable }) => stable)).toEqual([
    '/dev/serial/by-path/p-1',
    '/dev/serial/by-path/p-2',
  ]);
  const [first] = listSerialPorts(machine.tree);
  expect(first?.usb && usbTitle(first.usb)).toBe('1a86:7523 USB Serial, no serial number');
});

test('without udev the ids are there, a stable name isn’t; chips that aren’t there are left out', () => {
  const machine = new FakeMachine();
  machine.usbSerial('ttyUSB0', '1-1', FTDI);
  machine.file('/sys/devices/platform/serial8250/uevent').file('/sys/class/tty/ttyS0/type', '0\n');
  machine.link('/sys/class/tty/ttyS0/device', '/sys/devices/platform/serial8250');
  machine.file('/sys/class/tty/ttyAMA0/type', '32\n').file('/sys/devices/platform/uart/uevent');
  machine.link('/sys/class/tty/ttyAMA0/device', '/sys/devices/platform/uart');
  expect(hasUdev(machine.tree)).toBe(false);
  expect(listSerialPorts(machine.tree)).toMatchObject([
    { path: '/dev/ttyAMA0', stable: null, usb: null, driver: null },
    { path: '/dev/ttyUSB0', stable: null, usb: { serial: 'A50285BI' } },
  ]);
});

test('scanners, keyboards and relay boards are told by what they are', () => {
  const machine = new FakeMachine();
  // The beginnings of real descriptors: a POS scanner (page 0x8C), a boot keyboard, a relay board (vendor page).
  machine.hid(
    'hidraw0',
    'HID_ID=0003:00000C2E:00000B61\nHID_NAME=Honeywell 1450g\nHID_UNIQ=19071B\n',
    [0x06, 0x00, 0xff, 0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01],
  );
  machine.hid('hidraw1', 'HID_ID=0003:000005FE:00001010\nHID_NAME=Scanner\n', [0x05, 0x01, 0x09, 0x06, 0xa1, 0x01]);
  machine.hid('hidraw2', 'HID_ID=0003:000016C0:000005DF\nHID_NAME=www.dcttech.com USBRelay2\n', [0x06, 0x00, 0xff]);
  machine.hid('hidraw3', 'HID_ID=0003:0000046D:0000C077\nHID_NAME=Mouse\n', [0x05, 0x01, 0x09, 0x02, 0xfe, 3, 0, 5]);
  machine.hid('hidraw4', 'nonsense', [0xfe]);
  expect(listHid(machine.tree).map(({ path, vendor, kind, serial }) => [path, vendor, kind, serial])).toEqual([
    ['/dev/hidraw0', '0c2e', 'scanner', '19071B'],
    ['/dev/hidraw1', '05fe', 'keyboard', null],
    ['/dev/hidraw2', '16c0', 'relay-board', null],
    ['/dev/hidraw3', '046d', 'other', null],
  ]);
});

test('a camera is listed once, not with its metadata', () => {
  const machine = new FakeMachine();
  for (const index of [0, 1]) {
    machine.file(`/sys/class/video4linux/video${index}/name`, 'USB Camera: USB Camera\n');
    machine.file(`/sys/class/video4linux/video${index}/index`, `${index}\n`);
    machine.file(`/dev/video${index}`);
  }
  machine.link('/dev/v4l/by-id/usb-cam-video-index0', '/dev/video0');
  expect(listCameras(machine.tree)).toEqual([
    { path: '/dev/video0', name: 'USB Camera: USB Camera', stable: '/dev/v4l/by-id/usb-cam-video-index0' },
  ]);
});

test('what a crash has left exported, and what watches over the kernel', () => {
  const machine = new FakeMachine();
  machine.file('/sys/class/gpio/gpiochip512/base', '512').file('/sys/class/gpio/gpio529/direction', 'out\n');
  machine.file('/sys/class/gpio/gpio529/value', '1\n').file('/proc/sys/kernel/osrelease', '6.12.34+rpt-rpi-2712\n');
  machine.file('/sys/class/watchdog/watchdog0/identity', 'Broadcom BCM2835 Watchdog timer\n');
  machine.file('/sys/class/watchdog/watchdog0/state', 'inactive\n');
  machine.file('/proc/device-tree/model', 'Raspberry Pi 5 Model B Rev 1.0\0');
  const { tree } = machine;
  expect(listSysfsExports(tree)).toEqual([{ number: 529, direction: 'out', value: '1' }]);
  expect(listWatchdogs(tree)).toEqual([
    { path: '/dev/watchdog0', name: 'Broadcom BCM2835 Watchdog timer', state: 'inactive' },
  ]);
  expect(kernelRelease(tree)).toBe('6.12.34+rpt-rpi-2712');
  expect(boardModel(tree)).toBe('Raspberry Pi 5 Model B Rev 1.0');
});

test.each([
  ['dtparam=strict_gpiod', true],
  ['dtparam=i2c_arm=on\ndtparam=strict_gpiod=on', true],
  ['dtparam=i2c_arm=on,strict_gpiod', true],
  ['#dtparam=strict_gpiod', false],
  ['dtparam=strict_gpiod=off', false],
  ['dtoverlay=disable-bt', false],
])('the boot file %j', (text, isStrict) => {
  expect(isGpiodStrict(new FakeMachine().file('/boot/firmware/config.txt', text).tree)).toBe(isStrict);
});

test('no boot file, no files at all: nothing is known, and nothing breaks', () => {
  const { tree } = new FakeMachine();
  expect(isGpiodStrict(tree)).toBeNull();
  expect([
    listSerialPorts(tree),
    listHid(tree),
    listCameras(tree),
    listSysfsExports(tree),
    listWatchdogs(tree),
  ]).toEqual([[], [], [], [], []]);
  expect(tree.node('/dev/ttyUSB0')).toMatchObject({ kind: 'absent', readable: false });
});

test('who has a device open is told by /proc, whether it is locked or not', () => {
  const machine = new FakeMachine().file('/dev/ttyUSB0').file('/etc/group', 'root:x:0:\ndialout:x:20:me\n');
  const { lockName } = machine.tree.node('/dev/ttyUSB0');
  machine.file('/proc/41/comm', 'ModemManager\n').rawLink('/proc/41/fd/9', '/dev/ttyUSB0');
  machine.file('/proc/42/comm', 'cat\n').rawLink('/proc/42/fd/0', '/dev/null');
  machine.file('/proc/43/cmdline', 'secret\0').file('/proc/43/comm', 'genkan\n');
  machine.file(
    '/proc/locks',
    `1: FLOCK  ADVISORY  WRITE 43 ${lockName} 0 EOF\n2: POSIX  ADVISORY  READ 44 ${lockName} 0 EOF\n`,
  );
  expect(holdersOf(machine.tree, machine.tree.node('/dev/ttyUSB0'))).toEqual({
    processes: [
      { pid: 41, name: 'ModemManager' },
      { pid: 43, name: 'genkan' },
    ],
    hidden: 1,
  });
});

test('a real terminal: there, free, then held by a real process', async () => {
  const pty = await Pty.make(new SystemClock());
  onTestFinished(() => pty.remove());
  const tree = new Tree();
  expect(tree.node(pty.path)).toMatchObject({
    kind: 'character',
    readable: true,
    writable: true,
    target: pty.target(),
  });
  expect(holdersOf(tree, tree.node(pty.path)).processes).toEqual([]);
  const holder = spawn('sh', ['-c', 'exec 3<>"$0"; read -r line', pty.path], { stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => {
    holder.kill();
  });
  const held = await until('the port is held', () => {
    const { processes } = holdersOf(tree, tree.node(pty.path));
    return processes.length > 0 ? processes : null;
  });
  expect(held).toEqual([{ pid: holder.pid, name: 'sh' }]);
});
