/** Serial ports as the kernel knows them, with and without udev: `SerialPort.list()` needs udevadm and gives no ids without udevd. */
import { basename } from 'node:path';
import type { Tree } from './tree.ts';
import { linksTo, type UsbDevice, usbOf } from './usb.ts';

export interface SerialPortFound {
  /** `/dev/ttyUSB0`: another after a replug, perhaps. */
  readonly path: string;
  /** What to write into the configuration: stays the same. null: udev has made none. */
  readonly stable: string | null;
  readonly driver: string | null;
  /** null: not a USB device, but soldered to the board. */
  readonly usb: UsbDevice | null;
}

export function listSerialPorts(tree: Tree): readonly SerialPortFound[] {
  const ports = tree.list('/sys/class/tty').flatMap((name): SerialPortFound[] => {
    const device = tree.real(`/sys/class/tty/${name}/device`);
    // Type 0: the kernel has a name for a chip that isn't there.
    if (device === null || tree.text(`/sys/class/tty/${name}/type`) === '0') return [];
    const driver = tree.real(`/sys/class/tty/${name}/device/driver`);
    const path = `/dev/${name}`;
    return [{ path, stable: null, driver: driver === null ? null : basename(driver), usb: usbOf(tree, device) }];
  });
  return ports.map((port) => ({ ...port, stable: stableName(tree, port, ports) }));
}

/** By-id, unless a twin without a serial number would have the same: then by the socket that it is plugged into. */
function stableName(tree: Tree, { path, usb }: SerialPortFound, all: readonly SerialPortFound[]): string | null {
  const isTwin = (other: SerialPortFound) =>
    other.path !== path && other.usb?.vendor === usb?.vendor && other.usb?.product === usb?.product;
  const byPath = linksTo(tree, '/dev/serial/by-path', path).at(-1) ?? null;
  if (usb === null) return byPath;
  if (usb.serial === null && all.some(isTwin)) return byPath;
  return linksTo(tree, '/dev/serial/by-id', path)[0] ?? byPath;
}
