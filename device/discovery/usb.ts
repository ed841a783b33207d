import type { Tree } from './tree.ts';

/** What a USB device says of itself. */
export interface UsbDevice {
  /** Four hex digits each. */
  readonly vendor: string;
  readonly product: string;
  readonly serial: string | null;
  readonly maker: string | null;
  readonly name: string | null;
}

const MOST_LEVELS = 16;

/** The USB device that a sysfs folder belongs to; null where it hangs on something else. */
export function usbOf(tree: Tree, folder: string | null): UsbDevice | null {
  let at = folder ?? '';
  for (let level = 0; level < MOST_LEVELS && at.startsWith('/sys/'); level += 1) {
    const vendor = tree.text(`${at}/idVendor`);
    const product = tree.text(`${at}/idProduct`);
    if (vendor !== null && product !== null) {
      const [serial, maker, name] = ['serial', 'manufacturer', 'product'].map((file) => tree.text(`${at}/${file}`));
      return { vendor, product, serial: serial ?? null, maker: maker ?? null, name: name ?? null };
    }
    at = at.slice(0, at.lastIndexOf('/'));
  }
  return null;
}

export function usbTitle({ vendor, product, maker, name, serial }: UsbDevice): string {
  const words = [maker, name].filter((word) => word !== null).join(' ');
  return `${vendor}:${product}${words === '' ? '' : ` ${words}`}${serial === null ? ', no serial number' : `, serial ${serial}`}`;
}

/** Names in `folder` (/dev/serial/by-id) that lead to a device file. */
export function linksTo(tree: Tree, folder: string, target: string): readonly string[] {
  return tree
    .list(folder)
    .map((name) => `${folder}/${name}`)
    .filter((link) => tree.real(link) === target);
}

/** udev runs, or has run: it makes the stable names and gives devices to groups. */
export function hasUdev(tree: Tree): boolean {
  return tree.has('/run/udev/control') || tree.list('/run/udev/data').length > 0;
}
