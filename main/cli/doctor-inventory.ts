/** What is plugged in, with the name to write into the configuration, and what can't be seen and why. */
import { type CameraFound, listCameras } from '../../device/discovery/cameras.ts';
import { type HidFound, listHid } from '../../device/discovery/hid-devices.ts';
import { listSerialPorts, type SerialPortFound } from '../../device/discovery/serial-ports.ts';
import type { Tree } from '../../device/discovery/tree.ts';
import { hasUdev, usbTitle } from '../../device/discovery/usb.ts';
import type { GpioChip, GpioKernel } from '../../device/lines/gpio/kernel.ts';
import { type Check, fine } from './doctor-check.ts';

export function inventory(tree: Tree, gpio: GpioKernel | null): readonly Check[] {
  return [udev(tree), ...serialPorts(tree), ...hidDevices(tree), ...gpioChips(tree, gpio), ...cameras(tree)];
}

function udev(tree: Tree): Check {
  if (hasUdev(tree)) return fine('udev', 'runs: devices have stable names under /dev/serial/by-id and by-path');
  const detail = 'does not run: no stable names, and no groups for devices; ids below are the kernel’s own';
  return fine(
    'udev',
    detail,
    'run systemd-udevd, or write /dev/ttyUSB0 and the like and leave the cables where they are',
  );
}

function serialPorts(tree: Tree): readonly Check[] {
  const found = listSerialPorts(tree);
  if (found.length === 0)
    return [fine('serial', tree.has('/sys/class/tty') ? 'no serial ports' : 'cannot be seen: /sys is not there')];
  return found.map((port) => fine(`serial ${port.path}`, serialDetail(port), serialTodo(tree, port)));
}

function serialDetail({ path, stable, usb, driver }: SerialPortFound): string {
  const what = usb === null ? `on the board${driver === null ? '' : ` (${driver})`}` : usbTitle(usb);
  return `"path": "${stable ?? path}": ${what}`;
}

function serialTodo(tree: Tree, { path, stable, usb }: SerialPortFound): string | null {
  const access = accessTodo(tree, path);
  if (access !== null) return access;
  return stable === null && usb !== null
    ? 'udev has made no stable name: this one may be another after a replug'
    : null;
}

const HID_KINDS: Record<HidFound['kind'], string> = {
  scanner: 'POS scanner, reader driver hid',
  keyboard: 'keyboard; a scanner that pretends to be one: reader driver hid-keyboard',
  'relay-board': 'relay board, lock driver hid-relay',
  other: 'neither scanner, keyboard nor relay board',
};

function hidDevices(tree: Tree): readonly Check[] {
  const found = listHid(tree);
  if (found.length === 0) return [fine('hid', tree.has('/sys/class/hidraw') ? 'no HID devices' : NO_HIDRAW)];
  return found.map(({ path, vendor, product, serial, name, kind }) => {
    const title = `${vendor}:${product} ${name}${serial === null ? ', no serial number' : `, serial ${serial}`}`;
    return fine(`hid ${path}`, `${title} (${HID_KINDS[kind]})`, kind === 'other' ? null : accessTodo(tree, path));
  });
}

const NO_HIDRAW = 'cannot be seen: the kernel has no hidraw (modprobe hidraw, or no USB)';

function gpioChips(tree: Tree, gpio: GpioKernel | null): readonly Check[] {
  const nodes = tree.list('/dev').filter((name) => /^gpiochip\d+$/.test(name));
  const chips = gpio?.chips() ?? [];
  const closed = nodes
    .filter((name) => chips.every(({ path }) => path !== `/dev/${name}`))
    .map((name) => `/dev/${name}`);
  if (nodes.length === 0) {
    const sysfs = tree.list('/sys/class/gpio').some((name) => name.startsWith('gpiochip'));
    return [fine('gpio', sysfs ? 'only the old sysfs interface: lock driver gpio-sysfs' : 'no GPIO chips')];
  }
  return [
    ...closed.map((path) =>
      fine(`gpio ${path}`, 'its lines cannot be seen', accessTodo(tree, path) ?? 'look at it with gpioinfo'),
    ),
    ...chips.map((chip) => fine(`gpio ${chip.path}`, chipDetail(gpio, chip))),
  ];
}

function chipDetail(gpio: GpioKernel | null, chip: GpioChip): string {
  const lines = Array.from({ length: chip.lineCount }, (_, offset) => gpio?.line(chip, offset));
  const used = lines.flatMap((line) =>
    line?.used
      ? [
          `${line.offset}${line.name === '' ? '' : ` ${line.name}`} (${line.consumer === '' ? 'kernel' : line.consumer})`,
        ]
      : [],
  );
  const named = lines.flatMap((line) =>
    line === undefined || line.used || line.name === '' ? [] : [`${line.offset} ${line.name}`],
  );
  const parts = [
    `"chip": "${chip.label}", ${chip.lineCount} lines`,
    ...(used.length === 0 ? [] : [`in use: ${used.join(', ')}`]),
    ...(named.length === 0 ? [] : [`free: ${named.join(', ')}`]),
  ];
  return parts.join('; ').slice(0, 4_000);
}

function cameras(tree: Tree): readonly Check[] {
  const found = listCameras(tree);
  if (found.length === 0) return [fine('camera', 'no cameras that the kernel shows as Video4Linux')];
  return found.map(({ path, name, stable }: CameraFound) =>
    fine(`camera ${path}`, `${name}${stable === null ? '' : ` (${stable})`}`, accessTodo(tree, path)),
  );
}

/** What keeps this user from a device file; null: nothing. */
export function accessTodo(tree: Pick<Tree, 'node'>, path: string): string | null {
  const { kind, readable, writable, group } = tree.node(path);
  if (kind === 'absent' || (readable && writable)) return null;
  if (group !== 'root') return `this user may not open it: sudo usermod -aG ${group} USER, then log in again`;
  const giveTo = path.includes('/input/')
    ? 'input'
    : path.includes('hidraw')
      ? 'plugdev'
      : path.includes('gpiochip')
        ? 'gpio'
        : 'dialout';
  return `only root may open it: add the udev rule of the manual (wiring), which gives it to the group ${giveTo}`;
}
