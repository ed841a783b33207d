import type { Clock } from '../../../main/core/clock.ts';
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { HidDevice, HidInfo } from '../../lines/hid/bus.ts';
import { hidFault, idsText, type LoadHid, loadLinuxHid, matches, theOne, type UsbIds } from '../../lines/hid/find.ts';
import type { DeviceFault, ReaderPort } from '../../ports.ts';
import { CodeReader, type Source } from '../code-reader.ts';
import { PosParser } from './pos-parser.ts';

const SCANNER_PAGE = 0x8c;

/** A point-of-sale scanner by its USB ids and serial number; with none of them, the only one there is. */
export function hidReader(ids: UsbIds, clock: Clock, load: LoadHid = loadLinuxHid): ReaderPort {
  const title = `HID scanner ${idsText(ids)}`;
  const open = async (): Promise<Result<Source, DeviceFault>> => {
    try {
      const bus = await load();
      const found = findScanner(title, ids, await bus.devices());
      return found.ok ? ok(sourceOf(await bus.open(found.value.path))) : found;
    } catch (error) {
      return err(hidFault(title, error));
    }
  };
  return new CodeReader(title, open, new PosParser(), clock);
}

function findScanner(title: string, ids: UsbIds, devices: readonly HidInfo[]): Result<HidInfo, DeviceFault> {
  const meant = devices.filter((device) => matches(ids, device));
  // A device is listed once for each of its collections.
  const scanners = new Map(
    meant.filter(({ usagePage }) => usagePage === SCANNER_PAGE).map((device) => [device.path, device]),
  );
  const isAnything = ids.vendorId === null && ids.productId === null && ids.serial === null;
  if (scanners.size === 0 && meant.length > 0 && !isAnything) {
    const detail = `${title} is no point-of-sale scanner: set it to “USB HID POS”, or use the driver hid-keyboard`;
    return err({ code: 'not-a-device', detail });
  }
  return theOne(title, [...scanners.values()]);
}

function sourceOf(device: HidDevice): Source {
  return {
    listen: ({ bytes, gone }) => device.listen({ report: bytes, gone: () => gone() }),
    close: () => device.close(),
  };
}
