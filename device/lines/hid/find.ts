import { err, ok, type Result } from '../../../main/core/result.ts';
import type { DeviceFault } from '../../ports.ts';
import type { HidBus, HidInfo } from './bus.ts';

/** Imports the real driver; tests hand in another. */
export type LoadHid = () => Promise<HidBus>;

export const loadLinuxHid: LoadHid = async () => (await import('./linux.ts')).linuxHid;

export interface UsbIds {
  readonly vendorId: number | null;
  readonly productId: number | null;
  readonly serial: string | null;
}

export function matches(ids: UsbIds, device: Pick<HidInfo, 'vendorId' | 'productId' | 'serial'>): boolean {
  return (
    (ids.vendorId === null || ids.vendorId === device.vendorId) &&
    (ids.productId === null || ids.productId === device.productId) &&
    (ids.serial === null || ids.serial === device.serial)
  );
}

/** `0c2e:0206 S1234`, or `any` where nothing is given. */
export function idsText({ vendorId, productId, serial }: UsbIds): string {
  if (vendorId === null && productId === null) return serial ?? 'any';
  const usb = [vendorId, productId].map((id) => (id === null ? '*' : hex(id))).join(':');
  return serial === null ? usb : `${usb} ${serial}`;
}

export function hex(id: number): string {
  return id.toString(16).padStart(4, '0');
}

/** The one of the devices that is meant; of several, none is taken, since they may change places. */
export function theOne<Found>(title: string, found: readonly Found[]): Result<Found, DeviceFault> {
  const [only] = found;
  if (only === undefined) return err({ code: 'absent', detail: `${title} is not there` });
  if (found.length === 1) return ok(only);
  return err({ code: 'failed', detail: `there are ${found.length} of ${title}: give the serial number of one` });
}

/** What node-hid's words mean. */
export function hidFault(title: string, error: unknown): DeviceFault {
  const text = error instanceof Error ? error.message : String(error);
  // node-hid's binary is linked with libusb, also where it doesn't use it.
  if (text.includes('cannot open shared object file')) {
    return { code: 'failed', detail: `${title} can’t be opened: install the Debian package libusb-1.0-0` };
  }
  // node-hid has one sentence for everything that keeps it from opening a device that it has just seen.
  if (/EACCES|EPERM|[Pp]ermission|(cannot|unable to) open/.test(text)) {
    return {
      code: 'failed',
      detail: `${title} can’t be opened: as a rule no permission; a udev rule must give this user its hidraw device`,
    };
  }
  if (/ENODEV|ENOENT|No such/.test(text)) return { code: 'unplugged', detail: `${title} is gone` };
  if (/EBUSY|busy/.test(text)) return { code: 'busy', detail: `${title} is in use by another program` };
  return { code: 'failed', detail: `${title}: ${text.replaceAll('\n', ' ').slice(0, 200)}` };
}
